"""The words that the directory's texts are made of, so that a misspelt one can be understood.

PostgreSQL's own trigrams (pg_trgm) are an extension that a service's owner may not
create; these are arrays with an index, which every PostgreSQL has.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from difflib import get_close_matches

from shared.database import Connection

from ..domain.text import MOST, folded, words_in

SHORTEST = 3
"""A shorter word is sought as it is."""

_ALIKE, _PARTS, _CLOSE = 60, 20, 4
_CUTOFF = 0.75
"""How alike two words are, 1 being the same, for one to be taken for the other."""

_LEARN = """
insert into words (word, folded)
select word, folded from unnest(%s::text[], %s::text[]) as said (word, folded)
where not exists (select from words where words.word = said.word)
order by word
on conflict (word) do nothing
"""

_SAYS_SOMETHING = """
select word from unnest(%s::text[]) with ordinality as asked (word, place)
where numnode(plainto_tsquery('swedish', word)) > 0 order by place
"""

# A word that is part of a longer one has all its trigrams there; those that have are compared one by one.
_PARTS_OF = """
select asked.folded, part.word from unnest(%(folded)s::text[]) as asked (folded)
cross join lateral (
    select w.word from words w
    where w.grams @> inner_grams(asked.folded) and strpos(w.folded, asked.folded) > 0
    order by w.folded = asked.folded desc, starts_with(w.folded, asked.folded) desc, length(w.folded), w.word
    limit %(most)s
) as part
"""

# Each trigram is looked up by itself, by its index; `offset 0` keeps the planner from reading all words.
_ALIKE_TO = """
select folded, array_agg(word) as words, shared from (
    select w.word, w.folded, count(*) as shared
    from unnest(grams_of(%(folded)s)) as gram
    cross join lateral (select word, folded from words where grams @> array[gram] offset 0) as w
    where length(w.folded) between %(shortest)s and %(longest)s
    group by w.word, w.folded
) as near
group by folded, shared order by shared desc, folded limit %(most)s
"""


async def learn(sql: Connection, *texts: str) -> None:
    """Remember the words of an offering's texts; one that is known is known."""
    words = words_in(" ".join(texts))
    await sql.execute(_LEARN, [words, [folded(word) for word in words]])


async def meant_by(sql: Connection, text: str) -> str | None:
    """What a text asks the full-text index for, whatever it is made of; ``None`` for what has no word.

    Each word may be a part of a longer one, and if it is in none, be misspelt.
    Words that say nothing in Swedish (``och``) are not asked for.
    """
    rows = await sql.execute(_SAYS_SOMETHING, [words_in(text)[:MOST]])
    asked = {row["word"]: folded(row["word"]) async for row in rows}
    if not asked:
        return None
    parts = await _parts_of(sql, [plain for plain in asked.values() if len(plain) >= SHORTEST])
    meanings = [[word, *(parts[plain] or await _close_to(sql, plain))] for word, plain in asked.items()]
    return " & ".join(f"({' | '.join(map(_quoted, meaning))})" for meaning in meanings)


def _quoted(word: str) -> str:
    """As a tsquery takes it; it is made of letters and digits alone."""
    return f"'{word}'"


async def _parts_of(sql: Connection, asked: list[str]) -> defaultdict[str, list[str]]:
    """The directory's words that each of these is a part of."""
    rows = await sql.execute(_PARTS_OF, {"folded": asked, "most": _PARTS})
    found = defaultdict(list)
    async for row in rows:
        found[row["folded"]].append(row["word"])
    return found


async def _close_to(sql: Connection, plain: str) -> Sequence[str]:
    values = {
        "folded": plain,
        "shortest": len(plain) * 3 // 4,
        "longest": len(plain) * 4 // 3 + 1,
        "most": _ALIKE,
    }
    rows = await (await sql.execute(_ALIKE_TO, values)).fetchall()
    known = {row["folded"]: row["words"] for row in rows}
    close = get_close_matches(plain, known, n=_CLOSE, cutoff=_CUTOFF)
    return [word for one in close for word in known[one]]

"""What was said of how it went, and who was asked; the sentences are sealed as a step's words are."""

from __future__ import annotations

from dataclasses import replace

from psycopg.rows import DictRow

from shared.crypto import Owner, place
from shared.database import Connection
from shared.events.outcomes import Voice
from shared.events.referrals import Outcome, Party
from shared.vault import Keys

from ..domain.outcomes import Note, Outcomes, Saying, Stage
from ..domain.referral import Referral
from . import rows, words

_ADD = """
insert into referral_outcomes (
    id, referral_id, since, version, voice, party, met, at, from_organisation_id, to_organisation_id
) values (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
"""

_ADD_WORDS = """
insert into outcome_words (outcome_id, party, from_organisation_id, to_organisation_id, sealed)
values (%s, %s, %s, %s, %s)
"""

_NOTE = """
insert into outcome_notes (referral_id, org_id, since, stage, voices, at) values (%s, %s, %s, %s, %s, %s)
on conflict do nothing
"""

_SAID = """
select o.*, w.sealed from referral_outcomes o left join outcome_words w on w.outcome_id = o.id
where o.referral_id = %s order by o.at, o.id
"""

_NOTED = "select stage, voices, at from outcome_notes where referral_id = %s and since = %s order by at"


async def add(sql: Connection, referral: Referral, saying: Saying, keys: Keys) -> None:
    """Keep what was said; a sentence of a step is kept with the step."""
    parties = [referral.from_organisation_id, referral.to_organisation_id]
    about = [saying.id, saying.referral_id, saying.since, saying.version, saying.voice, saying.party]
    await sql.execute(_ADD, [*about, saying.met, saying.at, *parties])
    if saying.sentence is not None:
        home = _home(referral)
        sealed = rows.sealed_json(await keys.read(home), saying.sentence, bound_to=_place(saying, home))
        await sql.execute(_ADD_WORDS, [saying.id, saying.party, *parties, sealed])


async def add_note(sql: Connection, referral: Referral, note: Note) -> None:
    about = [referral.id, referral.from_organisation_id, referral.since]
    await sql.execute(_NOTE, [*about, note.stage, [*note.voices], note.at])


async def of_referral(sql: Connection, referral: Referral, keys: Keys) -> Outcomes:
    """All that the tenant may know of how it went."""
    at_steps = {said.version: said.words for said in await words.load(sql, referral.id, keys)}
    sayings = [await _as_saying(row, referral, keys) for row in await rows.many(sql, _SAID, [referral.id])]
    whole = [
        replace(one, sentence=at_steps.get(one.version, {}).get("sentence")) if one.version else one
        for one in sayings
    ]
    notes = [_as_note(row) for row in await rows.many(sql, _NOTED, [referral.id, referral.since])]
    return Outcomes(referral=referral, sayings=whole, notes=notes)


async def _as_saying(row: DictRow, referral: Referral, keys: Keys) -> Saying:
    saying = Saying(
        **{name: row[name] for name in ("id", "referral_id", "since", "version", "at")},
        voice=Voice(row["voice"]),
        party=Party(row["party"]),
        met=Outcome(row["met"]),
        sentence=None,
    )
    if row["sealed"] is None:
        return saying
    home = _home(referral)
    sentence = rows.unsealed_json(await keys.read(home), row["sealed"], bound_to=_place(saying, home))
    return replace(saying, sentence=sentence)


def _as_note(row: DictRow) -> Note:
    return Note(stage=Stage(row["stage"]), voices=tuple(map(Voice, row["voices"])), at=row["at"])


def _home(referral: Referral) -> Owner:
    return Owner(referral.path_id, referral.from_organisation_id)


def _place(saying: Saying, home: Owner) -> str:
    return place("outcome_words.sealed", home.organisation, saying.id)

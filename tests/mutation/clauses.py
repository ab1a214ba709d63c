"""Small changes of the conditions of SQL: each left out, and each turned round."""

from __future__ import annotations

import re
from collections.abc import Iterator

_WORD = re.compile(r"'(?:[^']|'')*'|[()]|[a-z_.]+", re.IGNORECASE)
_ENDS = {"order", "group", "limit", "returning", "for", "union", "left", "join", "cross"}
_Span = tuple[int, int]


def changes_of(sql: str, *, condition: bool = False) -> list[tuple[str, str]]:
    """What is done to which condition, and the statement so changed.

    A `condition` is a policy's expression: what stands after a `where`, without it.
    """
    found = list(_conditions(sql, (0, len(sql)))) if condition else []
    for clause in _clauses(sql):
        found += _conditions(sql, clause)
    return [change for begin, end, neutral in found for change in _changes(sql, begin, end, neutral)]


def _changes(sql: str, begin: int, end: int, neutral: str) -> Iterator[tuple[str, str]]:
    condition = sql[begin:end]
    said = " ".join(condition.split())
    # What the statement is given stays in its place.
    for what, now in (
        ("without", f"({condition} {neutral})"),
        ("not", f"not coalesce(({condition}), false)"),
    ):
        yield f"{what}: {said}", sql[:begin] + now + sql[end:]


def _words(sql: str, span: _Span) -> Iterator[tuple[str, int, int, int]]:
    """The words and brackets of a part, with their places and how deep they stand in it."""
    depth = 0
    for found in _WORD.finditer(sql, *span):
        word = found.group().lower()
        depth -= word == ")"
        yield word, found.start(), found.end(), depth
        depth += word == "("


def _clauses(sql: str) -> Iterator[_Span]:
    """From after each `where` to the end of its clause."""
    words = list(_words(sql, (0, len(sql))))
    for nth, (word, _, begin, depth) in enumerate(words):
        if word == "where":
            after = (
                one for one in words[nth + 1 :] if one[3] < depth or (one[3] == depth and one[0] in _ENDS)
            )
            yield begin, next((place for _, place, _, _ in after), len(sql))


def _conditions(sql: str, span: _Span, neutral: str = "or true") -> Iterator[tuple[int, int, str]]:
    """The parts joined by `and` and `or`, however deep, with what makes each one idle."""
    begin, end = _stripped(sql, span)
    for joint, left_out in (("or", "and false"), ("and", "or true")):
        parts = list(_parts(sql, (begin, end), joint))
        if len(parts) > 1:
            for part in parts:
                yield from _conditions(sql, part, left_out)
            return
    if _is_wrapped(sql, begin, end):
        yield from _conditions(sql, (begin + 1, end - 1), neutral)
    else:
        yield begin, end, neutral


def _parts(sql: str, span: _Span, joint: str) -> Iterator[_Span]:
    begin = span[0]
    for word, start, stop, depth in _words(sql, span):
        if word == joint and depth == 0:
            yield begin, start
            begin = stop
    yield begin, span[1]


def _is_wrapped(sql: str, begin: int, end: int) -> bool:
    brackets = [one for one in _words(sql, (begin, end)) if one[0] == ")" and one[3] == 0]
    return sql[begin] == "(" and brackets[0][2] == end


def _stripped(sql: str, span: _Span) -> _Span:
    part = sql[slice(*span)]
    return span[0] + len(part) - len(part.lstrip()), span[1] - len(part) + len(part.rstrip())

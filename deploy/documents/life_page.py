"""``docs/referral-life.md``: the referral's life, from the one table and the one table of clocks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from services.referrals.domain.clocks import CLOCKS, Ring
from services.referrals.domain.transitions import TABLE, Goes, Row, State

HEAD = """# The referral's life

Generated from `services/referrals/domain/transitions.py` and `services/referrals/domain/clocks.py` by
`python -m deploy.documents`; a stale page is red. The model test reads its rules from this table.

| from | command | by | to | if the gate refuses |
| --- | --- | --- | --- | --- |"""

MIDDLE = """
## Clocks

In Swedish working days after what is owed was due. A state is entered with its clocks and left without them;
`gap` is told as a gap, `ask_how_it_went` and `note_silence` concern who has not said how it went, and only
`expire` changes the referral.

| state | owed by | what rings |
| --- | --- | --- |"""

DIAGRAM = """
## Diagram

Without `mark_error`, `lose_consent`, and what leaves the state as it is.

```mermaid
stateDiagram-v2"""

_LEFT_OUT = {"mark_error", "lose_consent"}


def page() -> str:
    """The whole page."""
    lines = [HEAD, *_rows(), MIDDLE, *_clocks(), DIAGRAM, *_arrows(), "```"]
    return "\n".join(lines) + "\n"


def _rows() -> Iterator[str]:
    for row in TABLE:
        starts = _listed(state for state in State if state in row.start) or "-"
        refused = row.refused or ""
        yield f"| {starts} | {row.command} | {_listed(sorted(row.by))} | {row.to} | {refused} |"


def _clocks() -> Iterator[str]:
    for state in State:
        if state in CLOCKS:
            clock = CLOCKS[state]
            rings = ", ".join(_ring(ring, days) for ring, days in clock.rings.items())
            yield f"| {state} | {_listed((clock.owed_by, *clock.asks))} | {rings} |"


def _ring(ring: Ring, days: int) -> str:
    return f"{ring} +{days}" if days else str(ring)


def _arrows() -> Iterator[str]:
    for row in TABLE:
        if row.command not in _LEFT_OUT and row.to is not Goes.SAME:
            yield from _from_each(row)


def _from_each(row: Row) -> Iterator[str]:
    starts = [str(state) for state in State if state in row.start] or ["[*]"]
    to = row.to if isinstance(row.to, State) else "[*]"
    label = row.command if isinstance(row.to, State) else f"{row.command}, to {row.to}"
    return (f"    {start} --> {to}: {label}" for start in starts)


def _listed(words: Iterable[str]) -> str:
    return ", ".join(words)

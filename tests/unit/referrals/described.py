"""The referral's life as the generated page describes it: read, not imported."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

PAGE = Path(__file__).parents[3] / "docs" / "referral-life.md"


@dataclass(frozen=True, slots=True)
class Described:
    """One row of the page's table."""

    starts: frozenset[str]
    command: str
    by: frozenset[str]
    to: str


@cache
def rows() -> tuple[Described, ...]:
    """The rows of the first table."""
    table = PAGE.read_text().split("## Clocks")[0]
    cells = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in table.splitlines()
        if line.startswith("| ")
    ]
    return tuple(
        Described(frozenset(starts.split(", ")) - {"-"}, command, frozenset(by.split(", ")), to)
        for starts, command, by, to, _ in cells[1:]
        if command != "---"
    )


def born(command: str) -> str:
    """The state in which the page lets a referral begin by the command."""
    return next(row.to for row in rows() if row.command == command and not row.starts)


def leads(state: str, command: str, sides: frozenset[str]) -> str | None:
    """Where the page says that the command leads; None where it may not be given."""
    found = [row.to for row in rows() if command == row.command and state in row.starts and row.by & sides]
    return found[0] if found else None

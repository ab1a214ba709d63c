"""What an organisation has done and what is missing before it can work with others.

It is read from what there is: nobody ticks anything.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Self


class Step(StrEnum):
    """What must be there, in the order in which it is easiest done."""

    PROFILE = "profile"
    """Its sector and legal kind are stated, so that a person can be told how she is protected (R-02)."""

    TEAM = "team"
    RECIPIENT = "recipient"
    """Somebody of a team receives."""

    PLEDGE = "pledge"
    """One who receives has signed the pledge that is in force, within a year (R-44)."""

    AGREEMENT = "agreement"
    """A partnership with somebody is in force."""

    DATA_PROTECTION = "data_protection"
    """An arrangement on data protection is in force (R-28)."""

    OFFERING = "offering"
    """Something is offered, and takes people now."""


@dataclass(frozen=True, slots=True)
class StepTaken:
    """A step, and whether what it asks for is there."""

    step: Step
    done: bool


@dataclass(frozen=True, slots=True)
class Checklist:
    """Every step."""

    items: tuple[StepTaken, ...]

    @classmethod
    def of(cls, there: Mapping[str, bool]) -> Self:
        """From what is there, by each step's name."""
        return cls(tuple(StepTaken(step, there[step]) for step in Step))

    @property
    def complete(self) -> bool:
        return all(item.done for item in self.items)

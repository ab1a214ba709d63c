"""A place that is kept for a short time, while a person is asked whether she wants it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import ClassVar, Self
from uuid import UUID

from shared.errors import Members, NotYourSide, Refused

from .offering import Offering

SHORTEST, USUAL, LONGEST = timedelta(minutes=5), timedelta(hours=1), timedelta(days=1)


class NoPlaceToHold(Refused):
    """Nobody has said of late that there is a place which is not held already."""

    slug: ClassVar[str] = "no-place-to-hold"


class HeldAlready(Refused):
    """You hold a place there already: use it or let it go first."""

    slug: ClassVar[str] = "held-already"
    example: ClassVar[Members] = {"hold_id": "01981c2e-7a40-7cc1-9d3b-5f0e64a7b213"}


class HoldIsOver(Refused):
    """The hold has ended."""

    slug: ClassVar[str] = "hold-over"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """One place of an offering, kept by a member of another's staff; for whom is written nowhere."""

    id: UUID
    organisation_id: UUID
    offering_id: UUID
    staff_id: UUID
    began_at: datetime
    ends_at: datetime
    version: int = 1

    def begin(self, offering: Offering) -> Self:
        """Raise ``NoPlaceToHold`` unless a place is free now that nobody holds."""
        if offering.free_places(self.began_at) < 1:
            raise NoPlaceToHold
        return self

    def release(self, *, by: UUID, at: datetime) -> Self:
        """Let it go; raises ``NotYourSide`` for a colleague, ``HoldIsOver`` for one that has ended."""
        if by != self.staff_id:
            raise NotYourSide
        if at >= self.ends_at:
            raise HoldIsOver
        return replace(self, ends_at=at, version=self.version + 1)

"""What a service says of itself on ``/positions``."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from shared.events.base import Fact


class Position(Fact):
    """How far a service has come in one stream."""

    seq: int


class ParkedEvent(Fact):
    """An event that a service has set aside; ``error`` is a class and a code, never a text."""

    stream: str
    seq: int
    event_id: UUID
    subject: UUID
    type: str
    error: str
    parked_at: datetime
    tries: int


class Report(Fact):
    """The heads a service tells to, the positions it has reached, and what it has parked."""

    heads: dict[str, int]
    untold: int
    positions: dict[str, Position]
    parked: tuple[ParkedEvent, ...]
    hears: tuple[str, ...]

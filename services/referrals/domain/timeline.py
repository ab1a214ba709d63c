"""What happened to a referral, step by step."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shared.events.referrals import DeclineReason

from .transitions import Command, Side, State


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of the timeline, as both sides may see it."""

    version: int
    at: datetime
    command: Command
    by_side: Side
    by_organisation_id: UUID | None
    state: State
    is_shared: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Decline:
    """A receiver's no: its code, a sentence to the person, more words to the sender, a better offering."""

    reason: DeclineReason
    sentence: str
    text: str | None
    offering_id: UUID | None

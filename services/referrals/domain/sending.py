"""The sender's verbs: drafted, sent, undone, let go, taken back; and the end of the consent under it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any, Self

from shared.events.referrals import (
    RecallReason,
    ReferralConsentLost,
    ReferralDiscarded,
    ReferralDrafted,
    ReferralRecalled,
    ReferralReturned,
    ReferralSent,
    ReturnReason,
)

from .consent import Consent
from .gate import Receiver, pass_gate
from .record import Record, Sides
from .refusals import NeedBusy
from .transitions import Command, Side, State, born, illegal, step
from .working_days import answer_by

CLOCK: Sides = frozenset({Side.CLOCK})
_EFFECT: Sides = frozenset({Side.EFFECT})


class Sending(Record):
    """From the draft to the moment it is with the receiver, and back."""

    __slots__ = ()

    def draft(self) -> tuple[Self, ReferralDrafted]:
        drafted = self.stepped(Command.DRAFT, Side.SENDER, self.created_at, to=born(Command.DRAFT))
        event = ReferralDrafted(**self.about(), offering_id=self.offering_id, urgency=self.card.urgency)
        return drafted, event

    def change(self, by: Sides, at: datetime, **changes: Any) -> Self:
        """Write the draft anew; lawful where sending is, from the draft alone."""
        if self.state is not State.DRAFT:
            raise illegal(self.state, by)
        return self.stepped(Command.DRAFT, Side.SENDER, at, to=State.DRAFT, **changes)

    def discard(self, by: Sides, at: datetime) -> tuple[Self, ReferralDiscarded]:
        return self.move(Command.DISCARD, by, at), ReferralDiscarded(**self.about())

    def send(
        self, by: Sides, at: datetime, *, release: Consent | None, receiver: Receiver, need_is_busy: bool
    ) -> Self:
        """Put it in the queue; nothing is told and nothing disclosed until it is dispatched."""
        queued = self.move(Command.SEND, by, at)
        if need_is_busy:
            raise NeedBusy
        passed = pass_gate(consent=release, fields=self.fields, receiver=receiver, at=at)
        return replace(queued, consent_id=passed.id)

    def undo(self, by: Sides, at: datetime) -> Self:
        return self.move(Command.UNDO, by, at, consent_id=None)

    def dispatch(
        self, at: datetime, *, release: Consent | None, receiver: Receiver
    ) -> tuple[Self, Consent, ReferralSent]:
        """Let it go if the gate is still open; also gives the release that it goes under."""
        urgency = self.card.urgency
        due = answer_by(at, urgency)
        sent = self.move(Command.DISPATCH, CLOCK, at, sent_at=at, answer_by=due)
        passed = pass_gate(consent=release, fields=self.fields, receiver=receiver, at=at)
        about = self.about()
        event = ReferralSent(**about, offering_id=self.offering_id, urgency=urgency, answer_by=due)
        return sent, passed, event

    def turn_back(self, reason: ReturnReason, at: datetime) -> tuple[Self, ReferralReturned]:
        """Go where a dispatch that the gate refused goes: back to draft, with the reason."""
        row = step(Command.DISPATCH, self.state, CLOCK)
        assert row.refused is not None  # noqa: S101 - the table says so, and a test says it of the table
        returned = self.stepped(Command.DISPATCH, Side.CLOCK, at, to=row.refused, consent_id=None)
        return returned, ReferralReturned(**self.about(), reason=reason)

    def recall(
        self, by: Sides, at: datetime, *, reason: RecallReason | None
    ) -> tuple[Self, ReferralRecalled]:
        return self.move(Command.RECALL, by, at), ReferralRecalled(**self.about(), reason=reason)

    def lose_consent(self, at: datetime) -> tuple[Self, ReferralConsentLost]:
        return self.move(Command.LOSE_CONSENT, _EFFECT, at), ReferralConsentLost(**self.about())

"""A referral and its verbs: each gives the next state and the event, or refuses."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Self
from uuid import UUID

from shared.actor import Actor, ActorKind
from shared.events.base import ItemField
from shared.events.referrals import (
    DeclineReason,
    RecallReason,
    ReferralAccepted,
    ReferralConsentLost,
    ReferralDeclined,
    ReferralDiscarded,
    ReferralDrafted,
    ReferralOpened,
    ReferralRecalled,
    ReferralReturned,
    ReferralSent,
    ReturnReason,
)

from .card import Card
from .colleague import CURRENT_PLEDGE, Colleague, demand_colleague, demand_future
from .consent import Consent
from .gate import Receiver, demand_live, pass_gate
from .refusals import ConditionsNotAccepted, NeedBusy, PledgeMissing
from .timeline import Step
from .transitions import ROLE_OF, Command, Side, State, illegal, step
from .working_days import answer_by

Sides = frozenset[Side]
_CLOCK: Sides = frozenset({Side.CLOCK})
_EFFECT: Sides = frozenset({Side.EFFECT})


@dataclass(frozen=True, slots=True, kw_only=True)
class Referral:
    """One hand-over of one need to one service; `steps` are those taken since it was loaded."""

    id: UUID
    code: str
    version: int = 0
    state: State = State.DRAFT
    path_id: UUID
    need_id: UUID
    offering_id: UUID
    from_organisation_id: UUID
    from_team_id: UUID
    from_staff_id: UUID
    to_organisation_id: UUID
    to_team_id: UUID
    to_staff_id: UUID | None = None
    card: Card
    fields: frozenset[ItemField]
    consent_id: UUID | None = None
    consent_ids: tuple[UUID, ...] = ()
    sent_at: datetime | None = None
    opened_at: datetime | None = None
    answer_by: datetime | None = None
    first_contact_by: date | None = None
    review_on: date | None = None
    resume_on: date | None = None
    parent_id: UUID | None = None
    created_at: datetime
    changed_at: datetime
    steps: tuple[Step, ...] = ()

    def sides_of(self, actor: Actor) -> Sides:
        """The sides on which the actor meets this referral.

        A person reaches her own referrals alone: the store gives her no other.
        """
        if actor.kind is ActorKind.PERSON:
            return frozenset({Side.PERSON})
        sides: set[Side] = set()
        if (actor.organisation_id, actor.team_id) == (self.from_organisation_id, self.from_team_id):
            sides |= {Side.SENDER, Side.SENDER_LEAD}
        if self.sent_at and (actor.organisation_id, actor.team_id) == (
            self.to_organisation_id,
            self.to_team_id,
        ):
            sides |= {Side.RECEIVER, Side.RECEIVER_LEAD}
        return frozenset(side for side in sides if ROLE_OF[side] in actor.roles)

    def draft(self) -> tuple[Self, ReferralDrafted]:
        drafted = self._stepped(Command.DRAFT, Side.SENDER, self.created_at, to=State.DRAFT)
        event = ReferralDrafted(**self._about(), offering_id=self.offering_id, urgency=self.card.urgency)
        return drafted, event

    def change(self, by: Sides, at: datetime, **changes: Any) -> Self:
        """Write the draft anew; lawful where sending is, from the draft alone."""
        if self.state is not State.DRAFT:
            raise illegal(self.state, by)
        return self._stepped(Command.DRAFT, Side.SENDER, at, to=State.DRAFT, **changes)

    def discard(self, by: Sides, at: datetime) -> tuple[Self, ReferralDiscarded]:
        return self._move(Command.DISCARD, by, at), ReferralDiscarded(**self._about())

    def send(
        self, by: Sides, at: datetime, *, release: Consent | None, receiver: Receiver, need_is_busy: bool
    ) -> Self:
        """Put it in the queue; nothing is told and nothing disclosed until it is dispatched."""
        queued = self._move(Command.SEND, by, at)
        if need_is_busy:
            raise NeedBusy
        passed = pass_gate(consent=release, fields=self.fields, receiver=receiver, at=at)
        return replace(queued, consent_id=passed.id)

    def undo(self, by: Sides, at: datetime) -> Self:
        return self._move(Command.UNDO, by, at, consent_id=None)

    def dispatch(
        self, at: datetime, *, release: Consent | None, receiver: Receiver
    ) -> tuple[Self, Consent, ReferralSent]:
        """Let it go if the gate is still open; also gives the release that it goes under."""
        urgency = self.card.urgency
        due = answer_by(at, urgency)
        sent = self._move(Command.DISPATCH, _CLOCK, at, sent_at=at, answer_by=due)
        passed = pass_gate(consent=release, fields=self.fields, receiver=receiver, at=at)
        about = self._about()
        event = ReferralSent(**about, offering_id=self.offering_id, urgency=urgency, answer_by=due)
        return sent, passed, event

    def turn_back(self, reason: ReturnReason, at: datetime) -> tuple[Self, ReferralReturned]:
        """Go where a dispatch that the gate refused goes: back to draft, with the reason."""
        row = step(Command.DISPATCH, self.state, _CLOCK)
        assert row.refused is not None  # noqa: S101 - the table says so, and a test says it of the table
        returned = self._stepped(Command.DISPATCH, Side.CLOCK, at, to=row.refused, consent_id=None)
        return returned, ReferralReturned(**self._about(), reason=reason)

    def open(
        self, by: Sides, at: datetime, *, release: Consent | None, staff: Colleague, conditions_accepted: bool
    ) -> tuple[Self, ReferralOpened]:
        """Let the receiver read, while the release lives."""
        opened = self._move(Command.OPEN, by, at, opened_at=at)
        demand_live(release, at)
        if staff.pledge_version < CURRENT_PLEDGE:
            raise PledgeMissing
        if not conditions_accepted:
            raise ConditionsNotAccepted
        return opened, ReferralOpened(**self._about(), by_staff_id=staff.id)

    def accept(
        self, by: Sides, at: datetime, *, release: Consent | None, staff: Colleague, first_contact_by: date
    ) -> tuple[Self, ReferralAccepted]:
        """Take the person on; a colleague of the team becomes responsible, and says by when they meet."""
        changes = {"to_staff_id": staff.id, "first_contact_by": first_contact_by}
        accepted = self._move(Command.ACCEPT, by, at, **changes)
        demand_live(release, at)
        demand_colleague(staff, organisation_id=self.to_organisation_id, team_id=self.to_team_id)
        demand_future(first_contact_by, at)
        return accepted, ReferralAccepted(
            **self._about(), to_staff_id=staff.id, first_contact_by=first_contact_by
        )

    def decline(self, by: Sides, at: datetime, *, reason: DeclineReason) -> tuple[Self, ReferralDeclined]:
        return self._move(Command.DECLINE, by, at), ReferralDeclined(**self._about(), reason=reason)

    def recall(
        self, by: Sides, at: datetime, *, reason: RecallReason | None
    ) -> tuple[Self, ReferralRecalled]:
        return self._move(Command.RECALL, by, at), ReferralRecalled(**self._about(), reason=reason)

    def lose_consent(self, at: datetime) -> tuple[Self, ReferralConsentLost]:
        return self._move(Command.LOSE_CONSENT, _EFFECT, at), ReferralConsentLost(**self._about())

    def _move(self, command: Command, by: Sides, at: datetime, **changes: Any) -> Self:
        row = step(command, self.state, by)
        return self._stepped(command, min(row.by & by), at, to=row.to, **changes)

    def _stepped(self, command: Command, side: Side, at: datetime, *, to: State, **changes: Any) -> Self:
        version = self.version + 1
        moved = replace(self, state=to, version=version, changed_at=at, **changes)
        taken = Step(
            version=version,
            at=at,
            command=command,
            by_side=side,
            by_organisation_id=self._organisation_of(side),
            state=to,
            is_shared=moved.sent_at is not None,
        )
        return replace(moved, steps=(*self.steps, taken))

    def _organisation_of(self, side: Side) -> UUID | None:
        """The organisation that a side acts for; the person, the clock and an effect act for none."""
        return {Side.SENDER: self.from_organisation_id, Side.RECEIVER: self.to_organisation_id}.get(side)

    def _about(self) -> dict[str, UUID]:
        return {
            "path_id": self.path_id,
            "referral_id": self.id,
            "need_id": self.need_id,
            "from_organisation_id": self.from_organisation_id,
            "from_team_id": self.from_team_id,
            "from_staff_id": self.from_staff_id,
            "to_organisation_id": self.to_organisation_id,
            "to_team_id": self.to_team_id,
        }

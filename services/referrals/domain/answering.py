"""The receiver's answers, and what passes between the two sides until there is one."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Self
from uuid import UUID

from shared.errors import Invalid, RateLimited
from shared.events.offers import OfferClaimed
from shared.events.referrals import (
    DeclineReason,
    Party,
    ReferralAccepted,
    ReferralAnswered,
    ReferralAsked,
    ReferralDeclined,
    ReferralExpired,
    ReferralForwarded,
    ReferralOpened,
    ReferralReminded,
    ReferralWaitlisted,
)

from .clocks import owed_by
from .colleague import CURRENT_PLEDGE, Colleague, demand_ahead, demand_colleague
from .consent import Consent
from .gate import Receiver, demand_live, pass_gate
from .offers import Offer
from .record import Record, Sides
from .refusals import ConditionsNotAccepted, PledgeMissing
from .sending import CLOCK
from .transitions import Command, Side, born
from .working_days import answer_by, last_second, local_date, working_day, working_days_between

SENDERS_DAYS = 3
"""The working days that a sender has to answer a question."""

MOST_WAITING = timedelta(days=90)
REMINDED_EVERY = 2
"""The working days between two reminders by hand."""


class Answering(Record):
    """From the moment it is with the receiver until somebody takes the person on, or says no."""

    __slots__ = ()

    def open(
        self, by: Sides, at: datetime, *, release: Consent | None, staff: Colleague, conditions_accepted: bool
    ) -> tuple[Self, ReferralOpened]:
        """Let the receiver read, while the release lives."""
        opened = self.move(Command.OPEN, by, at, opened_at=at)
        demand_live(release, at)
        _demand_bound(staff, conditions_accepted=conditions_accepted)
        return opened, ReferralOpened(**self.about(), by_staff_id=staff.id)

    def claim(
        self,
        offer: Offer,
        *,
        release: Consent,
        receiver: Receiver,
        staff: Colleague,
        conditions_accepted: bool,
    ) -> tuple[Self, OfferClaimed]:
        """Take what was offered to several teams: born opened, by the gate of sending and that of opening."""
        at, urgency = self.created_at, self.card.urgency
        due = answer_by(at, urgency)
        changes = {"sent_at": at, "opened_at": at, "answer_by": due, "consent_id": release.id}
        claimed = self.stepped(Command.CLAIM, Side.RECEIVER, at, to=born(Command.CLAIM), **changes)
        _demand_bound(staff, conditions_accepted=conditions_accepted)
        pass_gate(consent=release, fields=self.fields, receiver=receiver, at=at)
        winner = offer.team(self.to_organisation_id, self.to_team_id)
        return claimed, OfferClaimed(
            **self.about(),
            offer_id=offer.id,
            offering_id=self.offering_id,
            urgency=urgency,
            answer_by=due,
            by_staff_id=staff.id,
            others=offer.others(winner),
        )

    def accept(
        self, by: Sides, at: datetime, *, release: Consent | None, staff: Colleague, first_contact_by: date
    ) -> tuple[Self, ReferralAccepted]:
        """Take the person on; a colleague of the team becomes responsible, and says by when they meet."""
        changes = {"to_staff_id": staff.id, "first_contact_by": first_contact_by, "answer_by": None}
        accepted = self.move(Command.ACCEPT, by, at, **changes)
        demand_live(release, at)
        demand_colleague(staff, organisation_id=self.to_organisation_id, team_id=self.to_team_id)
        demand_ahead("first_contact_by", first_contact_by, at)
        return accepted, ReferralAccepted(
            **self.about(),
            to_staff_id=staff.id,
            first_contact_by=first_contact_by,
            offering_id=self.offering_id,
        )

    def decline(
        self, by: Sides, at: datetime, *, reason: DeclineReason, places_left: int | None = None
    ) -> tuple[Self, ReferralDeclined]:
        """Say no, which whoever said it may take back for a while, and how many places are left, if any."""
        ends = {"ended_from": self.state, "ended_by": Party.RECEIVER, "ended_at": at}
        return self.move(Command.DECLINE, by, at, **ends), ReferralDeclined(
            **self.about(), reason=reason, offering_id=self.offering_id, places_left=places_left
        )

    def ask(self, by: Sides, at: datetime) -> tuple[Self, ReferralAsked]:
        """Ask the sender something: the receiver's clock stands still, the sender's begins."""
        due = last_second(working_day(local_date(at), SENDERS_DAYS))
        left = None
        if self.answer_by is not None:
            left = max(1, working_days_between(local_date(at), local_date(self.answer_by)))
        asked = self.move(Command.ASK, by, at, asked_from=self.state, days_left=left, answer_by=due)
        return asked, ReferralAsked(**self.about(), answer_by=due)

    def answer(self, by: Sides, at: datetime) -> tuple[Self, ReferralAnswered]:
        """Answer what was asked: the receiver's clock goes on with what was left, at least a working day."""
        due = last_second(working_day(local_date(at), self.days_left)) if self.days_left else None
        changes = {"asked_from": None, "days_left": None, "answer_by": due}
        answered = self.move(Command.ANSWER, by, at, **changes)
        return answered, ReferralAnswered(**self.about(), answer_by=due)

    def waitlist(self, by: Sides, at: datetime, *, review_on: date) -> tuple[Self, ReferralWaitlisted]:
        """Keep the person's place until a day on which the receiver looks again, at most 90 days ahead."""
        waiting = self.move(Command.WAITLIST, by, at, review_on=review_on, answer_by=None)
        demand_ahead("review_on", review_on, at)
        if review_on > local_date(at) + MOST_WAITING:
            raise Invalid(errors=[{"field": "review_on", "message": "is more than 90 days ahead"}])
        return waiting, ReferralWaitlisted(**self.about(), review_on=review_on)

    def forward(
        self, by: Sides, at: datetime, *, offering_id: UUID, child_id: UUID
    ) -> tuple[Self, ReferralForwarded]:
        """Point at a better offering; the sender decides, and the person is asked anew."""
        forwarded = self.move(Command.FORWARD, by, at)
        if offering_id == self.offering_id:
            raise Invalid(errors=[{"field": "offering_id", "message": "is the offering it came to"}])
        return forwarded, ReferralForwarded(**self.about(), offering_id=offering_id, child_id=child_id)

    def remind(self, by: Sides, at: datetime) -> tuple[Self, ReferralReminded]:
        """Ask for the answer, at most once in two working days; raises `RateLimited`."""
        reminded = self.move(Command.REMIND, by, at, reminded_at=at)
        if self.reminded_at is not None:
            again = working_day(local_date(self.reminded_at), REMINDED_EVERY)
            if local_date(at) < again:
                raise RateLimited(again_on=again.isoformat())
        return reminded, ReferralReminded(**self.about())

    def expire(self, at: datetime) -> tuple[Self, ReferralExpired]:
        """Give up waiting, after the last escalation; notes who was silent."""
        expired = self.move(Command.EXPIRE, CLOCK, at)
        return expired, ReferralExpired(**self.about(), silent=owed_by(self.state))


def _demand_bound(staff: Colleague, *, conditions_accepted: bool) -> None:
    """Raise unless whoever opens has signed the pledge and accepts the person's conditions."""
    if staff.pledge_version < CURRENT_PLEDGE:
        raise PledgeMissing
    if not conditions_accepted:
        raise ConditionsNotAccepted

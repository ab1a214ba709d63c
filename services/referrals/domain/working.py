"""What the two sides do once the person is taken on, until it is done, and how an end is taken back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any, Self

from shared.errors import NotYourSide
from shared.events.referrals import (
    Contact,
    DeclineReason,
    Outcome,
    Party,
    ReferralCompleted,
    ReferralContacted,
    ReferralEnded,
    ReferralMarkedInError,
    ReferralPaused,
    ReferralReassigned,
    ReferralReopened,
    ReferralResumed,
    ReferralStarted,
)

from .clocks import afresh
from .colleague import Colleague, demand_ahead, demand_colleague, demand_happened
from .consent import Consent
from .gate import demand_live
from .record import Record, Sides, party_of
from .refusals import IllegalCommand, NeedBusy
from .transitions import SENDERS, Command, State

REOPENED_WITHIN = timedelta(days=14)
_TAKEN_ON = frozenset({State.ACCEPTED, State.ACTIVE, State.PAUSED})


class Working(Record):
    """From the acceptance on."""

    __slots__ = ()

    def start(self, by: Sides, at: datetime, *, met_at: datetime) -> tuple[Self, ReferralStarted]:
        """They have met: now the receiver is accountable (warm hand-over)."""
        started = self.move(Command.START, by, at, last_contact_at=met_at)
        demand_happened(met_at, at)
        return started, ReferralStarted(**self.about())

    def note_contact(
        self, by: Sides, at: datetime, *, kind: Contact, when: datetime
    ) -> tuple[Self, ReferralContacted]:
        """Note that somebody tried to reach the person; in an active referral its clock begins anew."""
        noted = self.move(Command.NOTE_CONTACT, by, at)
        if kind is not Contact.BOOKED:
            demand_happened(when, at)
        if self.state is State.ACTIVE and kind in {Contact.REACHED, Contact.ATTENDED}:
            noted = replace(noted, last_contact_at=when, since=noted.version)
        return noted, ReferralContacted(**self.about(), kind=kind, by=noted.last_party())

    def pause(self, by: Sides, at: datetime, *, resume_on: date) -> tuple[Self, ReferralPaused]:
        """Let it rest until a day; the receiver stays accountable."""
        paused = self.move(Command.PAUSE, by, at, resume_on=resume_on)
        demand_ahead("resume_on", resume_on, at)
        return paused, ReferralPaused(**self.about(), resume_on=resume_on)

    def resume(self, by: Sides, at: datetime, *, release: Consent | None) -> tuple[Self, ReferralResumed]:
        """Go on, while the release lives."""
        resumed = self.move(Command.RESUME, by, at, resume_on=None, last_contact_at=at)
        demand_live(release, at)
        return resumed, ReferralResumed(**self.about())

    def complete(self, by: Sides, at: datetime, *, outcome: Outcome) -> tuple[Self, ReferralCompleted]:
        """It is done, by the provider's word; the need is answered."""
        done = self._ended(Command.COMPLETE, by, at)
        return done, ReferralCompleted(**self.about(), outcome=outcome)

    def end(self, by: Sides, at: datetime, *, reason: DeclineReason) -> tuple[Self, ReferralEnded]:
        """End it before it is done; either side may, and the person."""
        ended = self._ended(Command.END, by, at)
        return ended, ReferralEnded(**self.about(), reason=reason, by=ended.last_party())

    def reopen(
        self, by: Sides, at: datetime, *, release: Consent | None, need_is_busy: bool, need_is_gone: bool
    ) -> tuple[Self, ReferralReopened]:
        """Take an end back, within 14 days, by whoever ended it; its clock begins anew."""
        undo = {"ended_from": None, "ended_by": None, "ended_at": None}
        reopened = self.move(Command.REOPEN, by, at, **undo)
        assert self.ended_at is not None  # noqa: S101 - it is in a state that was ended
        if Command.REOPEN not in self.allowed(by):
            raise NotYourSide
        if need_is_gone or at > self.ended_at + REOPENED_WITHIN:
            left = [command for command in self.allowed(by) if command is not Command.REOPEN]
            raise IllegalCommand(state=str(self.state), allowed=[*left])
        if need_is_busy:
            raise NeedBusy
        demand_live(release, at)
        fresh = replace(reopened, **afresh(reopened, at))
        return fresh, ReferralReopened(**self.about(), by=reopened.last_party())

    def mark_error(self, by: Sides, at: datetime) -> tuple[Self, ReferralMarkedInError]:
        """It should never have been made; it stays in the person's own extract."""
        marked = self.move(Command.MARK_ERROR, by, at, ended_from=None, ended_by=None, ended_at=None)
        was_accepted = any((self.to_staff_id, self.state in _TAKEN_ON))
        return marked, ReferralMarkedInError(**self.about(), was_accepted=was_accepted)

    def reassign(self, by: Sides, at: datetime, *, staff: Colleague) -> tuple[Self, ReferralReassigned]:
        """Give it to a colleague of the same team, on the side of whoever does it."""
        reassigned = self.move(Command.REASSIGN, by, at)
        if by & SENDERS:
            demand_colleague(staff, organisation_id=self.from_organisation_id, team_id=self.from_team_id)
            given = replace(reassigned, from_staff_id=staff.id)
        else:
            demand_colleague(staff, organisation_id=self.to_organisation_id, team_id=self.to_team_id)
            given = replace(reassigned, to_staff_id=staff.id)
        side = Party.SENDER if by & SENDERS else Party.RECEIVER
        return given, ReferralReassigned(**given.about(), side=side, staff_id=staff.id)

    def last_party(self) -> Party:
        """Who took the last step."""
        party = party_of(self.steps[-1].by_side)
        assert party is not None  # noqa: S101 - asked of steps that one of them took
        return party

    def _ended(self, command: Command, by: Sides, at: datetime, **changes: Any) -> Self:
        ended = self.move(command, by, at, ended_from=self.state, ended_at=at, **changes)
        return replace(ended, ended_by=ended.last_party())

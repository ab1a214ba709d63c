"""Every verb by its command's name, given valid words, so that table, side, time and consent alone decide."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from services.referrals.domain.colleague import Colleague
from services.referrals.domain.consent import Consent
from services.referrals.domain.referral import Referral
from services.referrals.domain.transitions import RECEIVERS, Side
from services.referrals.domain.working_days import local_date
from shared.events.referrals import Contact, DeclineReason, Outcome, RecallReason
from tests.unit.referrals.makers import CASEWORKER, SENDER, SENDING_TEAM, a_colleague, a_receiver


@dataclass(frozen=True, slots=True)
class Given:
    """A command as it is given."""

    referral: Referral
    by: frozenset[Side]
    at: datetime
    release: Consent | None
    need_is_busy: bool


def _ahead(at: datetime) -> date:
    return local_date(at) + timedelta(days=5)


def _colleague_of(by: frozenset[Side]) -> Colleague:
    ours = {"id": CASEWORKER, "organisation_id": SENDER, "team_id": SENDING_TEAM}
    return a_colleague() if by & RECEIVERS else a_colleague(**ours)


VERBS: Mapping[str, Callable[[Given], Any]] = {
    "discard": lambda given: given.referral.discard(given.by, given.at),
    "send": lambda given: given.referral.send(
        given.by, given.at, release=given.release, receiver=a_receiver(), need_is_busy=given.need_is_busy
    ),
    "undo": lambda given: given.referral.undo(given.by, given.at),
    "dispatch": lambda given: given.referral.dispatch(given.at, release=given.release, receiver=a_receiver()),
    "open": lambda given: given.referral.open(
        given.by, given.at, release=given.release, staff=a_colleague(), conditions_accepted=True
    ),
    "ask": lambda given: given.referral.ask(given.by, given.at),
    "answer": lambda given: given.referral.answer(given.by, given.at),
    "waitlist": lambda given: given.referral.waitlist(given.by, given.at, review_on=_ahead(given.at)),
    "accept": lambda given: given.referral.accept(
        given.by, given.at, release=given.release, staff=a_colleague(), first_contact_by=_ahead(given.at)
    ),
    "decline": lambda given: given.referral.decline(given.by, given.at, reason=DeclineReason.AGE),
    "forward": lambda given: given.referral.forward(
        given.by, given.at, offering_id=UUID(int=99), child_id=UUID(int=98)
    ),
    "recall": lambda given: given.referral.recall(given.by, given.at, reason=RecallReason.OTHER),
    "start": lambda given: given.referral.start(given.by, given.at, met_at=given.at),
    "note_contact": lambda given: given.referral.note_contact(
        given.by, given.at, kind=Contact.REACHED, when=given.at
    ),
    "pause": lambda given: given.referral.pause(given.by, given.at, resume_on=_ahead(given.at)),
    "resume": lambda given: given.referral.resume(given.by, given.at, release=given.release),
    "complete": lambda given: given.referral.complete(given.by, given.at, outcome=Outcome.MET),
    "end": lambda given: given.referral.end(given.by, given.at, reason=DeclineReason.OTHER),
    "reopen": lambda given: given.referral.reopen(
        given.by, given.at, release=given.release, need_is_busy=given.need_is_busy, need_is_gone=False
    ),
    "expire": lambda given: given.referral.expire(given.at),
    "lose_consent": lambda given: given.referral.lose_consent(given.at),
    "mark_error": lambda given: given.referral.mark_error(given.by, given.at),
    "remind": lambda given: given.referral.remind(given.by, given.at),
    "reassign": lambda given: given.referral.reassign(given.by, given.at, staff=_colleague_of(given.by)),
}

"""What a receiver holds: locks, answers, and who hears of silence."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from services.referrals.domain.holding import Holding, Lock, escalations
from services.referrals.domain.refusals import AnswerStands, SharingGoesOn
from shared.actor import Actor, ActorKind
from shared.errors import NotYourSide, RoleMissing
from shared.events.base import ItemField, Role
from shared.events.consents import Receipt
from tests.unit.referrals.makers import (
    CONSENT,
    FIELDS,
    NOON,
    PATH,
    RECEIVER,
    RECEIVING_TEAM,
    RECIPIENT,
    REFERRAL,
    SENDER,
    SENDING_TEAM,
    STRANGER,
)

PHONE, NAME = frozenset({ItemField.PHONE}), frozenset({ItemField.GIVEN_NAME})
NTH = iter(range(1000, 2000))


def a_holding(**changes: Any) -> Holding:
    """An opened copy of two items."""
    usual: dict[str, Any] = {
        "id": UUID(int=41),
        "referral_id": REFERRAL,
        "path_id": PATH,
        "consent_id": CONSENT,
        "processing_consent_id": None,
        "from_organisation_id": SENDER,
        "from_team_id": SENDING_TEAM,
        "to_organisation_id": RECEIVER,
        "to_team_id": RECEIVING_TEAM,
        "fields": FIELDS,
        "processing_fields": frozenset(),
        "opened_at": NOON,
        "locked_at": None,
    }
    return Holding(**{**usual, **changes})


def locked(holding: Holding, fields: frozenset[ItemField], at: datetime = NOON) -> Holding:
    lock = a_lock(holding, fields, at)
    return replace(holding, locks=(*holding.locks, lock))


def a_lock(holding: Holding, fields: frozenset[ItemField], at: datetime = NOON) -> Lock:
    lock = holding.lock(fields, consent_id=CONSENT, lock_id=UUID(int=next(NTH)), at=at)
    assert lock is not None
    return lock


def an_actor(*roles: Role, org: UUID = RECEIVER, team: UUID = RECEIVING_TEAM) -> Actor:
    return Actor(
        kind=ActorKind.STAFF, id=RECIPIENT, organisation_id=org, team_id=team, roles=frozenset(roles)
    )


def answered(holding: Holding, answer: Receipt, ground: str | None = None) -> Holding:
    said, _, event = holding.answer(
        answer, ground, by=an_actor(Role.RECIPIENT), said_id=UUID(int=next(NTH)), at=NOON
    )
    assert event.answer is answer
    return said


def test_nothing_is_owed_before_the_sharing_ends() -> None:
    assert (a_holding().owed, a_holding().owed_since) == (frozenset(), None)
    with pytest.raises(SharingGoesOn):
        answered(a_holding(), Receipt.DELETED)


def test_what_was_opened_and_locked_is_owed_until_it_is_answered() -> None:
    ended = locked(a_holding(), FIELDS)

    assert (ended.owed, ended.owed_since, ended.answer_for(FIELDS)) == (FIELDS, NOON, None)
    done = answered(ended, Receipt.LOCKED)
    assert (done.owed, done.answer_for(FIELDS)) == (frozenset(), Receipt.LOCKED)


def test_what_was_never_opened_counts_as_locked_and_owes_nothing() -> None:
    ended = locked(a_holding(opened_at=None), FIELDS)

    assert (ended.owed, ended.answer_for(FIELDS), ended.last_said(FIELDS)) == (
        frozenset(),
        Receipt.LOCKED,
        None,
    )


def test_a_later_part_is_owed_by_itself() -> None:
    first = answered(locked(a_holding(), PHONE), Receipt.DELETED)
    both = locked(first, FIELDS, NOON + timedelta(days=1))

    assert (both.owed, both.owed_since) == (NAME, NOON + timedelta(days=1))
    assert (both.answer_for(PHONE), both.answer_for(FIELDS)) == (Receipt.DELETED, None)
    assert answered(both, Receipt.KEPT_BY_LAW, "x").answer_for(FIELDS) is Receipt.KEPT_BY_LAW


def test_what_is_locked_is_locked_once() -> None:
    assert locked(a_holding(), FIELDS).lock(PHONE, consent_id=CONSENT, lock_id=CONSENT, at=NOON) is None


LAXER = [
    (Receipt.LOCKED, Receipt.LOCKED), (Receipt.LOCKED, Receipt.KEPT_BY_LAW),
    (Receipt.DELETED, Receipt.LOCKED), (Receipt.DELETED, Receipt.KEPT_BY_LAW),
    (Receipt.DELETED, Receipt.DELETED),
    (Receipt.KEPT_BY_LAW, Receipt.KEPT_BY_LAW),
]  # fmt: skip
STRICTER = [
    (Receipt.KEPT_BY_LAW, Receipt.LOCKED), (Receipt.KEPT_BY_LAW, Receipt.DELETED),
    (Receipt.LOCKED, Receipt.DELETED),
]  # fmt: skip


@pytest.mark.parametrize(("first", "then"), LAXER)
def test_an_answer_stands_against_one_that_is_not_stricter(first: Receipt, then: Receipt) -> None:
    with pytest.raises(AnswerStands):
        answered(answered(locked(a_holding(), FIELDS), first, "x"), then, "x")


@pytest.mark.parametrize(("first", "then"), STRICTER)
def test_a_stricter_answer_takes_its_place_and_both_are_kept(first: Receipt, then: Receipt) -> None:
    done = answered(answered(locked(a_holding(), FIELDS), first, "x"), then)

    assert done.answer_for(FIELDS) is then
    assert [said.answer for said in done.receipts] == [first, then]


@pytest.mark.parametrize(
    ("by", "refusal"),
    [
        (an_actor(Role.CASEWORKER), RoleMissing),
        (an_actor(Role.RECIPIENT, team=STRANGER), NotYourSide),
        (an_actor(Role.TEAM_LEAD, org=SENDER, team=SENDING_TEAM), NotYourSide),
    ],
)
def test_only_the_receiving_team_answers(by: Actor, refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        locked(a_holding(), FIELDS).answer(Receipt.DELETED, None, by=by, said_id=CONSENT, at=NOON)


def test_silence_is_told_until_there_is_an_answer() -> None:
    holding = a_holding()
    lock = a_lock(holding, PHONE)
    ended = replace(holding, locks=(lock,))

    event = ended.silence(lock, 2)

    assert event is not None
    assert (event.stage, event.from_team_id, event.to_team_id) == (2, SENDING_TEAM, RECEIVING_TEAM)
    assert answered(ended, Receipt.DELETED).silence(lock, 3) is None


@pytest.mark.parametrize(
    ("at", "days"),
    [
        (datetime(2026, 11, 20, 12, tzinfo=UTC), ("2026-11-25", "2026-11-27", "2026-12-01")),
        # Over Christmas: the 24th to the 26th, the 31st, the 1st and the 6th are no working days.
        (datetime(2026, 12, 22, 12, tzinfo=UTC), ("2026-12-29", "2027-01-04", "2027-01-07")),
        # After midnight in Sweden it is the next day there.
        (datetime(2026, 11, 19, 23, 30, tzinfo=UTC), ("2026-11-25", "2026-11-27", "2026-12-01")),
    ],
)
def test_silence_escalates_by_swedish_working_days(at: datetime, days: tuple[str, ...]) -> None:
    due = escalations(at)

    assert [due[stage] for stage in (1, 2, 3)] == [
        datetime.fromisoformat(day).replace(hour=23, tzinfo=UTC) for day in days
    ]


def test_it_is_owed_since_the_first_lock_that_is_not_answered_for() -> None:
    later = NOON + timedelta(days=1)
    read = locked(locked(a_holding(), PHONE), NAME, later)
    unread = a_holding(locks=(replace(a_lock(a_holding(), PHONE), was_opened=False),), opened_at=None)
    both = replace(locked(unread, NAME, later), opened_at=NOON)
    never = replace(both, locks=(both.locks[0], replace(both.locks[1], was_opened=True)))
    said, _, _ = read.answer(
        Receipt.LOCKED, None, by=an_actor(Role.RECIPIENT), said_id=UUID(int=50), at=later
    )

    assert (read.owed_since, never.owed_since, said.owed_since) == (NOON, later, None)


def test_nothing_is_answered_for_what_is_not_locked() -> None:
    assert locked(a_holding(), PHONE).answer_for(NAME) is None


def test_the_newest_answer_is_the_one_about_those_fields() -> None:
    first = locked(a_holding(), PHONE)
    by = an_actor(Role.RECIPIENT)
    once, said, _ = first.answer(Receipt.LOCKED, None, by=by, said_id=UUID(int=51), at=NOON)
    twice, then, _ = locked(once, NAME).answer(Receipt.DELETED, None, by=by, said_id=UUID(int=52), at=NOON)

    assert (twice.last_said(PHONE), twice.last_said(NAME)) == (said, then)
    assert once.last_said(NAME) is None

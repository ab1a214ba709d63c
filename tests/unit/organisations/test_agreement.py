"""Agreements: who can be party, and that they end once."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest

from services.organisations.domain.agreement import Agreement, AgreementIsOver, AgreementOverlaps
from shared.errors import Invalid
from shared.events.organisations import AgreementConcluded, AgreementEnded, AgreementKind
from tests.unit.organisations.makers import ELSEWHERE, HERE

ID = UUID("01900000-0000-7000-8000-0000000000c1")
OTHER = UUID("01900000-0000-7000-8000-0000000000c2")
TODAY = date(2026, 11, 20)
DAY_BEFORE, DAY_AFTER = date(2026, 11, 19), date(2026, 11, 21)
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def an_agreement(**said: Any) -> Agreement:
    usual: dict[str, Any] = {
        "id": ID,
        "kind": AgreementKind.IOP,
        "parties": (HERE, ELSEWHERE),
        "name": None,
        "activities": ("Språkcafé på torsdagar",),
        "valid_from": TODAY,
        "valid_until": None,
        "ended_at": None,
        "version": 1,
    }
    return Agreement(**usual | said)


def concluded(*beside: Agreement, **said: Any) -> AgreementConcluded:
    return an_agreement(**said).conclude(today=TODAY, beside=beside)


def test_an_agreement_is_told_in_the_order_of_its_first_party() -> None:
    assert concluded() == AgreementConcluded(
        organisation_id=HERE,
        agreement_id=ID,
        parties=(HERE, ELSEWHERE),
        valid_from=TODAY,
        valid_until=None,
        kind=AgreementKind.IOP,
    )


@pytest.mark.parametrize("parties", [(HERE,), (HERE, HERE)])
def test_nobody_agrees_alone(parties: tuple[UUID, ...]) -> None:
    with pytest.raises(Invalid):
        concluded(parties=parties)


def test_an_agreement_may_last_one_day() -> None:
    assert concluded(valid_until=TODAY).valid_until == TODAY


@pytest.mark.parametrize(
    ("period", "why"),
    [
        ({"valid_from": DAY_AFTER, "valid_until": TODAY}, "It would end before it begins."),
        ({"valid_from": date(2026, 1, 1), "valid_until": DAY_BEFORE}, "It would be over already."),
    ],
)
def test_a_period_that_cannot_be_is_refused_in_words(period: dict[str, date], why: str) -> None:
    with pytest.raises(Invalid) as refusal:
        concluded(**period)

    assert refusal.value.members == {"errors": [{"field": "valid_until", "message": why}]}


@pytest.mark.parametrize(
    ("period", "overlaps"),
    [
        ({"valid_until": DAY_BEFORE}, False),
        ({"valid_until": TODAY}, True),
        ({"valid_until": None}, True),
        ({"valid_from": DAY_AFTER}, False),
        ({"valid_until": None, "ended_at": NOON}, False),
    ],
)
def test_no_day_is_agreed_on_twice(period: dict[str, Any], overlaps: bool) -> None:  # noqa: FBT001
    other = an_agreement(**{"id": OTHER, "valid_from": date(2026, 1, 1), **period})

    with pytest.raises(AgreementOverlaps) if overlaps else nullcontext():
        concluded(other, valid_until=TODAY)


def test_an_agreement_ends_once() -> None:
    ended, event = an_agreement().end(at=NOON)

    assert event == AgreementEnded(organisation_id=HERE, agreement_id=ID)
    with pytest.raises(AgreementIsOver) as refusal:
        ended.end(at=NOON)
    assert refusal.value.members == {"state": "ended", "allowed": []}

"""Agreements: who can be party, and that they end once."""

from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import UUID

import pytest

from services.organisations.domain.agreement import Agreement, AgreementIsOver
from shared.errors import Invalid
from shared.events.organisations import AgreementConcluded, AgreementEnded
from tests.unit.organisations.makers import ELSEWHERE, HERE

ID = UUID("01900000-0000-7000-8000-0000000000c1")
TODAY = date(2026, 11, 20)
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def an_agreement(
    *, parties: tuple[UUID, ...] = (HERE, ELSEWHERE), until: date | None = None
) -> tuple[Agreement, AgreementConcluded]:
    return Agreement.conclude(id=ID, parties=parties, name=None, valid_from=TODAY, valid_until=until)


def test_an_agreement_is_told_in_the_order_of_its_first_party() -> None:
    _, event = an_agreement()

    assert event == AgreementConcluded(
        organisation_id=HERE,
        agreement_id=ID,
        parties=(HERE, ELSEWHERE),
        valid_from=TODAY,
        valid_until=None,
    )


@pytest.mark.parametrize("parties", [(HERE,), (HERE, HERE)])
def test_nobody_agrees_alone(parties: tuple[UUID, ...]) -> None:
    with pytest.raises(Invalid):
        an_agreement(parties=parties)


def test_an_agreement_may_last_one_day() -> None:
    agreement, _ = an_agreement(until=TODAY)

    assert agreement.valid_until == TODAY


def test_an_agreement_does_not_end_before_it_begins() -> None:
    with pytest.raises(Invalid):
        an_agreement(until=TODAY.replace(day=19))


def test_an_agreement_ends_once() -> None:
    agreement, _ = an_agreement()
    ended, event = agreement.end(at=NOON)

    assert event == AgreementEnded(organisation_id=HERE, agreement_id=ID)
    with pytest.raises(AgreementIsOver) as refusal:
        ended.end(at=NOON)
    assert refusal.value.members == {"state": "ended", "allowed": []}

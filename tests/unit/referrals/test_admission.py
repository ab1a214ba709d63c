"""A way in is used once, in time, for what it was given for; a card shows no more than where things stand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.referrals.domain.admission import (
    CODE_LIFE,
    STATUS_LASTS,
    Admission,
    AdmissionKind,
    CodeOver,
)
from services.referrals.domain.status import STATUS, Ball, Stage
from services.referrals.domain.transitions import OPEN_STATES, State
from shared.ids import new_id

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
INSTANT = timedelta(microseconds=1)


def an_admission(kind: AdmissionKind = AdmissionKind.STATUS_CARD, **changes: Any) -> Admission:
    usual: dict[str, Any] = {
        "id": new_id(),
        "organisation_id": new_id(),
        "person_id": new_id(),
        "kind": kind,
        "made_at": NOON,
        "made_by": new_id(),
        "expires_at": NOON + CODE_LIFE[kind],
    }
    return Admission(**usual | changes)


@pytest.mark.parametrize("kind", AdmissionKind)
def test_a_code_is_used_once_and_in_time(kind: AdmissionKind) -> None:
    admission = an_admission(kind)

    used = admission.use(kind, at=admission.expires_at - INSTANT)

    assert used.lets_in(at=admission.expires_at)
    assert not admission.lets_in(at=NOON)
    for late in (used, an_admission(kind, ended_at=NOON)):
        with pytest.raises(CodeOver):
            late.use(kind, at=NOON)
    with pytest.raises(CodeOver):
        admission.use(kind, at=admission.expires_at)


def test_a_card_is_no_e_id_and_no_e_id_a_card() -> None:
    for kind, other in ((AdmissionKind.STATUS_CARD, AdmissionKind.E_ID), (*reversed(AdmissionKind),)):
        with pytest.raises(CodeOver):
            an_admission(kind).use(other, at=NOON)


def test_a_card_shows_for_a_quarter_of_an_hour_and_an_e_id_until_it_is_taken_back() -> None:
    card = an_admission().use(AdmissionKind.STATUS_CARD, at=NOON)
    e_id = an_admission(AdmissionKind.E_ID).use(AdmissionKind.E_ID, at=NOON)

    assert card.lets_in(at=NOON + STATUS_LASTS - INSTANT)
    assert not card.lets_in(at=NOON + STATUS_LASTS)
    assert e_id.lets_in(at=NOON + timedelta(days=1000))
    for one in (card, e_id):
        assert not one.end(at=NOON).lets_in(at=NOON)
        assert one.end(at=NOON).end(at=NOON + INSTANT).ended_at == NOON


def test_every_state_is_said_or_silent() -> None:
    assert STATUS.keys() == {*State} - {State.DISCARDED, State.IN_ERROR}


def test_somebody_owes_the_next_step_of_all_that_is_open() -> None:
    assert {STATUS[state][1] for state in OPEN_STATES} == {Ball.SENDER, Ball.RECEIVER}
    assert all(STATUS[state][0] is not Stage.OVER for state in OPEN_STATES)

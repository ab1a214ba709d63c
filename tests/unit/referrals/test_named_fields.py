"""What cannot be is refused by naming the field and saying what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from services.referrals.domain.asking import invalid
from services.referrals.domain.colleague import demand_ahead, demand_colleague, demand_happened
from services.referrals.domain.profiles import demand_profile
from services.referrals.domain.steps import Plan
from services.referrals.domain.transitions import State
from shared.errors import Invalid
from shared.events.base import ItemField, NeedCode
from shared.events.organisations import OrganisationKind
from tests.unit.referrals.makers import (
    AS_RECEIVER,
    AT_HOME,
    NOON,
    OFFERING,
    RECEIVER,
    RECEIVING_TEAM,
    REFERRAL,
    SENDER,
    a_colleague,
    a_need,
    a_referral,
)
from tests.unit.referrals.test_steps import FIRST, a_step

TOMORROW = NOON + timedelta(days=1)


def raise_(error: Exception) -> None:
    raise error


@pytest.mark.parametrize(
    ("refused", "field", "message"),
    [
        (lambda: raise_(invalid("fields", "narrow nothing")), "fields", "narrow nothing"),
        (
            lambda: demand_colleague(
                a_colleague(active=False), organisation_id=RECEIVER, team_id=RECEIVING_TEAM
            ),
            "staff_id",
            "is not an active member of the team",
        ),
        (lambda: demand_ahead("review_on", NOON.date(), TOMORROW), "review_on", "has passed"),
        (lambda: demand_happened(TOMORROW, NOON), "at", "lies ahead"),
        (
            lambda: demand_profile(
                [ItemField.GIVEN_NAME, ItemField.HEALTH], OrganisationKind.HOUSING_COMPANY
            ),
            "items.1.field",
            "may not be given to a receiver of the kind housing_company",
        ),
        (
            lambda: a_need().transfer(AT_HOME, NOON, to=SENDER),
            "organisation_id",
            "is the need's home already",
        ),
        (
            lambda: Plan.of([a_step(FIRST)]).begin(FIRST, NeedCode.WORK),
            "code",
            "is not the step's: language",
        ),
        (
            lambda: a_referral(State.OPENED).forward(
                AS_RECEIVER, NOON, offering_id=OFFERING, child_id=REFERRAL
            ),
            "offering_id",
            "is the offering it came to",
        ),
        (
            lambda: a_referral(State.OPENED).waitlist(
                AS_RECEIVER, NOON, review_on=NOON.date() + timedelta(days=91)
            ),
            "review_on",
            "is more than 90 days ahead",
        ),
    ],
)
def test_the_field_is_named_and_what_is_wrong_with_it(
    refused: Callable[[], object], field: str, message: str
) -> None:
    with pytest.raises(Invalid) as why:
        refused()

    assert why.value.members == {"errors": [{"field": field, "message": message}]}


def test_today_lies_ahead_and_now_has_happened() -> None:
    demand_ahead("review_on", NOON.date(), NOON)
    demand_happened(NOON, NOON)

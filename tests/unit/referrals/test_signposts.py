"""A signpost points at an open door that stands open, and at nothing else."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest

from services.referrals.domain.refusals import NotAnOpenDoor, ReceiverClosed
from services.referrals.domain.signposts import Signpost, point
from shared.errors import Refused
from shared.events.organisations import OfferingKind, OfferingStatus, OrganisationStatus
from tests.unit.referrals.makers import (
    CASEWORKER,
    NEED,
    NOON,
    OFFERING,
    PATH,
    SENDER,
    a_need,
    a_receiver,
    an_offering,
)

DOOR = OfferingKind.OPEN_DOOR


def pointed(at: datetime = NOON, **receiver: Any) -> Signpost:
    offering = an_offering(
        **{"kind": DOOR, "required_fields": frozenset()} | receiver.pop("offering", {}),
    )
    door = a_receiver(offering=offering, **receiver)
    return point(a_need(), at, door=door, signpost_id=UUID(int=71), by=CASEWORKER)


def test_a_signpost_is_told_without_the_other_organisation_in_it() -> None:
    signpost = pointed(agreed=False)
    event = signpost.given()

    assert (event.path_id, event.need_id, event.organisation_id) == (PATH, NEED, SENDER)
    assert event.offering_id == OFFERING
    assert set(type(event).model_fields) == {
        "path_id", "need_id", "organisation_id", "signpost_id", "offering_id",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("door", "refusal"),
    [
        *(({"offering": {"kind": kind}}, NotAnOpenDoor) for kind in OfferingKind if kind is not DOOR),
        ({"offering": {"status": OfferingStatus.PAUSED}}, ReceiverClosed),
        ({"offering": {"status": OfferingStatus.ENDED}}, ReceiverClosed),
        ({"status": OrganisationStatus.PAUSED}, ReceiverClosed),
        ({"status": OrganisationStatus.CLOSED}, ReceiverClosed),
    ],
)
def test_what_is_no_open_door_is_not_pointed_at(door: dict[str, Any], refusal: type[Refused]) -> None:
    with pytest.raises(refusal):
        pointed(**door)


@pytest.mark.parametrize("status", [OfferingStatus.EXISTING, OfferingStatus.NEW, OfferingStatus.PROTOTYPE])
def test_an_open_door_is_pointed_at(status: OfferingStatus) -> None:
    assert pointed(offering={"status": status}).offering_id == OFFERING


def test_the_card_has_the_swedish_date() -> None:
    assert pointed(datetime(2026, 11, 20, 23, 30, tzinfo=UTC)).day == date(2026, 11, 21)

"""Offerings: what is told of them, and what they may not say."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from services.organisations.domain.capacity import Capacity
from shared.errors import Invalid
from shared.events.base import ItemClass, ItemField
from shared.events.organisations import OfferingKind, OfferingStatus, RequiredItem
from tests.unit.organisations.makers import SOMEBODY, a_required_field, an_offering

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def test_what_is_required_is_told_without_its_reason() -> None:
    _, event = an_offering().publish(by=SOMEBODY, at=NOON)

    assert event.required_fields == (RequiredItem(field=ItemField.PHONE, item_class=ItemClass.CONTACT),)


def test_a_change_tells_the_whole_offering() -> None:
    changed, event = an_offering().change({"status": OfferingStatus.PAUSED}, at=NOON)

    assert changed == an_offering(status=OfferingStatus.PAUSED, version=2)
    assert (event.status, event.version, event.languages) == (OfferingStatus.PAUSED, 2, ("sv", "ar"))


def test_a_word_on_capacity_carries_its_date() -> None:
    changed, _ = an_offering().change({"capacity": Capacity(available=2, maximum=12)}, at=NOON)

    assert changed.capacity == Capacity(available=2, maximum=12, updated_at=NOON)


def test_other_changes_leave_the_word_on_capacity_as_old_as_it_was() -> None:
    offering, _ = an_offering(capacity=Capacity(available=2)).publish(by=SOMEBODY, at=NOON)

    changed, _ = offering.change({"name": "Språkcaféet"}, at=NOON.replace(hour=13))

    assert changed.capacity.updated_at == NOON


def test_nobody_having_spoken_of_capacity_has_no_date() -> None:
    published, _ = an_offering().publish(by=SOMEBODY, at=NOON)

    assert published.capacity.updated_at is None


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"age_from": 30, "age_to": 29}, "age_to"),
        ({"capacity": Capacity(available=3, maximum=2)}, "capacity.available"),
        ({"kind": OfferingKind.OPEN_DOOR}, "required_fields"),
        (
            {"required_fields": (a_required_field(), a_required_field())},
            "required_fields.1.field",
        ),
        (
            {"required_fields": (a_required_field(ItemField.HEALTH, ItemClass.NORMAL),)},
            "required_fields.0.class",
        ),
        (
            {"required_fields": (a_required_field(ItemField.BACKGROUND, ItemClass.SENSITIVE),)},
            "sensitive",
        ),
    ],
)
def test_an_offering_cannot_contradict_itself(said: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        an_offering(**said).publish(by=SOMEBODY, at=NOON)

    assert [error["field"] for error in refusal.value.members["errors"]] == [field]  # type: ignore[index, union-attr, call-overload]


def test_a_change_cannot_make_an_offering_contradict_itself() -> None:
    with pytest.raises(Invalid):
        an_offering(age_from=18).change({"age_to": 17}, at=NOON)


def test_the_ages_of_one_year_are_an_offering() -> None:
    published, _ = an_offering(age_from=18, age_to=18).publish(by=SOMEBODY, at=NOON)

    assert published.age_to == 18

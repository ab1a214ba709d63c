"""Offerings: what is told of them, and what they may not say."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from services.organisations.domain.capacity import Capacity, Places
from services.organisations.domain.door import Door, Hours
from shared.errors import Invalid
from shared.events.base import ItemClass, ItemField
from shared.events.organisations import (
    EligibilityRule,
    OfferingKind,
    OfferingStatus,
    RequiredItem,
    RuleKind,
)
from tests.unit.organisations.makers import SOMEBODY, a_required_field, an_offering

OPEN = Hours(weekday=1, opens=time(10), closes=time(12))
SHUT = Hours(weekday=1, opens=time(12), closes=time(12))
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def test_what_is_required_is_told_without_its_reason() -> None:
    _, event = an_offering().publish(by=SOMEBODY, at=NOON)

    assert event.required_fields == (RequiredItem(field=ItemField.PHONE, item_class=ItemClass.CONTACT),)


def test_a_change_tells_the_whole_offering() -> None:
    changed, event = an_offering().change({"status": OfferingStatus.PAUSED}, at=NOON)

    assert changed == an_offering(status=OfferingStatus.PAUSED, version=2, resumes_as=OfferingStatus.EXISTING)
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
        ({"languages": ("sv", "qq")}, "languages.1"),
        ({"paused_until": NOON.date()}, "paused_until"),
        ({"door": Door(address="Torget 1")}, "door"),
        ({"kind": OfferingKind.OPEN, "door": Door(address="Torget 1", hours=(SHUT,))}, "door.hours.0.closes"),
        ({"kind": OfferingKind.OPEN, "door": Door(address="Torget 1", hours=(OPEN, OPEN))}, "door.hours.1"),
        ({"eligibility": (EligibilityRule(rule=RuleKind.AREA),)}, "eligibility.0"),
        ({"eligibility": (EligibilityRule(rule=RuleKind.AREA, age_to=9),)}, "eligibility.0.age_to"),
        (
            {"eligibility": (EligibilityRule(rule=RuleKind.AGE, age_from=9, age_to=8),)},
            "eligibility.0.age_to",
        ),
        (
            {"eligibility": (EligibilityRule(rule=RuleKind.LANGUAGE, languages=("qq",)),)},
            "eligibility.0.languages.0",
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


SHELTER: list[dict[str, Any]] = [
    {"protected_place": True, "door": Door(address="Torget 1")},
    {"protected_place": True, "description": "Vi bor på Storgatan 12, ring först."},
    {"protected_place": True, "name": "Huset, 252 21 Helsingborg"},
    {"name": "Kvinnojouren Ängla", "door": Door(address="Torget 1")},
    {"description": "Skyddat boende på Lilla vägen 3."},
]


@pytest.mark.parametrize("said", SHELTER, ids=str)
def test_a_protected_place_never_has_a_location(said: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        an_offering(kind=OfferingKind.OPEN, **said).publish(by=SOMEBODY, at=NOON)


def test_a_protected_place_has_a_service_area() -> None:
    shelter = an_offering(
        protected_place=True, name="Kvinnojouren", description="Ring när som helst, 3 platser."
    )

    published, _ = shelter.publish(by=SOMEBODY, at=NOON)

    assert published.areas == an_offering().areas


def test_what_has_a_door_cannot_become_a_protected_place() -> None:
    cafe = an_offering(kind=OfferingKind.OPEN, door=Door(address="Torget 1"))

    with pytest.raises(Invalid):
        cafe.change({"protected_place": True}, at=NOON)


def test_what_rests_until_a_day_is_then_what_it_was() -> None:
    rest = {"status": OfferingStatus.PAUSED, "paused_until": date(2026, 12, 1)}
    resting, _ = an_offering(status=OfferingStatus.PROTOTYPE).change(rest, at=NOON)
    still, _ = resting.change({"name": "Kaféet"}, at=NOON)

    awake, event = still.resume(at=NOON)

    assert (still.paused_until, awake.paused_until) == (date(2026, 12, 1), None)
    assert (awake.status, event.status) == (OfferingStatus.PROTOTYPE,) * 2


@pytest.mark.parametrize(
    ("capacity", "waiting", "places"),
    [
        (Capacity(), None, Places.UNKNOWN),
        (Capacity(available=1, updated_at=NOON), 4, Places.FREE),
        (Capacity(available=0, updated_at=NOON), 4, Places.WAITING),
        (Capacity(available=0, updated_at=NOON), None, Places.FULL),
        (Capacity(available=9, updated_at=NOON - timedelta(days=7)), None, Places.FREE),
        (Capacity(available=9, updated_at=NOON - timedelta(days=7, seconds=1)), None, Places.UNKNOWN),
    ],
)
def test_an_old_word_on_capacity_is_as_good_as_none(
    capacity: Capacity, waiting: int | None, places: Places
) -> None:
    assert an_offering(capacity=capacity, waiting=waiting).places(NOON) is places


def test_an_offering_is_confirmed_every_ninety_days() -> None:
    published, _ = an_offering().publish(by=SOMEBODY, at=NOON)
    later = NOON + timedelta(days=90)

    confirmed, _ = published.confirm(by=SOMEBODY, at=later)

    assert not published.awaits_confirmation(later - timedelta(seconds=1))
    assert (published.awaits_confirmation(later), confirmed.awaits_confirmation(later)) == (True, False)
    assert an_offering().awaits_confirmation(NOON)


def test_only_another_rule_is_another_version_of_the_rules() -> None:
    renamed, _ = an_offering().change({"name": "Kaféet"}, at=NOON)
    narrowed, event = renamed.change({"age_to": 64}, at=NOON)

    assert (renamed.eligibility_version, narrowed.eligibility_version) == (1, 2)
    assert event.eligibility[1] == EligibilityRule(rule=RuleKind.AGE, age_from=18, age_to=64)

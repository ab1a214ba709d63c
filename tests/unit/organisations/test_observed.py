"""What the latest answers say of an offering, beside what it says of itself."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from services.organisations.domain.capacity import Capacity, Places
from services.organisations.domain.hold import Hold, HoldIsOver, NoPlaceToHold
from services.organisations.domain.observed import Habit, Observed
from shared.errors import NotYourSide
from tests.unit.organisations.makers import HERE, SOMEBODY, TEAM, an_offering

NOON = datetime(2026, 5, 11, 12, tzinfo=UTC)
FRESH, STALE = NOON - timedelta(days=1), NOON - timedelta(days=8)


@pytest.mark.parametrize(
    ("accepted", "full", "habit"),
    [
        (0, 0, None),
        (4, 0, None),
        (5, 0, Habit.TAKES),
        (10, 0, Habit.TAKES),
        (9, 1, None),
        (5, 5, None),
        (2, 3, Habit.FULL),
        (0, 5, Habit.FULL),
        (0, 4, None),
    ],
)
def test_a_habit_is_seen_in_five_answers_and_more(accepted: int, full: int, habit: Habit | None) -> None:
    assert Observed(accepted=accepted, full=full).habit is habit


@pytest.mark.parametrize(
    ("observed", "waiting", "places"),
    [
        (Observed(), None, Places.FREE),
        (Observed(full=5), None, Places.FULL),
        (Observed(full=5), 3, Places.WAITING),
        (Observed(accepted=2, full=2), None, Places.FREE),
    ],
)
def test_what_is_observed_goes_before_what_is_said(
    observed: Observed, waiting: int | None, places: Places
) -> None:
    said = Capacity(available=4, maximum=12, updated_at=FRESH)

    assert an_offering(capacity=said, observed=observed, waiting=waiting).places(NOON) is places


@pytest.mark.parametrize(
    "said", [Capacity(), Capacity(available=0, updated_at=FRESH), Capacity(available=4, updated_at=STALE)]
)
def test_who_always_takes_has_places_whatever_is_said(said: Capacity) -> None:
    assert an_offering(capacity=said, observed=Observed(accepted=5)).places(NOON) is Places.FREE


@pytest.mark.parametrize(
    ("full_at", "left", "word", "places"),
    [
        (None, None, (4, False), Places.FREE),
        (FRESH - timedelta(hours=1), 0, (4, False), Places.FREE),
        (FRESH, 0, (4, False), Places.FREE),
        (NOON, None, (4, True), Places.UNKNOWN),
        (NOON, 0, (0, False), Places.FULL),
        (NOON, 2, (2, False), Places.FREE),
        (NOON, 99, (12, False), Places.FREE),
    ],
)
def test_a_later_no_overrules_the_word_or_puts_it_in_doubt(
    full_at: datetime | None, left: int | None, word: tuple[int, bool], places: Places
) -> None:
    said = Capacity(available=4, maximum=12, updated_at=FRESH)
    seen = Observed(full=1, full_at=full_at, places_left=left)

    newest = seen.newest(said)

    assert (newest.available, newest.doubted) == word
    assert newest.places(NOON, waiting=None) is places
    assert newest.said(NOON).doubted is False


@pytest.mark.parametrize(
    ("capacity", "held", "free", "places"),
    [
        (Capacity(available=2, updated_at=FRESH), 0, 2, Places.FREE),
        (Capacity(available=2, updated_at=FRESH), 1, 1, Places.FREE),
        (Capacity(available=2, updated_at=FRESH), 2, 0, Places.HELD),
        (Capacity(available=1, updated_at=FRESH), 2, 0, Places.HELD),
        (Capacity(available=0, updated_at=FRESH), 0, 0, Places.FULL),
        (Capacity(available=2, updated_at=STALE), 0, 0, Places.UNKNOWN),
        (Capacity(available=2, updated_at=FRESH, doubted=True), 0, 0, Places.UNKNOWN),
        (Capacity(), 0, 0, Places.UNKNOWN),
    ],
)
def test_only_a_free_place_that_can_be_trusted_is_held(
    capacity: Capacity, held: int, free: int, places: Places
) -> None:
    offering = an_offering(capacity=capacity, held=held)

    assert (offering.free_places(NOON), offering.places(NOON)) == (free, places)
    if free:
        assert a_hold().begin(offering) == a_hold()
    else:
        with pytest.raises(NoPlaceToHold):
            a_hold().begin(offering)


def a_hold() -> Hold:
    return Hold(
        id=TEAM,
        organisation_id=HERE,
        offering_id=an_offering().id,
        staff_id=SOMEBODY,
        began_at=NOON,
        ends_at=NOON + timedelta(hours=1),
    )


def test_only_its_holder_lets_a_place_go_and_only_while_it_lasts() -> None:
    soon = NOON + timedelta(minutes=5)

    assert a_hold().release(by=SOMEBODY, at=soon).ends_at == soon
    with pytest.raises(NotYourSide):
        a_hold().release(by=HERE, at=soon)
    with pytest.raises(HoldIsOver):
        a_hold().release(by=SOMEBODY, at=NOON + timedelta(hours=1))

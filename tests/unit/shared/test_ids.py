"""Ids: UUID version 7, and the same ones again for a test that seeds them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from uuid import RFC_4122, UUID

import pytest

from shared import ids

RANDOM_BITS = (1 << 62) - 1


@pytest.fixture
def seeded() -> Iterator[int]:
    """A seed; the system's randomness comes back afterwards."""
    yield 7
    ids.seed(None)


def random_parts(made: list[UUID]) -> list[int]:
    return [one.int & RANDOM_BITS for one in made]


def test_an_id_is_a_uuid_of_version_7() -> None:
    made = [ids.new_id() for _ in range(100)]

    assert {one.version for one in made} == {7}
    assert {one.variant for one in made} == {RFC_4122}
    assert len(set(made)) == 100


def test_ids_are_ordered_by_the_millisecond_they_were_made_in() -> None:
    milliseconds = [ids.new_id().int >> 80 for _ in range(2000)]

    assert milliseconds == sorted(milliseconds)


def test_a_seed_gives_the_same_random_parts_again(seeded: int) -> None:
    ids.seed(seeded)
    first = random_parts([ids.new_id() for _ in range(10)])

    ids.seed(seeded)

    assert random_parts([ids.new_id() for _ in range(10)]) == first


def test_a_seed_with_a_time_gives_the_same_ids_again(seeded: int) -> None:
    at = datetime(2031, 3, 3, 8, tzinfo=UTC)
    ids.seed(seeded, at)
    first = ids.new_id()

    ids.seed(seeded, at)

    assert ids.new_id() == first
    assert first.int >> 80 == at.timestamp() * 1000


def test_without_a_seed_nobody_can_tell_the_next(seeded: int) -> None:
    ids.seed(seeded)
    first = random_parts([ids.new_id()])
    ids.seed(seeded)

    ids.seed(None)

    assert random_parts([ids.new_id()]) != first

"""The comparison of two samples finds what differs, and nothing where nothing does."""

from __future__ import annotations

import random

import pytest

from bench.timing import compared


def test_the_same_values_are_not_told_apart() -> None:
    found = compared([1.0, 2.0, 2.0, 3.0] * 50, [1.0, 2.0, 2.0, 3.0] * 50)

    assert found.medians == (2.0, 2.0)
    assert found.p == pytest.approx(1.0)


def test_a_shift_is_found_in_either_direction() -> None:
    chance = random.Random(3)  # noqa: S311 - a sample, not a secret
    one = [chance.gauss(500, 40) for _ in range(400)]
    other = [chance.gauss(520, 40) for _ in range(400)]

    assert compared(one, other).p < 1e-6
    assert compared(other, one).p == pytest.approx(compared(one, other).p)


def test_p_is_that_of_the_normal_approximation() -> None:
    """Worked by hand: U = 3, expected 12.5 with deviation 4.787, z = -1.984."""
    assert compared([1, 2, 4, 5, 6], [3, 7, 8, 9, 10]).p == pytest.approx(0.0472, abs=1e-4)

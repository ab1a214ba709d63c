"""Delivery waits in proportion: to its own work, and to how long nothing was told."""

from __future__ import annotations

import pytest

from shared.handling import BATCH
from shared.listener import REST_S, rest
from shared.relay import IDLE_S, pause


def test_a_full_batch_is_followed_at_once() -> None:
    assert rest(BATCH, took=0.5) == 0


@pytest.mark.parametrize("took", [0.0, 0.001, 0.02])
def test_a_listener_rests_as_long_as_it_worked(took: float) -> None:
    assert rest(1, took) == took


def test_a_listener_never_rests_for_long() -> None:
    assert rest(1, took=3.0) == REST_S


def test_a_listener_whom_nobody_waits_for_rests_more_but_not_before_more_that_is_there() -> None:
    assert rest(1, took=0.001, least=0.1) == 0.1
    assert rest(BATCH, took=0.001, least=0.1) == 0


def test_a_relay_whom_nobody_waits_for_looks_more_seldom() -> None:
    assert pause(took=0.001, silence=0, least=0.1) == 0.1


def test_a_relay_that_has_just_numbered_rests_as_long_as_it_worked() -> None:
    assert pause(took=0.004, silence=0) == 0.004


def test_the_longer_nothing_was_told_the_longer_a_relay_rests() -> None:
    pauses = [pause(0.001, silence) for silence in (0.01, 0.04, 0.12, 0.2, 60)]

    assert pauses == sorted(pauses)
    assert pauses[0] < 0.002
    assert pauses[-2:] == [IDLE_S, IDLE_S]


def test_looking_never_takes_a_relay_more_than_half_of_its_time_until_it_is_slow_itself() -> None:
    assert pause(took=0.01, silence=0.001) == 0.01
    assert pause(took=3.0, silence=0) == IDLE_S

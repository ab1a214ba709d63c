"""What became of a step at each service that hears its stream."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

import pytest

from services.tracing.domain import (
    Handled,
    HopSeen,
    ParkedEvent,
    Position,
    Report,
    Standing,
    Step,
    standing_by_hops,
    traced,
)

NOON = datetime(2026, 5, 4, 12, tzinfo=UTC)
STREAM, OTHER = "events:referrals", "events:organisations"
STEP = Step(
    event_id=UUID(int=9),
    stream=STREAM,
    seq=7,
    type="referral.sent.v1",
    told_at=NOON,
    by_organisation_id=UUID(int=1),
)
HOP = HopSeen(service="notifications", step=STEP.id, at=NOON, parked=False)
HOPS = {("notifications", STEP.id): HOP}


def parked(seq: int, stream: str = STREAM) -> ParkedEvent:
    return ParkedEvent(
        stream=stream,
        seq=seq,
        event_id=UUID(int=2),
        subject=UUID(int=3),
        type=STEP.type,
        error="ValueError",
        parked_at=NOON,
        tries=1,
    )


def reporting(seq: int, *set_aside: ParkedEvent, service: str = "notifications") -> Standing:
    report = Report(
        heads={},
        untold=0,
        positions={STREAM: Position(seq=seq)},
        parked=set_aside,
        hears=(STREAM,),
    )
    return Standing.by_report(service, report)


def test_a_position_below_the_step_has_not_handled_it_whatever_the_hops_say() -> None:
    fate = traced(STEP, [reporting(6)], HOPS)

    assert (fate.handled, fate.waiting) == ((), ("notifications",))


@pytest.mark.parametrize("seq", [7, 8])
def test_a_position_at_or_above_the_step_has_handled_it_when_the_hop_says(seq: int) -> None:
    fate = traced(STEP, [reporting(seq)], HOPS)

    assert fate.handled == (Handled(service="notifications", at=NOON, parked=False),)
    assert fate.waiting == ()


def test_a_lost_hop_takes_the_time_and_not_the_fact() -> None:
    fate = traced(STEP, [reporting(7)], {})

    assert fate.handled == (Handled(service="notifications", at=None, parked=False),)


def test_a_parked_step_has_no_time() -> None:
    fate = traced(STEP, [reporting(9, parked(7))], HOPS)

    assert fate.handled == (Handled(service="notifications", at=None, parked=True),)


@pytest.mark.parametrize("other", [parked(8), parked(7, OTHER)], ids=["another number", "another stream"])
def test_another_event_parked_is_not_this_one(other: ParkedEvent) -> None:
    fate = traced(STEP, [reporting(9, other)], HOPS)

    assert fate.handled == (Handled(service="notifications", at=NOON, parked=False),)


def test_a_service_that_hears_nothing_of_the_stream_is_not_waited_for() -> None:
    deaf = Standing(service="web", positions={OTHER: 99}, parked=frozenset())

    fate = traced(STEP, [deaf], {})

    assert (fate.handled, fate.waiting) == ((), ())


def test_a_service_that_hears_and_has_no_position_yet_is_waited_for() -> None:
    report = Report(heads={}, untold=0, positions={}, parked=(), hears=(STREAM,))

    fate = traced(STEP, [Standing.by_report("notifications", report)], {})

    assert fate.waiting == ("notifications",)


def test_services_stand_in_the_order_of_their_names() -> None:
    fate = traced(STEP, [reporting(7, service="tracing"), reporting(7)], {})

    assert [each.service for each in fate.handled] == ["notifications", "tracing"]


def test_of_a_service_that_is_away_the_hops_are_believed() -> None:
    away = standing_by_hops("notifications", {STREAM: 7}, [HOP])

    assert traced(STEP, [away], HOPS).handled == (Handled(service="notifications", at=NOON, parked=False),)


def test_hops_that_end_below_the_step_leave_it_waiting() -> None:
    away = standing_by_hops("notifications", {STREAM: 6}, [])

    assert traced(STEP, [away], {}).waiting == ("notifications",)


def test_hops_tell_a_parked_step_until_one_says_it_was_handled_after_all() -> None:
    aside = HopSeen(service="notifications", step=STEP.id, at=None, parked=True)
    redriven = HopSeen(service="notifications", step=STEP.id, at=NOON, parked=True)

    assert standing_by_hops("notifications", {STREAM: 9}, [aside]).parked == {STEP.id}
    assert standing_by_hops("notifications", {STREAM: 9}, [redriven]).parked == frozenset()

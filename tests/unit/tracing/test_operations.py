"""How the streams stand, as operations shows it."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from services.tracing.domain import ListenerState, ParkedEvent, Position, Report, streams_now

STREAM = "events:referrals"
TELLERS = {STREAM: "referrals"}
TELLER = Report(heads={STREAM: 10}, untold=3, positions={}, parked=(), hears=())
PARKED = ParkedEvent(
    stream=STREAM,
    seq=4,
    event_id=UUID(int=1),
    subject=UUID(int=2),
    type="referral.sent.v1",
    error="ValueError",
    parked_at=datetime(2026, 5, 4, 12, tzinfo=UTC),
    tries=2,
)
LISTENER = Report(heads={}, untold=0, positions={STREAM: Position(seq=7)}, parked=(PARKED,), hears=(STREAM,))


def test_a_stream_shows_its_head_and_how_far_behind_each_listener_is() -> None:
    [stream] = streams_now(TELLERS, {"referrals": TELLER, "notifications": LISTENER})

    assert (stream.head, stream.untold) == (10, 3)
    assert stream.listeners == (ListenerState(service="notifications", position=7, lag=3, parked=1),)


def test_a_teller_that_is_away_leaves_the_lag_unknown() -> None:
    [stream] = streams_now(TELLERS, {"referrals": None, "notifications": LISTENER})

    assert (stream.head, stream.untold) == (None, None)
    assert stream.listeners == (ListenerState(service="notifications", position=7, lag=None, parked=1),)


def test_a_listener_ahead_of_a_head_asked_a_moment_ago_is_not_behind() -> None:
    ahead = LISTENER.model_copy(update={"positions": {STREAM: Position(seq=11)}})

    [stream] = streams_now(TELLERS, {"referrals": TELLER, "notifications": ahead})

    assert stream.listeners[0].lag == 0


def test_services_that_are_away_or_deaf_are_no_listeners() -> None:
    [stream] = streams_now(TELLERS, {"referrals": TELLER, "notifications": None, "web": TELLER})

    assert stream.listeners == ()

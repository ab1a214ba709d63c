"""One row, three faces: the log's, the stream's, and the CloudEvent's."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from shared.envelope import Row, instant
from tests.unit.shared.makers import KEY, SOURCE, STREAM, a_row, an_id, blanked

ROWS = pytest.mark.parametrize(
    "row", [a_row(), a_row(key=KEY), blanked(a_row(key=KEY))], ids=["plain", "signed", "blanked"]
)


@ROWS
def test_a_row_comes_back_from_the_stream_as_it_went(row: Row) -> None:
    assert Row.from_wire(json.loads(row.wire(SOURCE))) == row


@ROWS
def test_a_row_comes_back_from_the_log_as_it_went(row: Row) -> None:
    assert Row.from_wire(json.loads(json.dumps(row.cloud_event(SOURCE)))) == row


def test_a_cloud_event_has_the_standards_attributes() -> None:
    event = a_row().cloud_event(SOURCE)

    assert event["specversion"] == "1.0"
    assert (event["id"], event["source"]) == (str(an_id(1)), SOURCE)
    assert (event["type"], event["data"]) == ("pledge.signed.v1", {"version": 1})
    assert "body" not in event


def test_an_absent_attribute_of_a_cloud_event_is_left_out() -> None:
    event = a_row().cloud_event(SOURCE)

    assert None not in event.values()
    assert {"signature", "causationid", "traceparent"}.isdisjoint(event)


def test_the_stream_names_the_payload_body_which_faststream_leaves_alone() -> None:
    said = json.loads(a_row().wire(SOURCE))

    assert said["body"] == {"version": 1}
    assert "data" not in said


def test_an_envelope_says_what_the_row_says() -> None:
    envelope = a_row(4).envelope(STREAM)

    assert (envelope.id, envelope.seq, envelope.stream) == (an_id(4), 4, STREAM)
    assert (envelope.subject, envelope.organisation_id) == (an_id(1), an_id(1))
    assert envelope.time == datetime(2026, 5, 11, 10, 0, 0, 1, tzinfo=UTC)
    assert (envelope.correlation_id, envelope.causation_id) == (an_id(3), None)


@pytest.mark.parametrize(
    "changes",
    [{"seq": "next"}, {"id": "me"}, {"hash": "not hexadecimal"}, {"digest": None}],
    ids=lambda changes: next(iter(changes)),
)
def test_what_is_no_row_is_refused(changes: dict[str, Any]) -> None:
    said = {**json.loads(a_row().wire(SOURCE)), **changes}

    with pytest.raises((KeyError, TypeError, ValueError)):
        Row.from_wire(said)


def test_an_instant_is_told_in_utc_with_microseconds() -> None:
    stockholm = timezone(timedelta(hours=2))

    assert instant(datetime(2026, 6, 6, 12, 30, tzinfo=stockholm)) == "2026-06-06T10:30:00.000000Z"

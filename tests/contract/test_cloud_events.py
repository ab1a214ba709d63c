"""What ``/log`` answers are CloudEvents 1.0, by the standard's own schema and by its prose."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from jsonschema import Draft7Validator, FormatChecker

from shared.chain import GENESIS, digest_of, hash_of
from shared.envelope import Row
from shared.events import TOLD_BY, LogVoid
from shared.events.notifications import NoticeStored
from shared.log import content_of, source_of

SCHEMA = Path(__file__).parents[3] / "shared/data/cloudevents-1.0/cloudevents.json"
ID = UUID("01900000-0000-7000-8000-000000000001")
NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
NOTICE = NoticeStored(path_id=ID, notice_id=ID, organisation_id=ID, referral_id=ID)
NAME = re.compile(r"[a-z0-9]{1,20}")


def a_row(
    event: NoticeStored | LogVoid = NOTICE, *, cause: UUID | None = None, trace: str | None = None
) -> Row:
    """The first row of a log."""
    told = {
        "type": event.type,
        "subject": event.subject,
        "time": NOON,
        "organisation_id": None,
        "actor": f"service:{ID}",
        "correlation_id": ID,
        "causation_id": cause,
        "traceparent": trace,
        "body": event.model_dump(mode="json"),
    }
    content, salt = content_of(told), bytes(16)
    digest = digest_of(salt, content)
    return Row(1, 1, ID, content, salt, digest, hash_of(GENESIS, 1, ID, digest), bytes(64))


def erased(row: Row) -> Row:
    """The row as erasure leaves it."""
    blanked = dict.fromkeys(("subject", "actor", "organisation", "body"))
    return replace(row, salt=None, content={**row.content, **blanked})


ROWS = {
    "told by a command": a_row(),
    "told by a reaction": a_row(cause=ID, trace="00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"),
    "a lost number": a_row(LogVoid(stream_id=ID)),
    "erased": erased(a_row()),
}


@pytest.fixture(scope="module")
def standard() -> Draft7Validator:
    if not SCHEMA.exists():
        pytest.skip("the published schema of CloudEvents 1.0 is not beside the project")
    return Draft7Validator(json.loads(SCHEMA.read_text()), format_checker=FormatChecker())


@pytest.mark.parametrize("row", ROWS.values(), ids=list(ROWS))
@pytest.mark.parametrize("teller", TOLD_BY)
def test_a_row_of_the_log_is_a_cloud_event(standard: Draft7Validator, teller: str, row: Row) -> None:
    said = row.cloud_event(source_of(teller))

    assert [error.message for error in standard.iter_errors(said)] == []
    assert said["specversion"] == "1.0"
    assert datetime.fromisoformat(said["time"]).tzinfo is not None


@pytest.mark.parametrize("row", ROWS.values(), ids=list(ROWS))
def test_attributes_keep_to_the_standards_names_and_types(row: Row) -> None:
    attributes = {
        name: value for name, value in row.cloud_event("/services/referrals").items() if name != "data"
    }

    assert [name for name in attributes if not NAME.fullmatch(name)] == []
    assert [name for name, value in attributes.items() if not isinstance(value, str | int)] == []


@pytest.mark.parametrize("missing", ["id", "source", "specversion", "type"])
def test_the_standards_schema_would_notice_a_missing_attribute(
    standard: Draft7Validator, missing: str
) -> None:
    said: dict[str, Any] = a_row().cloud_event("/services/referrals")
    del said[missing]

    assert not standard.is_valid(said)


def test_a_row_comes_back_from_log_and_from_the_stream_as_it_was() -> None:
    row = ROWS["told by a reaction"]

    assert Row.from_wire(row.cloud_event("/services/referrals")) == row
    assert Row.from_wire(json.loads(row.wire("/services/referrals"))) == row

"""Hops: telemetry that may be lost, and that harms nobody whatever it holds."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from shared.hops import Hop, hop_of
from tests.unit.shared.makers import STREAM

HOP = Hop("tracing", STREAM, 3, 9, datetime(2026, 5, 11, 10, tzinfo=UTC), (4, 7))


def entry(**changes: bytes) -> dict[bytes, bytes]:
    """The hop as Redis gives it back."""
    said = {name.encode(): value.encode() for name, value in HOP.fields().items()}
    return said | {name.encode(): value for name, value in changes.items()}


def test_a_hop_comes_back_as_it_went() -> None:
    assert hop_of(entry()) == HOP


@pytest.mark.parametrize(
    "changes",
    [
        {"first_seq": b"first"},
        {"at": b"yesterday"},
        {"service": b"\xff"},
        {"parked": b"["},
        {"parked": b"5"},
        {"parked": b"null"},
    ],
    ids=str,
)
def test_an_entry_that_is_no_hop_is_left_out(changes: dict[str, Any]) -> None:
    assert hop_of(entry(**changes)) is None


def test_an_empty_entry_is_left_out() -> None:
    assert hop_of({}) is None

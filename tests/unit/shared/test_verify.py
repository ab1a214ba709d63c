"""What a listener believes, and what it goes to the log for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest

from shared.chain import GENESIS
from shared.envelope import Row
from shared.position import Position
from shared.verify import is_signed, proven
from tests.unit.shared.makers import KEY, OTHER_KEY, STREAM, blanked, rows

START = Position(0, GENESIS)
LOG = rows(4, signed={2, 4})


def believed(came: Sequence[Row], after: Position = START, stream: str = STREAM) -> list[int] | None:
    found = proven(came, after, KEY.public_key(), stream)
    return None if found is None else [row.seq for row in found]


def test_a_whole_round_is_believed() -> None:
    assert believed(LOG) == [1, 2, 3, 4]


def test_rows_are_believed_from_where_the_listener_stands() -> None:
    assert believed(LOG[2:], Position(2, LOG[1].hash)) == [3, 4]


def test_nothing_proves_nothing() -> None:
    assert believed([]) == []


def test_a_tail_waits_for_its_signature() -> None:
    assert believed(LOG[:3]) == [1, 2]
    assert believed(LOG[:1]) == []


def test_a_blanked_row_is_believed() -> None:
    assert believed([LOG[0], blanked(LOG[1]), *LOG[2:]]) == [1, 2, 3, 4]


@pytest.mark.parametrize(
    "damage",
    [
        lambda log: log[1:],
        lambda log: [log[0], *log[2:]],
        lambda log: [log[0], log[2], log[1], log[3]],
        lambda log: [log[0], log[0], *log[1:]],
        lambda log: [replace(log[0], content={**log[0].content, "body": {"version": 99}}), *log[1:]],
        lambda log: [*log[:3], replace(log[3], signature=bytes(64))],
        lambda log: [*log[:3], replace(log[3], signature=log[1].signature)],
        lambda log: [*log[:3], replace(log[3], epoch=2)],
        lambda _: rows(4, signed={4}, key=OTHER_KEY),
    ],
    ids=[
        "the first is missing",
        "one is missing",
        "two are swapped",
        "one came twice",
        "a changed word",
        "a forged signature",
        "the signature of another head",
        "another epoch",
        "another teller's key",
    ],
)
def test_a_damaged_round_is_not_believed(damage: Callable[[Sequence[Row]], Sequence[Row]]) -> None:
    assert believed(damage(LOG)) is None


def test_another_history_is_not_believed() -> None:
    assert believed(LOG[2:], Position(2, bytes(32))) is None


def test_a_round_of_another_stream_is_not_believed() -> None:
    assert believed(LOG, stream="events:referrals") is None


@pytest.mark.parametrize(("seq", "signed"), [(1, False), (2, True)])
def test_only_a_signed_head_is_a_statement(seq: int, signed: bool) -> None:  # noqa: FBT001 - a table
    assert is_signed(LOG[seq - 1], KEY.public_key(), STREAM) is signed

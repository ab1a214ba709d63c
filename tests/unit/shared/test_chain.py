"""The log's hash chain: what is told stays told, and what is erased stays proven."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from shared.chain import DIGESTED, GENESIS, Head
from tests.unit.shared.makers import KEY, OTHER_KEY, STREAM, a_row, an_id, blanked, content, rows

HEAD = Head(stream=STREAM, epoch=3, seq=7, hash=bytes(range(32)))


def test_each_row_hangs_on_the_one_before() -> None:
    first, second = rows(2, signed=())

    assert first.follows(GENESIS)
    assert second.follows(first.hash)


@pytest.mark.parametrize("part", DIGESTED)
def test_a_changed_word_is_seen(part: str) -> None:
    row = a_row()

    changed = replace(row, content={**row.content, part: "changed"})

    assert not changed.follows(GENESIS)


@pytest.mark.parametrize(
    "change",
    [
        {"seq": 2},
        {"event_id": an_id(9)},
        {"salt": bytes(16)},
        {"digest": bytes(32)},
        {"hash": bytes(32)},
        {"content": content(body={"version": 1, "more": None})},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_changed_part_is_seen(change: dict[str, Any]) -> None:
    assert not replace(a_row(), **change).follows(GENESIS)


def test_another_history_before_is_seen() -> None:
    first, second = rows(2, signed=())

    assert not second.follows(GENESIS)
    assert not first.follows(second.hash)


def test_a_blanked_row_still_verifies() -> None:
    first, second, third = rows(3, signed=())

    erased = blanked(second)

    assert erased.erased
    assert erased.follows(first.hash)
    assert third.follows(erased.hash)


@pytest.mark.parametrize("change", [{"digest": bytes(32)}, {"event_id": an_id(9)}, {"seq": 5}])
def test_what_is_left_of_a_blanked_row_cannot_be_changed(change: dict[str, Any]) -> None:
    assert not replace(blanked(a_row()), **change).follows(GENESIS)


def test_a_signed_head_is_believed() -> None:
    assert HEAD.is_signed(KEY.public_key(), HEAD.signed(KEY))


@pytest.mark.parametrize(
    "change",
    [{"stream": "events:referrals"}, {"epoch": 4}, {"seq": 8}, {"hash": bytes(32)}],
    ids=lambda change: next(iter(change)),
)
def test_a_signature_of_another_head_is_refused(change: dict[str, Any]) -> None:
    signature = replace(HEAD, **change).signed(KEY)

    assert not HEAD.is_signed(KEY.public_key(), signature)


@pytest.mark.parametrize("signature", [HEAD.signed(OTHER_KEY), bytes(64), b""], ids=["other", "zero", "none"])
def test_a_signature_by_somebody_else_is_refused(signature: bytes) -> None:
    assert not HEAD.is_signed(KEY.public_key(), signature)

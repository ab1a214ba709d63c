"""Codes that are written down and typed."""

from __future__ import annotations

import pytest

from shared.typed_codes import ALPHABET, SIGNS, canonical, first_group, new_code, written


def test_a_code_has_sixty_bits_of_signs_that_nobody_mixes_up() -> None:
    codes = {new_code() for _ in range(200)}

    assert len(codes) == 200
    assert {len(code) for code in codes} == {SIGNS}
    assert set("".join(codes)) <= set(ALPHABET)
    assert (len(set(ALPHABET)), set("ILOU") & set(ALPHABET)) == (32, set())


@pytest.mark.parametrize(
    "typed",
    [
        "7KQ2-M4XD-9FT0",
        "7kq2m4xd9fto",
        " 7KQ2 M4XD 9FTO ",
        "\uff17KQ2-M4XD-9FT\uff10",
        "7KQ2\u2013M4XD\u20139FT0",
    ],
)
def test_however_it_is_typed_it_is_meant(typed: str) -> None:
    assert canonical(typed) == "7KQ2M4XD9FT0"
    assert first_group(typed) == "7KQ2"


def test_it_is_written_in_groups() -> None:
    assert written("7KQ2M4XD9FT0") == "7KQ2-M4XD-9FT0"
    assert canonical(written("7KQ2M4XD9FT0")) == "7KQ2M4XD9FT0"

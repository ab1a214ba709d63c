"""Times in words, and files that can be kept for ever."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from services.web.assets import Assets
from services.web.looks import clock, day, instant, moment

AT = datetime(2026, 11, 27, 23, 30, 0, 123_456, tzinfo=UTC)


@pytest.mark.parametrize(
    ("shown", "words"),
    [
        (day(date(2026, 11, 27)), "fredag 27 november 2026"),
        (day(AT), "lördag 28 november 2026"),
        (moment(AT), "28 november 2026 kl. 00.30"),
        (instant(AT), "2026-11-28 00.30.00,123"),
        (clock(AT, AT), "00.30.00,123"),
        (clock(AT, datetime(2026, 11, 27, 12, tzinfo=UTC)), "2026-11-28 00.30.00,123"),
        (day(None), "\N{EN DASH}"),
    ],
)
def test_times_are_written_in_swedish_at_the_time_of_the_place(shown: str, words: str) -> None:
    assert words in shown


def test_a_machine_reads_the_instant_in_utc() -> None:
    assert 'datetime="2026-11-27T23:30:00.123456Z"' in moment(AT)


def test_a_files_address_changes_with_its_content(tmp_path: Path) -> None:
    file = tmp_path / "a.css"
    file.write_text("one")
    before = Assets({"a.css": file}).address("a.css")
    file.write_text("two")

    assert Assets({"a.css": file}).address("a.css") != before


def test_a_missing_file_stops_the_start(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        Assets({"a.css": tmp_path / "a.css"})

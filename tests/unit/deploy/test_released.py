"""Released migrations stay as they are."""

from deploy.released import compare


def test_a_file_as_it_was_released_is_well() -> None:
    assert compare({"a.sql": "1"}, {"a.sql": "1"}) == []


def test_an_edited_a_lost_and_an_unknown_file_are_told_apart() -> None:
    faults = compare({"a.sql": "1", "b.sql": "1"}, {"a.sql": "2", "c.sql": "1"})

    assert faults == [
        "a.sql was released and has been edited",
        "b.sql was released and is gone",
        "c.sql is not in migrations.lock: python -m deploy.released --add",
    ]

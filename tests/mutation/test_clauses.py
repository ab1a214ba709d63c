"""The changes of SQL that the read gate's tests are tried against."""

from __future__ import annotations

from tests.mutation.clauses import changes_of


def test_each_condition_is_left_out_and_turned_round() -> None:
    changed = dict(changes_of("select x from y where a = 1 and (b is null or c = 'and') order by d"))

    assert changed == {
        "without: a = 1": "select x from y where (a = 1 or true) and (b is null or c = 'and') order by d",
        "not: a = 1": "select x from y where not coalesce((a = 1), false) and (b is null or c = 'and')"
        " order by d",
        "without: b is null": "select x from y where a = 1 and ((b is null and false) or c = 'and')"
        " order by d",
        "not: b is null": "select x from y where a = 1 and (not coalesce((b is null), false) or c = 'and')"
        " order by d",
        "without: c = 'and'": "select x from y where a = 1 and (b is null or (c = 'and' and false))"
        " order by d",
        "not: c = 'and'": "select x from y where a = 1 and (b is null or not coalesce((c = 'and'), false))"
        " order by d",
    }


def test_the_conditions_of_what_must_exist_are_changed_too() -> None:
    said = [
        what
        for what, _ in changes_of("(EXISTS ( SELECT FROM a WHERE ((b = c) AND (d > 1))))", condition=True)
    ]

    assert [what for what in said if what.startswith("without")] == [
        "without: EXISTS ( SELECT FROM a WHERE ((b = c) AND (d > 1)))",
        "without: b = c",
        "without: d > 1",
    ]

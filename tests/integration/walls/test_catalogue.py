"""The walls as the catalogue has them: what is added later stands behind them, or is excused by name."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from deploy.keys import RECORDED
from tests.integration.walls import checks
from tests.integration.walls.conftest import Connection
from tests.integration.walls.tenants import EXCUSED_KEYS, excused, tables, walled

Check = Callable[[Connection], Iterator[str]]


@pytest.mark.parametrize("check", checks.CHECKS)
def test_the_walls_have_no_hole(catalogue: Connection, check: Check) -> None:
    assert list(check(catalogue)) == []


def test_nothing_is_excused_that_is_not_there(catalogue: Connection) -> None:
    there = {(table.service, table.name) for table in tables(catalogue)}
    stated = {(service, name) for service in RECORDED for name in excused(service)}

    assert len(walled(catalogue)) > 30
    assert stated - there == set()
    assert EXCUSED_KEYS.keys() - set(checks.leaking(catalogue)) == set()


VIEW = "create view referrals.all_persons as select * from referrals.persons"
KEPT = "create materialized view referrals.all_persons as select * from referrals.persons"
FUNCTION = "create function referrals.all_persons() returns bigint language sql security definer return 1"
BREACHES: tuple[tuple[str, Check, str], ...] = (
    ("create table referrals.planted (org_id uuid)", checks.unforced, "referrals.planted"),
    ("alter table referrals.persons no force row level security", checks.unforced, "referrals.persons"),
    (
        "alter table notifications.notices disable row level security",
        checks.unforced,
        "notifications.notices",
    ),
    ("create policy all_see on referrals.needs using (true)", checks.loose, "referrals.needs: all_see"),
    ("alter table referrals.persons add unique (sealed)", checks.unexcused, "referrals.persons_sealed_key"),
    (
        "alter table referrals.paths add constraint planted foreign key (id) references referrals.persons",
        checks.unexcused,
        "referrals.planted",
    ),
    (VIEW, checks.open_views, "referrals.all_persons"),
    (KEPT, checks.open_views, "referrals.all_persons"),
    (FUNCTION, checks.open_functions, "referrals.all_persons()"),
    (
        "grant truncate on referrals.persons to referrals",
        checks.unused_rights,
        "revoke truncate on referrals.persons from referrals",
    ),
    (
        "grant update (id) on referrals.paths to referrals",
        checks.unused_rights,
        "revoke update on referrals.paths from referrals",
    ),
    (
        "grant select on referrals.persons to tracing",
        checks.unused_rights,
        "revoke select on referrals.persons from tracing",
    ),
    ("alter role tracing bypassrls", checks.mighty, "tracing"),
    ("alter table tracing.steps owner to tracing", checks.mighty, "tracing"),
    ("grant create on schema tracing to tracing", checks.mighty, "tracing"),
)


@pytest.mark.parametrize(("breach", "check", "named"), BREACHES)
def test_a_hole_is_named(catalogue: Connection, breach: str, check: Check, named: str) -> None:
    with catalogue.transaction(force_rollback=True):
        catalogue.execute(breach.encode())

        assert list(check(catalogue)) == [named]

"""Every condition of the read gate, left out or turned round, is noticed by the tests of the walls."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from types import ModuleType

import psycopg
import pytest
from psycopg import sql

from deploy.embedded import Servers
from services.referrals.store import consents, disclosures
from services.referrals.store import referrals as referral_store
from tests.integration.referrals import (
    test_narrowing,
    test_one_consent_alone,
    test_processing,
    test_receipts,
    test_renewal,
    test_walls,
    test_whole_life,
    test_withdrawal,
)
from tests.integration.referrals.world import World
from tests.mutation.clauses import changes_of
from tests.network import Network

NAME = "referrals_mutated"
POLICIES = (
    ("disclosure_items", "read_gate"),
    ("disclosures", "parties_see"),
    ("consents", "parties_see"),
    ("consents", "sender_ends"),
    ("consent_narrowings", "with_the_consent"),
)
VIEW = "current_consents"
STATEMENTS: tuple[tuple[ModuleType, str], ...] = (
    (disclosures, "_READ"),
    (consents, "_LIVE"),
    (consents, "_END"),
    (consents, "_MOVE"),
    (referral_store, "_RESTING"),
)
WALLS: tuple[Callable[[World], Awaitable[None]], ...] = (
    test_walls.test_the_items_are_the_receivers_alone_and_only_while_they_may_be_read,
    test_processing.test_the_database_judges_it_at_every_read,
    test_narrowing.test_the_database_itself_hides_the_dropped_item,
    test_withdrawal.test_a_withdrawal_ends_everything_at_once,
    test_walls.test_one_living_copy_opens_no_other,
    test_walls.test_each_referral_opens_its_own_copy,
    test_walls.test_what_is_not_sent_is_unknown_beside_what_is,
    test_one_consent_alone.test_what_is_taken_back_of_one_is_still_given_in_another,
    test_one_consent_alone.test_a_renewal_carries_what_rested_on_its_own_consent_alone,
    test_one_consent_alone.test_what_has_ended_stays_with_the_consent_it_ended_under,
    test_one_consent_alone.test_a_locked_copy_is_not_there,
    test_one_consent_alone.test_a_locked_copy_stays_with_the_consent_to_its_processing,
    test_one_consent_alone.test_the_end_of_a_consent_leaves_what_had_ended_before,
    test_processing.test_its_end_ends_the_referral_where_the_offering_requires_it,
    test_one_consent_alone.test_only_what_she_says_yes_to_now_sets_conditions,
    test_walls.test_a_stranger_and_nobody_see_nothing,
    test_walls.test_the_receiver_sees_a_referral_only_once_it_is_sent,
    test_walls.test_the_receiver_can_neither_give_nor_end_a_consent,
    test_processing.test_its_end_locks_what_is_sensitive_and_leaves_the_rest,
    test_processing.test_the_conditions_of_every_kind_are_the_receivers_to_keep,
    test_processing.test_a_consent_to_processing_is_renewed_and_narrowed,
    test_narrowing.test_a_narrowed_consent_is_renewed_as_it_is_now,
    test_renewal.test_a_renewal_carries_the_referral_and_the_copy,
    test_renewal.test_a_referral_goes_on_under_the_renewed_consent,
    test_receipts.test_what_is_kept_by_law_names_the_law_to_the_person_alone,
    test_whole_life.test_an_answer_gives_no_item_that_was_not_released,
)
_UNIQUE = "a consent's id is unique by itself; the sender is named for the index"
_SHOWN = "the ids of its consents come with a referral to be shown; nothing is judged by them"
_ORG = "(NULLIF(current_setting('app.org'::text, true), ''::text))::uuid"
EXCUSED: dict[tuple[str, str], str] = {
    (
        "consents.parties_see",
        f"without: to_organisation_id = {_ORG}",
    ): "the referral that must exist is hidden by its own policy from whoever is no party to it",
    (
        "consents.parties_see",
        "without: r.sent_at IS NOT NULL",
    ): "the referral's own policy hides it from its receiver until it is sent",
    (
        "consent_narrowings.with_the_consent",
        "without: c.from_organisation_id = consent_narrowings.from_organisation_id",
    ): _UNIQUE,
    (VIEW, "without: n.from_organisation_id = c.from_organisation_id"): _UNIQUE,
    ("referrals._RESTING", "without: r.from_organisation_id = %(sender)s"): _UNIQUE,
    ("referrals._RESTING", "without: c.from_organisation_id = r.from_organisation_id"): _SHOWN,
    ("referrals._RESTING", "not: c.from_organisation_id = r.from_organisation_id"): _SHOWN,
    ("referrals._RESTING", "without: c.referral_id = r.id"): _SHOWN,
    ("referrals._RESTING", "not: c.referral_id = r.id"): _SHOWN,
    ("consents._MOVE", "without: from_organisation_id = %(sender)s"): _UNIQUE,
}
"""What no test can notice, and why."""

_QUAL = """
select qual from pg_policies where schemaname = 'referrals' and tablename = %s and policyname = %s
"""


@dataclass(frozen=True, kw_only=True)
class Change:
    """One condition changed, in the database (`ddl`) or in a statement of the store."""

    place: str
    what: str
    ddl: str = ""
    statement: tuple[ModuleType, str, str] | None = None


def place_of(statement: tuple[ModuleType, str]) -> str:
    return f"{statement[0].__name__.rpartition('.')[2]}.{statement[1]}"


@contextmanager
def cloned(servers: Servers, template: str) -> Iterator[str]:
    """A database of its own for one change."""
    names = {"name": sql.Identifier(NAME), "template": sql.Identifier(template)}
    with psycopg.connect(servers.postgres.url, autocommit=True) as admin:
        admin.execute(sql.SQL("drop database if exists {name} with (force)").format(**names))
        admin.execute(sql.SQL("create database {name} template {template}").format(**names))
    yield servers.postgres.url.rpartition("/")[0] + f"/{NAME}"
    with psycopg.connect(servers.postgres.url, autocommit=True) as admin:
        admin.execute(sql.SQL("drop database {name} with (force)").format(**names))


@asynccontextmanager
async def served(servers: Servers) -> AsyncIterator[Network]:
    """The API on that database."""
    network = Network(servers, NAME)
    await network.start(["referrals"])
    await network.stop_worker("referrals")
    yield network
    await network.close()


def changes(address: str) -> list[Change]:
    """All the changes of the gate, as the database itself writes it."""
    found = []
    with psycopg.connect(address, options="-c search_path=referrals", autocommit=True) as admin:
        for table, name in POLICIES:
            rows = admin.execute(_QUAL, [table, name]).fetchall()
            found += [
                Change(
                    place=f"{table}.{name}", what=what, ddl=f"alter policy {name} on {table} using ({now})"
                )
                for what, now in changes_of(rows[0][0], condition=True)
            ]
        definition = admin.execute("select pg_get_viewdef(%s::regclass)", [VIEW]).fetchall()[0][0]
    begin = f"create or replace view {VIEW} with (security_invoker = true) as "
    found += [Change(place=VIEW, what=what, ddl=begin + now) for what, now in changes_of(definition)]
    for module, name in STATEMENTS:
        place = place_of((module, name))
        found += [
            Change(place=place, what=what, statement=(module, name, now))
            for what, now in changes_of(getattr(module, name))
        ]
    return found


async def noticed(servers: Servers) -> str | None:
    """The first of the walls' tests that fails on the database as it is."""
    async with served(servers) as network:
        for test in WALLS:
            world = World(network)
            await world.settle_in()
            try:
                await test(world)
            except Exception as error:  # noqa: BLE001 - whatever a test fails by
                return f"{test.__name__}: {type(error).__name__}"
            finally:
                await world.database.close()
    return None


async def is_noticed(
    servers: Servers, template: str, change: Change, patch: pytest.MonkeyPatch
) -> str | None:
    with cloned(servers, template) as address, patch.context() as patched:
        if change.ddl:
            with psycopg.connect(address, options="-c search_path=referrals", autocommit=True) as admin:
                admin.execute(change.ddl.encode())
        if change.statement:
            patched.setattr(*change.statement)
        return await noticed(servers)


PLACES = (*(".".join(policy) for policy in POLICIES), VIEW, *map(place_of, STATEMENTS))


@pytest.mark.long
@pytest.mark.parametrize("place", PLACES)
async def test_every_condition_of_the_read_gate_is_noticed(
    servers: Servers, template: str, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    with cloned(servers, template) as address:
        tried = [change for change in changes(address) if change.place == place]
    survived = []
    for change in tried:
        by = await is_noticed(servers, template, change, monkeypatch)
        print(f"{change.place}: {change.what}: {by or 'survived'}", flush=True)  # noqa: T201
        survived += [] if by or (change.place, change.what) in EXCUSED else [change]
    assert len(tried) >= 2
    assert survived == []


@pytest.mark.long
async def test_the_walls_stand_where_nothing_is_changed(
    servers: Servers, template: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    nothing = Change(place="nothing", what="is changed")

    assert await is_noticed(servers, template, nothing, monkeypatch) is None

"""A locked person is hidden by the database, and by the keys: nothing shows her to anybody else."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from services.referrals.store import admissions, needs, offers, persons, protections, referrals
from shared.ids import new_id
from shared.vault import Vault
from tests.integration.referrals.protecting import a_kept_person, a_whole_life, locked, unlock
from tests.integration.referrals.world import OPEN, World

IDS_ALONE = {
    "access_log", "chain_links", "ended_admissions", "idempotency", "ledger", "log", "parked", "subjects",
    "timers", "unchained", "untold",
}  # fmt: skip
"""What has no tenant, or tells who read what: ids that lead nowhere."""


async def test_no_table_shows_her_to_anybody_else(world: World) -> None:
    """Every table of the catalogue, as the service's own role: what no query asks for is hidden too."""
    kept = await a_whole_life(world)
    await locked(world, kept)
    (keeper, _), sender = kept.keepers, world.sender
    hers = {one for ids in kept.ids.values() for one in ids}

    as_keeper = await tables_showing(world, hers, sender.organisation_id, keeper)

    assert await tables_showing(world, hers, sender.organisation_id, sender.staff_id) == set()
    assert await tables_showing(world, hers, sender.organisation_id, None) == set()
    for there in (world.association, *kept.helpers, world.stranger):
        assert await tables_showing(world, hers, there.organisation_id, keeper) == set()
    assert as_keeper >= {
        "persons", "paths", "needs", "need_turns", "need_words", "path_steps", "consents",
        "referrals", "referral_items", "referral_steps", "referral_answers", "referral_words", "disclosures",
        "disclosure_locks", "referral_outcomes", "outcome_words", "offers", "offer_teams", "offer_cards",
        "transfers", "signposts", "own_noes", "ratings", "rating_choices", "protections", "admissions",
    }  # fmt: skip


async def tables_showing(world: World, hers: set[str], organisation_id: Any, actor_id: Any) -> set[str]:
    """The tables and views in which somebody finds any of these ids."""
    relations = """
        select relname from pg_class where relnamespace = 'referrals'::regnamespace and relkind in ('r', 'v')
    """
    found = set()
    async with world.database.connection() as sql:
        for name, value in (("app.org", organisation_id), ("app.actor", actor_id)):
            await sql.execute("select set_config(%s, %s, true)", [name, str(value or "")])
        for row in await (await sql.execute(relations)).fetchall():
            if row["relname"] in IDS_ALONE | {"concealed"}:
                continue
            cursor = await sql.execute(f"select t::text as said from {row['relname']} t")  # noqa: S608
            if any(one in said["said"] for said in await cursor.fetchall() for one in hers):
                found.add(row["relname"])
    return found


ASKED_FIRST = {
    "a person": persons.LOAD,
    "a person to lock": protections.PERSON,
    "a person to let in": admissions.HOLD,
    "a referral": referrals.PATH_OF,
    "a need": needs.PATH_OF,
    "an offer": offers.PATH_OF,
}
"""The statements that an id from outside comes to first."""


@pytest.mark.parametrize("query", ASKED_FIRST.values(), ids=list(ASKED_FIRST))
async def test_whether_it_is_hidden_is_asked_of_an_id_that_nobody_has(world: World, query: str) -> None:
    """Once, before any row is looked for: a policy alone asks where there is a row, and so takes its time."""
    values = {"id": new_id(), "person": None}

    plan = await world.sql(f"explain {query}", values, as_=world.sender.organisation_id)

    first = next(line for line in (row["QUERY PLAN"] for row in plan) if "Filter" in line)
    assert "One-Time Filter" in first
    assert "is_hidden" in first


async def test_no_backup_opens_what_receivers_held_and_they_may_be_given_something_anew(world: World) -> None:
    kept, other = await a_whole_life(world), await a_kept_person(world)
    before = await key_holders(world, kept.id)
    others = await key_holders(world, other.id)

    await locked(world, kept)

    assert world.association.organisation_id in before
    assert await key_holders(world, kept.id) == {world.sender.organisation_id}
    assert await key_holders(world, other.id) == others
    await unlock(world, kept)
    anew = await world.a_draft(await world.a_need(kept.id))
    await world.a_consent(anew)
    opened = await world.done(await world.done(anew, "send", world.sender), "open", world.association, OPEN)
    assert (await world.get(f"/referrals/{opened['id']}/disclosure", world.association))["items"] != []


async def key_holders(world: World, person_id: str) -> set[UUID]:
    """The organisations that have a key to anything of hers."""
    vault = Vault.of(world.network.settings("referrals"))
    async with vault.opened(), vault.database.glance() as keys:
        found = await keys.execute("select distinct org_id from keys where person_id = %s", [person_id])
        return {row["org_id"] for row in await found.fetchall()}

"""The walls around open offers inside the database, tried in SQL as the service's own role."""

from __future__ import annotations

from typing import Any

import pytest
from psycopg.errors import CheckViolation, InsufficientPrivilege, UniqueViolation

from shared.ids import new_id
from tests.integration.referrals.offering import (
    a_draft,
    a_yes,
    an_open_offer,
    claimed,
    done,
    more_members,
)
from tests.integration.referrals.world import Member, World

TABLES = ("offers", "offer_teams", "offer_cards", "consents", "persons", "needs", "paths", "referral_items")


async def visible(world: World, member: Member | None) -> dict[str, int]:
    """What of an offer a tenant sees."""
    counts = [f"(select count(*) from {table}) as {table}" for table in TABLES]  # noqa: S608 - constants
    rows = await world.sql(f"select {', '.join(counts)}", as_=member.organisation_id if member else None)
    return {table: n for table, n in rows[0].items() if n}


async def test_a_team_sees_its_own_row_and_the_card_while_the_offer_is_open(world: World) -> None:
    first, second = await more_members(world, 2)
    draft = await a_draft(world, first, second)
    await a_yes(world, draft)
    before = await visible(world, second)
    offer = await done(world, draft, "open")
    open_to = [await visible(world, one) for one in (first, second)]
    cards = await world.sql("select * from offer_cards", as_=second.organisation_id)
    await claimed(world, offer, first)

    assert before == {}
    assert open_to == [{"offer_teams": 1, "offer_cards": 1}] * 2
    assert set(cards[0]) == {
        "offer_id", "from_organisation_id", "need_code", "area", "age_band", "language", "urgency",
        "conditions",
    }  # fmt: skip
    assert await visible(world, second) == {"offer_teams": 1}
    assert (await visible(world, first)) == {"offer_teams": 1, "consents": 1}
    assert await visible(world, world.stranger) == await visible(world, None) == {}


async def test_nobody_but_the_sender_writes_an_offer_and_no_one_rewrites_it(world: World) -> None:
    (other,) = await more_members(world)
    await an_open_offer(world, world.association, other)

    for statement in (
        "delete from offers", "delete from offer_teams", "delete from offer_cards",
        "update offers set need_id = path_id", "update offers set sealed = ''",
        "update offer_teams set organisation_id = team_id", "update offer_teams set offering_id = team_id",
        "update offer_cards set language = 'so'",
    ):  # fmt: skip
        with pytest.raises(InsufficientPrivilege):
            await world.sql(statement, as_=world.sender.organisation_id)
    for statement in (
        "update offer_teams set closed_at = app_now() returning offer_id",
        "update offers set version = 9 returning id",
        "update consents set version = 9 returning id",
    ):
        assert await world.sql(statement, as_=other.organisation_id) == [], statement
    with pytest.raises(InsufficientPrivilege):
        await world.sql(
            "insert into offer_teams (offer_id, from_organisation_id, nth, organisation_id, team_id,"
            " offering_id, version) select offer_id, from_organisation_id, 3, organisation_id, %(id)s,"
            " offering_id, version from offer_teams",
            {"id": new_id()},
            as_=other.organisation_id,
        )


async def test_an_edge_is_chosen_once_and_only_for_a_team_that_was_named(world: World) -> None:
    (other,) = await more_members(world)
    offer = await an_open_offer(world, world.association, other)
    ordinary = await world.an_opened_referral()
    referral = await claimed(world, offer, other)
    draft = await a_draft(world, world.association, other)
    await a_yes(world, draft)
    choose = """
        update consents set referral_id = %(referral)s, to_organisation_id = %(org)s, to_team_id = %(team)s
        where id = %(id)s returning id
    """

    async def chosen(consent: str, member: Member) -> Any:
        values = {"referral": referral["id"], "org": member.organisation_id, "team": member.team_id}
        return await world.sql(choose, {**values, "id": consent}, as_=world.sender.organisation_id)

    unclaimed = (await world.get(f"/offers/{draft['id']}", world.sender))["consent_ids"][0]
    for consent, member in (
        (unclaimed, world.stranger),
        (unclaimed, world.housing),
        (referral["consent_ids"][0], world.association),
        (ordinary["consent_ids"][0], other),
    ):
        with pytest.raises(InsufficientPrivilege, match="chosen once"):
            await chosen(consent, member)
    with pytest.raises((InsufficientPrivilege, CheckViolation)):
        await world.sql(
            "update consents set to_team_id = %(team)s where id = %(id)s",
            {"team": other.team_id, "id": unclaimed},
            as_=world.sender.organisation_id,
        )


async def test_the_database_keeps_a_need_in_one_open_offer(world: World) -> None:
    (other,) = await more_members(world)
    need = await world.a_need()
    await an_open_offer(world, world.association, other, need=need)
    waiting = """
        insert into offers
        select %(new)s, from_organisation_id, from_team_id, from_staff_id, path_id, need_id, urgency, state,
            version, fields, sealed, opened_at, closes_at, closed_at, referral_id, created_at
        from offers where need_id = %(need)s
    """

    values = {"new": new_id(), "need": need["id"]}

    with pytest.raises(UniqueViolation):
        await world.sql(waiting, values, as_=world.sender.organisation_id)


async def test_nothing_of_the_person_stands_in_clear(world: World) -> None:
    (other,) = await more_members(world)
    offer = await an_open_offer(world, world.association, other, message="Amina ringer själv")
    await claimed(world, offer, other)

    dump = await world.dump()

    for secret in ("Amina", "070-174 06 05", "somaliska", "vidare", "ringer"):
        assert secret not in dump, secret

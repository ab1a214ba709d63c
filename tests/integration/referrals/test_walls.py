"""The walls inside the database, tried in SQL as the service's own role."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from psycopg.errors import CheckViolation, InsufficientPrivilege

from services.referrals.domain.profiles import PROFILES
from shared.events.organisations import OrganisationKind
from shared.ids import new_id
from tests.integration.referrals.world import Member, World

TENANT_TABLES = (
    "persons", "person_keys", "paths", "needs", "referrals", "referral_items", "referral_steps",
    "referral_answers", "consents", "disclosures", "disclosure_items", "access_log",
)  # fmt: skip


async def visible(world: World, organisation_id: UUID | None) -> dict[str, int]:
    """How many rows of each table a tenant sees."""
    seen = {}
    for table in TENANT_TABLES:
        rows = await world.sql(f"select count(*) as n from {table}", as_=organisation_id)  # noqa: S608
        seen[table] = rows[0]["n"]
    return seen


async def test_every_tenant_table_forces_its_policy_on_everybody(world: World) -> None:
    rows = await world.sql(
        "select relname from pg_class where relnamespace = 'referrals'::regnamespace and relkind = 'r'"
        " and relrowsecurity and relforcerowsecurity",
    )

    assert {row["relname"] for row in rows} == set(TENANT_TABLES)


async def test_a_stranger_and_nobody_see_nothing(world: World) -> None:
    opened = await world.an_opened_referral()
    await world.get(f"/referrals/{opened['id']}/disclosure", world.association)

    assert set((await visible(world, world.stranger.organisation_id)).values()) == {0}
    assert set((await visible(world, None)).values()) == {0}


async def test_the_receiver_sees_a_referral_only_once_it_is_sent(world: World) -> None:
    draft = await world.a_draft()
    await world.a_consent(draft)
    before = await visible(world, world.association.organisation_id)
    queued = await world.done(draft, "send", world.sender, {"undo_s": 60})
    while_queued = await visible(world, world.association.organisation_id)
    undone = await world.done(queued, "undo", world.sender)
    await world.done(undone, "send", world.sender)
    sent = await visible(world, world.association.organisation_id)

    assert set(before.values()) == set(while_queued.values()) == {0}
    assert {table: n for table, n in sent.items() if n} == {
        "referrals": 1, "referral_steps": 1, "consents": 1, "disclosures": 1,
    }  # fmt: skip


async def test_the_items_are_the_receivers_alone_and_only_while_they_may_be_read(living_world: World) -> None:

    async def readable(member: Member) -> int:
        rows = await living_world.sql("select * from disclosure_items", as_=member.organisation_id)
        return len(rows)

    sent = await living_world.a_sent_referral()
    unopened = await readable(living_world.association)
    opened = await living_world.done(
        sent, "open", living_world.association, {"conditions_accepted": True, "pledge_version": 1}
    )
    to_receiver, to_sender = await readable(living_world.association), await readable(living_world.sender)
    for state in ("sent", "declined", "recalled", "consent_lost", "draft"):
        await living_world.as_owner("update referrals set state = %s", [state])
        assert await readable(living_world.association) == 0, state
    await living_world.as_owner("update referrals set state = 'opened'", [])
    for column, value in (("answer", "no"), ("valid_until", "2020-01-02"), ("valid_from", "2098-01-01")):
        await living_world.as_owner(
            "update consents set valid_from = '2020-01-01', valid_until = '2099-01-01'", []
        )
        await living_world.as_owner(f"update consents set {column} = %s", [value])
        assert await readable(living_world.association) == 0, column
        await living_world.as_owner("update consents set answer = 'yes'", [])
    await living_world.as_owner(
        "update consents set valid_from = '2020-01-01', valid_until = '2099-01-01'", []
    )
    again = await readable(living_world.association)
    await living_world.as_owner("update disclosures set locked_at = app_now()", [])

    assert (unopened, to_receiver, to_sender, again) == (0, 1, 0, 1)
    assert await readable(living_world.association) == 0
    assert opened["state"] == "opened"


async def test_the_service_cannot_rewrite_what_is_kept(world: World) -> None:
    opened = await world.an_opened_referral()
    await world.get(f"/referrals/{opened['id']}/disclosure", world.association)
    receiver = world.association.organisation_id

    for statement in (
        "update access_log set actor_id = object_id", "delete from access_log",
        "update consents set fields = '{}'", "delete from consents",
        "update disclosures set sha256 = ''", "delete from disclosures",
        "update disclosure_items set sealed = ''", "delete from disclosure_items",
        "update referral_steps set state = 'draft'", "delete from referral_steps", "delete from referrals",
    ):  # fmt: skip
        with pytest.raises(InsufficientPrivilege):
            await world.sql(statement, as_=receiver)


async def test_the_receiver_can_neither_give_nor_end_a_consent(world: World) -> None:
    sent = await world.a_sent_referral()
    receiver = world.association.organisation_id

    ended = await world.sql("update consents set version = 9 returning id", as_=receiver)

    assert ended == []
    with pytest.raises(InsufficientPrivilege):
        await world.sql("insert into consents select * from consents", as_=receiver)
    assert (await world.get(f"/referrals/{sent['id']}", world.sender))["state"] == "sent"


async def test_nothing_is_written_into_another_tenant(world: World) -> None:
    person = await world.a_person()
    values: dict[str, Any] = {"id": new_id(), "org": world.sender.organisation_id, "person": person["id"]}

    with pytest.raises(InsufficientPrivilege):
        await world.sql(
            "insert into paths (id, org_id, person_id, goal, version, created_at)"
            " values (%(id)s, %(org)s, %(person)s, '', 1, app_now())",
            values,
            as_=world.stranger.organisation_id,
        )


async def test_the_database_keeps_the_same_profiles(world: World) -> None:
    for kind in OrganisationKind:
        rows = await world.sql("select receiver_profile(%(kind)s) as fields", {"kind": kind})
        assert set(rows[0]["fields"]) == PROFILES[kind], kind


async def test_the_database_refuses_health_to_a_housing_company(world: World) -> None:
    opened = await world.an_opened_referral()
    statement = """
        insert into disclosures (
            id, referral_id, consent_id, from_organisation_id, to_organisation_id, to_team_id, receiver_kind,
            fields, sha256, made_at
        )
        select %(id)s, referral_id, consent_id, from_organisation_id, to_organisation_id, to_team_id, %(kind)s,
            %(fields)s, sha256, made_at
        from disclosures where referral_id = %(referral)s
    """
    values = {"id": new_id(), "referral": opened["id"], "fields": ["health"]}

    for kind in ("housing_company", "association", "employer", "university", "invented"):
        with pytest.raises(CheckViolation):
            await world.sql(statement, {**values, "kind": kind}, as_=world.sender.organisation_id)


async def test_nothing_personal_stands_in_clear(world: World) -> None:
    opened = await world.an_opened_referral()
    declined = await world.a_sent_referral()
    no = {"reason": "other", "sentence": "Tyvärr Amina", "text": "hon bor i Söder"}
    await world.done(declined, "decline", world.association, no)
    await world.get(f"/referrals/{opened['id']}/disclosure", world.association)

    dump = await world.dump()

    for secret in ("Amina", "Exempel", "070-174 06 05", "1991", "Eget jobb", "somaliska", "lämnas vidare"):
        assert secret not in dump, secret
    assert opened["code"] in dump

"""The walls inside the database, tried in SQL as the service's own role."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from psycopg.errors import CheckViolation, InsufficientPrivilege

from services.referrals.domain.profiles import PROFILES
from shared.events.organisations import OrganisationKind
from shared.ids import new_id
from tests.integration.referrals.world import TODAY, Member, World

TENANT_TABLES = (
    "persons", "person_keys", "paths", "path_steps", "path_step_waits", "needs", "need_turns", "need_words",
    "transfers", "signposts", "offers", "offer_teams", "offer_cards", "referrals", "referral_items",
    "referral_steps", "referral_answers", "referral_words", "referral_outcomes", "outcome_words",
    "outcome_notes", "consents", "consent_narrowings", "disclosures", "disclosure_items",
    "disclosure_locks", "disclosure_receipts", "ratings", "rating_choices", "own_noes", "access_log",
    "person_index", "erasures",
    "ledger", "chain_witnesses", "protections", "admissions",
)  # fmt: skip


async def visible(world: World, organisation_id: UUID | None) -> dict[str, int]:
    """How many rows of each table a tenant sees."""
    counts = [f"(select count(*) from {table}) as {table}" for table in TENANT_TABLES]  # noqa: S608 - constants
    rows = await world.sql(f"select {', '.join(counts)}", as_=organisation_id)
    return rows[0]


async def test_every_tenant_table_forces_its_policy_on_everybody(world: World) -> None:
    rows = await world.sql(
        "select relname from pg_class where relnamespace = 'referrals'::regnamespace and relkind = 'r'"
        " and relrowsecurity and relforcerowsecurity",
    )

    # What a lock hides is open to its own function alone: to the service's role there is no such table.
    assert {row["relname"] for row in rows} == {*TENANT_TABLES, "concealed"}


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


CLOSING = (
    "update referrals set state = 'sent'",
    "update referrals set state = 'declined'",
    "update referrals set state = 'recalled'",
    "update referrals set state = 'consent_lost'",
    "update referrals set opened_at = null",
    "update consents set answer = 'no'",
    "update consents set kind = 'participation'",
    "update consents set ended_at = app_now(), ended_how = 'withdrawn'",
    "update consents set valid_from = app_now() + interval '1 minute'",
    "update consents set valid_from = '2020-01-01', valid_until = app_now()",
    "update disclosures set locked_at = app_now()",
)
"""Each alone closes the read gate of the database."""

OPENING = """
set session_replication_role = replica;
update referrals set state = 'opened', opened_at = app_now();
update consents set kind = 'secrecy_release', answer = 'yes', ended_at = null, ended_how = null,
    valid_from = '2020-01-01', valid_until = '2099-01-01';
update disclosures set locked_at = null;
"""
"""Without any trigger: what has ended stays ended."""


async def test_the_items_are_the_receivers_alone_and_only_while_they_may_be_read(living_world: World) -> None:
    async def readable(member: Member) -> int:
        return len(await living_world.sql("select * from disclosure_items", as_=member.organisation_id))

    await living_world.a_sent_referral()
    assert await readable(living_world.association) == 0

    await living_world.as_owner(OPENING)
    assert [await readable(member) for member in living_world.members] == [0, 3, 0, 0]
    for statement in CLOSING:
        await living_world.forced(statement)
        assert await readable(living_world.association) == 0, statement
        await living_world.as_owner(OPENING)
        assert await readable(living_world.association) == 3


async def test_one_living_copy_opens_no_other(world: World) -> None:
    """A holder of two copies reads the one whose consent lives, and nothing of the other."""
    living, ended = await world.an_opened_referral(), await world.an_opened_referral()
    await world.post(f"/consents/{ended['consent_ids'][0]}/withdrawal", world.sender, {})

    rows = await world.sql(
        "select distinct d.referral_id from disclosure_items i join disclosures d on d.id = i.disclosure_id",
        as_=world.association.organisation_id,
    )

    assert [str(row["referral_id"]) for row in rows] == [living["id"]]


async def test_each_referral_opens_its_own_copy(world: World) -> None:
    """Whatever was given later, and in another."""
    given = [await world.an_opened_referral() for _ in range(2)]

    opened = [await world.get(f"/referrals/{one['id']}/disclosure", world.association) for one in given]

    rows = await world.sql("select id, referral_id from disclosures", as_=world.association.organisation_id)
    assert {str(row["referral_id"]): str(row["id"]) for row in rows} == {
        one["id"]: copy["id"] for one, copy in zip(given, opened, strict=True)
    }


async def test_what_is_not_sent_is_unknown_beside_what_is(world: World) -> None:
    """A receiver of one referral knows nothing of the consent to another, nor of what is taken back of it."""
    sent, draft = await world.a_sent_referral(), await world.a_draft()
    consent = await world.a_consent(draft)
    shorter = {"valid_until": str(TODAY + timedelta(days=30))}
    await world.post(f"/consents/{consent['id']}/narrowing", world.sender, shorter)

    seen = await visible(world, world.association.organisation_id)
    ours = await visible(world, world.sender.organisation_id)

    assert (seen["consents"], seen["consent_narrowings"]) == (1, 0)
    assert (ours["consents"], ours["consent_narrowings"]) == (2, 1)
    assert sent["consent_ids"]


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
        select %(id)s, referral_id, consent_id, from_organisation_id, to_organisation_id, to_team_id,
            %(kind)s, %(fields)s, sha256, made_at
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

    for secret in ("Amina", "Exempel", "070-174 06 05", "birth_year", "Eget jobb", "somaliska", "vidare"):
        assert secret not in dump, secret
    assert opened["code"] in dump

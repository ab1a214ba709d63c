"""The consent to processing: without it nothing sensitive leaves, and its end locks what is sensitive."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from shared.events.base import ItemField
from tests.integration.referrals.kinds import (
    FIELDS,
    PARTICIPATION,
    PROCESSING,
    RELEASE,
    a_sensitive_draft,
    a_sensitive_offering,
    an_opened_sensitive_referral,
    fields_read,
    given,
    said,
)
from tests.integration.referrals.races import REPEATS
from tests.integration.referrals.world import THREE_ITEMS, World


async def refused(world: World, draft: dict[str, Any]) -> tuple[str, Any]:
    answer = await world.command(draft, "send", world.sender)
    assert answer.status_code == 409, answer.text
    return answer.json()["type"], answer.json()["kind"]


async def test_nothing_sensitive_leaves_without_a_consent_to_processing(world: World) -> None:
    draft = await a_sensitive_draft(world)
    await given(world, draft, RELEASE)
    missing = await refused(world, draft)
    await given(world, draft, PROCESSING, answer="no", fields=[])
    no = await refused(world, draft)
    yes = await given(world, draft, PROCESSING)
    await world.post(f"/consents/{yes['id']}/withdrawal", world.sender, {})
    ended = await refused(world, draft)
    await given(world, draft, PROCESSING, fields=[])
    lacking = await refused(world, draft)
    await given(world, draft, PROCESSING)

    sent = await world.done(draft, "send", world.sender)

    assert missing == ("/problems/consent-missing", PROCESSING)
    assert no == ("/problems/consent-refused", PROCESSING)
    assert ended == ("/problems/consent-ended", PROCESSING)
    assert lacking == ("/problems/items-not-released", PROCESSING)
    assert sent["state"] == "sent"


async def test_it_is_asked_for_before_the_queue_too(world: World) -> None:
    draft = await a_sensitive_draft(world)
    await given(world, draft, RELEASE)

    answer = await world.command(draft, "send", world.sender, {"undo_s": 60})

    assert (answer.status_code, answer.json()["kind"]) == (409, PROCESSING)


async def test_a_sensitive_offering_asks_it_for_everything(world: World) -> None:
    await world.hear(world.offering(world.association, sensitive=True))
    draft = await world.a_draft()
    await world.a_consent(draft)
    missing = await refused(world, draft)

    await given(world, draft, PROCESSING, fields=list(THREE_ITEMS))

    assert missing == ("/problems/consent-missing", PROCESSING)
    assert (await world.done(draft, "send", world.sender))["state"] == "sent"


async def test_the_clock_turns_back_what_lost_its_consent_in_the_queue(living_world: World) -> None:
    draft = await a_sensitive_draft(living_world)
    await given(living_world, draft, RELEASE)
    processing = await given(living_world, draft, PROCESSING)
    participation = await given(living_world, draft, PARTICIPATION)
    await living_world.done(draft, "send", living_world.sender, {"undo_s": 10})
    await living_world.post(f"/consents/{participation['id']}/withdrawal", living_world.sender, {})

    await living_world.advance(seconds=11)
    await living_world.network.settle()

    returned = await living_world.get(f"/referrals/{draft['id']}", living_world.sender)
    assert returned["state"] == "draft"
    assert (await living_world.told(draft["path_id"]))[-1] == "referral.returned.v1"
    assert processing["ended_at"] is None


async def test_each_kind_has_its_own_text_and_all_are_shown(world: World) -> None:
    opened, ids = await an_opened_sensitive_referral(world)
    address = f"/consent-texts?referral_id={opened['id']}"
    texts = [
        (await world.get(f"{address}&kind={kind}&language={language}", world.sender))["text_sha256"]
        for kind in ids
        for language in ("sv", "en", "ar")
    ]
    shown = await world.get(f"/consents?referral_id={opened['id']}", world.association)

    assert len(set(texts)) == 9
    assert {one["kind"]: one["fields"] for one in shown["items"]} == {
        RELEASE: FIELDS, PROCESSING: ["need"], PARTICIPATION: [],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "changes", "field"),
    [
        (PROCESSING, {"fields": ["given_name"]}, "fields"),
        (PROCESSING, {"text_sha256": "0" * 64}, "text_sha256"),
        (PARTICIPATION, {"fields": ["need"]}, "fields"),
        (PARTICIPATION, {"text_sha256": "0" * 64}, "text_sha256"),
        (PARTICIPATION, {"given_by": []}, "body"),
    ],
)
async def test_each_kind_must_be_what_was_asked(
    world: World, kind: str, changes: dict[str, Any], field: str
) -> None:
    draft = await a_sensitive_draft(world)

    answer = await said(world, draft, kind, **changes)

    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/invalid")
    assert field in [error["field"] for error in answer.json()["errors"]]


async def test_the_conditions_of_every_kind_are_the_receivers_to_keep(world: World) -> None:
    draft = await a_sensitive_draft(world)
    await given(world, draft, RELEASE, conditions=["a", "b"])
    await given(world, draft, PROCESSING, conditions=["b", "c"])

    preview = await world.get(f"/referrals/{draft['id']}/preview", world.sender)

    assert preview["conditions"] == ["a", "b", "c"]


async def test_its_end_locks_what_is_sensitive_and_leaves_the_rest(world: World) -> None:
    opened, ids = await an_opened_sensitive_referral(world)
    before = await fields_read(world, opened)
    await a_sensitive_offering(world, ItemField.GIVEN_NAME)

    await world.post(f"/consents/{ids[PROCESSING]}/withdrawal", world.sender, {})

    [holder] = (await world.get(f"/consents/{ids[PROCESSING]}/holders", world.sender))["items"]
    [of_all] = (await world.get(f"/consents/{ids[RELEASE]}/holders", world.sender))["items"]
    owed = await world.get("/disclosures?owes_receipt=true", world.association)
    assert (before, await fields_read(world, opened)) == (FIELDS, ["given_name"])
    assert (await world.get(f"/referrals/{opened['id']}", world.sender))["state"] == "opened"
    assert (holder["fields"], holder["locked_fields"], holder["owes_receipt"]) == (["need"], ["need"], True)
    assert (of_all["fields"], of_all["locked_fields"], of_all["locked_at"]) == (FIELDS, ["need"], None)
    assert [one["id"] for one in owed["items"]] == [holder["disclosure_id"]]


async def test_its_end_ends_the_referral_where_the_offering_requires_it(world: World) -> None:
    opened, ids = await an_opened_sensitive_referral(world)

    await world.post(f"/consents/{ids[PROCESSING]}/withdrawal", world.sender, {})

    lost = await world.get(f"/referrals/{opened['id']}", world.sender)
    [holder] = (await world.get(f"/consents/{ids[RELEASE]}/holders", world.sender))["items"]
    assert lost["state"] == "consent_lost"
    assert (holder["locked_fields"], holder["owes_receipt"]) == (FIELDS, True)


async def test_its_time_runs_out_for_the_sensitive_items_though_no_timer_rings(living_world: World) -> None:
    until = (await living_world.sql("select app_now() + interval '10 days' as until"))[0]["until"]
    draft = await a_sensitive_draft(living_world)
    await given(living_world, draft, RELEASE)
    await given(living_world, draft, PROCESSING, valid_until=until.isoformat())
    sent = await living_world.done(draft, "send", living_world.sender)
    opened = await living_world.done(
        sent, "open", living_world.association, {"conditions_accepted": True, "pledge_version": 1}
    )
    await a_sensitive_offering(living_world, ItemField.GIVEN_NAME)
    await living_world.advance(days=9, hours=1)
    await living_world.network.settle()
    before = await fields_read(living_world, opened)
    told = await living_world.told(opened["path_id"])
    await living_world.network.stop_worker("referrals")

    await living_world.advance(days=1)

    assert (before, await fields_read(living_world, opened)) == (FIELDS, ["given_name"])
    assert told.count("consent.expiring.v1") == 2


async def test_the_person_takes_each_kind_back_in_one_step(world: World) -> None:
    person = await world.a_person()
    herself = world.person_token(person["id"])
    need = await world.a_need(person["id"])
    for kind in (RELEASE, PROCESSING, PARTICIPATION):
        await a_sensitive_offering(world)
        body = world.draft_body(need["id"])
        items = [{**item, "field": field} for item, field in zip(body["items"], FIELDS, strict=False)]
        draft = await world.post("/referrals", world.sender, {**body, "items": items})
        consent = await given(world, draft, kind)

        answer = await world.call("POST", f"/consents/{consent['id']}/withdrawal", herself, {})

        assert (answer.status_code, answer.json()["ended_how"]) == (200, "withdrawn")
        again = await world.call("POST", f"/consents/{consent['id']}/withdrawal", herself, {})
        assert again.json()["type"] == "/problems/consent-ended"
    assert len((await world.get("/me/consents", herself))["items"]) == 3


async def test_a_consent_to_processing_is_renewed_and_narrowed(world: World) -> None:
    opened, ids = await an_opened_sensitive_referral(world)
    text = await world.get(
        f"/consent-texts?kind={PROCESSING}&referral_id={opened['id']}&language=sv", world.sender
    )
    shown = {name: text[name] for name in ("text_version", "text_sha256")}
    path = f"/consents/{ids[PROCESSING]}/renewal"
    new = await world.post(path, world.sender, {**shown, "given_how": "written"}, version=1)
    after_renewal = await fields_read(world, opened)
    await a_sensitive_offering(world, ItemField.GIVEN_NAME)

    await world.post(f"/consents/{new['id']}/narrowing", world.sender, {"fields": []})

    [holder] = (await world.get(f"/consents/{new['id']}/holders", world.sender))["items"]
    assert (new["kind"], new["renews"]) == (PROCESSING, ids[PROCESSING])
    assert (after_renewal, await fields_read(world, opened)) == (FIELDS, ["given_name"])
    assert (holder["locked_fields"], holder["owes_receipt"]) == (["need"], True)


async def test_the_database_judges_it_at_every_read(world: World) -> None:
    """A consent to processing that lives beside it, about another referral, opens nothing here."""
    await an_opened_sensitive_referral(world)
    opened, ids = await an_opened_sensitive_referral(world)
    query = """
        select i.field from disclosure_items i join disclosures d on d.id = i.disclosure_id
        where d.referral_id = %(referral)s order by 1
    """

    async def readable() -> list[str]:
        rows = await world.sql(query, {"referral": opened["id"]}, as_=world.association.organisation_id)
        return [row["field"] for row in rows]

    assert await readable() == FIELDS
    for closing in (
        "answer = 'no'",
        "ended_at = app_now(), ended_how = 'withdrawn'",
        "valid_from = app_now() + interval '1 minute'",
        "valid_from = '2020-01-01', valid_until = app_now()",
        "fields = '{}'",
        "kind = 'invented'",
    ):
        await change(world, ids[PROCESSING], closing)
        assert await readable() == ["given_name"], closing
        await change(world, ids[PROCESSING], LIVING)
        assert await readable() == FIELDS


LIVING = """
answer = 'yes', ended_at = null, ended_how = null, valid_from = '2020-01-01', valid_until = '2099-01-01',
fields = '{need}', kind = 'processing_consent'
"""


async def change(world: World, consent_id: str, changes: str) -> None:
    """Change a consent's row as only the database's superuser may, and without any trigger."""
    untriggered = "set session_replication_role = replica"
    await world.as_owner(f"{untriggered}; update consents set {changes} where id = '{consent_id}'")  # noqa: S608


async def test_no_read_begun_after_its_end_shows_what_is_sensitive(world: World) -> None:
    for _ in range(REPEATS):
        opened, ids = await an_opened_sensitive_referral(world)
        await a_sensitive_offering(world, ItemField.GIVEN_NAME)
        reads = [asyncio.create_task(fields_read(world, opened)) for _ in range(3)]

        await world.post(f"/consents/{ids[PROCESSING]}/withdrawal", world.sender, {})

        assert await fields_read(world, opened) == ["given_name"]
        assert all(fields in (FIELDS, ["given_name"]) for fields in await asyncio.gather(*reads))

"""A part of a consent taken back: gone from the receiver's copy at once, and answered for."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from psycopg.errors import InsufficientPrivilege

from shared.events.base import ItemClass, ItemField
from shared.events.organisations import RequiredItem
from shared.ids import new_id
from tests.integration.referrals.races import REPEATS
from tests.integration.referrals.test_renewal import renewal_body
from tests.integration.referrals.world import OPEN, Member, World

LEFT = ["given_name", "language"]


async def an_undemanding_offering(world: World, **changes: Any) -> None:
    """From now on the association can do with a given name alone."""
    name = RequiredItem(field=ItemField.GIVEN_NAME, item_class=ItemClass.NORMAL)
    await world.hear(world.offering(world.association, required_fields=(name,), version=2, **changes))


async def an_opened_referral(world: World, **consent: Any) -> dict[str, Any]:
    opened = await world.an_opened_referral(**consent)
    await an_undemanding_offering(world)
    return opened


async def narrowing(
    world: World, referral: dict[str, Any], by: Member | str | None = None, **body: Any
) -> Any:
    path = f"/consents/{referral['consent_ids'][-1]}/narrowing"
    return await world.call("POST", path, by or world.sender, body)


async def read(world: World, referral: dict[str, Any]) -> dict[str, Any]:
    return await world.get(f"/referrals/{referral['id']}/disclosure", world.association)


async def test_the_dropped_item_is_gone_from_the_copy_at_once(world: World) -> None:
    opened = await an_opened_referral(world)
    before = await read(world, opened)

    answer = await narrowing(world, opened, fields=LEFT)

    after = await read(world, opened)
    assert (answer.status_code, answer.json()["fields"], answer.json()["version"]) == (200, LEFT, 2)
    assert answer.json()["ended_at"] is None
    assert after["items"] == [item for item in before["items"] if item["field"] in LEFT]
    assert (after["id"], after["sha256"]) == (before["id"], before["sha256"])
    assert (await world.get(f"/referrals/{opened['id']}", world.association))["state"] == "opened"


async def test_the_database_itself_hides_the_dropped_item(world: World) -> None:
    opened = await an_opened_referral(world)
    query = """
        select i.field from disclosure_items i join disclosures d on d.id = i.disclosure_id
        where d.referral_id = %(referral)s order by 1
    """
    values = {"referral": opened["id"]}
    receiver = world.association.organisation_id
    before = await world.sql(query, values, as_=receiver)

    await narrowing(world, opened, fields=LEFT)

    assert [row["field"] for row in before] == ["given_name", "language", "phone"]
    assert [row["field"] for row in await world.sql(query, values, as_=receiver)] == LEFT


async def test_a_narrowing_without_the_required_is_a_withdrawal(world: World) -> None:
    opened = await an_opened_referral(world)

    ended = (await narrowing(world, opened, fields=["phone", "language"])).json()

    gone = await world.call("GET", f"/referrals/{opened['id']}/disclosure", world.association)
    lost = await world.get(f"/referrals/{opened['id']}", world.sender)
    [holder] = (await world.get(f"/consents/{ended['id']}/holders", world.sender))["items"]
    assert (ended["ended_how"], lost["state"]) == ("withdrawn", "consent_lost")
    assert gone.json()["type"] == "/problems/consent-ended"
    assert (holder["locked_fields"], holder["owes_receipt"]) == (holder["fields"], True)


async def test_the_holder_answers_for_the_dropped_and_later_for_the_rest(world: World) -> None:
    opened = await an_opened_referral(world)
    holders = f"/consents/{opened['consent_ids'][0]}/holders"
    await narrowing(world, opened, fields=LEFT)
    [dropped] = (await world.get(holders, world.sender))["items"]
    path = f"/disclosures/{dropped['disclosure_id']}/receipt"
    await world.post(path, world.association, {"answer": "deleted"})
    [answered] = (await world.get(holders, world.sender))["items"]
    await world.post(f"/consents/{opened['consent_ids'][0]}/withdrawal", world.sender, {})
    [ended] = (await world.get(holders, world.sender))["items"]

    await world.post(path, world.association, {"answer": "locked"})

    [done] = (await world.get(holders, world.sender))["items"]
    assert (dropped["locked_fields"], dropped["owes_receipt"]) == (["phone"], True)
    assert (dropped["locked_at"], answered["answer"], answered["owes_receipt"]) == (None, "deleted", False)
    assert (ended["answer"], ended["owes_receipt"], ended["locked_at"] is None) == (None, True, False)
    assert (done["answer"], done["owes_receipt"]) == ("locked", False)


async def test_a_shorter_time_ends_it_sooner(living_world: World) -> None:
    opened = await living_world.an_opened_referral()
    until = (await living_world.sql("select app_now() + interval '10 days' as until"))[0]["until"]

    answer = await narrowing(living_world, opened, valid_until=until.isoformat())
    await living_world.advance(days=9, hours=1)
    await living_world.network.settle()
    told = await living_world.told(opened["path_id"])
    await living_world.network.stop_worker("referrals")
    await living_world.advance(days=1)
    gone = await living_world.call("GET", f"/referrals/{opened['id']}/disclosure", living_world.association)
    rows = await living_world.sql(
        "select field from disclosure_items", as_=living_world.association.organisation_id
    )

    assert answer.json()["fields"] == ["given_name", "language", "phone"]
    assert [one for one in told if one.startswith("consent")] == [
        "consent.given.v1", "consent.narrowed.v1", "consent.expiring.v1", "consent.expiring.v1",
    ]  # fmt: skip
    assert (gone.json()["type"], rows) == ("/problems/consent-ended", [])


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"fields": [*LEFT, "phone", "health"]}, "fields"),
        ({"fields": LEFT, "valid_until": "2099-01-01"}, "valid_until"),
        ({"valid_until": "2020-01-01"}, "valid_until"),
        ({}, "fields"),
        ({"fields": [*LEFT, "phone"]}, "fields"),
        ({"fields": ["shoe_size"]}, "fields.0"),
        ({"reason": "x"}, "reason"),
    ],
)
async def test_a_narrowing_never_widens(world: World, body: dict[str, Any], field: str) -> None:
    opened = await an_opened_referral(world)

    answer = await narrowing(world, opened, **body)

    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/invalid")
    assert field in [error["field"] for error in answer.json()["errors"]]


async def test_the_person_and_her_caseworker_narrow_and_nobody_else(world: World) -> None:
    person = await world.a_person()
    draft = await world.a_draft(await world.a_need(person["id"]))
    consent = await world.a_consent(draft)
    await an_undemanding_offering(world)
    given = {**draft, "consent_ids": [consent["id"]]}
    another = world.person_token(str(new_id()))

    refused = [
        (await narrowing(world, given, by, fields=LEFT)).status_code
        for by in (world.association, world.stranger, another)
    ]
    herself = await narrowing(world, given, world.person_token(person["id"]), fields=LEFT)

    assert refused == [404, 404, 404]
    assert herself.status_code == 200
    sent = await world.command(draft, "send", world.sender)
    assert (sent.json()["type"], sent.json()["fields"]) == ("/problems/items-not-released", ["phone"])


async def test_the_receiver_cannot_narrow_and_what_ended_is_not_narrowed(world: World) -> None:
    opened = await an_opened_referral(world)
    receiver = await narrowing(world, opened, world.association, fields=LEFT)
    await world.post(f"/consents/{opened['consent_ids'][0]}/withdrawal", world.sender, {})

    answer = await narrowing(world, opened, fields=LEFT)

    assert receiver.status_code == 403
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/consent-ended")


async def test_the_same_key_narrows_once(world: World) -> None:
    opened = await an_opened_referral(world)
    path = f"/consents/{opened['consent_ids'][0]}/narrowing"

    first = await world.call("POST", path, world.sender, {"fields": LEFT}, key="narrower")
    again = await world.call("POST", path, world.sender, {"fields": LEFT}, key="narrower")

    assert (first.status_code, first.json()) == (again.status_code, again.json())


async def test_a_narrowed_consent_is_renewed_as_it_is_now(world: World) -> None:
    opened = await an_opened_referral(world)
    await narrowing(world, opened, fields=LEFT)
    path = f"/consents/{opened['consent_ids'][0]}/renewal"

    new = await world.post(path, world.sender, await renewal_body(world, opened), version=2)

    assert new["fields"] == LEFT
    assert [item["field"] for item in (await read(world, opened))["items"]] == LEFT


async def test_an_item_dropped_before_the_opening_is_never_read_nor_owed(world: World) -> None:
    sent = await world.a_sent_referral()
    await an_undemanding_offering(world)
    await narrowing(world, sent, fields=LEFT)

    opened = await world.done(sent, "open", world.association, OPEN)

    assert [item["field"] for item in (await read(world, opened))["items"]] == LEFT
    assert (await world.get("/disclosures?owes_receipt=true", world.association))["items"] == []


async def test_what_was_taken_back_is_never_rewritten(world: World) -> None:
    opened = await an_opened_referral(world)
    await narrowing(world, opened, fields=LEFT)

    for statement in (
        "update consent_narrowings set dropped = '{}'", "delete from consent_narrowings",
        "update consents set fields = '{}'", "update current_consents set version = 9",
    ):  # fmt: skip
        with pytest.raises(InsufficientPrivilege):
            await world.sql(statement, as_=world.sender.organisation_id)
    with pytest.raises(InsufficientPrivilege):
        await world.sql(
            "insert into consent_narrowings select from_organisation_id, consent_id, 9, dropped, valid_until,"
            " at, by from consent_narrowings",
            as_=world.association.organisation_id,
        )


async def test_no_read_begun_after_a_narrowing_shows_what_was_dropped(world: World) -> None:
    """Readers hammer while an item is dropped; what begins after the answer is without it, each time."""
    shown_after = 0
    for _ in range(REPEATS):
        opened = await world.an_opened_referral()
        await an_undemanding_offering(world)
        reads, narrowed_at = await race(world, opened)
        after = [fields for began, fields in reads if began > narrowed_at]
        assert all(fields == LEFT for fields in after)
        assert {len(fields) for _, fields in reads} == {2, 3}
        shown_after += len(after)
        # The next draft must give what the offering then requires.
        await world.hear(world.offering(world.association))
    assert shown_after >= REPEATS


async def race(world: World, opened: dict[str, Any]) -> tuple[list[tuple[float, list[str]]], float]:
    """What reads began when and showed what, and when the narrowing was answered."""
    loop, begun, stop = asyncio.get_running_loop(), asyncio.Event(), asyncio.Event()
    reads: list[tuple[float, list[str]]] = []

    async def reader() -> None:
        last = False
        while not last:
            last = stop.is_set()
            began = loop.time()
            shown = (await read(world, opened))["items"]
            reads.append((began, [item["field"] for item in shown]))
            begun.set()

    readers = [asyncio.create_task(reader()) for _ in range(3)]
    await begun.wait()
    assert (await narrowing(world, opened, fields=LEFT)).status_code == 200
    narrowed_at = loop.time()
    stop.set()
    await asyncio.gather(*readers)
    return reads, narrowed_at

"""After the end of a sharing: each holder answers, the person sees it, and silence goes higher."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from psycopg.errors import InsufficientPrivilege

from shared.events.base import Role
from shared.ids import new_id
from tests.integration.referrals.world import Member, World

DELETED = {"answer": "deleted"}
KEPT = {"answer": "kept_by_law", "ground": "bokföringslagen 7:2"}


async def a_holder(world: World, referral: dict[str, Any]) -> dict[str, Any]:
    """The one holder of what was given under the referral's release, as the sender sees it."""
    found = await world.get(f"/consents/{referral['consent_ids'][0]}/holders", world.sender)
    [holder] = found["items"]
    return dict(holder)


async def a_withdrawn_referral(world: World) -> dict[str, Any]:
    opened = await world.an_opened_referral()
    await world.post(f"/consents/{opened['consent_ids'][0]}/withdrawal", world.sender, {})
    return opened


async def answering(world: World, disclosure_id: str, by: Member | str, body: Any, **more: Any) -> Any:
    return await world.call("POST", f"/disclosures/{disclosure_id}/receipt", by, body, **more)


async def test_a_holder_owes_an_answer_once_the_sharing_has_ended(world: World) -> None:
    opened = await world.an_opened_referral()
    before = await a_holder(world, opened)
    none = await world.get("/disclosures?owes_receipt=true", world.association)
    await world.post(f"/consents/{opened['consent_ids'][0]}/withdrawal", world.sender, {})
    after = await a_holder(world, opened)
    owed = await world.get("/disclosures?owes_receipt=true", world.association)

    answer = await answering(world, after["disclosure_id"], world.association, DELETED)

    assert (before["locked_fields"], before["owes_receipt"], none["items"]) == ([], False, [])
    assert (after["fields"], after["answer"]) == (["given_name", "language", "phone"], None)
    assert (after["locked_fields"], after["owes_receipt"]) == (after["fields"], True)
    assert owed["items"] == [
        {
            "id": after["disclosure_id"],
            "consent_id": opened["consent_ids"][0],
            "referral_id": opened["id"],
            "owed_since": after["locked_at"],
        }
    ]
    assert (answer.status_code, answer.json()["answer"]) == (200, "deleted")
    assert await a_holder(world, opened) == answer.json()
    assert (await world.get("/disclosures?owes_receipt=true", world.association))["items"] == []
    assert len((await world.get("/disclosures", world.association))["items"]) == 1


async def test_there_is_nothing_to_answer_for_while_the_sharing_goes_on(world: World) -> None:
    holder = await a_holder(world, await world.an_opened_referral())

    answer = await answering(world, holder["disclosure_id"], world.association, DELETED)

    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/illegal-command")
    assert answer.json()["detail"].startswith("The sharing has not ended")


async def test_what_is_kept_by_law_names_the_law_to_the_person_alone(world: World) -> None:
    person = await world.a_person()
    draft = await world.a_draft(await world.a_need(person["id"]))
    await world.a_consent(draft)
    sent = await world.done(draft, "send", world.sender)
    await world.done(sent, "open", world.association, {"conditions_accepted": True, "pledge_version": 1})
    herself = world.person_token(person["id"])
    await world.post(f"/consents/{sent['consent_ids'][0]}/withdrawal", herself, {})
    holder = await a_holder(world, sent)

    groundless = await answering(world, holder["disclosure_id"], world.association, {"answer": "kept_by_law"})
    await answering(world, holder["disclosure_id"], world.association, KEPT)

    hers = (await world.get("/me/consents", herself))["items"][0]["holders"]
    assert groundless.status_code == 422
    assert [(one["answer"], one["ground"]) for one in hers] == [("kept_by_law", "bokföringslagen 7:2")]
    assert hers[0]["answered_at"] is not None
    assert "bokföringslagen" not in await world.dump()


async def test_only_a_stricter_answer_takes_an_answers_place_and_all_are_kept(world: World) -> None:
    holder = await a_holder(world, await a_withdrawn_referral(world))
    by, team_lead = world.association, world.token(world.association, Role.TEAM_LEAD)

    answers = [
        await answering(world, holder["disclosure_id"], who, body)
        for who, body in ((by, {"answer": "locked"}), (by, KEPT), (team_lead, DELETED), (by, DELETED))
    ]

    kept = await world.sql(
        "select answer from disclosure_receipts where disclosure_id = %(id)s order by at",
        {"id": holder["disclosure_id"]},
        as_=world.association.organisation_id,
    )
    assert [answer.status_code for answer in answers] == [200, 409, 200, 409]
    assert answers[1].json()["type"] == "/problems/illegal-command"
    assert [row["answer"] for row in kept] == ["locked", "deleted"]


async def test_a_copy_that_was_never_opened_is_locked_without_an_answer(world: World) -> None:
    sent = await world.a_sent_referral()
    await world.post(f"/consents/{sent['consent_ids'][0]}/withdrawal", world.sender, {})

    holder = await a_holder(world, sent)

    assert (holder["opened_at"], holder["answer"], holder["answered_at"]) == (None, "locked", None)
    assert (holder["owes_receipt"], holder["locked_at"] is not None) == (False, True)
    assert (await world.get("/disclosures?owes_receipt=true", world.association))["items"] == []


async def test_only_the_receiving_team_answers_and_to_others_there_is_nothing(world: World) -> None:
    holder = await a_holder(world, await a_withdrawn_referral(world))
    colleague = world.token(world.association, team=new_id())
    person = world.person_token(str(new_id()))
    callers = (world.sender, colleague, world.stranger, world.housing, person)

    answers = [await answering(world, holder["disclosure_id"], by, DELETED) for by in callers]
    unknown = await answering(world, str(new_id()), world.stranger, DELETED)
    listed = [await world.call("GET", "/disclosures", by) for by in (world.sender, world.housing)]

    assert [answer.status_code for answer in answers] == [403, 403, 404, 404, 404]
    assert answers[2].content == unknown.content
    assert (listed[0].status_code, listed[1].json()["items"]) == (403, [])


@pytest.mark.parametrize("body", [{}, {"answer": "burnt"}, {"answer": "kept_by_law", "ground": ""},
                                  {**DELETED, "colour": "red"}])  # fmt: skip
async def test_a_receipt_must_be_one_of_three(world: World, body: dict[str, str]) -> None:
    holder = await a_holder(world, await a_withdrawn_referral(world))

    answer = await answering(world, holder["disclosure_id"], world.association, body)

    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/invalid")


async def test_of_many_answers_at_once_one_is_kept(world: World) -> None:
    holder = await a_holder(world, await a_withdrawn_referral(world))

    alike = [
        answering(world, holder["disclosure_id"], world.association, DELETED, key="one") for _ in range(3)
    ]
    answers = await asyncio.gather(
        *alike, answering(world, holder["disclosure_id"], world.association, DELETED)
    )

    kept = await world.sql(
        "select id from disclosure_receipts where disclosure_id = %(id)s",
        {"id": holder["disclosure_id"]},
        as_=world.association.organisation_id,
    )
    assert sorted(answer.status_code for answer in answers) in ([200, 200, 200, 409], [200, 409, 409, 409])
    assert len(kept) == 1


async def stages(world: World, path_id: str) -> list[int]:
    rows = await world.sql(
        "select body->'stage' as stage from log where subject = %(path)s"
        " and type = 'disclosure.unanswered.v1' order by seq",
        {"path": path_id},
    )
    return [row["stage"] for row in rows]


async def test_silence_goes_to_the_team_its_lead_and_the_senders_side(living_world: World) -> None:
    """Twenty days hold at least seven Swedish working days at any time of the year."""
    opened = await a_withdrawn_referral(living_world)
    answered = await a_withdrawn_referral(living_world)
    unread = await living_world.a_sent_referral()
    await living_world.post(f"/consents/{unread['consent_ids'][0]}/withdrawal", living_world.sender, {})
    holder = await a_holder(living_world, answered)
    await answering(living_world, holder["disclosure_id"], living_world.association, DELETED)

    await living_world.network.settle()
    at_once = await stages(living_world, opened["path_id"])
    await living_world.advance(days=20)
    await living_world.network.settle()

    assert at_once == []
    assert await stages(living_world, opened["path_id"]) == [1, 2, 3]
    assert await stages(living_world, answered["path_id"]) == []
    assert await stages(living_world, unread["path_id"]) == []
    assert "disclosure.answered.v1" in await living_world.told(answered["path_id"])


async def test_an_answer_ends_the_silence(living_world: World) -> None:
    opened = await a_withdrawn_referral(living_world)
    holder = await a_holder(living_world, opened)
    timers = "select kind from timers where subject = %(path)s and kind like 'disclosure%%'"
    before = await living_world.sql(timers, {"path": opened["path_id"]})

    await answering(living_world, holder["disclosure_id"], living_world.association, {"answer": "locked"})

    assert len(before) == 3
    assert await living_world.sql(timers, {"path": opened["path_id"]}) == []


async def test_nobody_rewrites_locks_or_answers(world: World) -> None:
    holder = await a_holder(world, await a_withdrawn_referral(world))
    await answering(world, holder["disclosure_id"], world.association, DELETED)
    insert = """
        insert into disclosure_receipts
        select %(id)s, disclosure_id, from_organisation_id, to_organisation_id, fields, answer, sealed, at,
            by_staff_id
        from disclosure_receipts
    """

    for statement in (
        "update disclosure_receipts set answer = 'deleted'", "delete from disclosure_receipts",
        "update disclosure_locks set fields = '{}'", "delete from disclosure_locks",
    ):  # fmt: skip
        with pytest.raises(InsufficientPrivilege):
            await world.sql(statement, as_=world.association.organisation_id)
    with pytest.raises(InsufficientPrivilege):
        await world.sql(insert, {"id": new_id()}, as_=world.sender.organisation_id)
    with pytest.raises(InsufficientPrivilege):
        await world.sql(
            "insert into disclosure_locks select * from disclosure_locks",
            as_=world.association.organisation_id,
        )

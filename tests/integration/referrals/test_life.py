"""The rest of a referral's life: drafts, the undo, answers, lists, what is logged, the person's own side."""

from __future__ import annotations

from typing import Any

from shared.events.base import ItemField, Role
from shared.events.organisations import AgreementEnded
from tests.integration.referrals.world import THREE_ITEMS, World, items_body

REFERRAL = {
    "id", "code", "version", "state", "allowed", "need_id", "path_id", "offering_id",
    "from_organisation_id", "from_staff_id", "to_organisation_id", "to_team_id", "to_staff_id", "urgency",
    "answer_by", "first_contact_by", "review_on", "resume_on", "consent_ids", "parent_id", "created_at",
    "changed_at",
}  # fmt: skip


async def test_a_referral_has_its_promised_shape(world: World) -> None:
    need = await world.a_need()
    answer = await world.call("POST", "/referrals", world.sender, world.draft_body(need["id"]))
    referral = answer.json()

    assert (answer.status_code, answer.headers["etag"]) == (201, '"1"')
    assert answer.headers["location"] == f"/referrals/{referral['id']}"
    assert set(referral) == REFERRAL
    assert referral["created_at"].endswith("Z")


async def test_what_is_previewed_is_what_is_read(world: World) -> None:
    draft = await world.a_draft(message="Ring inte före tio.")
    await world.a_consent(draft)
    preview = await world.get(f"/referrals/{draft['id']}/preview", world.sender)
    sent = await world.done(draft, "send", world.sender)
    await world.done(sent, "open", world.association, {"conditions_accepted": True, "pledge_version": 1})

    read = await world.get(f"/referrals/{draft['id']}/disclosure", world.association)

    assert preview.pop("message") == "Ring inte före tio."
    assert set(read) == {"id", "items", "conditions", "sha256", "locked"}
    assert preview == {name: read[name] for name in preview}
    assert read["conditions"] == ["får inte lämnas vidare"]
    assert set(read["items"][0]) == {"field", "class", "value", "why"}


async def test_a_draft_is_changed_in_part(world: World) -> None:
    draft = await world.a_draft(message="till oss")
    path = f"/referrals/{draft['id']}"

    changed = await world.call(
        "PATCH", path, world.sender, {"items": items_body(ItemField.PHONE)}, version=draft["version"]
    )
    preview = await world.get(f"{path}/preview", world.sender)
    stale = await world.call("PATCH", path, world.sender, {"message": "x"}, version=draft["version"])

    assert (changed.status_code, changed.json()["version"]) == (200, 2)
    assert ([item["field"] for item in preview["items"]], preview["message"]) == (["phone"], "till oss")
    assert stale.status_code == 412


async def test_a_discarded_draft_is_done_with(world: World) -> None:
    draft = await world.a_draft()

    discarded = await world.done(draft, "discard", world.sender)

    assert (discarded["state"], discarded["allowed"]) == ("discarded", [])


async def test_a_queued_referral_is_unknown_to_its_receiver_and_can_be_undone(living_world: World) -> None:
    draft = await living_world.a_draft()
    await living_world.a_consent(draft)

    queued = await living_world.done(draft, "send", living_world.sender, {"undo_s": 60})
    unknown = await living_world.call("GET", f"/referrals/{draft['id']}", living_world.association)
    undone = await living_world.done(queued, "undo", living_world.sender)
    await living_world.advance(days=1)
    await living_world.network.settle()

    assert (queued["state"], queued["allowed"]) == ("queued", ["undo", "reassign"])
    assert unknown.status_code == 404
    assert undone["state"] == "draft"
    assert (await living_world.get(f"/referrals/{draft['id']}", living_world.sender))["state"] == "draft"


async def test_the_clock_sends_what_nobody_undid(living_world: World) -> None:
    draft = await living_world.a_draft()
    await living_world.a_consent(draft)
    await living_world.done(draft, "send", living_world.sender, {"undo_s": 10})

    await living_world.advance(seconds=11)
    await living_world.network.settle()

    sent = await living_world.get(f"/referrals/{draft['id']}", living_world.association)
    assert (sent["state"], sent["answer_by"] is not None) == ("sent", True)
    assert (await living_world.told(draft["path_id"]))[-1] == "referral.sent.v1"


async def test_the_clock_turns_back_what_may_no_longer_leave(living_world: World) -> None:
    draft = await living_world.a_draft()
    await living_world.a_consent(draft)
    await living_world.done(draft, "send", living_world.sender, {"undo_s": 10})
    await living_world.hear(
        AgreementEnded(
            organisation_id=living_world.sender.organisation_id, agreement_id=living_world.agreed.agreement_id
        )
    )

    await living_world.advance(seconds=11)
    await living_world.network.settle()

    returned = await living_world.get(f"/referrals/{draft['id']}", living_world.sender)
    assert (returned["state"], returned["allowed"]) == ("draft", ["discard", "send"])
    assert (
        await living_world.call("GET", f"/referrals/{draft['id']}", living_world.association)
    ).status_code == 404
    assert (await living_world.told(draft["path_id"]))[-1] == "referral.returned.v1"
    assert await living_world.sql("select * from disclosures", as_=living_world.sender.organisation_id) == []


async def test_a_queued_referral_is_lost_with_its_consent(living_world: World) -> None:
    draft = await living_world.a_draft()
    consent = await living_world.a_consent(draft)
    await living_world.done(draft, "send", living_world.sender, {"undo_s": 10})

    await living_world.post(f"/consents/{consent['id']}/withdrawal", living_world.sender, {})
    await living_world.advance(seconds=11)
    await living_world.network.settle()

    assert (await living_world.get(f"/referrals/{draft['id']}", living_world.sender))[
        "state"
    ] == "consent_lost"
    assert (
        await living_world.call("GET", f"/referrals/{draft['id']}", living_world.association)
    ).status_code == 404


async def test_only_a_no_for_want_of_room_says_how_many_places_are_left(world: World) -> None:
    sent = await world.a_sent_referral()
    no = {"reason": "age", "sentence": "Vi har tyvärr fullt.", "places_left": 0}

    refused = await world.command(sent, "decline", world.association, no)
    declined = await world.done(sent, "decline", world.association, {**no, "reason": "no_capacity"})

    assert (refused.status_code, declined["state"]) == (422, "declined")


async def test_a_decline_gives_its_reason_and_sets_the_need_free(world: World) -> None:
    sent = await world.a_sent_referral()
    no = {"reason": "no_capacity", "sentence": "Det är fullt hos oss till våren.", "text": None,
          "offering_id": str(world.housing.offering_id)}  # fmt: skip

    declined = await world.done(sent, "decline", world.association, no)

    need = await world.get(f"/needs/{sent['need_id']}", world.sender)
    assert (declined["state"], need["open_referral_id"]) == ("declined", None)
    assert need["accountable_organisation_id"] == str(world.sender.organisation_id)
    assert await world.get(f"/referrals/{sent['id']}/answer", world.sender) == no


async def test_both_sides_read_one_timeline_from_the_sending_on(world: World) -> None:
    opened = await world.an_opened_referral()
    path = f"/referrals/{opened['id']}/timeline"

    sender, receiver = await world.get(path, world.sender), await world.get(path, world.association)
    first = await world.get(f"{path}?limit=1", world.sender)
    rest = await world.get(f"{path}?limit=50&after={first['next']}", world.sender)

    assert [step["state"] for step in sender["items"]] == ["draft", "queued", "sent", "opened"]
    assert [step["state"] for step in receiver["items"]] == ["sent", "opened"]
    assert receiver["items"][1]["by_organisation_id"] == str(world.association.organisation_id)
    assert first["items"] + rest["items"] == sender["items"]


async def test_boxes_hold_a_teams_own(world: World) -> None:
    drafted, sent = await world.a_draft(), await world.a_sent_referral()

    async def ids(query: str, member: Any) -> list[str]:
        return [one["id"] for one in (await world.get(f"/referrals{query}", member))["items"]]

    assert await ids("?box=out", world.sender) == [sent["id"], drafted["id"]]
    assert await ids("", world.sender) == [sent["id"], drafted["id"]]
    assert await ids("?box=out&state=draft", world.sender) == [drafted["id"]]
    assert await ids("?box=in", world.sender) == []
    assert await ids("?box=in", world.association) == [sent["id"]]
    assert await ids("?box=in&state=sent&state=opened", world.association) == [sent["id"]]
    assert await ids("", world.stranger) == []
    page = await world.get("/referrals?limit=1", world.sender)
    assert await ids(f"?limit=1&after={page['next']}", world.sender) == [drafted["id"]]


async def test_every_read_of_a_person_leaves_one_row(world: World) -> None:
    opened = await world.an_opened_referral()
    path = await world.get(f"/paths/{opened['path_id']}", world.sender)
    await world.get(f"/persons/{path['person_id']}", world.sender)
    await world.get("/persons", world.sender)
    await world.get(f"/referrals/{opened['id']}/preview", world.sender)
    for _ in range(2):
        await world.get(f"/referrals/{opened['id']}/disclosure", world.association)

    async def reads(organisation_id: Any) -> list[str]:
        rows = await world.sql("select read from access_log order by at, id", as_=organisation_id)
        return [row["read"] for row in rows]

    assert await reads(world.sender.organisation_id) == ["path", "person", "person", "preview"]
    assert await reads(world.association.organisation_id) == ["disclosure", "disclosure"]


async def test_without_the_log_there_is_no_read(living_world: World) -> None:
    opened = await living_world.an_opened_referral()
    person = await living_world.a_person()
    await living_world.as_owner("revoke insert on access_log from referrals")

    for path, member in (
        (f"/referrals/{opened['id']}/disclosure", living_world.association),
        (f"/referrals/{opened['id']}/preview", living_world.sender),
        (f"/persons/{person['id']}", living_world.sender),
    ):
        answer = await living_world.call("GET", path, member)
        assert answer.status_code == 500, path
        assert "Amina" not in answer.text


async def test_a_person_meets_her_own_record_and_no_other(world: World) -> None:
    person, other = await world.a_person(), await world.a_person()
    need = await world.a_need(person["id"])
    draft = await world.a_draft(need)
    consent = await world.a_consent(draft)
    sent = await world.done(draft, "send", world.sender)
    herself, somebody = world.person_token(person["id"]), world.person_token(other["id"])

    assert (await world.get("/me/path", herself))["id"] == need["path_id"]
    assert [one["id"] for one in (await world.get("/me/consents", herself))["items"]] == [consent["id"]]
    mine = (await world.get("/me/referrals", herself))["items"]
    assert [(one["id"], one["allowed"]) for one in mine] == [(sent["id"], ["recall"])]
    assert (await world.call("GET", "/me/path", somebody)).status_code == 404
    assert (await world.get("/me/consents", somebody))["items"] == []
    assert (await world.get("/me/referrals", somebody))["items"] == []
    for path in (f"/persons/{person['id']}", f"/paths/{need['path_id']}", f"/needs/{need['id']}",
                 f"/referrals/{sent['id']}", f"/consents/{consent['id']}",
                 f"/referrals/{sent['id']}/preview"):  # fmt: skip
        assert (await world.call("GET", path, herself)).status_code == 200, path
        assert (await world.call("GET", path, somebody)).status_code == 404, path
    withdrawal = f"/consents/{consent['id']}/withdrawal"
    assert (await world.call("POST", withdrawal, somebody, {})).status_code == 404
    assert (await world.call("POST", withdrawal, herself, {})).status_code == 200
    assert (await world.get(f"/referrals/{sent['id']}", world.sender))["state"] == "consent_lost"


async def test_a_person_recalls_without_a_reason(world: World) -> None:
    sent = await world.a_sent_referral()
    path = await world.get(f"/paths/{sent['path_id']}", world.sender)
    herself, other = world.person_token(path["person_id"]), world.person_token(str(sent["id"]))

    stranger = await world.command(sent, "recall", other, {})
    recalled = await world.done(sent, "recall", herself, {})

    assert (stranger.status_code, recalled["state"]) == (404, "recalled")


async def test_how_a_consent_was_given_is_not_the_receivers_business(world: World) -> None:
    sent = await world.a_sent_referral()
    path = f"/consents/{sent['consent_ids'][0]}"

    sender, receiver = await world.get(path, world.sender), await world.get(path, world.association)

    assert set(receiver["fields"]) == set(THREE_ITEMS)
    assert receiver["conditions"] == sender["conditions"] == ["får inte lämnas vidare"]
    assert sender["given_how"] == "spoken"
    assert {receiver[name] for name in ("given_how", "given_by", "language", "interpreter")} == {None}
    holders = await world.call("GET", f"{path}/holders", world.token(world.association, Role.RECIPIENT))
    assert holders.status_code == 403

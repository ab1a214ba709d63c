"""Bad input and wrong callers: each has its answer, and changes nothing."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from shared.events.base import Role
from shared.ids import new_id
from tests.integration.referrals.world import OPEN, TODAY, World, items_body, person_body

COMMANDS = ("discard", "send", "undo", "open", "accept", "decline", "recall")
READS = ("", "/card", "/preview", "/disclosure", "/timeline", "/answer")


def bodies(world: World) -> dict[str, Any]:
    return {
        "open": OPEN,
        "accept": world.accepting(),
        "decline": {"reason": "no_capacity", "sentence": "Det är fullt hos oss."},
        "recall": {"reason": "duplicate"},
    }


async def test_a_protected_person_is_not_stored_at_all(world: World) -> None:
    before = await world.rows_in_all_tables()

    for said in ("yes", "unknown", True, None, ["no"]):
        answer = await world.call("POST", "/persons", world.sender, person_body(protected_identity=said))
        assert (answer.status_code, answer.json()["type"]) == (409, "/problems/protected-identity")

    assert await world.rows_in_all_tables() == before


async def test_the_question_must_be_answered(world: World) -> None:
    body = person_body()
    del body["protected_identity"]

    answer = await world.call("POST", "/persons", world.sender, body)

    assert answer.status_code == 422
    assert answer.json()["errors"] == [{"field": "protected_identity", "message": "Field required"}]


async def test_unknown_and_foreign_are_the_same_answer(world: World) -> None:
    referral = await world.an_opened_referral()
    for read in READS:
        foreign = await world.call("GET", f"/referrals/{referral['id']}{read}", world.stranger)
        unknown = await world.call("GET", f"/referrals/{new_id()}{read}", world.stranger)
        assert (foreign.status_code, foreign.content) == (unknown.status_code, unknown.content)
        assert foreign.status_code == 404
    for name in COMMANDS:
        body = bodies(world).get(name)
        foreign = await world.command(referral, name, world.stranger, body)
        unknown = await world.command({**referral, "id": new_id()}, name, world.stranger, body)
        assert (foreign.status_code, foreign.content) == (unknown.status_code, unknown.content)
        assert foreign.status_code == 404


async def test_the_tenants_other_things_are_foreign_too(world: World) -> None:
    person = await world.a_person()
    need = await world.a_need(person["id"])
    draft = await world.a_draft(need)
    consent = await world.a_consent(draft)

    for path in (
        f"/persons/{person['id']}", f"/paths/{need['path_id']}", f"/needs/{need['id']}",
        f"/consents/{consent['id']}", f"/consents?referral_id={draft['id']}",
        f"/consents/{consent['id']}/holders", f"/referrals/{draft['id']}",
        f"/consent-texts?kind=secrecy_release&referral_id={draft['id']}",
    ):  # fmt: skip
        for member in (world.association, world.stranger):
            assert (await world.call("GET", path, member)).status_code == 404, path
    for path, body in (
        ("/paths", {"person_id": person["id"], "goal": "x"}),
        ("/needs", {"path_id": need["path_id"], "code": "work", "theme": "school", "area": "B041",
                    "urgency": "low"}),
        ("/referrals", world.draft_body(need["id"])),
        ("/consents", await world.consent_body(draft)),
    ):  # fmt: skip
        assert (await world.call("POST", path, world.stranger, body)).status_code == 404, path


@pytest.mark.parametrize("role", [Role.NETWORK_ADMIN, Role.LOG_REVIEWER, Role.ORGANISATION_ADMIN])
async def test_roles_that_never_meet_persons_are_refused(world: World, role: Role) -> None:
    referral = await world.a_sent_referral()
    need = await world.get(f"/needs/{referral['need_id']}", world.sender)
    token = world.token(world.sender, role)

    for path in (
        "/persons",
        "/referrals",
        f"/referrals/{referral['id']}",
        f"/needs/{need['id']}",
        "/me/path",
    ):
        answer = await world.call("GET", path, token)
        assert (answer.status_code, answer.json()["type"]) == (403, "/problems/role-missing"), path
    answer = await world.call("POST", "/persons", token, person_body())
    assert answer.json()["type"] == "/problems/role-missing"


async def test_the_other_side_is_refused(world: World) -> None:
    sent = await world.a_sent_referral()
    colleague = world.token(world.sender, team=new_id())
    both = world.token(world.sender, Role.CASEWORKER, Role.RECIPIENT)

    role = await world.command(sent, "open", world.sender, OPEN)
    side = await world.command(sent, "open", both, OPEN)
    team = await world.command(sent, "recall", colleague, {"reason": "duplicate"})
    read = await world.call("GET", f"/referrals/{sent['id']}", colleague)

    assert (role.status_code, role.json()["type"]) == (403, "/problems/role-missing")
    assert (side.status_code, side.json()["type"]) == (403, "/problems/not-your-side")
    assert (team.status_code, team.json()["type"]) == (403, "/problems/not-your-side")
    assert (read.status_code, read.json()["type"]) == (403, "/problems/not-your-side")


async def test_a_stale_version_is_told_what_changed(world: World) -> None:
    draft = await world.a_draft()
    await world.a_consent(draft)
    await world.done(draft, "send", world.sender)

    answer = await world.command(draft, "recall", world.sender, {"reason": "duplicate"})

    assert (answer.status_code, answer.json()["type"]) == (412, "/problems/version-stale")
    changed = answer.json()["changed"]
    assert [(step["command"], step["by_side"], step["state"]) for step in changed] == [
        ("send", "sender", "queued"),
        ("dispatch", "clock", "sent"),
    ]
    assert set(changed[0]) == {"at", "command", "by_organisation_id", "by_side", "state"}


async def test_the_version_must_be_sent(world: World) -> None:
    draft = await world.a_draft()

    answer = await world.call("POST", f"/referrals/{draft['id']}/discard", world.sender, {})

    assert (answer.status_code, answer.json()["type"]) == (428, "/problems/version-missing")


async def test_an_illegal_command_says_what_is_allowed(world: World) -> None:
    sent = await world.a_sent_referral()

    answer = await world.command(sent, "accept", world.association, world.accepting())

    assert answer.status_code == 409
    assert answer.json()["type"] == "/problems/illegal-command"
    assert (answer.json()["state"], answer.json()["allowed"]) == ("sent", ["open", "ask", "decline"])


async def test_allowed_is_by_caller_and_state(world: World) -> None:
    draft = await world.a_draft()
    await world.a_consent(draft)
    sent = await world.done(draft, "send", world.sender)
    received = await world.get(f"/referrals/{sent['id']}", world.association)
    lead = await world.get(f"/referrals/{sent['id']}", world.token(world.association, Role.TEAM_LEAD))

    assert draft["allowed"] == ["discard", "send"]
    assert sent["allowed"] == ["recall", "remind", "reassign"]
    assert received["allowed"] == ["open", "ask", "decline"]
    assert lead["allowed"] == ["reassign"]


async def test_the_disclosure_waits_for_the_opening(world: World) -> None:
    sent = await world.a_sent_referral()

    answer = await world.call("GET", f"/referrals/{sent['id']}/disclosure", world.association)

    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/illegal-command")


async def test_a_recalled_referral_is_not_read_on(world: World) -> None:
    opened = await world.an_opened_referral()
    await world.done(opened, "recall", world.sender, {"reason": "duplicate"})

    answer = await world.call("GET", f"/referrals/{opened['id']}/disclosure", world.association)

    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/illegal-command")


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"items": [{"field": "phone", "class": "contact"}]}, "items.0.value"),
        ({"items": [{"field": "shoe_size", "class": "normal", "value": "1", "why": "x"}]}, "items.0.field"),
        ({"items": [*items_body(), *items_body()]}, "items"),
        ({"colour": "red"}, "colour"),
        ({"message": "x" * 601}, "message"),
        ({"team_id": "019a0000-0000-7000-8000-000000000000"}, "team_id"),
        ({"need_id": "no"}, "need_id"),
    ],
)
async def test_a_malformed_draft_names_its_field(world: World, changes: dict[str, Any], field: str) -> None:
    need = await world.a_need()

    answer = await world.call("POST", "/referrals", world.sender, {**world.draft_body(need["id"]), **changes})

    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/invalid")
    assert field in [error["field"] for error in answer.json()["errors"]]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"text_sha256": "0" * 64}, "text_sha256"),
        ({"text_version": 2}, "text_sha256"),
        ({"kind": "marriage"}, "kind"),
        ({"kind": "participation"}, "fields"),
        ({"fields": ["health"]}, "fields"),
        ({"valid_until": "2020-01-01"}, "valid_until"),
        ({"valid_until": "2099-01-01T00:00:00Z"}, "valid_until"),
        ({"given_by": []}, "body"),
        ({"language": "xx"}, "language"),
    ],
)
async def test_a_consent_must_be_what_was_asked(world: World, changes: dict[str, Any], field: str) -> None:
    draft = await world.a_draft()

    answer = await world.call("POST", "/consents", world.sender, await world.consent_body(draft, **changes))

    assert (answer.status_code, answer.json()["type"]) == (422, "/problems/invalid")
    assert field in [error["field"] for error in answer.json()["errors"]]


async def test_a_dated_text_is_as_good_as_an_undated_one(world: World) -> None:
    draft = await world.a_draft()
    address = f"/consent-texts?kind=secrecy_release&referral_id={draft['id']}&language=sv"
    until, later = str(TODAY + timedelta(days=30)), str(TODAY + timedelta(days=31))
    dated = await world.get(f"{address}&valid_until={until}", world.sender)

    right = await world.consent_body(draft, text_sha256=dated["text_sha256"], valid_until=until)
    wrong = {**right, "valid_until": later}

    assert f"till och med {until}" in dated["text"]
    assert (await world.call("POST", "/consents", world.sender, wrong)).status_code == 422
    assert (await world.call("POST", "/consents", world.sender, right)).status_code == 201


async def test_a_consent_is_asked_for_while_it_is_a_draft(world: World) -> None:
    sent = await world.a_sent_referral()

    answer = await world.call("POST", "/consents", world.sender, await world.consent_body(sent))

    assert answer.json()["type"] == "/problems/illegal-command"


async def test_a_colleague_of_another_house_is_unknown(world: World) -> None:
    opened = await world.an_opened_referral()
    foreign = {**world.accepting(), "staff_id": str(world.sender.staff_id)}
    passed = {**world.accepting(), "first_contact_by": "2020-01-01"}

    unknown = await world.command(opened, "accept", world.association, foreign)
    late = await world.command(opened, "accept", world.association, passed)

    assert unknown.status_code == 404
    assert (late.status_code, late.json()["errors"][0]["field"]) == (422, "first_contact_by")


async def test_staff_say_why_they_recall_and_what_other_means(world: World) -> None:
    sent = await world.a_sent_referral()

    recall = await world.command(sent, "recall", world.sender, {})
    decline = await world.command(sent, "decline", world.association, {"reason": "other", "sentence": "Nej."})

    assert (recall.status_code, decline.status_code) == (422, 422)


@pytest.mark.parametrize(
    "name", ["a\x00b", "\u202eedoc", "x" * 200, "Åsa 🌍", "'; drop table persons; --", "<script>"]
)
async def test_strange_names_come_back_as_they_were(world: World, name: str) -> None:
    person = await world.post("/persons", world.sender, person_body(given_name=name))

    read = await world.get(f"/persons/{person['id']}", world.sender)

    assert read["given_name"] == name


async def test_a_name_that_cannot_be_written_is_refused(world: World) -> None:
    for name in ("x" * 10_000, "", "\ud800"):
        answer = await world.call_raw("/persons", world.sender, person_body(given_name=name))
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "given_name")


async def test_the_same_key_gives_the_same_person_once(world: World) -> None:
    first = await world.call("POST", "/persons", world.sender, person_body(), key="same")
    again = await world.call("POST", "/persons", world.sender, person_body(), key="same")
    other = await world.call("POST", "/persons", world.sender, person_body(birth_year=1990), key="same")

    assert (first.status_code, first.json()) == (again.status_code, again.json())
    assert (other.status_code, other.json()["type"]) == (422, "/problems/key-reused")
    assert len((await world.get("/persons", world.sender))["items"]) == 1

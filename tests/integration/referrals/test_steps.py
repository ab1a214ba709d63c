"""The steps of a path through the API: planned, begun, waiting, ready; and templates."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from services.referrals import templates
from services.referrals.commands.persons import NewPath, open_path
from shared.actor import Actor, ActorKind
from shared.events.base import Role
from shared.ids import new_id
from shared.vault import Vault
from tests.integration.referrals.homes import command, complete, done
from tests.integration.referrals.world import World

STEP = {
    "id", "version", "path_id", "code", "theme", "area", "names", "after", "ready", "waits_for", "need_id",
    "said_no_at", "template_id", "template_version", "created_at",
}  # fmt: skip


async def a_path(world: World, **more: Any) -> dict[str, Any]:
    person = await world.a_person()
    return await world.post("/paths", world.sender, {"person_id": person["id"], "goal": "Eget jobb", **more})


async def a_step(world: World, path: dict[str, Any], *after: dict[str, Any], **more: Any) -> dict[str, Any]:
    waits = [{"step_id": step["id"], "outcome": more.get("outcome", "met")} for step in after]
    body = {"code": "language", "theme": "individual", "after": waits}
    return await world.post(f"/paths/{path['id']}/steps", world.sender, body)


async def a_need_of(world: World, step: dict[str, Any], **changes: Any) -> dict[str, Any]:
    said = {"path_id": step["path_id"], "code": step["code"], "theme": "individual", "area": "B041"}
    body = {**said, "urgency": "normal", "step_id": step["id"], **changes}
    return await world.post("/needs", world.sender, body)


async def steps_of(world: World, path: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await world.get(f"/paths/{path['id']}/steps", world.sender))["items"]
    return found


async def test_a_step_is_planned_and_begun(world: World) -> None:
    path = await a_path(world)
    body = {"code": "economy", "theme": "individual", "area": "B041", "after": []}
    answer = await world.call("POST", f"/paths/{path['id']}/steps", world.sender, body)
    first = answer.json()
    second = await a_step(world, path, first)
    need = await a_need_of(world, first)

    assert (answer.status_code, answer.headers["etag"]) == (201, '"1"')
    assert answer.headers["location"] == f"/paths/{path['id']}/steps/{first['id']}"
    assert (set(first), first["ready"], first["area"]) == (STEP, True, "B041")
    assert (second["ready"], second["waits_for"]) == (False, [first["id"]])
    assert second["after"] == [{"step_id": first["id"], "outcome": "met"}]
    assert need["step_id"] == first["id"]
    listed = await steps_of(world, path)
    assert [(one["id"], one["need_id"]) for one in listed] == [
        (first["id"], need["id"]),
        (second["id"], None),
    ]
    assert await world.get(answer.headers["location"], world.sender) == listed[0]
    page = await world.get(f"/paths/{path['id']}/steps?limit=1", world.sender)
    rest = await world.get(f"/paths/{path['id']}/steps?after={page['next']}", world.sender)
    assert page["items"] + rest["items"] == listed


async def test_a_later_step_is_handed_over_once_the_earlier_is_met_and_inherits_nothing(
    living_world: World,
) -> None:
    world = living_world
    path = await a_path(world)
    first = await a_step(world, path)
    second = await a_step(world, path, first)
    one, other = await a_need_of(world, first), await a_need_of(world, second)
    early = await world.call("POST", "/referrals", world.sender, world.draft_body(other["id"]))
    earlier = await world.a_draft(one, message="till oss")
    await world.a_consent(earlier)

    await complete(world, one)
    later = await world.post("/referrals", world.sender, {**world.draft_body(other["id"]), "items": []})

    assert (early.status_code, early.json()["type"]) == (409, "/problems/step-not-ready")
    assert early.json()["waits_for"] == [first["id"]]
    preview = await world.get(f"/referrals/{later['id']}/preview", world.sender)
    assert (preview["items"], preview["message"], preview["conditions"]) == ([], None, [])
    assert (later["consent_ids"], later["parent_id"]) == ([], None)
    sent = await world.command(later, "send", world.sender)
    assert (sent.status_code, sent.json()["type"]) == (409, "/problems/consent-missing")
    await world.network.settle()
    told = await world.told(path["id"])
    assert told[told.index("need.answered.v1") + 1] == "step.ready.v1"


@pytest.mark.parametrize(
    ("outcome", "closed_as", "ready"),
    [("met", "met", True), ("met", "unmet", False), ("any", "no_longer_wanted", True), ("any", None, False)],
)
async def test_what_a_step_waits_for(
    living_world: World,
    outcome: str,
    closed_as: str | None,
    ready: bool,  # noqa: FBT001
) -> None:
    world = living_world
    path = await a_path(world)
    first = await a_step(world, path)
    second = await a_step(world, path, first, outcome=outcome)
    need = await a_need_of(world, first)
    if closed_as:
        await done(world, need, "close", body={"as": closed_as, "sentence": "Det är klart."})
    await world.network.settle()

    found = await world.get(f"/paths/{path['id']}/steps/{second['id']}", world.sender)

    assert (found["ready"], found["waits_for"]) == (ready, [] if ready else [first["id"]])
    assert ("step.ready.v1" in await world.told(path["id"])) is ready


async def test_a_reopened_need_makes_what_follows_wait_again(world: World) -> None:
    path = await a_path(world)
    first = await a_step(world, path)
    second = await a_step(world, path, first)
    closed = await done(world, await a_need_of(world, first), "close")
    need = await a_need_of(world, second)

    await done(world, closed, "reopen")

    assert [step["ready"] for step in await steps_of(world, path)] == [True, False]
    refused = await world.call("POST", "/referrals", world.sender, world.draft_body(need["id"]))
    assert refused.json()["type"] == "/problems/step-not-ready"


async def test_a_need_that_is_set_aside_is_not_handed_over(world: World) -> None:
    for name in ("park", "close"):
        need = await done(world, await world.a_need(), name)
        refused = await world.call("POST", "/referrals", world.sender, world.draft_body(need["id"]))
        assert (refused.status_code, refused.json()["type"]) == (409, "/problems/illegal-command")
        assert refused.json()["state"] == need["state"]


async def test_a_step_has_one_need_of_its_own_code_on_its_own_path(world: World) -> None:
    path, other = await a_path(world), await a_path(world)
    step, elsewhere = await a_step(world, path), await a_step(world, other)
    said = {
        "path_id": path["id"],
        "code": "language",
        "theme": "individual",
        "area": "B041",
        "urgency": "low",
    }

    async def problem(**changes: Any) -> tuple[int, str]:
        answer = await world.call("POST", "/needs", world.sender, {**said, **changes})
        return answer.status_code, answer.json()["type"].removeprefix("/problems/")

    assert await problem(step_id=str(new_id())) == (404, "not-found")
    assert await problem(step_id=elsewhere["id"]) == (404, "not-found")
    assert await problem(step_id=step["id"], code="work") == (422, "invalid")
    await a_need_of(world, step)
    assert await problem(step_id=step["id"]) == (409, "step-begun")


async def test_planning_has_its_refusals(world: World) -> None:
    person = await world.a_person()
    path = await world.post("/paths", world.sender, {"person_id": person["id"], "goal": "x"})
    other = await a_step(world, await a_path(world))
    step = await a_step(world, path)
    right = {"code": "work", "theme": "individual"}

    async def problem(by: Any, body: Any = None, path_id: Any = None) -> tuple[int, str]:
        address = f"/paths/{path_id or path['id']}/steps"
        answer = await world.call("POST", address, by, body or right)
        return answer.status_code, answer.json()["type"].removeprefix("/problems/")

    def waiting(*ids: Any) -> dict[str, Any]:
        return {**right, "after": [{"step_id": str(one), "outcome": "any"} for one in ids]}

    assert await problem(world.stranger) == await problem(world.stranger, path_id=new_id())
    assert await problem(world.stranger) == (404, "not-found")
    assert await problem(world.token(world.sender, Role.RECIPIENT)) == (403, "role-missing")
    assert await problem(world.person_token(person["id"])) == (403, "role-missing")
    assert await problem(world.person_token(str(new_id()))) == (404, "not-found")
    assert await problem(world.token(world.sender, team=new_id())) == (403, "not-your-side")
    assert await problem(world.sender, waiting(new_id())) == (404, "not-found")
    assert await problem(world.sender, waiting(other["id"])) == (404, "not-found")
    assert await problem(world.sender, waiting(step["id"], step["id"])) == (422, "invalid")
    assert await problem(world.sender, {**right, "goal": "x"}) == (422, "invalid")
    for address in (f"/paths/{path['id']}/steps", f"/paths/{path['id']}/steps/{step['id']}"):
        assert (await world.call("GET", address, world.stranger)).status_code == 404
        assert (await world.call("GET", address, world.person_token(person["id"]))).status_code == 200
        for by in (world.token(world.sender, team=new_id()), world.token(world.sender, Role.RECIPIENT)):
            assert (await world.call("GET", address, by)).status_code == 403
    assert (
        await world.call("GET", f"/paths/{path['id']}/steps/{other['id']}", world.sender)
    ).status_code == 404
    assert len(await steps_of(world, path)) == 1


async def test_a_path_begins_with_a_templates_steps(living_world: World) -> None:
    world = living_world
    template = (await world.get("/path-templates", world.sender))["items"][0]
    path = await a_path(world, template_id=template["id"])
    await world.network.settle()

    steps = await steps_of(world, path)

    assert [step["names"] for step in steps] == [step["names"] for step in template["steps"]]
    assert {(step["template_id"], step["template_version"]) for step in steps} == {
        (template["id"], template["version"])
    }
    assert [step["ready"] for step in steps] == [not step["after"] for step in template["steps"]]
    assert await world.told(path["id"]) == ["path.opened.v1", *["step.planned.v1"] * len(steps)]
    assert await steps_of(world, await a_path(world)) == []
    body = {"person_id": path["person_id"], "goal": "x", "template_id": str(new_id())}
    assert (await world.call("POST", "/paths", world.sender, body)).status_code == 404


async def test_a_new_version_of_a_template_leaves_copied_paths_alone(world: World) -> None:
    template = next(iter(templates.catalogue().values()))
    path = await a_path(world, template_id=str(template.id))
    before = await steps_of(world, path)
    newer = replace(template, version=template.version + 1, steps=template.steps[:2])
    caseworker = Actor(
        kind=ActorKind.STAFF,
        id=world.sender.staff_id,
        organisation_id=world.sender.organisation_id,
        team_id=world.sender.team_id,
        roles=frozenset({Role.CASEWORKER}),
    )
    vault = Vault.of(world.network.settings("referrals"))

    async with vault.opened(), world.database.transaction(caseworker) as tx:
        said = NewPath(person_id=UUID(path["person_id"]), goal="x", template=newer)
        second = await open_path(tx, said, vault.keys())

    copied = await steps_of(world, {"id": second.id})
    assert {step["template_version"] for step in copied} == {newer.version}
    assert (len(copied), len(before)) == (2, len(template.steps))
    assert await steps_of(world, path) == before


async def test_the_catalogue_is_for_those_who_open_paths(world: World) -> None:
    found = (await world.get("/path-templates", world.sender))["items"]
    page = await world.get("/path-templates?limit=1", world.sender)
    rest = await world.get(f"/path-templates?after={page['next']}", world.sender)
    refused = await world.call("GET", "/path-templates", world.token(world.sender, Role.RECIPIENT))

    assert page["items"] + rest["items"] == found
    assert (refused.status_code, refused.json()["type"]) == (403, "/problems/role-missing")


async def test_a_paths_home_coordinates_it_unless_another_does(world: World) -> None:
    other = str(world.association.organisation_id)

    assert (await a_path(world))["coordinating_organisation_id"] == str(world.sender.organisation_id)
    path = await a_path(world, coordinating_organisation_id=other)
    assert path["coordinating_organisation_id"] == other
    assert await world.get(f"/paths/{path['id']}", world.sender) == path
    body = {"person_id": path["person_id"], "goal": "x", "coordinating_organisation_id": str(new_id())}
    assert (await world.call("POST", "/paths", world.sender, body)).status_code == 404
    assert (await world.call("GET", f"/paths/{path['id']}", world.association)).status_code == 404


async def test_the_same_key_plans_once(world: World) -> None:
    path = await a_path(world)
    body = {"code": "work", "theme": "individual"}

    first = await world.call("POST", f"/paths/{path['id']}/steps", world.sender, body, key="same")
    again = await world.call("POST", f"/paths/{path['id']}/steps", world.sender, body, key="same")

    assert first.json() == again.json()
    assert len(await steps_of(world, path)) == 1
    assert (await command(world, await a_need_of(world, first.json()), "park")).status_code == 200

"""What tests do with a need: its commands, what a referral does to it, a transfer to another home."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from services.referrals.commands import needs as commands
from shared.actor import service_actor
from shared.events.base import Role
from tests.integration.referrals.world import Member, World, person_body

BODIES: dict[str, dict[str, Any]] = {
    "park": {"until": "2099-01-01"},
    "unpark": {},
    "close": {"as": "met", "sentence": "Du har fått det du behövde."},
    "reopen": {"reason": "Det var inte klart."},
}


async def command(world: World, need: dict[str, Any], name: str, by: Any = None, **more: Any) -> Any:
    version = more.pop("version", need["version"])
    body = more.pop("body", BODIES[name])
    path = f"/needs/{need['id']}/{name}"
    return await world.call("POST", path, by or world.sender, body, version=version, **more)


async def done(world: World, need: dict[str, Any], name: str, by: Any = None, **more: Any) -> dict[str, Any]:
    answer = await command(world, need, name, by, **more)
    assert answer.status_code == 200, answer.text
    assert answer.headers["etag"] == f'"{answer.json()["version"]}"'
    said: dict[str, Any] = answer.json()
    return said


async def complete(world: World, need: dict[str, Any], name: str = "answered") -> None:
    """What a referral's command does to its need, in the need's home."""
    async with world.database.transaction(service_actor("referrals")) as tx:
        await tx.act_for(UUID(need["home_organisation_id"]))
        at = await tx.lock(UUID(need["path_id"]))
        await getattr(commands, name)(tx, UUID(need["id"]), at)


def asked(world: World) -> str:
    """A caseworker of the association."""
    return world.token(world.association, Role.CASEWORKER)


async def offer(world: World, need: dict[str, Any], to: Member | None = None) -> Any:
    body = {"organisation_id": str((to or world.association).organisation_id)}
    return await world.call(
        "POST", f"/needs/{need['id']}/transfer", world.sender, body, version=need["version"]
    )


async def an_offer(world: World, *, released: bool = True) -> dict[str, Any]:
    """An offer to the association, as the association sees it."""
    need = await world.a_need()
    if released:
        await world.a_consent(await world.a_draft(need))
    assert (await offer(world, need)).status_code == 200
    found: dict[str, Any] = (await world.get("/transfers?box=in", asked(world)))["items"][0]
    return found


async def a_path_there(world: World) -> dict[str, Any]:
    """The association's own record of the person, and a path of hers there."""
    person = await world.post("/persons", asked(world), person_body())
    return await world.post("/paths", asked(world), {"person_id": person["id"], "goal": "Eget jobb"})


async def answer(world: World, transfer: dict[str, Any], name: str, by: Any, **more: Any) -> Any:
    version = more.pop("version", transfer["version"])
    body = more.pop("body", {})
    return await world.call("POST", f"/transfers/{transfer['id']}/{name}", by, body, version=version, **more)


async def take(world: World, transfer: dict[str, Any], by: Any = None, **more: Any) -> Any:
    path_id = more.pop("path_id", None) or (await a_path_there(world))["id"]
    return await answer(world, transfer, "take", by or asked(world), body={"path_id": path_id}, **more)

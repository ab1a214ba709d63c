"""Locking a person: her two keepers, and a person of whom there is something in every table."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from shared.events.base import Role
from shared.events.organisations import OfferingKind, StaffAppointed
from shared.ids import new_id
from tests.integration.referrals import offering
from tests.integration.referrals.homes import offer as transfer
from tests.integration.referrals.offering import more_members
from tests.integration.referrals.world import OPEN, STARTED, Member, World, items_body, person_body

FINISHED = {"outcome": "met", "sentence": "Det gick bra."}


@dataclass
class Kept:
    """A person with her two keepers; `ids` are hers, by the name that routes and bodies give them."""

    id: str
    keepers: tuple[UUID, UUID]
    ids: dict[str, list[str]] = field(default_factory=dict)
    helpers: tuple[Member, ...] = ()
    items: list[dict[str, str]] = field(default_factory=items_body)

    def add(self, name: str, one: dict[str, Any]) -> dict[str, Any]:
        self.ids.setdefault(name, []).append(one["id"])
        return one


async def colleague(world: World, **changes: Any) -> UUID:
    """A caseworker of the sender's organisation, in a team of her own unless another is named."""
    usual = {
        "organisation_id": world.sender.organisation_id,
        "staff_id": new_id(),
        "team_id": new_id(),
        "roles": (Role.CASEWORKER,),
    }
    appointed = StaffAppointed.model_validate({**usual, **changes})
    await world.hear(appointed)
    return appointed.staff_id


def token_of(world: World, staff_id: UUID, *roles: Role) -> str:
    """Of somebody in another team of the sender's organisation."""
    return world.token(world.sender, *(roles or (Role.CASEWORKER,)), id=staff_id, team=new_id())


async def lock(world: World, person_id: str, staff_ids: Any, by: Any = None, **more: Any) -> Any:
    body = {"staff_ids": [str(one) for one in staff_ids]}
    version = more.pop("version", 1)
    return await world.call(
        "POST", f"/persons/{person_id}/lock", by or world.sender, body, version=version, **more
    )


async def locked(world: World, kept: Kept) -> dict[str, Any]:
    """A lock that must succeed."""
    answer = await lock(world, kept.id, kept.keepers)
    assert answer.status_code == 200, answer.text
    said: dict[str, Any] = answer.json()
    return said


async def unlock(world: World, kept: Kept, by: Any = None, version: int = 2) -> Any:
    by = by or token_of(world, kept.keepers[0])
    return await world.call("POST", f"/persons/{kept.id}/unlock", by, {}, version=version)


async def a_kept_person(world: World, **said: Any) -> Kept:
    person = await world.post("/persons", world.sender, person_body(**said))
    return Kept(person["id"], (await colleague(world), await colleague(world)), {"person_id": [person["id"]]})


async def a_whole_life(world: World, *, goal: str = "Eget jobb", items: Any = None, **said: Any) -> Kept:
    """A person who has been handed over in every way, with something under way in each."""
    kept = await a_kept_person(world, **said)
    kept.items = items or kept.items
    her = world.person_token(kept.id)
    template = (await world.get("/path-templates", world.sender))["items"][0]["id"]
    body = {"person_id": kept.id, "goal": goal, "template_id": template}
    path = kept.add("path_id", await world.post("/paths", world.sender, body))
    for step in (await world.get(f"/paths/{path['id']}/steps", world.sender))["items"]:
        kept.add("step_id", step)
    kept.add(
        "rating_id", await world.post("/me/ratings", her, {"domain": "housing", "step": 2, "words": goal})
    )
    await world.post("/me/ratings/hide", her, {"domains": ["housing"]})
    let_in = f"/persons/{kept.id}/admissions"
    kept.add("admission_id", await world.post(let_in, world.sender, {"kind": "e_id"}))
    await _handed_over(world, kept)
    await _offered(world, kept)
    await _pointed(world, kept)
    return kept


async def a_need(world: World, kept: Kept) -> dict[str, Any]:
    need = {"path_id": kept.ids["path_id"][0], "code": "language", "theme": "individual", "area": "B041"}
    return kept.add("need_id", await world.post("/needs", world.sender, {**need, "urgency": "normal"}))


async def _handed_over(world: World, kept: Kept) -> None:
    """One that was completed, one that is active, one that nobody has opened, a declined one and a draft."""
    done = await _sent(world, kept)
    for name, body in (
        ("open", OPEN),
        ("accept", world.accepting()),
        ("start", STARTED),
        ("complete", FINISHED),
    ):
        done = await world.done(done, name, world.association, body)
    said = {"voice": "provider", "met": "met", "sentence": "Hon har fått ett jobb."}
    kept.add("outcome_id", await world.post(f"/referrals/{done['id']}/outcomes", world.association, said))
    active = await _sent(world, kept)
    for name, body in (("open", OPEN), ("accept", world.accepting()), ("start", STARTED)):
        active = await world.done(active, name, world.association, body)
    shown = await world.get(f"/referrals/{active['id']}/disclosure", world.association)
    kept.add("disclosure_id", shown)
    await _sent(world, kept)
    asked = await world.done(await _sent(world, kept), "ask", world.association, {"question": "När kan hon?"})
    assert asked["state"] == "info_requested"
    declined = await _sent(world, kept)
    no = {"reason": "other", "sentence": "Tyvärr.", "text": "Det är fullt."}
    await world.done(declined, "decline", world.association, no)
    kept.add("referral_id", await world.a_draft(await a_need(world, kept), items=kept.items))


async def _sent(world: World, kept: Kept) -> dict[str, Any]:
    draft = kept.add("referral_id", await world.a_draft(await a_need(world, kept), items=kept.items))
    kept.add("consent_id", await world.a_consent(draft))
    return await world.done(draft, "send", world.sender)


async def _offered(world: World, kept: Kept) -> None:
    """An open offer to two teams, a drafted one, and a need that another home is asked to take."""
    kept.helpers = tuple(await more_members(world, 2))
    offer = await offering.a_draft(world, *kept.helpers, need=await a_need(world, kept), items=kept.items)
    kept.add("offer_id", offer)
    kept.add("consent_id", await offering.a_yes(world, offer))
    await offering.done(world, offer, "open")
    drafted = await offering.a_draft(world, *kept.helpers, need=await a_need(world, kept), items=kept.items)
    kept.add("offer_id", drafted)
    assert (await transfer(world, await a_need(world, kept))).status_code == 200
    kept.add("transfer_id", (await world.get("/transfers", world.sender))["items"][0])


async def _pointed(world: World, kept: Kept) -> None:
    """A parked need, one that she was shown an open door for, and one that she said no to."""
    door = world.offering(world.association, offering_id=new_id(), kind=OfferingKind.OPEN_DOOR)
    await world.hear(door)
    need = await a_need(world, kept)
    body = {"need_id": need["id"], "offering_id": str(door.offering_id)}
    kept.add("signpost_id", await world.post("/signposts", world.sender, body))
    parked = await a_need(world, kept)
    until = {"until": "2099-01-01"}
    await world.post(f"/needs/{parked['id']}/park", world.sender, until, version=parked["version"])
    unwanted = await a_need(world, kept)
    await world.post(f"/me/path/needs/{unwanted['id']}/say_no", world.person_token(kept.id), {})
    closed = await a_need(world, kept)
    how = {"as": "met", "sentence": "Klart."}
    await world.post(f"/needs/{closed['id']}/close", world.sender, how, version=closed["version"])

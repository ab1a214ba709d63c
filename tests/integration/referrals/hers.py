"""All that the record can hold of one person, each word of hers carrying a mark that tells it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from shared.events.base import ItemField, Role
from tests.integration.referrals import offering
from tests.integration.referrals.world import OPEN, Member, World, items_body, person_body

KEPT = {"answer": "kept_by_law", "ground": ""}


@dataclass(kw_only=True)
class Hers:
    """One person's record: her mark, and the ids under which it is asked for."""

    mark: str
    person_id: str = ""
    path_id: str = ""
    needs: list[str] = field(default_factory=list)
    referrals: dict[str, str] = field(default_factory=dict)
    consents: list[str] = field(default_factory=list)
    offer_id: str = ""
    contact: str = ""

    def addresses(self, world: World) -> list[tuple[str, Member | str]]:
        """Every address that her record answers at, and who asks there."""
        home, there, herself = world.sender, world.association, world.person_token(self.person_id)
        asked: list[tuple[str, Member | str]] = [
            *((f"/persons/{self.person_id}{more}", home) for more in ("", "/ratings")),
            *((f"/paths/{self.path_id}{more}", home) for more in ("", "/steps")),
            *((f"/needs/{one}{more}", home) for one in self.needs for more in ("", "/timeline")),
            *((f"/consents/{one}{more}", home) for one in self.consents for more in ("", "/holders")),
            (f"/offers/{self.offer_id}", home), (f"/offers/{self.offer_id}/preview", home),
            ("/me/path", herself), ("/me/ratings", herself),
        ]  # fmt: skip
        parts = ("", "/card", "/preview", "/timeline", "/words", "/outcomes", "/answer", "/disclosure")
        for one in self.referrals.values():
            asked += [(f"/referrals/{one}{part}", by) for part in parts for by in (home, there)]
        return asked


async def everything(world: World, mark: str) -> Hers:
    """A person about whom every sealed column of the record says something."""
    hers = Hers(mark=mark)
    body = person_body(given_name=mark, contacts=[{"kind": "email", "value": f"{mark}@example.org"}])
    hers.person_id = (await world.post("/persons", world.sender, body))["id"]
    path = {"person_id": hers.person_id, "goal": f"{mark} goal"}
    hers.path_id = (await world.post("/paths", world.sender, path))["id"]
    herself = world.person_token(hers.person_id)
    await world.post("/me/ratings", herself, {"domain": "health", "step": 2, "words": f"{mark} words"})
    await _referrals(world, hers, await _need(world, hers))
    await _a_closed_need(world, hers)
    members = await offering.more_members(world, 2)
    need = await _need(world, hers)
    draft = await offering.a_draft(world, *members, need=need, items=_items(mark))
    hers.offer_id = draft["id"]
    return hers


async def _need(world: World, hers: Hers) -> dict[str, Any]:
    said = {"path_id": hers.path_id, "code": "language", "theme": "individual", "area": "B041"}
    need = await world.post("/needs", world.sender, {**said, "urgency": "normal"})
    hers.needs.append(need["id"])
    return need


async def _a_closed_need(world: World, hers: Hers) -> None:
    need = await _need(world, hers)
    said, address = {"as": "unmet", "sentence": f"{hers.mark} need"}, f"/needs/{need['id']}/close"
    answer = await world.call("POST", address, world.sender, said, version=need["version"])
    assert answer.is_success, answer.text


async def _referrals(world: World, hers: Hers, need: dict[str, Any]) -> None:
    """One was declined after a question, one taken back after it was opened, one is accepted."""
    sent = await _sent(world, hers, need)
    asked = await world.done(sent, "ask", world.association, {"question": f"{hers.mark} question"})
    no = {"reason": "no_capacity", "sentence": f"{hers.mark} no", "text": None, "offering_id": None}
    declined = await world.done(asked, "decline", world.association, no)
    said = {"voice": "sender", "met": "unmet", "sentence": f"{hers.mark} outcome"}
    await world.post(f"/referrals/{declined['id']}/outcomes", world.sender, said)
    lost = await world.done(await _sent(world, hers, need), "open", world.association, OPEN)
    await world.post(f"/consents/{hers.consents[-1]}/withdrawal", world.sender, {})
    held = (await world.get("/disclosures?owes_receipt=true", world.association))["items"]
    copy = next(one["id"] for one in held if one["referral_id"] == lost["id"])
    kept = {"answer": "kept_by_law", "ground": f"{hers.mark} ground"}
    await world.post(f"/disclosures/{copy}/receipt", world.association, kept)
    opened = await world.done(await _sent(world, hers, need), "open", world.association, OPEN)
    accepted = await world.done(opened, "accept", world.association, world.accepting())
    hers.referrals = {"declined": declined["id"], "lost": lost["id"], "accepted": accepted["id"]}


async def _sent(world: World, hers: Hers, need: dict[str, Any]) -> dict[str, Any]:
    draft = await world.a_draft(need, items=_items(hers.mark), message=f"{hers.mark} message")
    consent = await world.a_consent(draft, purpose=f"{hers.mark} purpose")
    hers.consents.append(consent["id"])
    return await world.done(draft, "send", world.sender)


def _items(mark: str) -> list[dict[str, str]]:
    return [
        {**item, "value": f"{mark} value"} if item["field"] == ItemField.GIVEN_NAME else item
        for item in items_body()
    ]


def admin(world: World) -> str:
    """The token of the administrator of her home."""
    return world.token(world.sender, Role.ORGANISATION_ADMIN)

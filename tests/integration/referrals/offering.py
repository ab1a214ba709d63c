"""An open offer: three teams that may help, the person's yes to all of them, and what tests do with it."""

from __future__ import annotations

from typing import Any

from shared.events.base import ItemClass, ItemField, Role
from shared.events.organisations import AgreementConcluded, OrganisationKind, RequiredItem
from tests.integration.referrals.world import OPEN, TODAY, Member, World, items_body, told_of

RELEASE, PROCESSING = "secrecy_release", "processing_consent"


async def more_members(
    world: World, count: int = 1, kind: OrganisationKind = OrganisationKind.ASSOCIATION, **offering: Any
) -> list[Member]:
    """Organisations that the sender has an agreement with, each with an offering."""
    members = [Member(kind=kind, role=Role.RECIPIENT) for _ in range(count)]
    for member in members:
        await world.hear(*told_of(member), world.offering(member, **offering), agreement(world, member))
    return members


def agreement(world: World, member: Member, **changes: Any) -> AgreementConcluded:
    said: dict[str, Any] = {
        "agreement_id": member.offering_id,
        "organisation_id": world.sender.organisation_id,
        "parties": (world.sender.organisation_id, member.organisation_id),
        "valid_from": TODAY.replace(year=2020),
        "valid_until": None,
    }
    return AgreementConcluded.model_validate({**said, **changes})


def offer_body(need: dict[str, Any], *members: Member, **changes: Any) -> dict[str, Any]:
    teams = [{"offering_id": str(one.offering_id), "team_id": str(one.team_id)} for one in members]
    return {"need_id": need["id"], "teams": teams, "items": items_body(), **changes}


async def a_draft(
    world: World, *members: Member, need: dict[str, Any] | None = None, **changes: Any
) -> dict[str, Any]:
    body = offer_body(need or await world.a_need(), *members, **changes)
    return await world.post("/offers", world.sender, body)


async def consent_body(
    world: World, offer: dict[str, Any], kind: str = RELEASE, **changes: Any
) -> dict[str, Any]:
    """The person's yes to all that the text asks of the offer's teams."""
    address = f"/consent-texts?kind={kind}&offer_id={offer['id']}&language=sv"
    text = await world.get(address, world.sender)
    preview = await world.get(f"/offers/{offer['id']}/preview", world.sender)
    fields = sorted({item["field"] for team in preview["teams"] for item in team["items"]})
    return {
        "kind": kind,
        "offer_id": offer["id"],
        "answer": "yes",
        "fields": fields,
        "purpose": "språkcafé",
        "conditions": ["får inte lämnas vidare"],
        "language": "sv",
        "text_version": text["text_version"],
        "text_sha256": text["text_sha256"],
        "given_how": "spoken",
        "given_by": [{"who": "person"}],
        **changes,
    }


async def a_yes(world: World, offer: dict[str, Any], kind: str = RELEASE, **changes: Any) -> dict[str, Any]:
    return await world.post("/consents", world.sender, await consent_body(world, offer, kind, **changes))


async def command(
    world: World, offer: dict[str, Any], name: str, by: Member | str, body: Any = None, **more: Any
) -> Any:
    version = more.pop("version", offer["version"])
    path = f"/offers/{offer['id']}/{name}"
    return await world.call("POST", path, by, body or {}, version=version, **more)


async def done(world: World, offer: dict[str, Any], name: str) -> dict[str, Any]:
    """A sender's command that must succeed; the offer after it."""
    answer = await command(world, offer, name, world.sender)
    assert answer.status_code == 200, answer.text
    assert answer.headers["etag"] == f'"{answer.json()["version"]}"'
    said: dict[str, Any] = answer.json()
    return said


async def an_open_offer(world: World, *members: Member, **changes: Any) -> dict[str, Any]:
    """With the person's yes to the release."""
    draft = await a_draft(world, *members, **changes)
    await a_yes(world, draft)
    return await done(world, draft, "open")


async def claim(world: World, offer: dict[str, Any], by: Member | str, **more: Any) -> Any:
    return await command(world, offer, "claim", by, more.pop("body", OPEN), **more)


async def claimed(world: World, offer: dict[str, Any], by: Member) -> dict[str, Any]:
    answer = await claim(world, offer, by)
    assert answer.status_code == 200, answer.text
    said: dict[str, Any] = answer.json()
    return said


def problem(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["type"].removeprefix("/problems/")


async def told_about(world: World, offer: dict[str, Any]) -> list[str]:
    """The types of the events of the offer's path, as they were told."""
    query = """
        select type from untold where subject = %(path)s
        union all select type from log where subject = %(path)s
    """
    rows = await world.sql(query, {"path": offer["path_id"]})
    return sorted(row["type"] for row in rows)


def fields_of(package: dict[str, Any]) -> list[str]:
    return [item["field"] for item in package["items"]]


async def two_kinds(world: World) -> tuple[Member, Member]:
    """A school that needs a name and a number, and care that needs a name and what concerns her health."""
    (school,) = await more_members(world, kind=OrganisationKind.SCHOOL, required_fields=required("phone"))
    (care,) = await more_members(world, kind=OrganisationKind.CARE, required_fields=required("health"))
    return school, care


def required(*fields: str) -> tuple[RequiredItem, ...]:
    """A given name and these."""
    return tuple(
        RequiredItem(field=ItemField(one), item_class=ItemClass.NORMAL) for one in ("given_name", *fields)
    )


def items_of(*fields: str) -> list[dict[str, str]]:
    return items_body(*map(ItemField, fields))

"""A referral with a sensitive item to an association, and consents of each kind about it."""

from __future__ import annotations

from typing import Any

from shared.events.base import ItemClass, ItemField
from shared.events.organisations import RequiredItem
from tests.integration.referrals.world import OPEN, World, items_body

RELEASE, PROCESSING, PARTICIPATION = "secrecy_release", "processing_consent", "participation"
FIELDS = ["given_name", "need"]


async def a_sensitive_offering(world: World, *required: ItemField, **changes: Any) -> None:
    """From now on the association's offering is told the need, which is sensitive there."""
    classes = {ItemField.NEED: ItemClass.SENSITIVE}
    items = tuple(
        RequiredItem(field=one, item_class=classes.get(one, ItemClass.NORMAL))
        for one in required or map(ItemField, FIELDS)
    )
    await world.hear(world.offering(world.association, required_fields=items, **changes))


async def a_sensitive_draft(world: World) -> dict[str, Any]:
    await a_sensitive_offering(world)
    return await world.a_draft(items=items_body(*map(ItemField, FIELDS)))


async def said(world: World, referral: dict[str, Any], kind: str, **changes: Any) -> Any:
    """The answer to what the person is recorded to have said to one kind."""
    address = f"/consent-texts?kind={kind}&referral_id={referral['id']}&language=sv"
    text = await world.get(address, world.sender)
    fields = {RELEASE: FIELDS, PROCESSING: ["need"], PARTICIPATION: []}[kind]
    shown = {name: text[name] for name in ("text_version", "text_sha256")}
    body = await world.consent_body(referral, **{"kind": kind, "fields": fields, **shown, **changes})
    return await world.call("POST", "/consents", world.sender, body)


async def given(world: World, referral: dict[str, Any], kind: str, **changes: Any) -> dict[str, Any]:
    answer = await said(world, referral, kind, **changes)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def an_opened_sensitive_referral(world: World) -> tuple[dict[str, Any], dict[str, str]]:
    """Opened, with a yes of each kind; and their ids by kind."""
    draft = await a_sensitive_draft(world)
    ids = {kind: (await given(world, draft, kind))["id"] for kind in (RELEASE, PROCESSING, PARTICIPATION)}
    sent = await world.done(draft, "send", world.sender)
    return await world.done(sent, "open", world.association, OPEN), ids


async def fields_read(world: World, referral: dict[str, Any]) -> list[str]:
    read = await world.get(f"/referrals/{referral['id']}/disclosure", world.association)
    return [item["field"] for item in read["items"]]

"""Referrals: begun, changed, listed and read."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response
from pydantic import AfterValidator, Field

from shared.actor import Actor
from shared.events.base import Area, ItemClass, ItemField, NeedCode, Role, Urgency
from shared.events.organisations import EligibilityRule
from shared.events.referrals import DeclineReason
from shared.http import After, Body, Instant, Limit, Page, Route, Tx, created, for_roles, versioned

from ..commands import drafting
from ..commands.drafting import Draft
from ..domain.disclosure import Contents, Item
from ..domain.referral import Referral
from ..domain.refusals import (
    ConsentHasEnded,
    NeedBusy,
    PersonSaidNo,
    ProtectedIdentity,
    ReceiverClosed,
    StepNotReady,
)
from ..domain.transitions import Command, Side, State, roles_of
from ..queries import referrals as queries
from ..queries.referrals import Box, Disclosed, Sought
from ..store.rows import Slice
from .shapes import LIVE, Keys, Seen, Words, for_command, page

router = APIRouter(route_class=Route, prefix="/referrals", tags=["referrals"])

PARTIES = for_roles(*queries.PARTIES, Role.PERSON, refuses=[ConsentHasEnded])


class ItemGiven(Body):
    """One thing about the person, and why the receiver needs it."""

    field: ItemField
    item_class: Annotated[ItemClass, Field(alias="class")]
    value: Words
    why: Annotated[str, Field(max_length=600)] = ""

    def item(self) -> Item:
        return Item(field=self.field, item_class=self.item_class, value=self.value, why=self.why)


def _each_once(items: tuple[ItemGiven, ...]) -> tuple[ItemGiven, ...]:
    if len({item.field for item in items}) < len(items):
        raise ValueError("each field may stand once")
    return items


Items = Annotated[tuple[ItemGiven, ...], Field(max_length=len(ItemField)), AfterValidator(_each_once)]


class ReferralGiven(Body):
    """`message` is for your own team; it never travels."""

    need_id: UUID
    offering_id: UUID
    team_id: UUID
    items: Items
    message: Words | None = None


class ReferralSeen(Seen):
    """A referral without any item; `allowed` is what you may do with it now."""

    id: UUID
    code: str
    version: int
    state: State
    allowed: list[Command]
    need_id: UUID
    path_id: UUID
    offering_id: UUID
    from_organisation_id: UUID
    from_staff_id: UUID
    to_organisation_id: UUID
    to_team_id: UUID
    to_staff_id: UUID | None
    urgency: Urgency
    answer_by: Instant | None
    first_contact_by: date | None
    review_on: date | None
    resume_on: date | None
    consent_ids: list[UUID]
    parent_id: UUID | None
    created_at: Instant
    changed_at: Instant


class CardSeen(Seen):
    need_code: NeedCode
    area: Area
    age_band: str
    language: str
    urgency: Urgency


class EligibilitySeen(Seen):
    """``frozen``: it has been sent, and nothing alters the rules it was sent under."""

    version: int
    rules: list[EligibilityRule]
    frozen: bool


class ItemSeen(Seen):
    field: ItemField
    item_class: Annotated[ItemClass, Field(serialization_alias="class")]
    value: str
    why: str


class PreviewSeen(Seen):
    """What the receiver would read, and beside it the message that stays with you."""

    items: list[ItemSeen]
    conditions: list[str]
    sha256: str
    message: str | None


class DisclosureSeen(Seen):
    """`sha256` is of the canonical JSON of all that was disclosed; what was taken back is not in `items`."""

    id: UUID
    items: list[ItemSeen]
    conditions: list[str]
    sha256: str
    locked: bool


class StepSeen(Seen):
    at: Instant
    command: Command
    by_organisation_id: UUID | None
    by_side: Side
    state: State


class DeclineSeen(Seen):
    """The receiver's reason, and the sentence that is meant for the person."""

    reason: DeclineReason
    sentence: str
    text: str | None
    offering_id: UUID | None


class SaidSeen(Seen):
    """The words of the step that made a version of the referral, by what they are."""

    version: int
    words: dict[str, str]


def as_seen(referral: Referral, *, by: Actor) -> ReferralSeen:
    """The referral as its caller meets it."""
    named = {name: getattr(referral, name) for name in ReferralSeen.model_fields if hasattr(referral, name)}
    commands = referral.allowed(referral.sides_of(by))
    return ReferralSeen(**named | {"urgency": referral.card.urgency, "allowed": commands})


def as_answered(referral: Referral, *, by: Actor, response: Response) -> ReferralSeen:
    """The whole referral with its version, which is every command's answer."""
    versioned(response, referral.version)
    return as_seen(referral, by=by)


@router.post(
    "",
    status_code=201,
    openapi_extra=for_command(
        roles_of(Command.DRAFT), NeedBusy, PersonSaidNo, ProtectedIdentity, StepNotReady, ReceiverClosed
    ),
)
async def draft(body: ReferralGiven, tx: Tx, keys: Keys, response: Response) -> ReferralSeen:
    """Begin a hand-over of a need to an offering; nothing leaves yet."""
    contents = Contents(items=tuple(item.item() for item in body.items), message=body.message)
    asked = Draft(need_id=body.need_id, offering_id=body.offering_id, team_id=body.team_id, contents=contents)
    referral = await drafting.draft(tx, asked, keys)
    created(response, f"/referrals/{referral.id}", referral.version)
    return as_seen(referral, by=tx.actor)


async def _sought(
    box: Box | None = None,
    state: Annotated[list[State] | None, Query()] = None,
    path_id: UUID | None = None,
) -> Sought:
    return Sought(box=box, states=state, path_id=path_id)


@router.get("", openapi_extra=for_roles(*queries.PARTIES))
async def referrals(
    sought: Annotated[Sought, Depends(_sought)], tx: Tx, after: After = None, limit: Limit = 50
) -> Page[ReferralSeen]:
    """The referrals of your team, newest first: those sent to it (`in`), from it (`out`), or both."""
    part = Slice(after, limit)
    found = await queries.boxed(tx, part, sought)
    return page([as_seen(referral, by=tx.actor) for referral in found], part)


@router.get("/{referral_id}", openapi_extra=PARTIES)
async def referral(referral_id: UUID, tx: Tx, keys: Keys, response: Response) -> ReferralSeen:
    """One referral, without its items."""
    found = await queries.referral(tx, referral_id, keys)
    return as_answered(found, by=tx.actor, response=response)


@router.get("/{referral_id}/card", openapi_extra=PARTIES)
async def card(referral_id: UUID, tx: Tx, keys: Keys) -> CardSeen:
    """The offer card: all that a receiver learns before it opens."""
    return CardSeen.model_validate(await queries.card(tx, referral_id, keys))


@router.get("/{referral_id}/preview", openapi_extra=for_roles(Role.CASEWORKER, Role.TEAM_LEAD, Role.PERSON))
async def preview(referral_id: UUID, tx: Tx, keys: Keys) -> PreviewSeen:
    """Exactly what the receiver will read."""
    found = await queries.preview(tx, referral_id, keys)
    return PreviewSeen(**_told(found), message=found.message)


@router.get("/{referral_id}/disclosure", openapi_extra=for_command(roles_of(Command.OPEN), *LIVE))
async def disclosure(referral_id: UUID, tx: Tx, keys: Keys) -> DisclosureSeen:
    """What was disclosed to your team; every read is written down, and none succeeds after the consent."""
    found = await queries.disclosure(tx, referral_id, keys)
    assert found.id is not None  # noqa: S101 - what is held has an id
    return DisclosureSeen(id=found.id, **_told(found), locked=False)


def _told(found: Disclosed) -> dict[str, Any]:
    items = [ItemSeen.model_validate(item) for item in found.package.items]
    return {"items": items, "conditions": list(found.conditions), "sha256": found.sha256}


@router.get("/{referral_id}/eligibility", openapi_extra=PARTIES)
async def eligibility(referral_id: UUID, tx: Tx, keys: Keys) -> EligibilitySeen:
    """Whom the offering was for when it was sent there; of a draft, whom it is for now."""
    return EligibilitySeen.model_validate(await queries.eligibility(tx, referral_id, keys))


@router.get("/{referral_id}/timeline", openapi_extra=PARTIES)
async def timeline(
    referral_id: UUID,
    tx: Tx,
    keys: Keys,
    after: Annotated[int, Query(ge=0, description="The version after which to begin.")] = 0,
    limit: Limit = 50,
) -> Page[StepSeen]:
    """What happened, step by step, oldest first."""
    steps = await queries.timeline(tx, referral_id, keys, (after, limit))
    following = str(steps[-1].version) if len(steps) == limit else None
    return Page(items=[StepSeen.model_validate(step) for step in steps], next=following)


@router.get("/{referral_id}/words", openapi_extra=PARTIES)
async def words(referral_id: UUID, tx: Tx, keys: Keys) -> Page[SaidSeen]:
    """What the two sides have said to each other and to the person, oldest first."""
    said = await queries.words(tx, referral_id, keys)
    return Page(items=[SaidSeen.model_validate(one) for one in said], next=None)


@router.get("/{referral_id}/answer", openapi_extra=PARTIES)
async def answer(referral_id: UUID, tx: Tx, keys: Keys) -> DeclineSeen:
    """Why the receiver could not take the person on."""
    return DeclineSeen.model_validate(await queries.answer(tx, referral_id, keys))

"""The draft: begun, changed, discarded; nothing leaves the sender's tenant."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shared.database import Transaction
from shared.errors import Invalid, NotYourSide
from shared.events.base import Role
from shared.ids import new_id
from shared.vault import Keys

from ..domain.disclosure import Contents, Item
from ..domain.gate import Receiver
from ..domain.needs import Need
from ..domain.person import team_of
from ..domain.profiles import demand_profile
from ..domain.referral import Referral
from ..domain.refusals import NeedBusy
from ..domain.transitions import Command
from ..domain.working_days import local_date
from ..store import directory, items, needs
from ..store import referrals as store
from ..store.cards import card_of
from ..store.protections import demand_unlocked
from .begin import Target, begin
from .steps import demand_referable


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What a hand-over is begun with."""

    need_id: UUID
    offering_id: UUID
    team_id: UUID
    contents: Contents


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What of a draft is to be otherwise; what is None stays as it is."""

    offering_id: UUID | None = None
    team_id: UUID | None = None
    items: tuple[Item, ...] | None = None
    message: str | None = None


async def draft(tx: Transaction, asked: Draft, keys: Keys) -> Referral:
    """Begin a hand-over of a need of one's own team's person."""
    tx.actor.must_be(Role.CASEWORKER)
    organisation_id, team_id = team_of(tx.actor)
    path_id = (await needs.load(tx.sql, asked.need_id, actor=tx.actor)).path_id
    at = await tx.lock(path_id)
    need = await needs.load(tx.sql, asked.need_id, actor=tx.actor)
    await demand_unlocked(tx.sql, path_id)
    receiver = await directory.receiver_by(
        tx.sql, asked.offering_id, sender=organisation_id, today=local_date(at)
    )
    if need.team_id != team_id:
        raise NotYourSide
    _demand_fit(receiver, asked.team_id, asked.contents)
    if need.is_busy:
        raise NeedBusy
    await demand_referable(tx, need)
    drafted, event = (await _fresh(tx, asked, need, receiver, at=at, keys=keys)).draft()
    await store.add(tx.sql, drafted)
    await items.keep(tx.sql, drafted, asked.contents, keys)
    await tx.tell(event)
    return drafted


async def change(tx: Transaction, target: Target, changes: Changes, keys: Keys) -> Referral:
    """Write a draft anew, whole or in part."""
    begun = await begin(tx, Command.SEND, target, keys)
    before = begun.referral
    sender, today = before.from_organisation_id, local_date(begun.at)
    offering_id = changes.offering_id or before.offering_id
    receiver = await directory.receiver_by(tx.sql, offering_id, sender=sender, today=today)
    contents = _changed(await items.load(tx.sql, before.id, keys), changes)
    changed = before.change(
        begun.by,
        begun.at,
        offering_id=offering_id,
        to_organisation_id=receiver.organisation_id,
        to_team_id=receiver.team_id,
        fields=contents.fields,
    )
    _demand_fit(receiver, changes.team_id or receiver.team_id, contents)
    await store.save(tx.sql, changed)
    await items.keep(tx.sql, changed, contents, keys)
    return changed


async def discard(tx: Transaction, target: Target, keys: Keys) -> Referral:
    """Throw a draft away."""
    begun = await begin(tx, Command.DISCARD, target, keys)
    discarded, event = begun.referral.discard(begun.by, begun.at)
    await store.save(tx.sql, discarded)
    await tx.tell(event)
    return discarded


async def _fresh(  # noqa: PLR0913 - all that a referral is begun from
    tx: Transaction, asked: Draft, need: Need, receiver: Receiver, *, at: datetime, keys: Keys
) -> Referral:
    return Referral(
        id=new_id(),
        code=await store.free_code(tx.sql, need.home_organisation_id),
        path_id=need.path_id,
        need_id=need.id,
        offering_id=asked.offering_id,
        from_organisation_id=need.home_organisation_id,
        from_team_id=need.team_id,
        from_staff_id=tx.actor.id,
        to_organisation_id=receiver.organisation_id,
        to_team_id=receiver.team_id,
        card=await card_of(tx.sql, need, at, keys),
        fields=asked.contents.fields,
        created_at=at,
        changed_at=at,
    )


def _changed(contents: Contents, changes: Changes) -> Contents:
    return Contents(
        items=contents.items if changes.items is None else changes.items,
        message=contents.message if changes.message is None else changes.message,
    )


def _demand_fit(receiver: Receiver, team_id: UUID, contents: Contents) -> None:
    """Raise `Invalid` for another team than the offering's, and for items it may never have."""
    if receiver.team_id != team_id:
        raise Invalid(errors=[{"field": "team_id", "message": "is not the offering's team"}])
    demand_profile([item.field for item in contents.items], receiver.kind)

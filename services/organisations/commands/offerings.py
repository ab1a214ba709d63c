"""Offerings."""

from __future__ import annotations

from uuid import UUID

from shared.database import Transaction

from ..domain import rights
from ..domain.offering import Offering
from ..domain.organisation import Changes
from ..store import offerings as store
from ..store import organisations
from ..store.rows import note_change
from .seen import must_be_current


async def publish(tx: Transaction, offering: Offering) -> Offering:
    """Put an offering of one's own organisation in the directory."""
    at = await tx.lock(offering.organisation_id)
    await organisations.load(tx.sql, offering.organisation_id)
    rights.must_run(tx.actor, offering.organisation_id)
    await organisations.must_own_team(tx.sql, offering.organisation_id, offering.team_id)
    published, event = offering.publish(by=tx.actor.id, at=at)
    await store.must_lead_on(tx.sql, published)
    await store.add(tx.sql, published)
    await tx.tell(event)
    return published


async def change(tx: Transaction, offering_id: UUID, *, seen: int, changes: Changes) -> Offering:
    """Alter an offering of one's own organisation, its capacity included."""
    at = await tx.lock(rights.home_of(tx.actor))
    offering = await store.load(tx.sql, offering_id)
    rights.must_run(tx.actor, offering.organisation_id)
    await must_be_current(tx, offering, seen)
    changed, event = offering.change(changes, at=at)
    await organisations.must_own_team(tx.sql, changed.organisation_id, changed.team_id)
    if "leads_to" in changes:
        await store.must_lead_on(tx.sql, changed)
    await store.save(tx.sql, changed)
    await note_change(tx.sql, changed.id, changed.version, changes)
    await tx.tell(event)
    return changed


async def confirm(tx: Transaction, offering_id: UUID, *, seen: int) -> Offering:
    """Say of an offering of one's own organisation that all of it is still so."""
    at = await tx.lock(rights.home_of(tx.actor))
    offering = await store.load(tx.sql, offering_id)
    rights.must_run(tx.actor, offering.organisation_id)
    await must_be_current(tx, offering, seen)
    confirmed, event = offering.confirm(by=tx.actor.id, at=at)
    await store.save(tx.sql, confirmed)
    await note_change(tx.sql, confirmed.id, confirmed.version, ["confirmed_at"])
    await tx.tell(event)
    return confirmed

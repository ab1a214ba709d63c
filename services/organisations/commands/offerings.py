"""Offerings: published, altered, confirmed; and what the clock does with them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from uuid import UUID

from shared.database import Transaction
from shared.events.organisations import OfferingChanged
from shared.timers import Due, Rings, Timer, set_timers

from ..domain import rights
from ..domain.offering import Offering
from ..domain.organisation import Changes
from ..store import offerings as store
from ..store import organisations
from ..store.rows import note_change
from .seen import must_be_current

CONFIRM, RESUME = "confirm", "resume"
"""The timers of an offering: that nobody has confirmed it for long, and that it rested until now."""

AGAIN = timedelta(days=7)


async def publish(tx: Transaction, offering: Offering) -> Offering:
    """Put an offering of one's own organisation in the directory."""
    at = await tx.lock(offering.organisation_id)
    await organisations.load(tx.sql, offering.organisation_id)
    rights.must_run(tx.actor, offering.organisation_id)
    await organisations.must_own_team(tx.sql, offering.organisation_id, offering.team_id)
    published, event = offering.publish(by=tx.actor.id, at=at)
    await store.must_lead_on(tx.sql, published)
    await store.add(tx.sql, published)
    await _set_clocks(tx, published, at)
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
    return await _keep(tx, changed, event, at=at, fields=changes)


async def confirm(tx: Transaction, offering_id: UUID, *, seen: int) -> Offering:
    """Say of an offering of one's own organisation that all of it is still so."""
    at = await tx.lock(rights.home_of(tx.actor))
    offering = await store.load(tx.sql, offering_id)
    rights.must_run(tx.actor, offering.organisation_id)
    await must_be_current(tx, offering, seen)
    confirmed, event = offering.confirm(by=tx.actor.id, at=at)
    return await _keep(tx, confirmed, event, at=at, fields=["confirmed_at"])


async def ask_to_confirm(tx: Transaction, due: Due) -> None:
    """Tell that nobody has confirmed an offering for ninety days."""
    at = await tx.lock(due.subject)
    event = (await store.load(tx.sql, due.owner)).ask_to_confirm(at=at)
    if event is not None:
        await tx.tell(event)


async def resume_by_clock(tx: Transaction, due: Due) -> None:
    """Open again what rested until today."""
    at = await tx.lock(due.subject)
    offering = await store.load(tx.sql, due.owner)
    if offering.resumes_at is not None and offering.resumes_at <= at:
        resumed, event = offering.resume(at=at)
        await _keep(tx, resumed, event, at=at, fields=["status", "paused_until"])


RINGS: Rings = {CONFIRM: ask_to_confirm, RESUME: resume_by_clock}


async def _keep(
    tx: Transaction, offering: Offering, event: OfferingChanged, *, at: datetime, fields: Iterable[str]
) -> Offering:
    await store.save(tx.sql, offering)
    await note_change(tx.sql, offering.id, offering.version, fields)
    await _set_clocks(tx, offering, at)
    await tx.tell(event)
    return offering


async def _set_clocks(tx: Transaction, offering: Offering, at: datetime) -> None:
    subject, timers = offering.organisation_id, [*_clocks_of(offering, at)]
    await set_timers(tx, owner=offering.id, subject=subject, timers=timers)


def _clocks_of(offering: Offering, at: datetime) -> Iterator[Timer]:
    """What is overdue has rung; it is not rung for again at each change, but in a week."""
    if offering.confirm_by is not None and offering.is_listed:
        overdue = offering.awaits_confirmation(at)
        yield Timer(CONFIRM, at + AGAIN if overdue else offering.confirm_by, offering.version)
    if offering.resumes_at is not None:
        yield Timer(RESUME, offering.resumes_at, offering.version)

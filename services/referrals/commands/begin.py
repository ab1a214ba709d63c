"""How every command on a referral begins: found, locked, loaded, permitted, current."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from pydantic import JsonValue

from shared.database import Transaction
from shared.errors import VersionStale
from shared.events import Event
from shared.vault import Keys

from ..domain.colleague import Colleague
from ..domain.consent import Consent
from ..domain.referral import Referral, Sides
from ..domain.timeline import Step
from ..domain.transitions import Command, permit
from ..store import referrals as store
from ..store import timeline


@dataclass(frozen=True, slots=True, kw_only=True)
class Begun:
    """A locked referral as this caller meets it, and the instant of the command."""

    referral: Referral
    release: Consent | None
    staff: Colleague
    by: Sides
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Which referral a command is for, and the version that its giver saw; None where none is asked for."""

    id: UUID
    seen: int | None = None


async def begin(
    tx: Transaction, command: Command, target: Target, keys: Keys, *, staff_id: UUID | None = None
) -> Begun:
    """Everything before the verb, in the order of the checks: 404, 403, 412."""
    at = await store.lock(tx, target.id)
    found = await store.load(tx.sql, target.id, staff_id=staff_id or tx.actor.id, keys=keys)
    sides = found.referral.sides_of(tx.actor)
    permit(command, sides, tx.actor.roles)
    await _must_be_current(tx, found.referral, target.seen)
    return Begun(referral=found.referral, release=found.release, staff=found.staff, by=sides, at=at)


async def finish(tx: Transaction, moved: Referral, event: Event) -> Referral:
    """Everything after the verb: saved with its clocks, and told."""
    await store.save(tx.sql, moved)
    await tx.tell(event)
    return moved


@asynccontextmanager
async def as_home(tx: Transaction, referral: Referral) -> AsyncIterator[None]:
    """Write what belongs to the sender, under the path's lock, as a consequence of the receiver's step."""
    await tx.act_for(referral.from_organisation_id)
    yield
    if tx.actor.organisation_id is not None:
        await tx.act_for(tx.actor.organisation_id)


async def _must_be_current(tx: Transaction, referral: Referral, seen: int | None) -> None:
    if seen is not None and seen != referral.version:
        changed = await timeline.steps(tx.sql, referral.id, after=seen)
        raise VersionStale(changed=[said(step) for step in changed])


def said(step: Step) -> dict[str, JsonValue]:
    """A step of the timeline as JSON."""
    return {
        "at": step.at.isoformat().replace("+00:00", "Z"),
        "command": step.command,
        "by_organisation_id": str(step.by_organisation_id) if step.by_organisation_id else None,
        "by_side": step.by_side,
        "state": step.state,
    }

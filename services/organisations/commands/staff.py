"""Staff and their pledges."""

from __future__ import annotations

from uuid import UUID

from shared.actor import ActorKind
from shared.database import Transaction
from shared.ids import new_id
from shared.timers import Due, Rings, Timer, set_timers

from ..domain import rights
from ..domain.days import end_of, local_date
from ..domain.organisation import Changes
from ..domain.sign_in import Holder
from ..domain.staff import Staff
from ..store import organisations, sign_in
from ..store import staff as store
from ..store.rows import note_change
from ..store.staff import Pledge
from . import substitutions
from .seen import must_be_current

ROLES_END = "roles-end"


async def appoint(tx: Transaction, staff: Staff, *, login: str | None) -> Staff:
    """Let somebody begin, with or without a login."""
    at = await tx.lock(staff.organisation_id)
    await organisations.load(tx.sql, staff.organisation_id)
    rights.must_run_or_onboard(tx.actor, staff.organisation_id)
    event = staff.appoint(by=tx.actor, today=local_date(at))
    await tx.act_for(staff.organisation_id)
    await _must_be_a_team_there(tx, staff)
    await store.add(tx.sql, staff)
    if login is not None:
        holder = Holder(kind=ActorKind.STAFF, id=staff.id, organisation_id=staff.organisation_id)
        await sign_in.give_login(tx.sql, login, holder)
    await _set_clock(tx, staff)
    await tx.tell(event)
    return staff


async def change(tx: Transaction, staff_id: UUID, *, seen: int, changes: Changes) -> Staff:
    """Move, rename, give other roles, let go or take back a member of one's own staff.

    Who is let go is signed out everywhere in the same transaction.
    """
    home = rights.home_of(tx.actor)
    at = await tx.lock(home)
    staff = await store.load(tx.sql, staff_id)
    rights.must_run(tx.actor, home)
    await must_be_current(tx, staff, seen)
    changed, event = staff.change(changes, by=tx.actor, today=local_date(at))
    await _must_be_a_team_there(tx, changed)
    await store.save(tx.sql, changed)
    await sign_in.keep_or_end(tx.sql, staff_id, active=changed.active)
    await note_change(tx.sql, changed.id, changed.version, changes)
    await _set_clock(tx, changed)
    await tx.tell(event)
    await substitutions.end_with(tx, before=staff, now=changed, at=at)
    return changed


async def end_roles(tx: Transaction, due: Due) -> None:
    """Let go of the roles whose last day is over, and wait for the next that will be."""
    at = await tx.now()
    staff = await store.load(tx.sql, due.owner)
    changed, event = staff.end_roles(today=local_date(at))
    await store.save(tx.sql, changed)
    await note_change(tx.sql, changed.id, changed.version, ["roles", "roles_until"])
    await _set_clock(tx, changed)
    await tx.tell(event)
    await substitutions.end_with(tx, before=staff, now=changed, at=at)


RINGS: Rings = {ROLES_END: end_roles}


async def _set_clock(tx: Transaction, staff: Staff) -> None:
    last_days = staff.roles_until.values() if staff.active else ()
    timers = [Timer(ROLES_END, end_of(min(last_days)), staff.version)] if last_days else []
    await set_timers(tx, owner=staff.id, subject=staff.organisation_id, timers=timers)


async def sign_pledge(tx: Transaction, *, staff_id: UUID | None, version: int) -> Pledge:
    """Sign the pledge of confidentiality, or write down that a member of one's own staff did."""
    rights.must_be_staff(tx.actor)
    at = await tx.lock(rights.home_of(tx.actor))
    staff = await store.load(tx.sql, staff_id or tx.actor.id)
    event = staff.sign(version, by=tx.actor, today=local_date(at))
    pledge = Pledge(
        id=new_id(),
        organisation_id=staff.organisation_id,
        staff_id=staff.id,
        version=version,
        signed_at=at,
        recorded_by=tx.actor.id,
    )
    await store.add_pledge(tx.sql, pledge)
    await tx.tell(event)
    return pledge


async def _must_be_a_team_there(tx: Transaction, staff: Staff) -> None:
    if staff.team_id is not None:
        await organisations.must_own_team(tx.sql, staff.organisation_id, staff.team_id)

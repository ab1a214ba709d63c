"""Errors in the directory: reported by anybody of the network's staff, settled by whose offering it is."""

from __future__ import annotations

from uuid import UUID

from shared.database import Transaction
from shared.events.organisations import ErrorKind
from shared.ids import new_id

from ..domain import rights
from ..domain.error_report import ErrorReport
from ..store import error_reports as store
from ..store import offerings
from ..store.rows import note_change
from .seen import must_be_current


async def report(tx: Transaction, offering_id: UUID, kind: ErrorKind) -> ErrorReport:
    """Tell an organisation that what it says of an offering is wrong."""
    rights.must_be_staff(tx.actor)
    by = rights.home_of(tx.actor)
    offering = await offerings.load(tx.sql, offering_id)
    at = await tx.lock(offering.organisation_id)
    reported, event = ErrorReport.about(offering, kind, id=new_id(), by=by, at=at)
    # It is the other organisation's from here on.
    await tx.act_for(offering.organisation_id)
    await store.add(tx.sql, reported)
    await tx.tell(event)
    return reported


async def settle(tx: Transaction, report_id: UUID, *, seen: int) -> ErrorReport:
    """Say that an error has been seen to."""
    home = rights.home_of(tx.actor)
    at = await tx.lock(home)
    found = await store.load(tx.sql, report_id)
    rights.must_run(tx.actor, found.organisation_id)
    await must_be_current(tx, found, seen)
    settled = found.settle(at)
    await store.save(tx.sql, settled)
    await note_change(tx.sql, settled.id, settled.version, ["settled_at"])
    return settled

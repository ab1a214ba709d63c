"""Errors in the directory: reported, seen and settled."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Response

from shared.events.base import Role
from shared.events.organisations import ErrorKind
from shared.http import Body, IfMatch, Instant, Nothing, Page, Route, Tx, created, for_roles, versioned

from ..commands import error_reports as commands
from ..domain.rights import STAFF_ROLES
from ..queries import lists as queries
from ..store import error_reports as store
from .shapes import Seen, Spanning, location

router = APIRouter(route_class=Route, tags=["offerings"])

OWN = for_roles(Role.ORGANISATION_ADMIN)


class ErrorReportGiven(Body):
    """A code alone: here is no place for words about a person."""

    kind: ErrorKind


class ErrorReportSeen(Seen):
    """Whose staff reported it is in the record: names and ids of others' staff are shown to nobody."""

    id: UUID
    version: int
    organisation_id: UUID
    offering_id: UUID
    kind: ErrorKind
    reported_at: Instant
    settled_at: Instant | None


@router.post("/offerings/{offering_id}/error-reports", status_code=201, openapi_extra=for_roles(*STAFF_ROLES))
async def report(offering_id: UUID, given: ErrorReportGiven, tx: Tx, response: Response) -> ErrorReportSeen:
    """Tell an organisation that what stands of its offering is wrong."""
    reported = await commands.report(tx, offering_id, given.kind)
    created(response, location("error-reports", reported.id), reported.version)
    return ErrorReportSeen.model_validate(reported)


@router.get("/error-reports")
async def reports(tx: Tx, span: Spanning) -> Page[ErrorReportSeen]:
    """What one's own organisation has been told and has not settled."""
    part = await queries.error_reports(tx.sql, span)
    return Page(items=[*map(ErrorReportSeen.model_validate, part.items)], next=part.next)


@router.get("/error-reports/{report_id}")
async def one_report(report_id: UUID, tx: Tx, response: Response) -> ErrorReportSeen:
    """One report to one's own organisation."""
    found = await store.load(tx.sql, report_id)
    versioned(response, found.version)
    return ErrorReportSeen.model_validate(found)


@router.post("/error-reports/{report_id}/settle", openapi_extra=OWN)
async def settle(
    report_id: UUID, _: Nothing, if_match: IfMatch, tx: Tx, response: Response
) -> ErrorReportSeen:
    """Say that an error has been seen to."""
    settled = await commands.settle(tx, report_id, seen=if_match)
    versioned(response, settled.version)
    return ErrorReportSeen.model_validate(settled)

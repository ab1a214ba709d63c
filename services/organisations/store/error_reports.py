"""Reports of errors, each in the organisation whose offering it is about."""

from __future__ import annotations

from uuid import UUID

from psycopg.rows import DictRow

from shared.database import Connection
from shared.events.organisations import ErrorKind

from ..domain.error_report import ErrorReport
from . import rows

_ADD = """
insert into error_reports
    (id, organisation_id, offering_id, kind, reported_by, reported_at, settled_at, version)
values (%s, %s, %s, %s, %s, %s, %s, %s)
"""


def as_report(row: DictRow) -> ErrorReport:
    return ErrorReport(**{**row, "kind": ErrorKind(row["kind"])})


async def load(sql: Connection, report_id: UUID) -> ErrorReport:
    """One of the tenant's; raises ``NotFound``."""
    return as_report(await rows.one(sql, "select * from error_reports where id = %s", report_id))


async def add(sql: Connection, report: ErrorReport) -> None:
    values = [
        report.id,
        report.organisation_id,
        report.offering_id,
        report.kind,
        report.reported_by,
        report.reported_at,
        report.settled_at,
        report.version,
    ]
    await sql.execute(_ADD, values)


async def save(sql: Connection, report: ErrorReport) -> None:
    query = "update error_reports set settled_at = %s, version = %s where id = %s"
    await sql.execute(query, [report.settled_at, report.version, report.id])

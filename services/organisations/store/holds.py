"""Places that are held; one that has ended stays as a row and counts no more."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from psycopg.rows import DictRow

from shared.database import Connection

from ..domain.hold import Hold
from . import rows

_ADD = """
insert into holds (organisation_id, id, offering_id, staff_id, began_at, ends_at, version) values (
    %(organisation_id)s, %(id)s, %(offering_id)s, %(staff_id)s, %(began_at)s, %(ends_at)s, %(version)s
)
"""

_USED = """
update holds set ends_at = %(at)s, version = version + 1
where organisation_id = %(organisation)s and offering_id = %(offering)s and staff_id = %(staff)s
    and began_at <= %(at)s and ends_at > %(at)s
"""

LIVE = """
select * from holds
where organisation_id = nullif(current_setting('app.org', true), '')::uuid and ends_at > app_now()
"""
"""The tenant's own."""


def as_hold(row: DictRow) -> Hold:
    return Hold(**row)


async def load(sql: Connection, hold_id: UUID) -> Hold:
    """One of the tenant's, ended or not; raises ``NotFound``."""
    query = """
    select * from holds where organisation_id = nullif(current_setting('app.org', true), '')::uuid and id = %s
    """
    return as_hold(await rows.one(sql, query, hold_id))


async def of_one(sql: Connection, offering_id: UUID, staff_id: UUID) -> UUID | None:
    """The hold that somebody of the tenant has there now."""
    row = await rows.first(sql, LIVE + " and offering_id = %s and staff_id = %s", offering_id, staff_id)
    return row["id"] if row else None


async def add(sql: Connection, hold: Hold) -> None:
    await sql.execute(_ADD, asdict(hold))


async def save(sql: Connection, hold: Hold) -> None:
    query = "update holds set ends_at = %s, version = %s where organisation_id = %s and id = %s"
    await sql.execute(query, (hold.ends_at, hold.version, hold.organisation_id, hold.id))


async def use(
    sql: Connection, *, organisation_id: UUID, offering_id: UUID, staff_id: UUID, at: datetime
) -> None:
    """End what somebody held there at a moment, because it has been used."""
    values = {"organisation": organisation_id, "offering": offering_id, "staff": staff_id, "at": at}
    await sql.execute(_USED, values)

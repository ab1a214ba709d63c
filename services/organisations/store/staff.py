"""Staff and the pledges they signed; the tenant sees its own alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from psycopg.rows import DictRow
from psycopg.types.json import Jsonb

from shared.database import Connection
from shared.events.base import Role

from ..domain.days import a_year_after, local_date
from ..domain.staff import Staff
from . import rows


@dataclass(frozen=True, slots=True, kw_only=True)
class Pledge:
    """That a member of staff signed one version of the pledge, and who wrote it down."""

    id: UUID
    organisation_id: UUID
    staff_id: UUID
    version: int
    signed_at: datetime
    recorded_by: UUID

    @property
    def valid_until(self) -> date:
        """The last day on which it binds."""
        return a_year_after(local_date(self.signed_at))


def as_staff(row: DictRow) -> Staff:
    return Staff(
        id=row["id"],
        organisation_id=row["organisation_id"],
        team_id=row["team_id"],
        name=row["name"],
        roles=frozenset(map(Role, row["roles"])),
        active=row["active"],
        version=row["version"],
        roles_until={Role(role): date.fromisoformat(last) for role, last in row["roles_until"].items()},
    )


def _until(staff: Staff) -> Jsonb:
    return Jsonb({role: last.isoformat() for role, last in sorted(staff.roles_until.items())})


def as_pledge(row: DictRow) -> Pledge:
    return Pledge(**row)


async def load(sql: Connection, staff_id: UUID) -> Staff:
    return as_staff(await rows.one(sql, "select * from staff where id = %s", staff_id))


async def add(sql: Connection, staff: Staff) -> None:
    await sql.execute(
        "insert into staff (organisation_id, id, team_id, name, roles, active, version, roles_until)"
        " values (%s, %s, %s, %s, %s, %s, %s, %s)",
        (
            staff.organisation_id,
            staff.id,
            staff.team_id,
            staff.name,
            sorted(staff.roles),
            staff.active,
            staff.version,
            _until(staff),
        ),
    )


async def save(sql: Connection, staff: Staff) -> None:
    await sql.execute(
        "update staff set team_id = %s, name = %s, roles = %s, active = %s, version = %s, roles_until = %s"
        " where organisation_id = %s and id = %s",
        (
            staff.team_id,
            staff.name,
            sorted(staff.roles),
            staff.active,
            staff.version,
            _until(staff),
            staff.organisation_id,
            staff.id,
        ),
    )


async def add_pledge(sql: Connection, pledge: Pledge) -> None:
    await sql.execute(
        "insert into pledges (organisation_id, id, staff_id, version, signed_at, recorded_by)"
        " values (%s, %s, %s, %s, %s, %s)",
        (
            pledge.organisation_id,
            pledge.id,
            pledge.staff_id,
            pledge.version,
            pledge.signed_at,
            pledge.recorded_by,
        ),
    )


async def load_pledge(sql: Connection, pledge_id: UUID) -> Pledge:
    return as_pledge(await rows.one(sql, "select * from pledges where id = %s", pledge_id))

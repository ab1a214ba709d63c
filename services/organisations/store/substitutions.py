"""Who stands in for whom; the tenant sees its own alone."""

from __future__ import annotations

from uuid import UUID

from psycopg.rows import DictRow

from shared.database import Connection

from ..domain.substitution import Substitution
from . import rows


def as_substitution(row: DictRow) -> Substitution:
    return Substitution(
        id=row["id"],
        organisation_id=row["organisation_id"],
        staff_id=row["staff_id"],
        substitute_id=row["substitute_id"],
        valid_from=row["valid_from"],
        valid_until=row["valid_until"],
        ended_at=row["ended_at"],
        version=row["version"],
    )


async def load(sql: Connection, substitution_id: UUID) -> Substitution:
    return as_substitution(await rows.one(sql, "select * from substitutions where id = %s", substitution_id))


async def of(sql: Connection, staff_id: UUID) -> list[Substitution]:
    """Those that nobody has ended, of one member of staff."""
    query = "select * from substitutions where staff_id = %s and ended_at is null order by id"
    return [*map(as_substitution, await (await sql.execute(query, (staff_id,))).fetchall())]


async def with_either(sql: Connection, staff_id: UUID) -> list[Substitution]:
    """Those that nobody has ended, in which a member of staff stands in or is stood in for."""
    query = (
        "select * from substitutions where %s in (staff_id, substitute_id) and ended_at is null order by id"
    )
    return [*map(as_substitution, await (await sql.execute(query, (staff_id,))).fetchall())]


async def add(sql: Connection, new: Substitution) -> None:
    await sql.execute(
        "insert into substitutions"
        " (organisation_id, id, staff_id, substitute_id, valid_from, valid_until, ended_at, version)"
        " values (%s, %s, %s, %s, %s, %s, %s, %s)",
        (
            new.organisation_id,
            new.id,
            new.staff_id,
            new.substitute_id,
            new.valid_from,
            new.valid_until,
            new.ended_at,
            new.version,
        ),
    )


async def save(sql: Connection, changed: Substitution) -> None:
    await sql.execute(
        "update substitutions set ended_at = %s, version = %s where organisation_id = %s and id = %s",
        (changed.ended_at, changed.version, changed.organisation_id, changed.id),
    )

"""Erasing a person: her rows, and the list of who was erased."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shared.crypto import Owner
from shared.database import Connection

from . import admissions, rows

_PATHS = """
select p.id, array(select a.id from paths a where a.person_id = p.id order by a.id) as paths
from persons p where p.id = %s
"""

_NOTE = "insert into erasures (person_id, org_id, at) values (%s, %s, %s) on conflict do nothing"


@dataclass(frozen=True, slots=True)
class Erased:
    """Somebody who was erased, and when."""

    person: Owner
    at: datetime


async def paths_of(sql: Connection, person_id: UUID) -> list[UUID]:
    """Her paths; raises `NotFound` for whom the tenant does not know, or knows no more."""
    found: list[UUID] = (await rows.one(sql, _PATHS, [person_id]))["paths"]
    return found


async def erase(sql: Connection, erased: Erased) -> None:
    """Take her out of the record, and note it."""
    await sql.execute(_NOTE, [*erased.person, erased.at])
    await admissions.erase(sql, erased.person.subject, at=erased.at)
    await sql.execute("select erase_person(%s, %s)", [erased.person.subject, erased.at])


async def noted(sql: Connection) -> list[Erased]:
    """Whom the tenant has erased."""
    found = await rows.many(sql, "select person_id, org_id, at from erasures order by at", [])
    return [Erased(Owner(row["person_id"], row["org_id"]), row["at"]) for row in found]

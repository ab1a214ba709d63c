"""The directory as HSDS asks for it: pages of services and organizations, and each one whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar
from uuid import UUID

from psycopg.rows import DictRow

from shared.database import Connection
from shared.errors import NotFound

from ..domain.hsds_services import Listed
from ..domain.hsds_terms import BY_ID, TAXONOMY_BY_ID
from ..domain.organisation import Organisation
from ..store import words
from ..store.offering_rows import COLUMNS, OPEN_TO_ALL, as_offering
from ..store.organisations import as_organisation
from ..store.rows import one

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What of the directory is asked for; all of it holds together.

    ``public``: only what is open to everybody, and has no secret where it is.
    """

    public: bool
    search: str | None = None
    organization_id: UUID | None = None
    taxonomy_term_id: UUID | None = None
    taxonomy_id: UUID | None = None
    modified_after: datetime | None = None


@dataclass(frozen=True, slots=True)
class Numbered(Generic[T]):
    """A numbered page, and of how many in all."""

    items: list[T]
    total: int


_COLUMN = {
    "need": "needs",
    "theme": "themes",
    "access": "access",
    "protective_factor": "protective_factors",
    "kind": "array[kind]",
}
"""Where an offering keeps its terms of each taxonomy."""

_TAKING_PART = """status <> 'ended'
and exists (select from organisations g where g.id = organisation_id and g.status = 'active')
"""
_PUBLIC = f"{OPEN_TO_ALL} and {_TAKING_PART}"

_ASKED = """(%(organization_id)s::uuid is null or organisation_id = %(organization_id)s)
and (%(modified_after)s::timestamptz is null or modified_at >= %(modified_after)s)
and (%(query)s::text is null or document @@ to_tsquery('swedish', %(query)s))
"""

_SERVICES = f"select {COLUMNS}, modified_at from offerings where "  # noqa: S608 - made of constants alone
_OF_ORGANISATIONS = f"""status = 'active' and (not %(public)s or exists (
    select from offerings where organisation_id = organisations.id and {OPEN_TO_ALL}
))
and (%(search)s::text is null or strpos(lower(name), lower(%(search)s)) > 0)
"""


async def services(
    sql: Connection, asked: Asked, *, limit: int, offset: int = 0, after: UUID | None = None
) -> list[Listed]:
    """The services asked for, in the order of publication."""
    where, values = await _condition(sql, asked)
    query = (
        f"{_SERVICES} {where} and (%(after)s::uuid is null or id > %(after)s)"
        " order by id limit %(limit)s offset %(offset)s"
    )
    more = {"limit": limit, "offset": offset, "after": after}
    rows = await (await sql.execute(query.encode(), {**values, **more})).fetchall()
    return await _listed(sql, rows)


async def page_of_services(sql: Connection, asked: Asked, *, number: int, size: int) -> Numbered[Listed]:
    where, values = await _condition(sql, asked)
    total = await _count(sql, f"select count(*) as n from offerings where {where}", values)  # noqa: S608
    return Numbered(await services(sql, asked, limit=size, offset=(number - 1) * size), total)


async def service(sql: Connection, service_id: UUID, *, public: bool) -> Listed:
    """One service; raises ``NotFound``, for one that is not open to whoever asks as well."""
    row = await one(sql, f"{_SERVICES} id = %s and {_PUBLIC if public else _TAKING_PART}", service_id)
    return (await _listed(sql, [row]))[0]


async def page_of_organizations(
    sql: Connection, *, public: bool, search: str | None, number: int, size: int
) -> Numbered[Organisation]:
    values = {"public": public, "search": search, "limit": size, "offset": (number - 1) * size}
    total = await _count(sql, f"select count(*) as n from organisations where {_OF_ORGANISATIONS}", values)  # noqa: S608
    query = (
        f"select * from organisations where {_OF_ORGANISATIONS} order by id limit %(limit)s offset %(offset)s"  # noqa: S608
    )
    rows = await (await sql.execute(query.encode(), values)).fetchall()
    return Numbered([*map(as_organisation, rows)], total)


async def organization(sql: Connection, organisation_id: UUID, *, public: bool) -> Organisation:
    """One organization; raises ``NotFound``, for one that offers nothing open to whoever asks as well."""
    values = {"public": public, "search": None, "id": organisation_id}
    query = f"select * from organisations where id = %(id)s and {_OF_ORGANISATIONS}"  # noqa: S608
    row = await (await sql.execute(query.encode(), values)).fetchone()
    if row is None:
        raise NotFound
    return as_organisation(row)


async def _count(sql: Connection, query: str, values: Mapping[str, Any]) -> int:
    row = await (await sql.execute(query.encode(), values)).fetchone()
    assert row is not None  # noqa: S101 - an aggregate
    n: int = row["n"]
    return n


async def _condition(sql: Connection, asked: Asked) -> tuple[str, dict[str, Any]]:
    """What is asked for as a condition; what names a term or word that is not ours finds nothing."""
    query = await words.meant_by(sql, asked.search) if asked.search else None
    values = {
        "organization_id": asked.organization_id,
        "modified_after": asked.modified_after,
        "query": query,
    }
    conditions = [_PUBLIC if asked.public else _TAKING_PART, _ASKED]
    if asked.search and query is None:
        conditions.append("false")
    if asked.taxonomy_term_id is not None:
        term = BY_ID.get(asked.taxonomy_term_id)
        conditions.append(f"{_COLUMN[term.taxonomy]} @> array[%(code)s::text]" if term else "false")
        values["code"] = term.code if term else None
    if asked.taxonomy_id is not None:
        name = TAXONOMY_BY_ID.get(asked.taxonomy_id)
        conditions.append(f"cardinality({_COLUMN[name]}) > 0" if name else "false")
    return " and ".join(conditions), values


async def _listed(sql: Connection, rows: list[DictRow]) -> list[Listed]:
    asked = [[*{row["organisation_id"] for row in rows}]]
    found = await (await sql.execute("select * from organisations where id = any (%s)", asked)).fetchall()
    whose = {row["id"]: as_organisation(row) for row in found}
    return [
        Listed(
            offering=as_offering(row),
            organisation=whose[row["organisation_id"]],
            modified_at=row["modified_at"],
        )
        for row in rows
    ]

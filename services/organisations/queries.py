"""The directory's lists, in the order in which things were written down."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from uuid import UUID

from psycopg.rows import DictRow

from shared.database import Connection
from shared.events.base import Area, NeedCode, Theme

from .domain.agreement import Agreement
from .domain.offering import Offering
from .domain.organisation import Organisation, Team
from .domain.staff import Staff
from .store.agreements import as_agreement
from .store.offerings import as_offering
from .store.organisations import as_organisation, as_team
from .store.rows import one
from .store.staff import Pledge, as_pledge, as_staff

T = TypeVar("T")

DEPARTED = "select staff_id as id from departures"
"""Who has left so lately that a token of theirs may live."""

_FROM_THE_CURSOR = " and (%(after)s::uuid is null or id > %(after)s) order by id limit %(limit)s"

_STAFF = """
select staff.*, logins.login from staff
left join logins
    on logins.organisation_id = staff.organisation_id
    and logins.kind = 'staff' and logins.holder_id = staff.id
where true
"""

_OFFERINGS = """
select * from offerings
where status <> 'ended'
    and (%(need)s::text is null or %(need)s = any(needs))
    and (%(theme)s::text is null or %(theme)s = any(themes))
    and (%(area)s::text is null or areas = '{}' or %(area)s = any(areas))
    and (%(language)s::text is null or %(language)s = any(languages))
    and (%(age)s::integer is null or %(age)s between coalesce(age_from, 0) and coalesce(age_to, %(age)s))
    and (%(text)s::text is null or strpos(lower(name), lower(%(text)s)) > 0)
"""


@dataclass(frozen=True, slots=True)
class Part(Generic[T]):
    """A part of a list; ``next`` is the id to go on after, if there is more."""

    items: list[T]
    next: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Which part of a list: at most ``limit`` items, after the one with this id."""

    after: UUID | None
    limit: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What an offering is sought by; ``None`` leaves it open.

    An offering that names no area is for the whole city.
    """

    need: NeedCode | None = None
    theme: Theme | None = None
    area: Area | None = None
    language: str | None = None
    age: int | None = None
    text: str | None = None


async def organisations(sql: Connection, span: Span) -> Part[Organisation]:
    return await _part(sql, "select * from organisations where true", {}, span, as_organisation)


async def teams(sql: Connection, span: Span, *, organisation_id: UUID | None) -> Part[Team]:
    query = "select * from teams where (%(of)s::uuid is null or organisation_id = %(of)s)"
    return await _part(sql, query, {"of": organisation_id}, span, as_team)


async def staff(sql: Connection, span: Span) -> Part[tuple[Staff, str | None]]:
    """The tenant's staff, each with the login."""
    return await _part(sql, _STAFF, {}, span, _with_login)


async def colleague(sql: Connection, staff_id: UUID) -> tuple[Staff, str | None]:
    """One of the tenant's staff, with the login; raises ``NotFound``."""
    return _with_login(await one(sql, _STAFF + " and id = %s", staff_id))


def _with_login(row: DictRow) -> tuple[Staff, str | None]:
    return as_staff(row), row["login"]


async def pledges(sql: Connection, span: Span) -> Part[Pledge]:
    """The pledges that the tenant's staff signed."""
    return await _part(sql, "select * from pledges where true", {}, span, as_pledge)


async def offerings(sql: Connection, span: Span, wanted: Wanted) -> Part[Offering]:
    """The offerings that fit, but for those that have ended."""
    sought = {
        "need": wanted.need,
        "theme": wanted.theme,
        "area": wanted.area,
        "language": wanted.language,
        "age": wanted.age,
        "text": wanted.text,
    }
    return await _part(sql, _OFFERINGS, sought, span, as_offering)


async def agreements(sql: Connection, span: Span) -> Part[Agreement]:
    return await _part(sql, "select * from agreements where true", {}, span, as_agreement)


async def _part(
    sql: Connection, query: str, values: Mapping[str, Any], span: Span, build: Callable[[DictRow], T]
) -> Part[T]:
    one_more = {"after": span.after, "limit": span.limit + 1}
    rows = await (await sql.execute(query + _FROM_THE_CURSOR, {**values, **one_more})).fetchall()
    shown = rows[: span.limit]
    return Part([*map(build, shown)], str(shown[-1]["id"]) if len(rows) > span.limit else None)

"""The directory's lists, in the order in which things were written down."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar
from uuid import UUID

from psycopg.rows import DictRow

from shared.database import Connection

from ..domain.agreement import Agreement
from ..domain.error_report import ErrorReport
from ..domain.invitation import Invitation
from ..domain.onboarding import Checklist
from ..domain.organisation import Organisation, Team
from ..domain.staff import PLEDGE_IN_FORCE, Staff
from ..domain.substitution import Substitution
from ..store.agreements import as_agreement
from ..store.error_reports import as_report
from ..store.invitations import as_invitation
from ..store.organisations import TEAMS, as_organisation, as_team
from ..store.rows import one
from ..store.staff import Pledge, as_pledge, as_staff
from ..store.substitutions import as_substitution

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


_LEFT_NEEDS = """
select * from (
    select o.id, o.id as organisation_id, o.status, count(*) as needs
    from organisations o join open_needs n on n.organisation_id = o.id
    where o.status <> 'active' group by o.id
) as left_over where true
"""

_CHECKLIST = """
with today as (select (app_now() at time zone 'Europe/Stockholm')::date as day),
agreed as (
    select kind from agreements, today
    where parties @> array[%(of)s::uuid] and ended_at is null
        and valid_from <= day and coalesce(valid_until, day) >= day
),
receiving as (
    select id from staff
    where organisation_id = %(of)s and active and team_id is not null and 'recipient' = any(roles)
)
select
    (select sector is not null and legal_kind is not null from organisations where id = %(of)s) as profile,
    exists (select from teams where organisation_id = %(of)s) as team,
    exists (select from receiving) as recipient,
    exists (
        select from receiving r join pledges p on p.staff_id = r.id, today
        where p.version = %(pledge)s
            and (p.signed_at at time zone 'Europe/Stockholm')::date + interval '1 year' >= day
    ) as pledge,
    exists (select from agreed where kind <> 'data_protection') as agreement,
    exists (select from agreed where kind = 'data_protection') as data_protection,
    exists (
        select from offerings where organisation_id = %(of)s and status not in ('paused', 'ended')
    ) as offering
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


async def organisations(sql: Connection, span: Span) -> Part[Organisation]:
    return await part_of(sql, "select * from organisations where true", {}, span, as_organisation)


async def left_needs(sql: Connection, span: Span) -> Part[DictRow]:
    """Who takes no part and yet is the home of needs, and of how many."""
    return await part_of(sql, _LEFT_NEEDS, {}, span, dict)


async def checklist(sql: Connection, organisation_id: UUID) -> Checklist:
    """What the organisation has done to join; in its own tenant, for its staff and pledges are its own."""
    row = await (await sql.execute(_CHECKLIST, {"of": organisation_id, "pledge": PLEDGE_IN_FORCE})).fetchone()
    assert row is not None  # noqa: S101 - a select without a from
    return Checklist.of(row)


async def invitations(sql: Connection, span: Span) -> Part[Invitation]:
    return await part_of(sql, "select * from invitations where true", {}, span, as_invitation)


async def teams(sql: Connection, span: Span, *, organisation_id: UUID | None) -> Part[Team]:
    query = TEAMS + " and (%(of)s::uuid is null or teams.organisation_id = %(of)s)"
    return await part_of(sql, query, {"of": organisation_id}, span, as_team)


async def staff(sql: Connection, span: Span) -> Part[tuple[Staff, str | None]]:
    """The tenant's staff, each with the login."""
    return await part_of(sql, _STAFF, {}, span, _with_login)


async def colleague(sql: Connection, staff_id: UUID) -> tuple[Staff, str | None]:
    """One of the tenant's staff, with the login; raises ``NotFound``."""
    return _with_login(await one(sql, _STAFF + " and id = %s", staff_id))


def _with_login(row: DictRow) -> tuple[Staff, str | None]:
    return as_staff(row), row["login"]


async def pledges(sql: Connection, span: Span) -> Part[Pledge]:
    """The pledges that the tenant's staff signed."""
    return await part_of(sql, "select * from pledges where true", {}, span, as_pledge)


async def error_reports(sql: Connection, span: Span) -> Part[ErrorReport]:
    """What the tenant has been told is wrong and has not settled."""
    query = "select * from error_reports where settled_at is null"
    return await part_of(sql, query, {}, span, as_report)


async def names_of(sql: Connection, organisation_ids: Iterable[UUID]) -> dict[UUID, str]:
    """What organisations are called."""
    query = "select id, name from organisations where id = any (%s)"
    rows = await sql.execute(query, [[*organisation_ids]])
    return {row["id"]: row["name"] async for row in rows}


async def substitutions(sql: Connection, span: Span) -> Part[Substitution]:
    """Who of the tenant's staff stood, stands or will stand in for whom."""
    return await part_of(sql, "select * from substitutions where true", {}, span, as_substitution)


async def agreements(sql: Connection, span: Span) -> Part[Agreement]:
    return await part_of(sql, "select * from agreements where true", {}, span, as_agreement)


async def part_of(
    sql: Connection, query: str, values: Mapping[str, Any], span: Span, build: Callable[[DictRow], T]
) -> Part[T]:
    one_more = {"after": span.after, "limit": span.limit + 1}
    rows = await (await sql.execute(query + _FROM_THE_CURSOR, {**values, **one_more})).fetchall()
    shown = rows[: span.limit]
    return Part([*map(build, shown)], str(shown[-1]["id"]) if len(rows) > span.limit else None)

"""Organisations and their teams."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from uuid import UUID

from psycopg.rows import DictRow

from shared.database import Connection
from shared.errors import NotFound
from shared.events.organisations import OrganisationKind, OrganisationStatus

from ..domain.organisation import Organisation, Team
from ..domain.profile import LegalKind, Sector
from . import rows

TEAMS = """
select teams.*, fallbacks.fallback_team_id from teams left join fallbacks
    on fallbacks.organisation_id = teams.organisation_id and fallbacks.team_id = teams.id
where true
"""


_ADD = """
insert into organisations (
    id, name, kind, status, version, sector, legal_kind, provides_social_services, organisation_number,
    most_at_once
) values (
    %(id)s, %(name)s, %(kind)s, %(status)s, %(version)s, %(sector)s, %(legal_kind)s,
    %(provides_social_services)s, %(organisation_number)s, %(most_at_once)s
)
"""

_SAVE = """
update organisations set
    name = %(name)s, kind = %(kind)s, status = %(status)s, version = %(version)s, sector = %(sector)s,
    legal_kind = %(legal_kind)s, provides_social_services = %(provides_social_services)s,
    organisation_number = %(organisation_number)s, most_at_once = %(most_at_once)s
where id = %(id)s
"""


def as_organisation(row: DictRow) -> Organisation:
    return Organisation(
        id=row["id"],
        name=row["name"],
        kind=OrganisationKind(row["kind"]),
        status=OrganisationStatus(row["status"]),
        version=row["version"],
        sector=Sector(row["sector"]) if row["sector"] else None,
        legal_kind=LegalKind(row["legal_kind"]) if row["legal_kind"] else None,
        provides_social_services=row["provides_social_services"],
        organisation_number=row["organisation_number"],
        most_at_once=row["most_at_once"],
    )


def as_team(row: DictRow) -> Team:
    return Team(**row)


async def load(sql: Connection, organisation_id: UUID) -> Organisation:
    return as_organisation(await rows.one(sql, "select * from organisations where id = %s", organisation_id))


async def must_exist(sql: Connection, organisation_ids: Sequence[UUID]) -> None:
    """Raise ``NotFound`` unless every one of the organisations is known."""
    row = await rows.one(
        sql, "select count(*) as known from organisations where id = any(%s)", [*organisation_ids]
    )
    if row["known"] < len(set(organisation_ids)):
        raise NotFound


async def add(sql: Connection, organisation: Organisation) -> None:
    await sql.execute(_ADD, asdict(organisation))


async def save(sql: Connection, organisation: Organisation) -> None:
    await sql.execute(_SAVE, asdict(organisation))


async def load_team(sql: Connection, team_id: UUID) -> Team:
    return as_team(await rows.one(sql, TEAMS + " and id = %s", team_id))


async def must_own_team(sql: Connection, organisation_id: UUID, team_id: UUID) -> None:
    """Raise ``NotFound`` unless the team is the organisation's."""
    await rows.one(sql, "select from teams where organisation_id = %s and id = %s", organisation_id, team_id)


async def add_team(sql: Connection, team: Team) -> None:
    await sql.execute(
        "insert into teams (id, organisation_id, name, version) values (%s, %s, %s, %s)",
        (team.id, team.organisation_id, team.name, team.version),
    )


async def save_team(sql: Connection, team: Team) -> None:
    await sql.execute(
        "update teams set name = %s, version = %s where id = %s", (team.name, team.version, team.id)
    )
    await sql.execute(
        "insert into fallbacks (organisation_id, team_id, fallback_team_id) values (%s, %s, %s)"
        " on conflict (organisation_id, team_id) do update set fallback_team_id = excluded.fallback_team_id",
        (team.organisation_id, team.id, team.fallback_team_id),
    )

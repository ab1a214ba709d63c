"""Invitations: asked for by their digests before anybody's organisation is known."""

from __future__ import annotations

from dataclasses import asdict
from uuid import UUID

from psycopg.rows import DictRow

from shared.database import Connection
from shared.events.organisations import OrganisationKind

from ..domain.invitation import Invitation, InvitationOver
from ..domain.profile import LegalKind, Sector
from . import rows

_ADD = """
insert into invitations (
    id, digest, name, kind, sector, legal_kind, provides_social_services, invited_by, made_at, expires_at
) values (
    %(id)s, %(digest)s, %(name)s, %(kind)s, %(sector)s, %(legal_kind)s, %(provides_social_services)s,
    %(invited_by)s, %(made_at)s, %(expires_at)s
)
"""


def as_invitation(row: DictRow) -> Invitation:
    return Invitation(
        id=row["id"],
        digest=row["digest"],
        name=row["name"],
        kind=OrganisationKind(row["kind"]),
        sector=Sector(row["sector"]) if row["sector"] else None,
        legal_kind=LegalKind(row["legal_kind"]) if row["legal_kind"] else None,
        provides_social_services=row["provides_social_services"],
        invited_by=row["invited_by"],
        made_at=row["made_at"],
        expires_at=row["expires_at"],
        used_at=row["used_at"],
        organisation_id=row["organisation_id"],
        revoked_at=row["revoked_at"],
    )


async def load(sql: Connection, digest: bytes) -> Invitation:
    """The invitation, locked until the end; raises ``InvitationOver`` for a secret that is nobody's."""
    row = await rows.first(sql, "select * from invitations where digest = %s for update", digest)
    if row is None:
        raise InvitationOver
    return as_invitation(row)


async def load_by_id(sql: Connection, invitation_id: UUID) -> Invitation:
    """The invitation, locked until the end; raises ``NotFound``."""
    return as_invitation(
        await rows.one(sql, "select * from invitations where id = %s for update", invitation_id)
    )


async def add(sql: Connection, new: Invitation) -> None:
    await sql.execute(_ADD, asdict(new))


async def save(sql: Connection, changed: Invitation) -> None:
    await sql.execute(
        "update invitations set used_at = %s, organisation_id = %s, revoked_at = %s where id = %s",
        (changed.used_at, changed.organisation_id, changed.revoked_at, changed.id),
    )

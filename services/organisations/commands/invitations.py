"""Invitations: made by those who bring organisations in, and used by whoever holds the secret."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from shared.actor import ActorKind
from shared.database import Transaction
from shared.events.base import Role
from shared.ids import new_id

from ..domain import rights
from ..domain.days import local_date
from ..domain.invitation import Invitation
from ..domain.organisation import Organisation, Team
from ..domain.sign_in import Holder, digest_of
from ..domain.staff import Staff
from ..store import invitations as store
from ..store import organisations, sign_in, staff
from .seen import must_be_current


@dataclass(frozen=True, slots=True, kw_only=True)
class Joining:
    """What those who come in say of themselves."""

    secret: str
    name: str | None
    team_name: str
    admin_name: str
    login: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Joined:
    """What an invitation has made: an organisation with one team and its first administrator."""

    organisation_id: UUID
    team_id: UUID
    staff_id: UUID


async def invite(tx: Transaction, said: Mapping[str, Any]) -> tuple[str, Invitation]:
    """Invite an organisation; the secret is kept nowhere but in the sealed answer of this request."""
    tx.actor.must_be(*rights.ONBOARDS)
    secret = secrets.token_urlsafe(32)
    invitation = Invitation.make(secret, at=await tx.now(), id=new_id(), invited_by=tx.actor.id, **said)
    await store.add(tx.sql, invitation)
    return secret, invitation


async def revoke(tx: Transaction, invitation_id: UUID, *, seen: int) -> Invitation:
    """Take an invitation back: its secret opens nothing any more."""
    tx.actor.must_be(*rights.ONBOARDS)
    invitation = await store.load_by_id(tx.sql, invitation_id)
    await must_be_current(tx, invitation, seen)
    revoked = invitation.revoke(at=await tx.now())
    await store.save(tx.sql, revoked)
    return revoked


async def join(tx: Transaction, asked: Joining) -> Joined:
    """Come in by an invitation, under the name that it says unless another is given."""
    invitation = await store.load(tx.sql, digest_of(asked.secret))
    organisation, registered = Organisation.register(
        id=new_id(),
        name=asked.name or invitation.name,
        kind=invitation.kind,
        profile=invitation.profile,
    )
    at = await tx.lock(organisation.id)
    used = invitation.use(organisation_id=organisation.id, at=at)
    await tx.act_for(organisation.id)
    await organisations.add(tx.sql, organisation)
    await store.save(tx.sql, used)
    await tx.tell(registered)
    team, opened = Team.open(id=new_id(), organisation_id=organisation.id, name=asked.team_name)
    await organisations.add_team(tx.sql, team)
    await tx.tell(opened)
    admin = _first_administrator(team, asked.admin_name)
    await _appoint(tx, admin, login=asked.login, today=local_date(at))
    return Joined(organisation_id=organisation.id, team_id=team.id, staff_id=admin.id)


async def _appoint(tx: Transaction, admin: Staff, *, login: str, today: date) -> None:
    appointed = admin.appoint(by=tx.actor, today=today)
    await staff.add(tx.sql, admin)
    holder = Holder(kind=ActorKind.STAFF, id=admin.id, organisation_id=admin.organisation_id)
    await sign_in.give_login(tx.sql, login, holder)
    await tx.tell(appointed)


def _first_administrator(team: Team, name: str) -> Staff:
    return Staff(
        id=new_id(),
        organisation_id=team.organisation_id,
        team_id=team.id,
        name=name,
        roles=frozenset({Role.ORGANISATION_ADMIN}),
        active=True,
        version=1,
    )

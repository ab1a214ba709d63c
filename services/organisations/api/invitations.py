"""Bringing an association in: an invitation, and joining by it.

Whoever joins has no access token yet, and so no Idempotency-Key: the secret works once.
"""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request, Response
from pydantic import Field

from shared.events.base import Role
from shared.events.organisations import OrganisationKind
from shared.http import (
    Body,
    Caller,
    IfMatch,
    Instant,
    Nothing,
    Page,
    Route,
    Tx,
    for_roles,
    refusing,
    versioned,
)

from ..commands import invitations as commands
from ..domain import rights
from ..domain.invitation import InvitationOver
from ..domain.profile import LegalKind, Sector
from ..domain.sign_in import LoginTaken
from ..queries import lists as queries
from .opening import opened
from .shapes import Login, Name, Seen, Spanning, location

router = APIRouter(route_class=Route, tags=["organisations"])
joining = APIRouter(tags=["organisations"])

NETWORK = for_roles(Role.NETWORK_ADMIN, Role.COORDINATOR)


class InvitationGiven(Body):
    """Who is invited, as what; the name may be corrected by those who join."""

    name: Name
    kind: OrganisationKind
    sector: Sector | None = None
    legal_kind: LegalKind | None = None
    provides_social_services: bool = False


class InvitationSeen(Seen):
    id: UUID
    name: str
    kind: OrganisationKind
    made_at: Instant
    expires_at: Instant
    used_at: Instant | None
    organisation_id: UUID | None
    revoked_at: Instant | None
    version: int


class Invited(InvitationSeen):
    """The invitation and its secret, which is shown this once; it is for the one who is invited."""

    secret: str


class JoinAsked(Body):
    """The secret, the organisation's first team, and its first administrator with a login."""

    secret: Annotated[str, Field(min_length=1, max_length=200)]
    name: Name | None = None
    team_name: Name
    admin_name: Name
    login: Login


class JoinedSeen(Seen):
    organisation_id: UUID
    team_id: UUID
    staff_id: UUID


@router.post("/invitations", status_code=201, openapi_extra=NETWORK)
async def invite(given: InvitationGiven, tx: Tx, response: Response) -> Invited:
    """Invite an organisation: by the secret it comes in once, within two weeks."""
    secret, invitation = await commands.invite(tx, dict(given))
    response.headers["Location"] = "/invitations"
    seen = InvitationSeen.model_validate(invitation)
    return Invited(secret=secret, **dict(seen))


@router.get("/invitations", openapi_extra=NETWORK)
async def all_invitations(tx: Tx, caller: Caller, span: Spanning) -> Page[InvitationSeen]:
    """Every invitation, oldest first, with what came of it."""
    caller.must_be(*rights.ONBOARDS)
    part = await queries.invitations(tx.sql, span)
    return Page(items=[*map(InvitationSeen.model_validate, part.items)], next=part.next)


@router.post(
    "/invitations/{invitation_id}/revoke",
    openapi_extra=for_roles(Role.NETWORK_ADMIN, Role.COORDINATOR, refuses=[InvitationOver]),
)
async def revoke(
    invitation_id: UUID, _: Nothing, if_match: IfMatch, tx: Tx, response: Response
) -> InvitationSeen:
    """Take an invitation back before it is used; it stays in the list as revoked."""
    revoked = await commands.revoke(tx, invitation_id, seen=if_match)
    versioned(response, revoked.version)
    return InvitationSeen.model_validate(revoked)


@joining.post(
    "/invitations/acceptance",
    status_code=201,
    openapi_extra=refusing(InvitationOver, LoginTaken),
)
async def join(asked: JoinAsked, request: Request, response: Response) -> JoinedSeen:
    """Come in by an invitation: the organisation, its first team and its first administrator, at once.

    Guesses are not counted: the secret has 256 bits.
    """
    async with opened(request) as tx:
        joined = await commands.join(tx, commands.Joining(**dict(asked)))
    response.headers["Location"] = location("organisations", joined.organisation_id)
    return JoinedSeen.model_validate(joined)

"""Organisations and their teams."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Response

from shared.events.base import Role
from shared.events.organisations import OrganisationKind, OrganisationStatus
from shared.http import Body, IfMatch, Page, Route, Tx, created, for_roles, versioned

from .. import queries
from ..commands import organisations as commands
from ..store import organisations as store
from .shapes import Name, Seen, Spanning, left_alone, location, sent

router = APIRouter(route_class=Route, tags=["organisations"])

ONBOARDING = for_roles(Role.NETWORK_ADMIN, Role.COORDINATOR)
OWN_OR_ONBOARDING = for_roles(Role.NETWORK_ADMIN, Role.COORDINATOR, Role.ORGANISATION_ADMIN)


class OrganisationGiven(Body):
    name: Name
    kind: OrganisationKind


class OrganisationChange(Body):
    name: Name = left_alone()
    kind: OrganisationKind = left_alone()
    status: OrganisationStatus = left_alone()


class OrganisationSeen(Seen):
    id: UUID
    name: str
    kind: OrganisationKind
    status: OrganisationStatus
    version: int


class TeamGiven(Body):
    organisation_id: UUID
    name: Name


class TeamChange(Body):
    """Another name, or another team that is reached when nobody of this one is on duty, or none."""

    name: Name = left_alone()
    fallback_team_id: UUID | None = None


class TeamSeen(Seen):
    id: UUID
    organisation_id: UUID
    name: str
    fallback_team_id: UUID | None
    version: int


@router.post("/organisations", status_code=201, openapi_extra=ONBOARDING)
async def register(given: OrganisationGiven, tx: Tx, response: Response) -> OrganisationSeen:
    """Bring an organisation into the network."""
    organisation = await commands.register(tx, name=given.name, kind=given.kind)
    created(response, location("organisations", organisation.id), organisation.version)
    return OrganisationSeen.model_validate(organisation)


@router.get("/organisations")
async def all_organisations(tx: Tx, span: Spanning) -> Page[OrganisationSeen]:
    """Every organisation of the network, oldest first."""
    part = await queries.organisations(tx.sql, span)
    return Page(items=[*map(OrganisationSeen.model_validate, part.items)], next=part.next)


@router.get("/organisations/{organisation_id}")
async def one_organisation(organisation_id: UUID, tx: Tx, response: Response) -> OrganisationSeen:
    """One organisation."""
    organisation = await store.load(tx.sql, organisation_id)
    versioned(response, organisation.version)
    return OrganisationSeen.model_validate(organisation)


@router.patch("/organisations/{organisation_id}", openapi_extra=OWN_OR_ONBOARDING)
async def change(
    organisation_id: UUID, change: OrganisationChange, seen: IfMatch, tx: Tx, response: Response
) -> OrganisationSeen:
    """Rename, pause, close or open an organisation; its kind is the network's to correct."""
    organisation = await commands.change(tx, organisation_id, seen=seen, changes=sent(change))
    versioned(response, organisation.version)
    return OrganisationSeen.model_validate(organisation)


@router.post("/teams", status_code=201, openapi_extra=OWN_OR_ONBOARDING)
async def open_team(given: TeamGiven, tx: Tx, response: Response) -> TeamSeen:
    """Begin a team that referrals can go to and come from."""
    team = await commands.open_team(tx, organisation_id=given.organisation_id, name=given.name)
    created(response, location("teams", team.id), team.version)
    return TeamSeen.model_validate(team)


@router.get("/teams")
async def all_teams(tx: Tx, span: Spanning, organisation_id: UUID | None = None) -> Page[TeamSeen]:
    """Every team, or one organisation's, oldest first."""
    part = await queries.teams(tx.sql, span, organisation_id=organisation_id)
    return Page(items=[*map(TeamSeen.model_validate, part.items)], next=part.next)


@router.get("/teams/{team_id}")
async def one_team(team_id: UUID, tx: Tx, response: Response) -> TeamSeen:
    """One team."""
    team = await store.load_team(tx.sql, team_id)
    versioned(response, team.version)
    return TeamSeen.model_validate(team)


@router.patch("/teams/{team_id}", openapi_extra=for_roles(Role.ORGANISATION_ADMIN))
async def change_team(
    team_id: UUID, change: TeamChange, seen: IfMatch, tx: Tx, response: Response
) -> TeamSeen:
    """Rename a team of one's own organisation, or say which other stands in for it."""
    team = await commands.change_team(tx, team_id, seen=seen, changes=sent(change))
    versioned(response, team.version)
    return TeamSeen.model_validate(team)

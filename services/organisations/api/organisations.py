"""Organisations and their teams."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import AfterValidator, Field, StringConstraints

from shared.events.base import Role
from shared.events.organisations import OrganisationKind, OrganisationStatus
from shared.http import Body, Caller, IfMatch, Page, Route, Tx, created, for_roles, versioned

from ..commands import organisations as commands
from ..domain import rights
from ..domain.onboarding import Step
from ..domain.organisation import NeedsOpen
from ..domain.profile import LegalKind, Protection, Sector, organisation_number
from ..queries import lists as queries
from ..store import organisations as store
from .shapes import Name, Seen, Spanning, left_alone, location, sent

router = APIRouter(route_class=Route, tags=["organisations"])

ONBOARDING = for_roles(Role.NETWORK_ADMIN, Role.COORDINATOR)
OWN_OR_ONBOARDING = for_roles(Role.NETWORK_ADMIN, Role.COORDINATOR, Role.ORGANISATION_ADMIN)


OrganisationNumber = Annotated[
    str,
    StringConstraints(max_length=20),
    AfterValidator(organisation_number),
    Field(examples=["212000-1157"]),
]


class Profile(Body):
    """What may be said of an organisation, or left open.

    ``provides_social_services``: professionally, under the social services act (SoL 17:11).
    ``most_at_once``: above so many referrals a sender is told that it is full.
    """

    sector: Sector | None = None
    legal_kind: LegalKind | None = None
    provides_social_services: bool = False
    organisation_number: OrganisationNumber | None = None
    most_at_once: Annotated[int, Field(ge=1, le=100_000)] | None = None


class OrganisationGiven(Profile):
    name: Name
    kind: OrganisationKind


class OrganisationChange(Profile):
    name: Name = left_alone()
    kind: OrganisationKind = left_alone()
    status: OrganisationStatus = left_alone()


class OrganisationSeen(Seen):
    id: UUID
    name: str
    kind: OrganisationKind
    status: OrganisationStatus
    sector: Sector | None
    legal_kind: LegalKind | None
    provides_social_services: bool
    protection: Protection
    organisation_number: str | None
    most_at_once: int | None
    version: int


class LeftSeen(Seen):
    """An organisation that takes no part and is the home of so many needs: somebody must take them over."""

    organisation_id: UUID
    status: OrganisationStatus
    needs: int


class StepSeen(Seen):
    step: Step
    done: bool


class ChecklistSeen(Seen):
    """Each step of joining, and whether it is done; ``complete`` when all are."""

    items: list[StepSeen]
    complete: bool


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
    profile = {name: value for name, value in sent(given).items() if name in Profile.model_fields}
    organisation = await commands.register(tx, name=given.name, kind=given.kind, profile=profile)
    created(response, location("organisations", organisation.id), organisation.version)
    return OrganisationSeen.model_validate(organisation)


@router.get("/organisations")
async def all_organisations(tx: Tx, span: Spanning) -> Page[OrganisationSeen]:
    """Every organisation of the network, oldest first."""
    part = await queries.organisations(tx.sql, span)
    return Page(items=[*map(OrganisationSeen.model_validate, part.items)], next=part.next)


@router.get("/organisations/left-needs", openapi_extra=ONBOARDING)
async def left_needs(tx: Tx, span: Spanning) -> Page[LeftSeen]:
    """Who takes no part and yet has needs, written down in the moment in which it paused or closed."""
    tx.actor.must_be(*rights.ONBOARDS)
    part = await queries.left_needs(tx.sql, span)
    return Page(items=[*map(LeftSeen.model_validate, part.items)], next=part.next)


@router.get("/organisations/{organisation_id}")
async def one_organisation(organisation_id: UUID, tx: Tx, response: Response) -> OrganisationSeen:
    """One organisation."""
    organisation = await store.load(tx.sql, organisation_id)
    versioned(response, organisation.version)
    return OrganisationSeen.model_validate(organisation)


@router.patch(
    "/organisations/{organisation_id}",
    openapi_extra=for_roles(
        Role.NETWORK_ADMIN, Role.COORDINATOR, Role.ORGANISATION_ADMIN, refuses=[NeedsOpen]
    ),
)
async def change(
    organisation_id: UUID, change: OrganisationChange, seen: IfMatch, tx: Tx, response: Response
) -> OrganisationSeen:
    """Rename, describe, pause, close or open one; its kind and legal kind are the network's to correct."""
    organisation = await commands.change(tx, organisation_id, seen=seen, changes=sent(change))
    versioned(response, organisation.version)
    return OrganisationSeen.model_validate(organisation)


@router.get("/organisations/{organisation_id}/onboarding", openapi_extra=OWN_OR_ONBOARDING)
async def onboarding(organisation_id: UUID, tx: Tx, caller: Caller) -> ChecklistSeen:
    """What is done and what is missing before the organisation can work with others."""
    await store.load(tx.sql, organisation_id)
    rights.must_run_or_onboard(caller, organisation_id)
    await tx.act_for(organisation_id)
    return ChecklistSeen.model_validate(await queries.checklist(tx.sql, organisation_id))


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

"""Staff and the pledges they sign."""

from __future__ import annotations

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import Field

from shared.actor import Actor
from shared.events.base import Role
from shared.http import Body, Caller, IfMatch, Instant, Page, Route, Tx, created, for_roles, versioned
from shared.ids import new_id

from ..commands import staff as commands
from ..domain import rights
from ..domain.sign_in import LoginTaken
from ..domain.staff import Staff
from ..queries import lists as queries
from ..store import staff as store
from .shapes import Login, Name, Seen, Several, Spanning, left_alone, location, sent

router = APIRouter(route_class=Route, tags=["staff"])

EVERY_STAFF_ROLE = for_roles(*rights.STAFF_ROLES)


class RoleUntil(Body):
    """The last day of a role that ends by itself."""

    role: Role
    valid_until: date


Ends = Annotated[list[RoleUntil], Field(max_length=len(Role))]


class StaffGiven(Body):
    """Who begins; a role that ``roles_until`` does not name has no end."""

    organisation_id: UUID
    team_id: UUID | None = None
    name: Name
    roles: Several[Role]
    roles_until: Ends = Field(default_factory=list)
    login: Login | None = None


class StaffChange(Body):
    name: Name = left_alone()
    team_id: UUID | None = None
    roles: Several[Role] = left_alone()
    roles_until: Ends = left_alone()
    active: bool = left_alone()


class StaffSeen(Seen):
    """A member of staff; outside the own organisation without name and login."""

    id: UUID
    organisation_id: UUID
    team_id: UUID | None
    name: str | None
    roles: list[Role]
    roles_until: list[RoleUntil]
    login: str | None
    active: bool
    version: int


class PledgeGiven(Body):
    """Who signed, oneself when left out, and which version of the text."""

    staff_id: UUID | None = None
    version: Annotated[int, Field(ge=1, le=1_000_000)]


class PledgeSeen(Seen):
    id: UUID
    organisation_id: UUID
    staff_id: UUID
    version: int
    signed_at: Instant
    valid_until: date
    recorded_by: UUID


def as_seen(staff: Staff, login: str | None, *, by: Actor) -> StaffSeen:
    """What ``by`` may see of a member of staff."""
    colleague = by.organisation_id == staff.organisation_id
    return StaffSeen(
        id=staff.id,
        organisation_id=staff.organisation_id,
        team_id=staff.team_id,
        name=staff.name if colleague else None,
        roles=sorted(staff.roles),
        roles_until=[RoleUntil(role=role, valid_until=last) for role, last in staff.roles_until.items()],
        login=login if colleague else None,
        active=staff.active,
        version=staff.version,
    )


@router.post(
    "/staff",
    status_code=201,
    openapi_extra=for_roles(
        Role.NETWORK_ADMIN, Role.COORDINATOR, Role.ORGANISATION_ADMIN, refuses=[LoginTaken]
    ),
)
async def appoint(given: StaffGiven, tx: Tx, response: Response) -> StaffSeen:
    """Let somebody begin, with or without a login."""
    staff = Staff(
        id=new_id(),
        organisation_id=given.organisation_id,
        team_id=given.team_id,
        name=given.name,
        roles=frozenset(given.roles),
        roles_until=_ends(given.roles_until),
        active=True,
        version=1,
    )
    appointed = await commands.appoint(tx, staff, login=given.login)
    created(response, location("staff", appointed.id), appointed.version)
    return as_seen(appointed, given.login, by=tx.actor)


@router.get("/staff", openapi_extra=EVERY_STAFF_ROLE)
async def all_staff(
    tx: Tx, caller: Caller, span: Spanning, organisation_id: UUID | None = None
) -> Page[StaffSeen]:
    """One's colleagues; for those who bring organisations in, another organisation's staff without names."""
    of = organisation_id or rights.home_of(caller)
    rights.must_see_staff_of(caller, of)
    await tx.act_for(of)
    part = await queries.staff(tx.sql, span)
    return Page(items=[as_seen(staff, login, by=caller) for staff, login in part.items], next=part.next)


@router.get("/staff/{staff_id}", openapi_extra=EVERY_STAFF_ROLE)
async def one_colleague(staff_id: UUID, tx: Tx, caller: Caller, response: Response) -> StaffSeen:
    """One colleague, or oneself."""
    rights.must_be_staff(caller)
    staff, login = await queries.colleague(tx.sql, staff_id)
    versioned(response, staff.version)
    return as_seen(staff, login, by=caller)


@router.patch("/staff/{staff_id}", openapi_extra=for_roles(Role.ORGANISATION_ADMIN))
async def change(staff_id: UUID, change: StaffChange, seen: IfMatch, tx: Tx, response: Response) -> StaffSeen:
    """Move, rename, give other roles, let go or take back a member of one's own staff."""
    changes = sent(change)
    if "roles" in changes:
        changes["roles"] = frozenset(change.roles)
    if "roles_until" in changes:
        changes["roles_until"] = _ends(change.roles_until)
    await commands.change(tx, staff_id, seen=seen, changes=changes)
    staff, login = await queries.colleague(tx.sql, staff_id)
    versioned(response, staff.version)
    return as_seen(staff, login, by=tx.actor)


def _ends(given: list[RoleUntil]) -> dict[Role, date]:
    return {one.role: one.valid_until for one in given}


@router.post("/pledges", status_code=201, openapi_extra=EVERY_STAFF_ROLE)
async def sign_pledge(given: PledgeGiven, tx: Tx, response: Response) -> PledgeSeen:
    """Sign the pledge of confidentiality, or write down that a member of one's own staff did."""
    pledge = await commands.sign_pledge(tx, staff_id=given.staff_id, version=given.version)
    response.headers["Location"] = location("pledges", pledge.id)
    return PledgeSeen.model_validate(pledge)


@router.get("/pledges", openapi_extra=EVERY_STAFF_ROLE)
async def all_pledges(tx: Tx, caller: Caller, span: Spanning) -> Page[PledgeSeen]:
    """The pledges of one's own organisation, oldest first."""
    rights.must_be_staff(caller)
    part = await queries.pledges(tx.sql, span)
    return Page(items=[*map(PledgeSeen.model_validate, part.items)], next=part.next)


@router.get("/pledges/{pledge_id}", openapi_extra=EVERY_STAFF_ROLE)
async def one_pledge(pledge_id: UUID, tx: Tx, caller: Caller) -> PledgeSeen:
    """One pledge of one's own organisation."""
    rights.must_be_staff(caller)
    return PledgeSeen.model_validate(await store.load_pledge(tx.sql, pledge_id))

"""Persons: written down by her caseworker, read by those who work with her."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from pydantic import Field, JsonValue

from shared.errors import RateLimited
from shared.events.base import LanguageCode, Role
from shared.http import (
    After,
    Body,
    Caller,
    Instant,
    Limit,
    Nothing,
    Page,
    Route,
    Tx,
    created,
    for_roles,
    only_asks,
    versioned,
)
from shared.limits import RateLimit

from ..commands import erasing
from ..commands import persons as commands
from ..commands.persons import NewPerson
from ..domain.lookup import LookUp
from ..domain.person import Contact, ContactKind
from ..domain.refusals import ProtectedIdentity
from ..queries import persons as queries
from ..store.rows import Slice
from .shapes import Keys, Name, Seen, page

router = APIRouter(route_class=Route, prefix="/persons", tags=["persons"])

READERS = for_roles(Role.CASEWORKER, Role.TEAM_LEAD, Role.PERSON)


SEARCHES = RateLimit("search", 60, timedelta(minutes=10))
"""Of one member of staff: whoever tries numbers in turn finds nobody."""


class ContactGiven(Body):
    kind: ContactKind
    value: Name


class PersonGiven(Body):
    """`protected_identity` is asked before anything else (R-48)."""

    given_name: Name
    family_name: Name
    birth_year: Annotated[int, Field(ge=1900, le=2200, examples=[1990])]
    language: Annotated[LanguageCode, Field(examples=["so"])]
    contacts: Annotated[tuple[ContactGiven, ...], Field(max_length=20)] = ()
    protected_identity: Annotated[JsonValue, Field(examples=["no"])]


class ContactSeen(Seen):
    kind: ContactKind
    value: str


class ErasureSeen(Seen):
    """That a person was erased, and when; from now on her id is one that nobody knows."""

    person_id: UUID
    at: Instant


class PersonSeen(Seen):
    id: UUID
    version: int
    given_name: str
    family_name: str
    birth_year: int
    language: str
    contacts: list[ContactSeen]
    created_at: Instant


class Sought(Body):
    kind: LookUp
    value: Name


class FoundSeen(Seen):
    """`persons` are your own team's; of the others only the teams are named, so that you can ask them."""

    persons: list[PersonSeen]
    other_teams: list[UUID]


@router.post("", status_code=201, openapi_extra=for_roles(Role.CASEWORKER, refuses=[ProtectedIdentity]))
async def register(body: PersonGiven, tx: Tx, keys: Keys, response: Response) -> PersonSeen:
    """Write a person down, unless her identity is protected: then nothing is stored."""
    tx.actor.must_be(Role.CASEWORKER)
    if body.protected_identity != "no":
        raise ProtectedIdentity
    contacts = tuple(Contact(kind=one.kind, value=one.value) for one in body.contacts)
    said = NewPerson(
        given_name=body.given_name,
        family_name=body.family_name,
        birth_year=body.birth_year,
        language=body.language,
        contacts=contacts,
    )
    person = await commands.register(tx, said, keys)
    created(response, f"/persons/{person.id}", person.version)
    return PersonSeen.model_validate(person)


@router.get("", openapi_extra=for_roles(Role.CASEWORKER, Role.TEAM_LEAD))
async def persons(tx: Tx, keys: Keys, after: After = None, limit: Limit = 50) -> Page[PersonSeen]:
    """The persons of your team, newest first."""
    part = Slice(after, limit)
    found = await queries.persons(tx, part, keys)
    return page([PersonSeen.model_validate(person) for person in found], part)


async def _may_search(request: Request, caller: Caller) -> None:
    await SEARCHES.count(request.app.state.database, str(caller.id))


@router.post(
    "/search",
    dependencies=[Depends(only_asks), Depends(_may_search)],
    openapi_extra=for_roles(Role.CASEWORKER, refuses=[RateLimited]),
)
async def search(body: Sought, tx: Tx, keys: Keys) -> FoundSeen:
    """Whom your organisation knows already by a number, an address or a whole name.

    What you look for stands in the body, for it has no place in an address; the answer is not kept.
    """
    return FoundSeen.model_validate(await queries.find(tx, body.kind, body.value, keys))


@router.get("/{person_id}", openapi_extra=READERS)
async def person(person_id: UUID, tx: Tx, keys: Keys, response: Response) -> PersonSeen:
    """One person of your team."""
    found = await queries.person(tx, person_id, keys)
    versioned(response, found.version)
    return PersonSeen.model_validate(found)


@router.post("/{person_id}/erasure", openapi_extra=for_roles(Role.ORGANISATION_ADMIN))
async def erase(person_id: UUID, _: Nothing, tx: Tx, keys: Keys) -> ErasureSeen:
    """Erase a person of your organisation, every copy that others were given included.

    What she said yes to ends, and whoever rested on it is told that, as of any end.  It cannot be undone.
    """
    erased = await erasing.erase(tx, person_id, keys)
    return ErasureSeen(person_id=erased.person.subject, at=erased.at)

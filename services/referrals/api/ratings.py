"""Ratings: the person's own, and what she lets those see who work with her at home."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import Field

from shared.events.base import Role
from shared.http import After, Body, Instant, Limit, Page, Route, Tx, created, for_roles, versioned

from ..commands import ratings as commands
from ..commands.ratings import NewRating
from ..domain.ratings import HIGHEST, LOWEST, Hidden, LifeDomain, Rating
from ..queries import ratings as queries
from ..store.rows import Slice
from .shapes import Keys, Seen, page

router = APIRouter(route_class=Route, prefix="/persons/{person_id}/ratings", tags=["persons"])
own = APIRouter(route_class=Route, prefix="/me/ratings", tags=["me"])

HERSELF = for_roles(Role.PERSON)


class RatingGiven(Body):
    """`step` is 1 for worst and 5 for best; with `hide` the domain is hidden before anybody can see this."""

    domain: LifeDomain
    step: Annotated[int, Field(ge=LOWEST, le=HIGHEST, strict=True)]
    words: Annotated[str, Field(min_length=1, max_length=2000)] | None = None
    hide: bool = False


class ChoiceGiven(Body):
    """Which domains; all of them when none is named."""

    domains: Annotated[frozenset[LifeDomain], Field(min_length=1)] = frozenset(LifeDomain)


class RatingSeen(Seen):
    id: UUID
    version: int
    domain: LifeDomain
    step: int
    words: str | None
    at: Instant


class OwnRatingSeen(RatingSeen):
    """A rating of yours; `hidden` is that nobody else sees any of its domain."""

    hidden: bool


class DomainSeen(Seen):
    domain: LifeDomain
    hidden: bool
    hidden_since: Instant | None


def _own(rating: Rating, hidden: Hidden) -> OwnRatingSeen:
    named = {name: getattr(rating, name) for name in RatingSeen.model_fields}
    return OwnRatingSeen(**named, hidden=hidden.holds(rating.domain))


def _domains(hidden: Hidden) -> Page[DomainSeen]:
    items = [
        DomainSeen(domain=domain, hidden=hidden.holds(domain), hidden_since=hidden.since(domain))
        for domain in LifeDomain
    ]
    return Page(items=items, next=None)


@own.post("", status_code=201, openapi_extra=HERSELF)
async def rate(body: RatingGiven, tx: Tx, keys: Keys, response: Response) -> OwnRatingSeen:
    """Say how a domain of your life is now; what you said before stays."""
    rating, hidden = await commands.rate(tx, NewRating(**body.model_dump()), keys)
    created(response, f"/me/ratings/{rating.id}", rating.version)
    return _own(rating, hidden)


@own.get("", openapi_extra=HERSELF)
async def own_ratings(
    tx: Tx, keys: Keys, domain: LifeDomain | None = None, after: After = None, limit: Limit = 50
) -> Page[OwnRatingSeen]:
    """All that you have said, newest first, hidden or not."""
    part = Slice(after, limit)
    found, hidden = await queries.own(tx, part, domain=domain, keys=keys)
    return page([_own(rating, hidden) for rating in found], part)


@own.get("/domains", openapi_extra=HERSELF)
async def domains(tx: Tx, keys: Keys) -> Page[DomainSeen]:
    """The domains that can be rated, and which of them you have hidden."""
    return _domains(await queries.choices(tx, keys))


@own.post("/hide", openapi_extra=HERSELF)
async def hide(body: ChoiceGiven, tx: Tx, keys: Keys) -> Page[DomainSeen]:
    """Keep domains to yourself, later ratings too; nobody else can see that there is anything."""
    return _domains(await commands.hide(tx, sorted(body.domains), keys))


@own.post("/show", openapi_extra=HERSELF)
async def show(body: ChoiceGiven, tx: Tx, keys: Keys) -> Page[DomainSeen]:
    """Let those see domains again who work with you at home."""
    return _domains(await commands.show(tx, sorted(body.domains), keys))


@own.get("/{rating_id}", openapi_extra=HERSELF)
async def own_rating(rating_id: UUID, tx: Tx, keys: Keys, response: Response) -> OwnRatingSeen:
    """One rating of yours."""
    rating, hidden = await queries.own_rating(tx, rating_id, keys)
    versioned(response, rating.version)
    return _own(rating, hidden)


@router.get("", openapi_extra=for_roles(Role.CASEWORKER, Role.TEAM_LEAD, Role.PERSON))
async def ratings(
    person_id: UUID, tx: Tx, keys: Keys, after: After = None, limit: Limit = 50
) -> Page[RatingSeen]:
    """What a person of your team lets you see of how she rates her life; to herself, what you see."""
    part = Slice(after, limit)
    found = await queries.of_person(tx, part, person_id, keys)
    return page([RatingSeen.model_validate(rating) for rating in found], part)

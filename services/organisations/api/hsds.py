"""The directory by the Human Services Data Specification 3.0, for whoever keeps a copy or a page of it.

Without an access token it shows what is open to everybody; with one, all that takes part.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import StreamingResponse
from pydantic_core import to_json

from shared.database import Connection
from shared.errors import NotFound, Unauthenticated
from shared.http import admit, refusing

from ..domain import hsds_services as said
from ..domain.hsds_services import Listed
from ..domain.hsds_terms import TAXONOMIES, TERMS, taxonomy_id
from ..domain.organisation import Organisation
from ..queries import hsds as queries
from ..queries.hsds import Asked
from .finding import Text
from .hsds_shapes import (
    About,
    NumberedPage,
    OrganizationWithServices,
    Service,
    Taxonomy,
    TaxonomyTerm,
)
from .opening import opened

router = APIRouter(prefix="/hsds", tags=["hsds"])

VERSION = "3.0"
PROFILE = "https://docs.openreferral.org/"
NDJSON = "application/x-ndjson"

LISTED, ONE = refusing(Unauthenticated), refusing(Unauthenticated, NotFound)
MOST, MOST_OF_THE_LEAST = 200, 10_000
MOST_OF_AN_ORGANIZATION = 1_000
"""So many services stand with an organization; `/hsds/services?organization_id=` pages through all."""

AT_ONCE = 500
"""So many are read at once of what is streamed."""


class Form(StrEnum):
    """How the answer comes: a page, or a line for each, all of them."""

    JSON = "json"
    NDJSON = "ndjson"


Number = Annotated[int, Query(ge=1, le=1_000_000, description="Which page, the first being 1.")]
Size = Annotated[
    int | None, Query(ge=1, le=MOST_OF_THE_LEAST, description="At most 200; of `minimal` at most 10,000.")
]


async def _is_public(request: Request, response: Response) -> bool:
    """Whether nobody is signed in; who says that she is and is not is refused."""
    response.headers["Vary"] = "Authorization"
    if "Authorization" in request.headers:
        await admit(request)
        return False
    response.headers["Cache-Control"] = "public, max-age=60"
    return True


Public = Annotated[bool, Depends(_is_public)]


async def _asked(  # noqa: PLR0913 - one query parameter each
    *,
    public: Public,
    search: Text = None,
    organization_id: UUID | None = None,
    taxonomy_term_id: UUID | None = None,
    taxonomy_id: UUID | None = None,
    modified_after: Annotated[datetime | None, Query(description="On or after it.")] = None,
) -> Asked:
    return Asked(
        public=public,
        search=search,
        organization_id=organization_id,
        taxonomy_term_id=taxonomy_term_id,
        taxonomy_id=taxonomy_id,
        modified_after=modified_after,
    )


AskedFor = Annotated[Asked, Depends(_asked)]


@router.get("/", openapi_extra=LISTED)
async def about(request: Request, _: Public) -> About:
    """Which version of HSDS this is, and where it is described."""
    openapi_url = str(request.url_for("openapi"))
    return About(version=VERSION, profile=PROFILE, openapi_url=openapi_url)


@router.get(
    "/services",
    response_model=NumberedPage[Service],
    response_model_exclude_none=True,
    openapi_extra=LISTED,
)
async def services(  # noqa: PLR0913 - one query parameter each
    *,
    request: Request,
    asked: AskedFor,
    page: Number = 1,
    per_page: Size = None,
    minimal: bool = False,
    full: bool = False,
    format: Form = Form.JSON,  # noqa: A002 - as the specification calls it
) -> Any:
    """The services, in the order in which they came; filters hold together."""
    show = said.least if minimal else said.whole_service if full else said.service
    if format is Form.NDJSON:
        return StreamingResponse(_lines(request, asked, show), media_type=NDJSON)
    size = min(per_page or (MOST_OF_THE_LEAST if minimal else 50), MOST_OF_THE_LEAST if minimal else MOST)
    async with opened(request) as tx:
        found = await queries.page_of_services(tx.sql, asked, number=page, size=size)
    contents = [Service.model_validate(show(one)) for one in found.items]
    return NumberedPage.of(contents, total=found.total, number=page, size=size)


async def _lines(request: Request, asked: Asked, show: Any) -> AsyncIterator[bytes]:
    """Each in a line; no connection is held while a slow reader reads."""
    after: UUID | None = None
    while True:
        async with opened(request) as tx:
            found = await queries.services(tx.sql, asked, limit=AT_ONCE, after=after)
        yield b"".join(to_json(Service.model_validate(show(one)), exclude_none=True) + b"\n" for one in found)
        if len(found) < AT_ONCE:
            return
        after = found[-1].offering.id


@router.get("/services/{offering_id}", response_model_exclude_none=True, openapi_extra=ONE)
async def service(offering_id: UUID, request: Request, public: Public) -> Service:
    """One service with everything that belongs to it."""
    async with opened(request) as tx:
        found = await queries.service(tx.sql, offering_id, public=public)
    return Service.model_validate(said.whole_service(found))


FullService = Annotated[bool, Query(description="Its services whole, not only their ids and names.")]


@router.get("/organizations", response_model_exclude_none=True, openapi_extra=LISTED)
async def organizations(  # noqa: PLR0913 - one query parameter each
    *,
    request: Request,
    public: Public,
    search: Text = None,
    page: Number = 1,
    per_page: Annotated[int, Query(ge=1, le=MOST)] = 50,
    full: bool = False,
    full_service: FullService = False,
) -> NumberedPage[OrganizationWithServices]:
    """The organizations that take part, in the order in which they came."""
    async with opened(request) as tx:
        found = await queries.page_of_organizations(
            tx.sql, public=public, search=search, number=page, size=per_page
        )
        services = await _services_of(tx.sql, found.items, public=public) if full or full_service else {}
    contents = [_organization(one, services.get(one.id), whole=full_service) for one in found.items]
    return NumberedPage.of(contents, total=found.total, number=page, size=per_page)


@router.get("/organizations/{organisation_id}", response_model_exclude_none=True, openapi_extra=ONE)
async def organization(
    *, organisation_id: UUID, request: Request, public: Public, full_service: FullService = False
) -> OrganizationWithServices:
    """One organization, with its services."""
    async with opened(request) as tx:
        found = await queries.organization(tx.sql, organisation_id, public=public)
        services = await _services_of(tx.sql, [found], public=public)
    return _organization(found, services.get(organisation_id), whole=full_service)


async def _services_of(
    sql: Connection, organisations: list[Organisation], *, public: bool
) -> dict[UUID, list[Listed]]:
    return {
        one.id: await queries.services(
            sql, Asked(public=public, organization_id=one.id), limit=MOST_OF_AN_ORGANIZATION
        )
        for one in organisations
    }


def _organization(
    one: Organisation, services: list[Listed] | None, *, whole: bool
) -> OrganizationWithServices:
    document = said.organization(one)
    if services is not None:
        show = said.whole_service if whole else said.least
        document["services"] = [show(service) for service in services]
    return OrganizationWithServices.model_validate(document)


@router.get("/taxonomies", openapi_extra=LISTED)
async def taxonomies(_: Public) -> NumberedPage[Taxonomy]:
    """What our codes are of: all in one page."""
    contents = [
        Taxonomy(id=taxonomy_id(name), name=name, description=f"{title}.")
        for name, title in TAXONOMIES.items()
    ]
    return NumberedPage.of(contents, total=len(contents), number=1, size=len(contents))


@router.get("/taxonomy_terms", openapi_extra=LISTED)
async def taxonomy_terms(_: Public, taxonomy_id: UUID | None = None) -> NumberedPage[TaxonomyTerm]:
    """Our codes as terms: all in one page."""
    contents = [
        TaxonomyTerm.model_validate(said.term(one))
        for one in TERMS.values()
        if taxonomy_id in {None, one.taxonomy_id}
    ]
    return NumberedPage.of(contents, total=len(contents), number=1, size=max(1, len(contents)))

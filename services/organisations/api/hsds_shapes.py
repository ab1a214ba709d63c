"""What is answered in the names of HSDS 3.0: of its fields those that we have something for."""

from __future__ import annotations

from datetime import date
from typing import Generic, TypeVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from shared.http import Instant

T = TypeVar("T")


class Part(BaseModel):
    """A thing of HSDS; what there is nothing of is left out, as its schemas ask."""

    model_config = ConfigDict(frozen=True)

    id: UUID


class OrganizationIdentifier(Part):
    organization_id: UUID
    identifier_scheme: str
    identifier_type: str
    identifier: str


class Organization(Part):
    name: str
    description: str
    organization_identifiers: list[OrganizationIdentifier] | None = None


class OrganizationWithServices(Organization):
    services: list[Service] | None = Field(None, description="At most 1,000 of them.")


class Language(Part):
    service_id: UUID
    name: str
    code: str


class ServiceArea(Part):
    service_id: UUID
    name: str
    extent: str
    extent_type: str


class Schedule(Part):
    service_id: UUID
    freq: str
    wkst: str
    byday: str
    opens_at: str
    closes_at: str


class Address(Part):
    location_id: UUID
    address_1: str
    city: str
    state_province: str
    postal_code: str
    country: str
    address_type: str


class Accessibility(Part):
    location_id: UUID
    description: str


class Location(Part):
    location_type: str
    name: str
    addresses: list[Address]
    accessibility: list[Accessibility]


class ServiceAtLocation(Part):
    service_id: UUID
    location_id: UUID
    location: Location


class RequiredDocument(Part):
    service_id: UUID
    document: str


class TaxonomyTerm(Part):
    code: str
    name: str
    description: str
    taxonomy: str
    taxonomy_id: UUID
    language: str


class Taxonomy(Part):
    name: str
    description: str


class Attribute(Part):
    link_id: UUID
    link_entity: str
    link_type: str
    taxonomy_term_id: UUID
    taxonomy_term: TaxonomyTerm


class Service(Part):
    """A service; beyond its id and the time, what is left out was not asked for or is not there."""

    organization_id: UUID | None = None
    name: str | None = None
    description: str | None = None
    status: str | None = None
    eligibility_description: str | None = None
    minimum_age: int | None = None
    maximum_age: int | None = None
    assured_date: date | None = None
    last_modified: Instant
    organization: Organization | None = None
    languages: list[Language] | None = None
    service_areas: list[ServiceArea] | None = None
    schedules: list[Schedule] | None = None
    service_at_locations: list[ServiceAtLocation] | None = None
    required_documents: list[RequiredDocument] | None = None
    attributes: list[Attribute] | None = None
    leads_to: list[UUID] | None = Field(None, description="Ours: the services that this one prepares for.")


class About(BaseModel):
    """Which version of HSDS this is, and where it is described."""

    version: str
    profile: str
    openapi_url: str


class NumberedPage(BaseModel, Generic[T]):
    """A page as HSDS numbers them, from 1."""

    total_items: int
    total_pages: int
    page_number: int
    size: int
    first_page: bool
    last_page: bool
    empty: bool
    contents: list[T]

    @classmethod
    def of(cls, contents: list[T], *, total: int, number: int, size: int) -> NumberedPage[T]:
        """The page with this number, of pages of this size."""
        pages = max(1, -(-total // size))
        return cls(
            total_items=total,
            total_pages=pages,
            page_number=number,
            size=len(contents),
            first_page=number == 1,
            last_page=number >= pages,
            empty=not contents,
            contents=contents,
        )


OrganizationWithServices.model_rebuild()

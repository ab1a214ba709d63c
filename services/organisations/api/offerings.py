"""Offerings: what the network can do for somebody."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response
from pydantic import Field

from shared.events.base import Area, ItemClass, ItemField, LanguageCode, NeedCode, Role, Theme
from shared.events.organisations import OfferingKind, OfferingStatus
from shared.http import Body, IfMatch, Instant, Page, Route, Tx, created, for_roles, versioned
from shared.ids import new_id

from .. import queries
from ..commands import offerings as commands
from ..domain.offering import Capacity, Offering, RequiredField, any_sensitive
from ..queries import Wanted
from ..store import offerings as store
from .shapes import (
    Age,
    Languages,
    Name,
    Places,
    Seen,
    Sentence,
    Several,
    Spanning,
    left_alone,
    location,
    sent,
)

router = APIRouter(route_class=Route, tags=["offerings"])

OWN = for_roles(Role.ORGANISATION_ADMIN)
Days = Annotated[int, Field(ge=1, le=365)]


class RequiredFieldGiven(Body):
    field: ItemField
    item_class: ItemClass = Field(alias="class")
    why: Sentence


class CapacityGiven(Body):
    available: Places | None = None
    maximum: Places | None = None


class OfferingGiven(Body):
    organisation_id: UUID
    team_id: UUID
    name: Name
    kind: OfferingKind
    needs: Several[NeedCode]
    themes: Several[Theme] = Field(default_factory=list)
    areas: Several[Area] = Field(default_factory=list)
    languages: Languages = Field(default_factory=list)
    age_from: Age | None = None
    age_to: Age | None = None
    required_fields: list[RequiredFieldGiven] = Field(default_factory=list, max_length=50)
    sensitive: bool | None = Field(None, description="Null: whether a required item is sensitive.")
    capacity: CapacityGiven = CapacityGiven()
    answer_promise_days: Days = 3
    status: OfferingStatus = OfferingStatus.EXISTING


class OfferingChange(Body):
    team_id: UUID = left_alone()
    name: Name = left_alone()
    kind: OfferingKind = left_alone()
    needs: Several[NeedCode] = left_alone()
    themes: Several[Theme] = left_alone()
    areas: Several[Area] = left_alone()
    languages: Languages = left_alone()
    age_from: Age | None = None
    age_to: Age | None = None
    required_fields: Annotated[list[RequiredFieldGiven], Field(max_length=50)] = left_alone()
    sensitive: bool = left_alone()
    capacity: CapacityGiven = left_alone()
    answer_promise_days: Days = left_alone()
    status: OfferingStatus = left_alone()


class RequiredFieldSeen(Seen):
    field: ItemField
    item_class: ItemClass = Field(serialization_alias="class")
    why: str


class CapacitySeen(Seen):
    available: int | None
    maximum: int | None
    updated_at: Instant | None


class OfferingSeen(Seen):
    id: UUID
    organisation_id: UUID
    team_id: UUID
    name: str
    kind: OfferingKind
    needs: list[NeedCode]
    themes: list[Theme]
    areas: list[Area]
    languages: list[LanguageCode]
    age_from: int | None
    age_to: int | None
    required_fields: list[RequiredFieldSeen]
    sensitive: bool
    capacity: CapacitySeen
    answer_promise_days: int
    status: OfferingStatus
    version: int


def _in_domain(said: dict[str, Any]) -> dict[str, Any]:
    """The fields of a body as the domain has them."""
    values = {name: tuple(value) if isinstance(value, list) else value for name, value in said.items()}
    if "required_fields" in said:
        values["required_fields"] = tuple(
            RequiredField(field=one.field, item_class=one.item_class, why=one.why)
            for one in said["required_fields"]
        )
    if "capacity" in said:
        values["capacity"] = Capacity(available=said["capacity"].available, maximum=said["capacity"].maximum)
    return values


def _as_offering(given: OfferingGiven) -> Offering:
    values = _in_domain(dict(given))
    if given.sensitive is None:
        values["sensitive"] = any_sensitive(values["required_fields"])
    return Offering(id=new_id(), version=1, **values)


async def _wanted(  # noqa: PLR0913 - one query parameter each
    *,
    need: NeedCode | None = None,
    theme: Theme | None = None,
    area: Area | None = None,
    language: LanguageCode | None = None,
    age: Age | None = None,
    text: Annotated[Name | None, Query(description="A part of the name.")] = None,
) -> Wanted:
    return Wanted(need=need, theme=theme, area=area, language=language, age=age, text=text)


@router.post("/offerings", status_code=201, openapi_extra=OWN)
async def publish(given: OfferingGiven, tx: Tx, response: Response) -> OfferingSeen:
    """Put an offering of one's own organisation in the directory."""
    offering = await commands.publish(tx, _as_offering(given))
    created(response, location("offerings", offering.id), offering.version)
    return OfferingSeen.model_validate(offering)


@router.get("/offerings")
async def search(tx: Tx, span: Spanning, wanted: Annotated[Wanted, Depends(_wanted)]) -> Page[OfferingSeen]:
    """The offerings that fit, oldest first; those that have ended are left out."""
    part = await queries.offerings(tx.sql, span, wanted)
    return Page(items=[*map(OfferingSeen.model_validate, part.items)], next=part.next)


@router.get("/offerings/{offering_id}")
async def one_offering(offering_id: UUID, tx: Tx, response: Response) -> OfferingSeen:
    """One offering."""
    offering = await store.load(tx.sql, offering_id)
    versioned(response, offering.version)
    return OfferingSeen.model_validate(offering)


@router.patch("/offerings/{offering_id}", openapi_extra=OWN)
async def change(
    offering_id: UUID, change: OfferingChange, seen: IfMatch, tx: Tx, response: Response
) -> OfferingSeen:
    """Alter an offering of one's own organisation, its capacity included."""
    changes = _in_domain(sent(change))
    offering = await commands.change(tx, offering_id, seen=seen, changes=changes)
    versioned(response, offering.version)
    return OfferingSeen.model_validate(offering)

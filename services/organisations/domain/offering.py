"""An offering: what a team offers, to whom, and what it must know of a person."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Self, TypeVar
from uuid import UUID

from shared.errors import Invalid
from shared.events.base import Area, ItemClass, ItemField, NeedCode, Theme
from shared.events.organisations import (
    OfferingChanged,
    OfferingKind,
    OfferingPublished,
    OfferingStatus,
    RequiredItem,
)

from .organisation import Changes

Told = TypeVar("Told", OfferingPublished, OfferingChanged)

ALWAYS = {ItemField.HEALTH: ItemClass.SENSITIVE, ItemField.PERSONAL_NUMBER: ItemClass.NUMBER}
"""Items whose class nobody may lower (GDPR 9.1; dataskyddslagen 3:10)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RequiredField:
    """An item that the offering cannot do without, and why, in words to the person."""

    field: ItemField
    item_class: ItemClass
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Capacity:
    """How many more can come, of how many, and how old that word is; ``None`` where nobody has said."""

    available: int | None = None
    maximum: int | None = None
    updated_at: datetime | None = None

    def said(self, at: datetime) -> Self:
        """The same word, given now; silence has no date."""
        silent = self.available is None and self.maximum is None
        return replace(self, updated_at=None if silent else at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Offering:
    """What one team offers; ages are in whole years, both ends included."""

    id: UUID
    organisation_id: UUID
    team_id: UUID
    name: str
    kind: OfferingKind
    needs: tuple[NeedCode, ...]
    themes: tuple[Theme, ...]
    areas: tuple[Area, ...]
    languages: tuple[str, ...]
    age_from: int | None
    age_to: int | None
    required_fields: tuple[RequiredField, ...]
    sensitive: bool
    capacity: Capacity
    answer_promise_days: int
    status: OfferingStatus
    version: int

    def publish(self, *, at: datetime) -> tuple[Self, OfferingPublished]:
        """Put it in the directory; raises ``Invalid`` for one that contradicts itself."""
        new = replace(self, capacity=self.capacity.said(at))
        _refuse_contradictions(new)
        return new, _told(new, OfferingPublished)

    def change(self, changes: Changes, *, at: datetime) -> tuple[Self, OfferingChanged]:
        """Alter it; raises ``Invalid`` when it would contradict itself."""
        new = replace(self, version=self.version + 1, **changes)
        if "capacity" in changes:
            new = replace(new, capacity=new.capacity.said(at))
        _refuse_contradictions(new)
        return new, _told(new, OfferingChanged)


def _refuse_contradictions(offering: Offering) -> None:
    found = [*_contradictions(offering), *_contradictions_of_items(offering.required_fields)]
    if found:
        raise Invalid(errors=[{"field": field, "message": message} for field, message in found])


def _contradictions(offering: Offering) -> Iterator[tuple[str, str]]:
    if offering.age_from is not None and offering.age_to is not None and offering.age_from > offering.age_to:
        yield "age_to", "The highest age is below the lowest."
    available, maximum = offering.capacity.available, offering.capacity.maximum
    if available is not None and maximum is not None and available > maximum:
        yield "capacity.available", "There cannot be more free places than places."
    if offering.kind is OfferingKind.OPEN_DOOR and offering.required_fields:
        yield "required_fields", "An open door asks for nothing."
    if not offering.sensitive and any_sensitive(offering.required_fields):
        yield "sensitive", "An offering that asks for sensitive items is sensitive."


def _contradictions_of_items(required_fields: tuple[RequiredField, ...]) -> Iterator[tuple[str, str]]:
    seen: set[ItemField] = set()
    for place, required in enumerate(required_fields):
        if required.field in seen:
            yield f"required_fields.{place}.field", "It is asked for twice."
        if ALWAYS.get(required.field, required.item_class) is not required.item_class:
            yield f"required_fields.{place}.class", f"It is always {ALWAYS[required.field]}."
        seen.add(required.field)


def any_sensitive(required_fields: Iterable[RequiredField]) -> bool:
    """Whether something is asked for that only an explicit consent opens (GDPR 9.2 a)."""
    return any(required.item_class is ItemClass.SENSITIVE for required in required_fields)


def _told(offering: Offering, event: type[Told]) -> Told:
    items = (RequiredItem(field=r.field, item_class=r.item_class) for r in offering.required_fields)
    return event(
        organisation_id=offering.organisation_id,
        offering_id=offering.id,
        team_id=offering.team_id,
        kind=offering.kind,
        needs=offering.needs,
        themes=offering.themes,
        areas=offering.areas,
        languages=offering.languages,
        age_from=offering.age_from,
        age_to=offering.age_to,
        required_fields=tuple(items),
        sensitive=offering.sensitive,
        status=offering.status,
        version=offering.version,
    )

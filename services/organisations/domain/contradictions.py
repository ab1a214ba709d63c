"""What an offering cannot say of itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from shared.errors import Invalid
from shared.events.organisations import OfferingKind, OfferingStatus

from . import eligibility, required
from .door import looks_protected, names_a_street

if TYPE_CHECKING:
    from .offering import Offering

_WALKED_INTO = frozenset({OfferingKind.OPEN, OfferingKind.OPEN_DOOR})


def refuse_contradictions(offering: Offering) -> None:
    """Raise ``Invalid`` with everything that is wrong."""
    found = [
        *_of_fields(offering),
        *_of_place(offering),
        *offering.capacity.contradictions(),
        *required.contradictions(offering.required_fields),
        *eligibility.contradictions(offering.eligibility),
        *eligibility.unknown_languages(offering.languages, "languages"),
    ]
    if found:
        raise Invalid(errors=[{"field": field, "message": message} for field, message in found])


def _of_fields(offering: Offering) -> Iterator[tuple[str, str]]:
    if offering.age_from is not None and offering.age_to is not None and offering.age_from > offering.age_to:
        yield "age_to", "The highest age is below the lowest."
    if offering.kind is OfferingKind.OPEN_DOOR and offering.required_fields:
        yield "required_fields", "An open door asks for nothing."
    if not offering.sensitive and required.any_sensitive(offering.required_fields):
        yield "sensitive", "An offering that asks for sensitive items is sensitive."
    if offering.paused_until is not None and offering.status is not OfferingStatus.PAUSED:
        yield "paused_until", "Only what is paused rests until a day."
    if offering.id in offering.leads_to:
        yield "leads_to", "It leads back to this offering."


def _of_place(offering: Offering) -> Iterator[tuple[str, str]]:
    """A protected place has no location in a directory, whoever writes it down and wherever."""
    texts = (offering.name, offering.description)
    if not offering.protected_place and looks_protected(texts) and _has_location(offering):
        yield "protected_place", "This sounds like a protected place: it has areas, and never an address."
    if offering.protected_place and offering.door is not None:
        yield "door", "A protected place has areas, and never an address."
    if offering.protected_place and any(map(names_a_street, texts)):
        yield "description", "A protected place is not described by a street."
    if offering.door is not None:
        if offering.kind not in _WALKED_INTO:
            yield "door", "Only an open offering has a door to walk through."
        yield from offering.door.contradictions()


def _has_location(offering: Offering) -> bool:
    return offering.door is not None or names_a_street(f"{offering.name} {offering.description}")

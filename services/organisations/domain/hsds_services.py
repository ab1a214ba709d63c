"""An offering as a service of HSDS 3.0, an organisation as an organization: by the table of `hsds_terms`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from shared.events.base import Area

from . import hsds_terms as terms
from .days import local_date
from .door import Door
from .eligibility import Facts, rules_of
from .languages import NAMES
from .offering import Offering
from .organisation import Organisation
from .sentences import ACCESS, of_rule

Json = dict[str, Any]

_POSTAL_CODE = re.compile(r"\b([1-9]\d{2}) ?(\d{2})\b")
_NOBODY = Facts()


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """An offering, whose it is, and when it was last altered."""

    offering: Offering
    organisation: Organisation
    modified_at: datetime


def organization(of: Organisation) -> Json:
    """An organization with what there is of it; HSDS cannot do without a description."""
    said: Json = {"id": of.id, "name": of.name, "description": f"{terms.ORGANISATIONS[of.kind]}."}
    if of.organisation_number is not None:
        said["organization_identifiers"] = [
            {
                "id": uuid5(of.id, "organization_identifier"),
                "organization_id": of.id,
                "identifier_scheme": terms.REGISTRY,
                "identifier_type": "organisationsnummer",
                "identifier": of.organisation_number,
            }
        ]
    return said


def least(listed: Listed) -> Json:
    """What a reader asks for who only wants to know what is new."""
    return {"id": listed.offering.id, "last_modified": listed.modified_at}


def service(listed: Listed) -> Json:
    """A service with its fields, and the organization that provides it."""
    offering = listed.offering
    said: Json = {
        "id": offering.id,
        "organization_id": offering.organisation_id,
        "name": offering.name,
        "description": offering.description or None,
        "status": terms.STATUS[offering.status],
        "eligibility_description": _eligibility(offering),
        "minimum_age": offering.age_from,
        "maximum_age": offering.age_to,
        "assured_date": local_date(offering.confirmed_at) if offering.confirmed_at else None,
        "last_modified": listed.modified_at,
        "organization": organization(listed.organisation),
    }
    return _without_nothing(said)


def whole_service(listed: Listed) -> Json:
    """A service with everything that belongs to it."""
    offering = listed.offering
    parts: Json = {
        "languages": [_language(offering, code) for code in offering.languages],
        "service_areas": [_area(offering, code) for code in offering.areas],
        "required_documents": [*_documents(offering)],
        "attributes": [_attribute(offering, term) for term in terms_of(offering)],
        "leads_to": [*offering.leads_to],
    }
    if offering.door is not None and not offering.protected_place:
        parts["service_at_locations"] = [_at_location(offering, offering.door)]
        parts["schedules"] = [*_schedules(offering, offering.door)]
    return service(listed) | {name: value for name, value in parts.items() if value}


def terms_of(offering: Offering) -> Iterator[terms.Term]:
    """The offering's codes as terms."""
    codes: Mapping[str, Iterable[str]] = {
        "need": offering.needs,
        "theme": offering.themes,
        "access": offering.access,
        "protective_factor": offering.protective_factors,
        "kind": (offering.kind,),
    }
    for taxonomy, of_it in codes.items():
        yield from (terms.TERMS[taxonomy, str(code)] for code in of_it)


def term(said: terms.Term) -> Json:
    return {
        "id": said.id,
        "code": said.code,
        "name": said.name,
        "description": f"{terms.TAXONOMIES[said.taxonomy]}: {said.name}.",
        "taxonomy": said.taxonomy,
        "taxonomy_id": said.taxonomy_id,
        "language": "sv",
    }


def _without_nothing(said: Json) -> Json:
    return {name: value for name, value in said.items() if value is not None}


def _eligibility(offering: Offering) -> str:
    """All its rules, a sentence each; it says nothing of access where there is none to speak of."""
    rules = (rule for rule in rules_of(offering) if rule.rule != "access" or rule.access)
    return " ".join(of_rule(rule, _NOBODY, ok=True) for rule in rules)


def _part(offering: Offering, kind: str, code: str) -> Json:
    return {"id": part_id(offering.id, kind, code), "service_id": offering.id}


def part_id(whole: UUID, kind: str, code: str) -> UUID:
    """The id of a part, which has none of its own here."""
    return uuid5(whole, f"{kind}:{code}")


def _language(offering: Offering, code: str) -> Json:
    return _part(offering, "language", code) | {"name": NAMES.get(code, code), "code": code}


def _area(offering: Offering, code: Area) -> Json:
    said = {"name": terms.AREA_NAMES[code], "extent": str(code), "extent_type": terms.AREA_TYPE}
    return _part(offering, "service_area", code) | said


def _documents(offering: Offering) -> Iterator[Json]:
    for one in offering.required_fields:
        document = f"{terms.ITEMS[one.field]}: {one.why}"
        yield _part(offering, "required_document", one.field) | {"document": document}


def _attribute(offering: Offering, said: terms.Term) -> Json:
    return {
        "id": part_id(offering.id, "attribute", f"{said.taxonomy}:{said.code}"),
        "link_id": offering.id,
        "link_entity": "service",
        "link_type": said.taxonomy,
        "taxonomy_term_id": said.id,
        "taxonomy_term": term(said),
    }


def _at_location(offering: Offering, door: Door) -> Json:
    place = part_id(offering.id, "location", "door")
    return _part(offering, "service_at_location", "door") | {
        "location_id": place,
        "location": {
            "id": place,
            "location_type": "physical",
            "name": offering.name,
            "addresses": [_address(offering, door, place)],
            "accessibility": [*_accessibility(offering, place)],
        },
    }


def _address(offering: Offering, door: Door, place: UUID) -> Json:
    """The address as it is said here, in one line, with the postal code if there is one in it."""
    found = _POSTAL_CODE.search(door.address)
    return {
        "id": part_id(offering.id, "address", "door"),
        "location_id": place,
        "address_1": door.address,
        "city": terms.CITY,
        "state_province": terms.COUNTY,
        "postal_code": " ".join(found.groups()) if found else "",
        "country": terms.COUNTRY,
        "address_type": "physical",
    }


def _accessibility(offering: Offering, place: UUID) -> Iterator[Json]:
    for one in offering.access:
        yield {
            "id": part_id(offering.id, "accessibility", one),
            "location_id": place,
            "description": ACCESS[one],
        }


def _schedules(offering: Offering, door: Door) -> Iterator[Json]:
    for one in door.hours:
        day = terms.WEEKDAYS[one.weekday - 1]
        yield _part(offering, "schedule", f"{day}:{one.opens:%H%M}") | {
            "freq": "WEEKLY",
            "wkst": "MO",
            "byday": day,
            "opens_at": one.opens.isoformat("minutes"),
            "closes_at": one.closes.isoformat("minutes"),
        }

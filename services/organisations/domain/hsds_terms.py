"""How our codes are said in the Human Services Data Specification 3.0 (HSDS), and read from it.

| ours | in HSDS |
| --- | --- |
| organisation: id, name, kind | ``organization``: id, name, description |
| organisation number | ``organization_identifier``, its scheme ``0007`` (ISO 6523: Sweden's registry) |
| offering: id, name, description | ``service``: id, name, description |
| status existing, new, prototype | ``service.status`` active |
| status paused (its organisation resting: the same) | temporarily closed |
| status ended | defunct; read from it: defunct and inactive |
| needs, themes, access, protective factors, kind | ``attribute`` with a ``taxonomy_term``: ``TERMS`` below |
| areas | ``service_area``: name, ``extent`` the code, ``extent_type`` ``stadsomrade`` |
| languages | ``language``: name, code (ISO 639) |
| age_from, age_to | ``minimum_age``, ``maximum_age`` |
| all the rules, its own fields' among them | ``eligibility_description``: a sentence each |
| required fields | ``required_document``: what is asked for and why |
| door: address | ``service_at_location``, ``location``, ``address``; never of a protected place |
| door: hours | ``schedule``: ``byday``, ``opens_at``, ``closes_at``, weekly |
| confirmed_at | ``assured_date``, its Swedish date |
| leads_to | ``leads_to``, a field of our own: HSDS has none |
| team, capacity, promise, sensitive, protected place | not said: they are of referring |

An id of a part follows from the id of its whole and the code, so it is the same in every answer.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from uuid import UUID, uuid5

from shared.events.base import ItemField
from shared.events.organisations import OfferingKind, OfferingStatus, OrganisationKind

from .codes import ProtectiveFactor
from .places import AREAS, THEMES
from .sentences import ACCESS, NEEDS

OURS = UUID("5e9a3c1e-6a0d-5b7e-9d34-0d0f6f1a7c21")
"""The namespace of the ids of our terms (RFC 9562, version 5)."""

REGISTRY = "0007"
AREA_TYPE = "stadsomrade"
CITY, COUNTY, COUNTRY = "Helsingborg", "Skåne län", "SE"
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")

STATUS: Mapping[OfferingStatus, str] = {
    OfferingStatus.EXISTING: "active",
    OfferingStatus.NEW: "active",
    OfferingStatus.PROTOTYPE: "active",
    OfferingStatus.PAUSED: "temporarily closed",
    OfferingStatus.ENDED: "defunct",
}
STATUS_READ: Mapping[str, OfferingStatus] = {
    "active": OfferingStatus.EXISTING,
    "temporarily closed": OfferingStatus.PAUSED,
    "inactive": OfferingStatus.ENDED,
    "defunct": OfferingStatus.ENDED,
}

KINDS: Mapping[OfferingKind, str] = {
    OfferingKind.ASSESSED: "efter beslut",
    OfferingKind.UNASSESSED: "utan beslut, efter överlämning",
    OfferingKind.OPEN: "öppen för alla",
    OfferingKind.OPEN_DOOR: "öppen dörr",
}
FACTORS: Mapping[ProtectiveFactor, str] = {
    ProtectiveFactor.SOCIAL_SKILLS: "social förmåga",
    ProtectiveFactor.PROBLEM_SOLVING: "förmåga att lösa problem",
    ProtectiveFactor.SENSE_OF_COHERENCE: "känsla av sammanhang",
    ProtectiveFactor.SECURE_RELATION: "trygg relation",
    ProtectiveFactor.LOVING_RULES: "kärleksfulla regler",
    ProtectiveFactor.PARENTS_TAKE_PART: "delaktiga föräldrar",
    ProtectiveFactor.SCHOOL_SUCCESS: "att lyckas i skolan",
    ProtectiveFactor.ADULT_CONTACT: "kontakt med vuxna",
    ProtectiveFactor.MEANINGFUL_LEISURE: "meningsfull fritid",
    ProtectiveFactor.NETWORK: "nätverk",
    ProtectiveFactor.WORK_OR_STUDIES: "arbete eller studier",
    ProtectiveFactor.STABLE_HOUSING: "stabilt boende",
    ProtectiveFactor.STABLE_ECONOMY: "stabil ekonomi",
}
ORGANISATIONS: Mapping[OrganisationKind, str] = {
    OrganisationKind.SOCIAL_SERVICES: "Kommunens socialtjänst",
    OrganisationKind.CITY: "Kommunal förvaltning",
    OrganisationKind.REGION: "Region",
    OrganisationKind.ASSOCIATION: "Förening",
    OrganisationKind.HOUSING_COMPANY: "Bostadsbolag",
    OrganisationKind.EMPLOYER: "Arbetsgivare",
    OrganisationKind.SCHOOL: "Skola",
    OrganisationKind.CARE: "Vård eller omsorg",
    OrganisationKind.UNIVERSITY: "Universitet eller högskola",
}
ITEMS: Mapping[ItemField, str] = {
    ItemField.GIVEN_NAME: "Förnamn",
    ItemField.FAMILY_NAME: "Efternamn",
    ItemField.PHONE: "Telefonnummer",
    ItemField.EMAIL: "E-postadress",
    ItemField.ADDRESS: "Adress",
    ItemField.BIRTH_YEAR: "Födelseår",
    ItemField.PERSONAL_NUMBER: "Personnummer",
    ItemField.LANGUAGE: "Språk",
    ItemField.INTERPRETER: "Behov av tolk",
    ItemField.NEED: "Behov",
    ItemField.BACKGROUND: "Bakgrund",
    ItemField.AVAILABILITY: "När du kan",
    ItemField.ADJUSTMENTS: "Anpassningar",
    ItemField.MEASURE: "Insats",
    ItemField.HEALTH: "Hälsa",
    ItemField.CHILDREN: "Barn",
}
AREA_NAMES = {area.code: area.name for area in AREAS}


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One of our codes as a term of one of our taxonomies."""

    taxonomy: str
    code: str
    name: str

    @property
    def id(self) -> UUID:
        return uuid5(OURS, f"term:{self.taxonomy}:{self.code}")

    @property
    def taxonomy_id(self) -> UUID:
        return taxonomy_id(self.taxonomy)


TAXONOMIES: Mapping[str, str] = {
    "need": "Behov",
    "theme": "Tema",
    "access": "Tillgänglighet",
    "protective_factor": "Skyddsfaktor",
    "kind": "Hur man kommer till insatsen",
}
"""Our taxonomies, each by the name that its terms give as theirs."""


def taxonomy_id(name: str) -> UUID:
    return uuid5(OURS, f"taxonomy:{name}")


def _terms() -> Iterator[Term]:
    named: Mapping[str, Mapping[str, str]] = {
        "need": {str(code): name for code, name in NEEDS.items()},
        "theme": {str(theme.code): theme.name for theme in THEMES},
        "access": {str(code): name for code, name in ACCESS.items()},
        "protective_factor": {str(code): name for code, name in FACTORS.items()},
        "kind": {str(code): name for code, name in KINDS.items()},
    }
    for taxonomy, codes in named.items():
        yield from (Term(taxonomy=taxonomy, code=code, name=name) for code, name in codes.items())


TERMS = {(term.taxonomy, term.code): term for term in _terms()}
"""Every term, by its taxonomy's name and its code."""

BY_ID = {term.id: term for term in TERMS.values()}
TAXONOMY_BY_ID = {taxonomy_id(name): name for name in TAXONOMIES}

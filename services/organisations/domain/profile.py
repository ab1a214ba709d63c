"""What an organisation is in law, and so how what it is told is protected there (R-02)."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from shared.errors import Invalid
from shared.events.organisations import OrganisationKind


class Sector(StrEnum):
    """The part of society that an organisation belongs to."""

    PUBLIC = "public"
    CIVIL_SOCIETY = "civil_society"
    BUSINESS = "business"
    ACADEMIA = "academia"


class LegalKind(StrEnum):
    """The form in which an organisation exists; of a municipality each board (nämnd) by itself (R-01)."""

    BOARD = "board"
    REGION = "region"
    STATE_AUTHORITY = "state_authority"
    MUNICIPAL_COMPANY = "municipal_company"
    ASSOCIATION = "association"
    FOUNDATION = "foundation"
    COMPANY = "company"


class Protection(StrEnum):
    """How what an organisation is told about a person is protected there."""

    SECRECY = "secrecy"
    """An authority: the secrecy act binds it (OSL 2:1)."""

    COMPANY_SECRECY = "company_secrecy"
    """A municipal company: treated as an authority, with weaker secrecy (OSL 2:3)."""

    PROFESSIONAL_SECRECY = "professional_secrecy"
    """Private social services: a duty of silence in law (SoL 17:11)."""

    PLEDGE = "pledge"
    """What its staff have promised and the person's conditions, and no law of secrecy."""


_AUTHORITIES = frozenset({LegalKind.BOARD, LegalKind.REGION, LegalKind.STATE_AUTHORITY})
_PRIVATE = frozenset({LegalKind.ASSOCIATION, LegalKind.FOUNDATION, LegalKind.COMPANY})

FITS: Mapping[OrganisationKind, frozenset[LegalKind]] = {
    OrganisationKind.SOCIAL_SERVICES: frozenset({LegalKind.BOARD}),
    OrganisationKind.CITY: frozenset({LegalKind.BOARD}),
    OrganisationKind.REGION: frozenset({LegalKind.REGION}),
    OrganisationKind.ASSOCIATION: frozenset({LegalKind.ASSOCIATION, LegalKind.FOUNDATION}),
    OrganisationKind.HOUSING_COMPANY: _PRIVATE | {LegalKind.MUNICIPAL_COMPANY},
    OrganisationKind.UNIVERSITY: frozenset({LegalKind.STATE_AUTHORITY, LegalKind.FOUNDATION}),
}
"""The legal kinds that a kind can have; one that is not named can have any."""


def protection_of(legal_kind: LegalKind | None, *, provides_social_services: bool) -> Protection:
    """How what is told is protected; what is not known promises nothing."""
    if legal_kind in _AUTHORITIES:
        return Protection.SECRECY
    if legal_kind is LegalKind.MUNICIPAL_COMPANY:
        return Protection.COMPANY_SECRECY
    if legal_kind in _PRIVATE and provides_social_services:
        return Protection.PROFESSIONAL_SECRECY
    return Protection.PLEDGE


def demand_fit(kind: OrganisationKind, legal_kind: LegalKind | None) -> None:
    """Raise ``Invalid`` for a legal kind that an organisation of this kind cannot have."""
    if legal_kind is not None and legal_kind not in FITS.get(kind, frozenset(LegalKind)):
        message = "An organisation of this kind cannot have this legal form."
        raise Invalid(errors=[{"field": "legal_kind", "message": message}])


def organisation_number(given: str) -> str:
    """Ten digits, from a number as people write it; raises ``ValueError`` in words, without the number.

    The third digit of an organisation's is 2 or more, which no month of a birth date
    is: a person's number is refused, and so is not kept.
    """
    digits = given.replace("-", "").replace(" ", "")
    if not (digits.isascii() and digits.isdigit() and len(digits) == 10):  # noqa: PLR2004 - as the law has it
        raise ValueError("an organisation number has ten digits")
    if digits[2] < "2":
        raise ValueError("this may be a person's number: leave it out")
    if _luhn(digits) % 10:
        raise ValueError("the check digit does not fit: some digit is wrong")
    return digits


def _luhn(digits: str) -> int:
    doubled = (int(digit) * (2 - place % 2) for place, digit in enumerate(digits))
    return sum(number // 10 + number % 10 for number in doubled)

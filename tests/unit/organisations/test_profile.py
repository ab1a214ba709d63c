"""What an organisation is in law, and its number.  The numbers are the city's own, and made wrong."""

from __future__ import annotations

import pytest

from services.organisations.domain.onboarding import Checklist, Step
from services.organisations.domain.profile import LegalKind, Protection, organisation_number
from shared.errors import Invalid, RoleMissing
from shared.events.base import Role
from shared.events.organisations import OrganisationKind
from tests.unit.organisations.makers import an_actor, an_organisation

THE_CITY = "2120001157"


@pytest.mark.parametrize(
    ("legal_kind", "social_services", "protection"),
    [
        (LegalKind.BOARD, False, Protection.SECRECY),
        (LegalKind.MUNICIPAL_COMPANY, False, Protection.COMPANY_SECRECY),
        (LegalKind.ASSOCIATION, False, Protection.PLEDGE),
        (LegalKind.ASSOCIATION, True, Protection.PROFESSIONAL_SECRECY),
        (None, True, Protection.PLEDGE),
    ],
)
def test_a_law_is_promised_only_where_it_binds(
    legal_kind: LegalKind | None,
    social_services: bool,  # noqa: FBT001
    protection: Protection,
) -> None:
    organisation = an_organisation(legal_kind=legal_kind, provides_social_services=social_services)

    assert organisation.protection is protection


@pytest.mark.parametrize(
    "changes",
    [
        {"legal_kind": LegalKind.FOUNDATION},
        {"provides_social_services": True},
        {"kind": OrganisationKind.CARE},
    ],
)
def test_what_a_person_is_promised_is_not_the_organisations_own_word(changes: dict[str, object]) -> None:
    organisation = an_organisation(legal_kind=LegalKind.ASSOCIATION)

    with pytest.raises(RoleMissing):
        organisation.change(changes, by=an_actor(Role.ORGANISATION_ADMIN))
    organisation.change(changes, by=an_actor(Role.COORDINATOR))


def test_an_association_is_no_authority() -> None:
    with pytest.raises(Invalid):
        an_organisation().change({"legal_kind": LegalKind.BOARD}, by=an_actor(Role.COORDINATOR))


@pytest.mark.parametrize("written", [THE_CITY, "212000-1157", "212000 1157"])
def test_a_number_is_read_as_people_write_it(written: str) -> None:
    assert organisation_number(written) == THE_CITY


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("2120001158", "check digit"),
        ("2120011157", "check digit"),
        ("212000115", "ten digits"),
        ("".join(chr(ord(one) + 0xFEE0) for one in THE_CITY), "ten digits"),
        ("9001012385", "person's number"),
    ],
)
def test_what_is_no_organisation_number_is_refused_in_words(written: str, why: str) -> None:
    with pytest.raises(ValueError, match=why) as refusal:
        organisation_number(written)

    assert written not in str(refusal.value)


def test_a_checklist_is_complete_when_nothing_is_missing() -> None:
    all_there = dict.fromkeys(map(str, Step), True)

    assert Checklist.of(all_there).complete
    assert not any(Checklist.of({**all_there, step: False}).complete for step in Step)

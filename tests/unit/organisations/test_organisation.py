"""Organisations: what they may change of themselves."""

from __future__ import annotations

import pytest

from services.organisations.domain.organisation import NeedsOpen
from shared.errors import RoleMissing
from shared.events.base import Role
from shared.events.organisations import OrganisationChanged, OrganisationKind, OrganisationStatus
from tests.unit.organisations.makers import HERE, an_actor, an_organisation


def test_an_organisation_pauses_itself() -> None:
    paused, event = an_organisation().change(
        {"status": OrganisationStatus.PAUSED}, by=an_actor(Role.ORGANISATION_ADMIN)
    )

    assert paused == an_organisation(status=OrganisationStatus.PAUSED, version=2)
    assert event == OrganisationChanged(
        organisation_id=HERE, kind=OrganisationKind.ASSOCIATION, status=OrganisationStatus.PAUSED
    )


def test_an_organisation_cannot_become_another_kind_by_its_own_word() -> None:
    with pytest.raises(RoleMissing):
        an_organisation().change(
            {"kind": OrganisationKind.SOCIAL_SERVICES}, by=an_actor(Role.ORGANISATION_ADMIN)
        )


def test_the_network_corrects_an_organisations_kind() -> None:
    corrected, event = an_organisation().change(
        {"kind": OrganisationKind.SCHOOL}, by=an_actor(Role.COORDINATOR)
    )

    assert (corrected.kind, event.kind) == (OrganisationKind.SCHOOL, OrganisationKind.SCHOOL)


@pytest.mark.parametrize("status", [OrganisationStatus.PAUSED, OrganisationStatus.CLOSED])
def test_a_home_of_needs_does_not_rest(status: OrganisationStatus) -> None:
    admin = an_actor(Role.ORGANISATION_ADMIN)

    with pytest.raises(NeedsOpen) as refused:
        an_organisation().change({"status": status}, by=admin, open_needs=2)

    assert refused.value.members == {"needs": 2}
    assert an_organisation().change({"name": "Huset"}, by=admin, open_needs=2)[0].takes_part
    assert an_organisation(status=status).change({"name": "Huset"}, by=admin, open_needs=2)[0].version == 2

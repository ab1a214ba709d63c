"""Who may change what in the directory."""

from __future__ import annotations

import pytest

from services.organisations.domain import rights
from shared.actor import Actor, service_actor
from shared.errors import NotYourSide, Refused, RoleMissing
from shared.events.base import Role
from tests.unit.organisations.makers import ELSEWHERE, HERE, an_actor

OWN_ADMINISTRATOR = an_actor(Role.ORGANISATION_ADMIN)
FOREIGN_ADMINISTRATOR = an_actor(Role.ORGANISATION_ADMIN, organisation_id=ELSEWHERE)
COORDINATOR = an_actor(Role.COORDINATOR, organisation_id=ELSEWHERE)


def test_an_organisation_is_run_by_its_own_administrator() -> None:
    rights.must_run(OWN_ADMINISTRATOR, HERE)


@pytest.mark.parametrize(
    ("actor", "refusal"),
    [(FOREIGN_ADMINISTRATOR, NotYourSide), (COORDINATOR, RoleMissing), (an_actor(), RoleMissing)],
)
def test_nobody_else_runs_an_organisation(actor: Actor, refusal: type[Refused]) -> None:
    with pytest.raises(refusal):
        rights.must_run(actor, HERE)


@pytest.mark.parametrize("actor", [OWN_ADMINISTRATOR, COORDINATOR])
def test_the_network_may_bring_an_organisation_in(actor: Actor) -> None:
    rights.must_run_or_onboard(actor, HERE)


def test_staff_see_their_colleagues() -> None:
    rights.must_see_staff_of(an_actor(Role.CASEWORKER), HERE)


@pytest.mark.parametrize(
    "actor", [an_actor(Role.CASEWORKER, organisation_id=ELSEWHERE), service_actor("web")]
)
def test_nobody_else_sees_an_organisations_staff(actor: Actor) -> None:
    with pytest.raises((NotYourSide, RoleMissing)):
        rights.must_see_staff_of(actor, HERE)


@pytest.mark.parametrize("role", [Role.COORDINATOR, Role.NETWORK_ADMIN])
def test_an_administrator_cannot_make_herself_one_of_the_network(role: Role) -> None:
    with pytest.raises(RoleMissing):
        rights.must_grant(OWN_ADMINISTRATOR, frozenset({role, Role.CASEWORKER}))


def test_a_network_administrator_gives_roles_for_the_network() -> None:
    rights.must_grant(an_actor(Role.NETWORK_ADMIN), frozenset({Role.COORDINATOR}))


def test_whoever_has_no_organisation_has_nothing_to_change() -> None:
    with pytest.raises(NotYourSide):
        rights.home_of(an_actor(Role.NETWORK_ADMIN, organisation_id=None))

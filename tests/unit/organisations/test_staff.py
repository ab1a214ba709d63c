"""Staff: their roles, their pledges, and their leaving."""

from __future__ import annotations

import pytest

from services.organisations.domain.sign_in import NotSignedIn
from services.organisations.domain.staff import PLEDGE_IN_FORCE, StaffHasLeft
from shared.errors import Invalid, NotYourSide, RoleMissing
from shared.events.base import Role
from shared.events.organisations import PledgeSigned, StaffAppointed, StaffChanged
from tests.unit.organisations.makers import ELSEWHERE, HERE, SOMEBODY, TEAM, a_member_of_staff, an_actor

ADMINISTRATOR = an_actor(Role.ORGANISATION_ADMIN)


def test_an_appointment_tells_team_and_roles_but_no_name() -> None:
    event = a_member_of_staff(roles=frozenset({Role.TEAM_LEAD, Role.RECIPIENT})).appoint(by=ADMINISTRATOR)

    assert event == StaffAppointed(
        organisation_id=HERE, staff_id=SOMEBODY, team_id=TEAM, roles=(Role.RECIPIENT, Role.TEAM_LEAD)
    )


@pytest.mark.parametrize("role", [Role.PERSON, Role.SERVICE])
def test_staff_are_neither_persons_nor_services(role: Role) -> None:
    with pytest.raises(Invalid):
        a_member_of_staff(roles=frozenset({role})).appoint(by=ADMINISTRATOR)


def test_whoever_leaves_can_no_longer_act() -> None:
    gone, event = a_member_of_staff().change({"active": False}, by=ADMINISTRATOR)

    assert event == StaffChanged(
        organisation_id=HERE, staff_id=SOMEBODY, team_id=TEAM, roles=(Role.RECIPIENT,), active=False
    )
    with pytest.raises(NotSignedIn):
        gone.acting()


def test_a_role_for_the_network_stays_when_an_administrator_changes_something_else() -> None:
    coordinator = a_member_of_staff(roles=frozenset({Role.COORDINATOR}))

    changed, _ = coordinator.change({"name": "Amina K."}, by=ADMINISTRATOR)

    assert changed.roles == {Role.COORDINATOR}


def test_an_administrator_cannot_add_a_role_for_the_network() -> None:
    with pytest.raises(RoleMissing):
        a_member_of_staff().change({"roles": frozenset({Role.NETWORK_ADMIN})}, by=ADMINISTRATOR)


def test_one_signs_ones_own_pledge() -> None:
    event = a_member_of_staff().sign(PLEDGE_IN_FORCE, by=an_actor(Role.RECIPIENT, id=SOMEBODY))

    assert event == PledgeSigned(organisation_id=HERE, staff_id=SOMEBODY, version=PLEDGE_IN_FORCE)


def test_ones_administrator_may_write_down_that_one_signed() -> None:
    assert a_member_of_staff().sign(PLEDGE_IN_FORCE, by=ADMINISTRATOR).staff_id == SOMEBODY


def test_a_colleague_cannot_sign_for_one() -> None:
    with pytest.raises(RoleMissing):
        a_member_of_staff().sign(PLEDGE_IN_FORCE, by=an_actor(Role.TEAM_LEAD))


def test_a_foreign_administrator_cannot_sign_for_one() -> None:
    with pytest.raises(NotYourSide):
        a_member_of_staff().sign(
            PLEDGE_IN_FORCE, by=an_actor(Role.ORGANISATION_ADMIN, organisation_id=ELSEWHERE)
        )


def test_only_the_pledge_in_force_is_signed() -> None:
    with pytest.raises(Invalid) as refusal:
        a_member_of_staff().sign(PLEDGE_IN_FORCE + 1, by=ADMINISTRATOR)

    assert "version" in str(refusal.value.members["errors"])


def test_whoever_has_left_signs_nothing() -> None:
    with pytest.raises(StaffHasLeft):
        a_member_of_staff(active=False).sign(PLEDGE_IN_FORCE, by=ADMINISTRATOR)

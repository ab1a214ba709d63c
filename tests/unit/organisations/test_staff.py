"""Staff: their roles, their pledges, and their leaving."""

from __future__ import annotations

from datetime import date

import pytest

from services.organisations.domain.sign_in import NotSignedIn
from services.organisations.domain.staff import PLEDGE_IN_FORCE, NoRoleEnds, Staff, StaffHasLeft
from shared.errors import Invalid, NotYourSide, RoleMissing
from shared.events.base import Role
from shared.events.organisations import PledgeSigned, StaffAppointed, StaffChanged
from tests.unit.organisations.makers import ELSEWHERE, HERE, SOMEBODY, TEAM, a_member_of_staff, an_actor

ADMINISTRATOR = an_actor(Role.ORGANISATION_ADMIN)
TODAY = date(2026, 11, 20)
DAY_BEFORE, DAY_AFTER = date(2026, 11, 19), date(2026, 11, 21)


def a_recipient_and_lead(**until: date) -> Staff:
    return a_member_of_staff(
        roles=frozenset({Role.RECIPIENT, Role.TEAM_LEAD}),
        roles_until={Role(role): last for role, last in until.items()},
    )


def test_a_role_ends_when_its_last_day_is_over() -> None:
    staff = a_recipient_and_lead(recipient=TODAY, team_lead=DAY_AFTER)

    later, event = staff.end_roles(today=DAY_AFTER)

    assert later.roles == {Role.TEAM_LEAD}
    assert later.roles_until == {Role.TEAM_LEAD: DAY_AFTER}
    assert (event.roles, event.active) == ((Role.TEAM_LEAD,), True)
    with pytest.raises(NoRoleEnds):
        staff.end_roles(today=TODAY)


def test_a_role_is_renewed_and_an_end_goes_with_its_role() -> None:
    staff = a_recipient_and_lead(recipient=TODAY, team_lead=TODAY)

    renewed, _ = staff.change({"roles_until": {Role.RECIPIENT: DAY_AFTER}}, by=ADMINISTRATOR, today=TODAY)
    without, _ = staff.change({"roles": frozenset({Role.RECIPIENT})}, by=ADMINISTRATOR, today=TODAY)

    assert renewed.roles_until == {Role.RECIPIENT: DAY_AFTER}
    assert without.roles_until == {Role.RECIPIENT: TODAY}


@pytest.mark.parametrize("until", [{Role.RECIPIENT: DAY_BEFORE}, {Role.CASEWORKER: DAY_AFTER}])
def test_only_a_held_role_ends_and_not_in_the_past(until: dict[Role, date]) -> None:
    with pytest.raises(Invalid):
        a_member_of_staff(roles_until=until).appoint(by=ADMINISTRATOR, today=TODAY)
    with pytest.raises(Invalid):
        a_member_of_staff().change({"roles_until": until}, by=ADMINISTRATOR, today=TODAY)


def test_an_end_that_has_passed_does_not_stop_another_change() -> None:
    staff = a_recipient_and_lead(recipient=DAY_BEFORE)

    renamed, _ = staff.change({"name": "Amina K."}, by=ADMINISTRATOR, today=TODAY)

    assert renamed.roles_until == staff.roles_until


@pytest.mark.parametrize("until", [{}, {Role.COORDINATOR: DAY_AFTER}])
def test_an_administrator_cannot_make_a_role_for_the_network_last_longer(until: dict[Role, date]) -> None:
    staff = a_member_of_staff(roles=frozenset({Role.COORDINATOR}), roles_until={Role.COORDINATOR: TODAY})

    with pytest.raises(RoleMissing):
        staff.change({"roles_until": until}, by=ADMINISTRATOR, today=TODAY)


def test_a_pledge_of_a_leap_day_binds_until_the_day_before_the_next() -> None:
    event = a_member_of_staff().sign(PLEDGE_IN_FORCE, by=ADMINISTRATOR, today=date(2028, 2, 29))

    assert event.valid_until == date(2029, 2, 28)


def test_an_appointment_tells_team_and_roles_but_no_name() -> None:
    event = a_member_of_staff(roles=frozenset({Role.TEAM_LEAD, Role.RECIPIENT})).appoint(
        by=ADMINISTRATOR, today=TODAY
    )

    assert event == StaffAppointed(
        organisation_id=HERE, staff_id=SOMEBODY, team_id=TEAM, roles=(Role.RECIPIENT, Role.TEAM_LEAD)
    )


@pytest.mark.parametrize("role", [Role.PERSON, Role.SERVICE])
def test_staff_are_neither_persons_nor_services(role: Role) -> None:
    with pytest.raises(Invalid):
        a_member_of_staff(roles=frozenset({role})).appoint(by=ADMINISTRATOR, today=TODAY)


def test_whoever_leaves_can_no_longer_act() -> None:
    gone, event = a_member_of_staff().change({"active": False}, by=ADMINISTRATOR, today=TODAY)

    assert event == StaffChanged(
        organisation_id=HERE, staff_id=SOMEBODY, team_id=TEAM, roles=(Role.RECIPIENT,), active=False
    )
    with pytest.raises(NotSignedIn):
        gone.acting()


def test_a_role_for_the_network_stays_when_an_administrator_changes_something_else() -> None:
    coordinator = a_member_of_staff(roles=frozenset({Role.COORDINATOR}))

    changed, _ = coordinator.change({"name": "Amina K."}, by=ADMINISTRATOR, today=TODAY)

    assert changed.roles == {Role.COORDINATOR}


def test_an_administrator_cannot_add_a_role_for_the_network() -> None:
    with pytest.raises(RoleMissing):
        a_member_of_staff().change({"roles": frozenset({Role.NETWORK_ADMIN})}, by=ADMINISTRATOR, today=TODAY)


def test_one_signs_ones_own_pledge() -> None:
    event = a_member_of_staff().sign(PLEDGE_IN_FORCE, by=an_actor(Role.RECIPIENT, id=SOMEBODY), today=TODAY)

    assert event == PledgeSigned(
        organisation_id=HERE,
        staff_id=SOMEBODY,
        version=PLEDGE_IN_FORCE,
        valid_until=TODAY.replace(year=TODAY.year + 1),
    )


def test_ones_administrator_may_write_down_that_one_signed() -> None:
    assert a_member_of_staff().sign(PLEDGE_IN_FORCE, by=ADMINISTRATOR, today=TODAY).staff_id == SOMEBODY


def test_a_colleague_cannot_sign_for_one() -> None:
    with pytest.raises(RoleMissing):
        a_member_of_staff().sign(PLEDGE_IN_FORCE, by=an_actor(Role.TEAM_LEAD), today=TODAY)


def test_a_foreign_administrator_cannot_sign_for_one() -> None:
    with pytest.raises(NotYourSide):
        a_member_of_staff().sign(
            PLEDGE_IN_FORCE,
            by=an_actor(Role.ORGANISATION_ADMIN, organisation_id=ELSEWHERE),
            today=TODAY,
        )


def test_only_the_pledge_in_force_is_signed() -> None:
    with pytest.raises(Invalid) as refusal:
        a_member_of_staff().sign(PLEDGE_IN_FORCE + 1, by=ADMINISTRATOR, today=TODAY)

    assert "version" in str(refusal.value.members["errors"])


def test_whoever_has_left_signs_nothing() -> None:
    with pytest.raises(StaffHasLeft):
        a_member_of_staff(active=False).sign(PLEDGE_IN_FORCE, by=ADMINISTRATOR, today=TODAY)

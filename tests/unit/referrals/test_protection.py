"""Who may lock a person, who may unlock her, and who may be named."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import pytest

from services.referrals.domain.protection import Lockable, Protection, demand_keepers
from services.referrals.domain.refusals import AlreadyLocked, NotLocked
from shared.actor import Actor, ActorKind
from shared.errors import Invalid, NotYourSide, Refused, RoleMissing, VersionStale
from shared.events.base import Role
from shared.ids import new_id

HOME, TEAM, ONE, OTHER = (new_id() for _ in range(4))
OPEN = Lockable(id=new_id(), organisation_id=HOME, team_id=TEAM, version=3)
STANDING = Protection(
    id=new_id(),
    organisation_id=HOME,
    person_id=OPEN.id,
    staff_ids=(ONE, OTHER),
    locked_at=datetime.now(UTC),
    locked_by=new_id(),
    version=3,
)
LOCKED = replace(OPEN, standing=STANDING)


def actor(*roles: Role, team_id: UUID | None = TEAM, id_: UUID = ONE) -> Actor:
    return Actor(kind=ActorKind.STAFF, id=id_, organisation_id=HOME, team_id=team_id, roles=frozenset(roles))


@pytest.mark.parametrize("role", [Role.CASEWORKER, Role.TEAM_LEAD])
def test_her_own_team_locks_her(role: Role) -> None:
    OPEN.permit_lock(actor(role), 3)
    with pytest.raises(NotYourSide):
        OPEN.permit_lock(actor(role, team_id=new_id()), 3)


def test_an_administrator_locks_whomever_the_organisation_knows() -> None:
    OPEN.permit_lock(actor(Role.ORGANISATION_ADMIN, team_id=None), 3)


@pytest.mark.parametrize(
    ("person", "by", "seen", "refusal"),
    [
        (OPEN, actor(Role.RECIPIENT), 3, RoleMissing),
        (OPEN, actor(Role.CASEWORKER), 2, VersionStale),
        (LOCKED, actor(Role.CASEWORKER), 3, AlreadyLocked),
        (LOCKED, actor(Role.CASEWORKER), 2, VersionStale),
    ],
)
def test_a_lock_is_refused(person: Lockable, by: Actor, seen: int, refusal: type[Refused]) -> None:
    with pytest.raises(refusal):
        person.permit_lock(by, seen)


@pytest.mark.parametrize("keeper", [ONE, OTHER])
def test_either_of_the_two_unlocks_her(keeper: UUID) -> None:
    assert LOCKED.permit_unlock(actor(Role.TEAM_LEAD, id_=keeper), 3) is STANDING


@pytest.mark.parametrize(
    ("person", "by", "seen", "refusal"),
    [
        (LOCKED, actor(Role.CASEWORKER, id_=new_id()), 3, NotYourSide),
        (LOCKED, actor(Role.ORGANISATION_ADMIN), 3, RoleMissing),
        (LOCKED, actor(Role.CASEWORKER), 2, VersionStale),
        (OPEN, actor(Role.CASEWORKER), 3, NotLocked),
    ],
)
def test_an_unlock_is_refused(person: Lockable, by: Actor, seen: int, refusal: type[Refused]) -> None:
    with pytest.raises(refusal):
        person.permit_unlock(by, seen)


def test_each_turn_is_a_version_of_hers() -> None:
    assert OPEN.moved() == replace(OPEN, version=4)


def test_each_who_may_not_be_named_is_named() -> None:
    demand_keepers([ONE, OTHER], frozenset({ONE, OTHER}))
    with pytest.raises(Invalid) as refused:
        demand_keepers([ONE, OTHER], frozenset({ONE}))
    assert [error["field"] for error in refused.value.members["errors"]] == ["staff_ids.1"]  # type: ignore[index, union-attr, call-overload]

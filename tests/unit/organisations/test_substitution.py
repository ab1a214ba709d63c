"""Substitutes: for whom, by whom, and on which days."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest

from services.organisations.domain.substitution import (
    SubstitutesOverlap,
    Substitution,
    SubstitutionIsOver,
    must_arrange_for,
)
from shared.actor import Actor
from shared.errors import Invalid, Refused
from shared.events.base import Role
from shared.events.organisations import SubstituteNamed
from tests.unit.organisations.makers import (
    ELSEWHERE,
    HERE,
    SOMEBODY,
    SOMEBODY_ELSE,
    TEAM,
    a_member_of_staff,
    an_actor,
)

ID = UUID("01900000-0000-7000-8000-0000000000d1")
TODAY, DAY_AFTER = date(2026, 11, 20), date(2026, 11, 21)
NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
SUBSTITUTE = a_member_of_staff(id=SOMEBODY_ELSE)


def a_substitution(**said: Any) -> Substitution:
    usual: dict[str, Any] = {
        "id": ID,
        "organisation_id": HERE,
        "staff_id": SOMEBODY,
        "substitute_id": SOMEBODY_ELSE,
        "valid_from": TODAY,
        "valid_until": TODAY,
        "ended_at": None,
        "version": 1,
    }
    return Substitution(**usual | said)


def test_who_stands_in_is_told_with_the_days() -> None:
    event = a_substitution().begin(substitute=SUBSTITUTE, today=TODAY, beside=[])

    assert event == SubstituteNamed(
        organisation_id=HERE,
        substitution_id=ID,
        staff_id=SOMEBODY,
        substitute_id=SOMEBODY_ELSE,
        valid_from=TODAY,
        valid_until=TODAY,
    )


@pytest.mark.parametrize(
    ("said", "active"),
    [
        ({"substitute_id": SOMEBODY}, True),
        ({}, False),
        ({"valid_from": DAY_AFTER}, True),
        ({"valid_from": date(2026, 1, 1), "valid_until": date(2026, 1, 2)}, True),
    ],
)
def test_what_cannot_be_is_refused(said: dict[str, Any], active: bool) -> None:  # noqa: FBT001
    substitute = a_member_of_staff(id=SOMEBODY_ELSE, active=active)

    with pytest.raises(Invalid):
        a_substitution(**said).begin(substitute=substitute, today=TODAY, beside=[])


def test_on_one_day_one_stands_in() -> None:
    other = a_substitution(valid_until=DAY_AFTER)

    with pytest.raises(SubstitutesOverlap):
        a_substitution().begin(substitute=SUBSTITUTE, today=TODAY, beside=[other])
    later = a_substitution(valid_from=date(2026, 11, 22), valid_until=date(2026, 11, 22))
    assert later.begin(substitute=SUBSTITUTE, today=TODAY, beside=[other]).valid_from == later.valid_from


def test_a_substitute_is_released_once() -> None:
    ended, _ = a_substitution().end(at=NOON)

    with pytest.raises(SubstitutionIsOver):
        ended.end(at=NOON)


def lead(team_id: UUID | None) -> Actor:
    kind = an_actor(Role.TEAM_LEAD)
    return Actor(
        kind=kind.kind, id=kind.id, organisation_id=HERE, team_id=team_id, roles=frozenset({Role.TEAM_LEAD})
    )


@pytest.mark.parametrize(
    ("actor", "may"),
    [
        (an_actor(Role.RECIPIENT, id=SOMEBODY), True),
        (an_actor(Role.ORGANISATION_ADMIN), True),
        (lead(TEAM), True),
        (lead(UUID("01900000-0000-7000-8000-0000000000d2")), False),
        (lead(None), False),
        (an_actor(Role.RECIPIENT), False),
        (an_actor(Role.ORGANISATION_ADMIN, organisation_id=ELSEWHERE), False),
    ],
)
def test_who_arranges_for_whom(actor: Actor, may: bool) -> None:  # noqa: FBT001
    try:
        must_arrange_for(actor, a_member_of_staff())
    except Refused:
        assert not may
    else:
        assert may


RECEIVES, LEADS = frozenset({Role.RECIPIENT}), frozenset({Role.TEAM_LEAD})


@pytest.mark.parametrize(
    ("before", "now", "other", "outlives"),
    [
        (RECEIVES, {"roles": RECEIVES}, RECEIVES, "yes"),
        (RECEIVES | LEADS, {"roles": RECEIVES}, RECEIVES, "yes"),
        (RECEIVES | LEADS, {"roles": LEADS}, RECEIVES, "no"),
        (RECEIVES, {"roles": frozenset()}, RECEIVES, "no"),
        (LEADS, {"roles": frozenset()}, RECEIVES, "yes"),
        (RECEIVES, {"active": False}, RECEIVES, "no"),
        (LEADS, {"active": False}, RECEIVES, "no"),
    ],
)
def test_a_substitution_ends_with_who_leaves_or_loses_what_both_had(
    before: frozenset[Role], now: dict[str, Any], other: frozenset[Role], outlives: str
) -> None:
    was = a_member_of_staff(roles=before)
    becomes = a_member_of_staff(roles=before, **now) if "active" in now else a_member_of_staff(**now)

    goes_on = a_substitution().outlives(before=was, now=becomes, other=a_member_of_staff(roles=other))

    assert goes_on is (outlives == "yes")

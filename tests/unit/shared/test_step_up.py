"""Who has shown anew who she is."""

from __future__ import annotations

from dataclasses import replace

import pytest

from shared.actor import STEP_UP, Actor
from shared.events.base import Role
from shared.step_up import FRESH, StepUpNeeded, must_have_stepped_up
from tests.unit.organisations.makers import an_actor

NOW = 1_800_000_000.0
FRESH_S = int(FRESH.total_seconds())
REVIEWER = an_actor(Role.LOG_REVIEWER)


def test_whoever_has_just_stepped_up_may_go_on() -> None:
    for ago in (0, FRESH_S - 1):
        must_have_stepped_up(replace(REVIEWER, acr=STEP_UP, auth_time=int(NOW) - ago), at=NOW)


@pytest.mark.parametrize(
    "actor",
    [
        REVIEWER,
        replace(REVIEWER, acr=STEP_UP),
        replace(REVIEWER, auth_time=int(NOW)),
        replace(REVIEWER, acr="weak", auth_time=int(NOW)),
        replace(REVIEWER, acr=STEP_UP, auth_time=int(NOW) - FRESH_S),
    ],
)
def test_nobody_else_may(actor: Actor) -> None:
    with pytest.raises(StepUpNeeded):
        must_have_stepped_up(actor, at=NOW)

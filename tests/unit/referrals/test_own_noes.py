"""The person's own no: what it is about, what it is told as, and what it holds up."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest

from services.referrals.domain.need_transitions import NeedState
from services.referrals.domain.own_noes import No, Part, demand_wanted
from services.referrals.domain.refusals import IllegalForNeed, PersonSaidNo
from services.referrals.domain.steps import Awaited, Plan
from shared.events.paths import StepRefused, StepWanted
from shared.ids import new_id
from tests.unit.referrals.makers import NEED, NOON, PATH, SENDER, SENDING_TEAM, a_need
from tests.unit.referrals.test_steps import FIRST, SECOND, a_need_of, a_step

HOME = {"organisation_id": SENDER, "team_id": SENDING_TEAM, "path_id": PATH}
PARTS = [
    (Part(**HOME, step=a_step(FIRST), need=None), FIRST, None),
    (Part(**HOME, step=a_step(FIRST, need=a_need_of(NeedState.OPEN)), need=a_need()), FIRST, NEED),
    (Part(**HOME, step=None, need=a_need()), None, NEED),
]


@pytest.mark.parametrize(("part", "step_id", "need_id"), PARTS)
def test_a_no_is_about_the_step_where_there_is_one(
    part: Part, step_id: UUID | None, need_id: UUID | None
) -> None:
    no_id = new_id()

    no, event = part.say_no(NOON, no_id=no_id)

    assert event == StepRefused(**HOME, step_id=step_id, need_id=need_id)
    assert no == No(
        id=no_id,
        organisation_id=SENDER,
        path_id=PATH,
        step_id=step_id,
        need_id=None if step_id else need_id,
        said_at=NOON,
    )
    assert part.take_no_back() == StepWanted(**event.model_dump())
    assert part.key == (step_id or need_id)


def test_without_step_and_need_there_is_nothing_to_say_no_to() -> None:
    assert Part(**HOME, step=None, need=None).key is None


def test_what_is_done_with_is_not_refused() -> None:
    with pytest.raises(IllegalForNeed):
        Part(**HOME, step=None, need=a_need(NeedState.CLOSED)).say_no(NOON, no_id=new_id())


def test_only_a_no_that_stands_refuses() -> None:
    demand_wanted(None)
    with pytest.raises(PersonSaidNo):
        demand_wanted(NOON)


@pytest.mark.parametrize("awaited", Awaited)
def test_a_refused_step_holds_up_only_what_needs_it_met(awaited: Awaited) -> None:
    plan = Plan.of([a_step(FIRST), a_step(SECOND, (FIRST, awaited))])

    refused = plan.with_no(FIRST, NOON)

    is_free = awaited is Awaited.ANY
    assert [step.id for step in refused.newly_ready(plan)] == ([SECOND] if is_free else [])
    back = replace(refused, steps={**refused.steps, FIRST: plan.step(FIRST)})
    assert back.waits_for(plan.step(SECOND)) == (FIRST,)

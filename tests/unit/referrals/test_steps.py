"""When a step of a path is ready, what tells it, and what is copied from a template."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from uuid import UUID

import pytest

from services.referrals import templates
from services.referrals.domain.need_transitions import NeedState
from services.referrals.domain.needs import demand_referable
from services.referrals.domain.path import Path
from services.referrals.domain.refusals import IllegalForNeed, StepBegun, StepNotReady
from services.referrals.domain.steps import Awaited, PathStep, Plan, StepNeed, Wait
from shared.errors import Invalid, NotFound
from shared.events.base import NeedCode, Theme
from shared.events.paths import Closing
from tests.unit.referrals.makers import NEED, NOON, PATH, SENDER, SENDING_TEAM, a_need

FIRST, SECOND, THIRD = (UUID(int=number) for number in (61, 62, 63))
ANY, MET = Awaited


def a_step(step_id: UUID, *after: tuple[UUID, Awaited], need: StepNeed | None = None) -> PathStep:
    return PathStep(
        id=step_id,
        organisation_id=SENDER,
        team_id=SENDING_TEAM,
        path_id=PATH,
        nth=1,
        code=NeedCode.LANGUAGE,
        theme=Theme.INDIVIDUAL,
        after=tuple(Wait(step_id=one, outcome=outcome) for one, outcome in after),
        need=need,
        created_at=NOON,
    )


def a_need_of(state: NeedState, closed_as: Closing | None = None) -> StepNeed:
    return StepNeed(id=NEED, state=state, closed_as=closed_as)


OPEN, PARKED, ANSWERED, CLOSED = NeedState
BECOME: list[tuple[StepNeed | None, bool, bool]] = [
    (None, False, False),
    (a_need_of(OPEN), False, False),
    (a_need_of(PARKED), False, False),
    (a_need_of(ANSWERED), True, True),
    (a_need_of(CLOSED, Closing.MET), True, True),
    (a_need_of(CLOSED, Closing.UNMET), True, False),
    (a_need_of(CLOSED, Closing.NO_LONGER_WANTED), True, False),
    (a_need_of(CLOSED, Closing.MOVED), True, False),
]
"""What became of a step's need, and whether that is what one waits for: of any kind, and met."""


@pytest.mark.parametrize(("need", "any_", "met"), BECOME)
def test_a_step_waits_until_what_is_before_it_has_come_about(
    need: StepNeed | None,
    any_: bool,  # noqa: FBT001
    met: bool,  # noqa: FBT001
) -> None:
    for outcome, has_come in ((ANY, any_), (MET, met)):
        plan = Plan.of([a_step(FIRST, need=need), a_step(SECOND, (FIRST, outcome))])

        assert plan.waits_for(plan.step(SECOND)) == (() if has_come else (FIRST,))
        if has_come:
            plan.demand_ready(SECOND)
        else:
            with pytest.raises(StepNotReady) as refused:
                plan.demand_ready(SECOND)
            assert refused.value.members == {"waits_for": [str(FIRST)]}


def test_a_step_waits_for_all_its_branches() -> None:
    done, other = a_step(FIRST, need=a_need_of(ANSWERED)), a_step(SECOND)

    plan = Plan.of([done, other, a_step(THIRD, (FIRST, MET), (SECOND, ANY))])

    assert plan.waits_for(plan.step(THIRD)) == (SECOND,)


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (OPEN, ANSWERED, [SECOND, THIRD]),
        (OPEN, CLOSED, [SECOND, THIRD]),
        (ANSWERED, CLOSED, []),
        (CLOSED, OPEN, []),
        (OPEN, PARKED, []),
    ],
)
def test_a_step_that_has_become_ready_is_told_once(
    before: NeedState, after: NeedState, told: list[UUID]
) -> None:
    steps = (a_step(FIRST, need=a_need_of(before, Closing.MET if before is CLOSED else None)),)
    plan = Plan.of([*steps, a_step(SECOND, (FIRST, MET)), a_step(THIRD, (FIRST, ANY))])

    now = plan.with_need(FIRST, a_need(after))

    assert [step.id for step in now.newly_ready(plan)] == told


def test_a_step_planned_behind_what_is_done_is_told_and_one_that_waits_for_nothing_is_not() -> None:
    plan = Plan.of([a_step(FIRST, need=a_need_of(ANSWERED))])

    assert [step.id for step in plan.with_step(a_step(SECOND, (FIRST, MET))).newly_ready(plan)] == [SECOND]
    assert plan.with_step(a_step(SECOND)).newly_ready(plan) == []


def test_a_step_waits_for_steps_of_its_own_path_that_are_there() -> None:
    for unknown in (SECOND, THIRD):
        with pytest.raises(NotFound):
            Plan.of([a_step(FIRST)]).with_step(a_step(SECOND, (unknown, ANY)))


def test_a_step_begins_once_as_a_need_of_its_code() -> None:
    plan = Plan.of([a_step(FIRST), a_step(SECOND, need=a_need_of(OPEN))])

    plan.begin(FIRST, NeedCode.LANGUAGE)
    with pytest.raises(Invalid):
        plan.begin(FIRST, NeedCode.WORK)
    with pytest.raises(StepBegun):
        plan.begin(SECOND, NeedCode.LANGUAGE)
    with pytest.raises(NotFound):
        plan.begin(THIRD, NeedCode.LANGUAGE)


@pytest.mark.parametrize("state", NeedState)
def test_what_is_set_aside_or_done_with_is_not_handed_over(state: NeedState) -> None:
    if state in {OPEN, ANSWERED}:
        demand_referable(state)
    else:
        with pytest.raises(IllegalForNeed):
            demand_referable(state)


def numbers() -> Callable[[], UUID]:
    following = itertools.count(100)
    return lambda: UUID(int=next(following))


def a_path() -> Path:
    return Path(
        id=PATH,
        organisation_id=SENDER,
        team_id=SENDING_TEAM,
        person_id=UUID(int=36),
        goal="Eget jobb",
        coordinating_organisation_id=SENDER,
        version=1,
        created_at=NOON,
    )


def test_every_chain_of_the_catalogue_can_be_walked_to_its_end() -> None:
    assert len(templates.catalogue()) >= 2
    for template in templates.catalogue().values():
        plan = Plan.of([])
        for step in template.copied(a_path(), NOON, numbers()):
            plan = plan.with_step(step)
        for step in plan.steps.values():
            plan.demand_ready(step.id)
            plan = plan.with_need(step.id, a_need(NeedState.ANSWERED))
        assert {*template.names} == {"sv", "en"}
        assert all({*step.names} == {"sv", "en"} for step in template.steps)


def test_a_copied_step_waits_for_the_copies_and_says_which_version_it_was() -> None:
    template = next(iter(templates.catalogue().values()))

    steps = template.copied(a_path(), NOON, numbers())

    ids = {step.key: copied.id for step, copied in zip(template.steps, steps, strict=True)}
    for step, copied in zip(template.steps, steps, strict=True):
        assert [(wait.step_id, wait.outcome) for wait in copied.after] == [
            (ids[key], outcome) for key, outcome in step.after.items()
        ]
        assert (copied.template_id, copied.template_version) == (template.id, template.version)
    assert [step.nth for step in steps] == list(range(1, len(steps) + 1))
    assert any(len(step.after) > 1 for step in template.steps)

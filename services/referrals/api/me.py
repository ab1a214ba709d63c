"""The person's own record, in the same shapes as everybody else's."""

from __future__ import annotations

from uuid import UUID

from fastapi import APIRouter, Response

from shared.events.base import Role
from shared.http import After, Limit, Nothing, Page, Route, Tx, for_roles, versioned

from ..commands import own_noes
from ..queries import consents as consent_queries
from ..queries import needs as need_queries
from ..queries import persons as person_queries
from ..queries import referrals as referral_queries
from ..queries import steps as step_queries
from ..queries.consents import SeenConsent
from ..queries.holdings import Holder, holders_of
from ..store.rows import Slice
from . import consents, needs, referrals, steps
from .consents import ConsentSeen
from .disclosures import HolderSeen
from .needs import NeedSeen
from .paths import PathSeen
from .referrals import ReferralSeen
from .shapes import Keys, for_command, page
from .steps import StepSeen

router = APIRouter(route_class=Route, prefix="/me", tags=["me"])

HERSELF = for_roles(Role.PERSON)


class OwnConsentSeen(ConsentSeen):
    """A consent of yours, and who holds what was given under it."""

    holders: list[HolderSeen]


class OwnPathSeen(PathSeen):
    """Your path, with its steps in their order, and what you want help with."""

    steps: list[StepSeen]
    needs: list[NeedSeen]


@router.get("/path", openapi_extra=HERSELF)
async def own_path(tx: Tx, keys: Keys, response: Response) -> OwnPathSeen:
    """Your path: where you want to get, its steps, and what you want help with."""
    found = await person_queries.own_path(tx, keys)
    versioned(response, found.path.version)
    return OwnPathSeen(
        **dict(PathSeen.model_validate(found.path)),
        steps=[steps.as_seen(step, found.plan) for step in found.plan.steps.values()],
        needs=[needs.as_seen(need, by=tx.actor) for need in found.needs],
    )


@router.post("/path/steps/{step_id}/say_no", openapi_extra=for_command([Role.PERSON]))
async def say_no_to_step(step_id: UUID, _: Nothing, tx: Tx) -> StepSeen:
    """Say no to a step, without a reason or a version; all other help is yours as before.

    What is under way for it is taken back or ended, and nobody is asked for it until you take your no back.
    """
    await own_noes.say_no_to_step(tx, step_id)
    return await _step(tx, step_id)


@router.post("/path/steps/{step_id}/take_no_back", openapi_extra=HERSELF)
async def take_back_of_step(step_id: UUID, _: Nothing, tx: Tx) -> StepSeen:
    """Take your no to a step back; what it has ended stays ended."""
    await own_noes.take_back_of_step(tx, step_id)
    return await _step(tx, step_id)


@router.post("/path/needs/{need_id}/say_no", openapi_extra=for_command([Role.PERSON]))
async def say_no_to_need(need_id: UUID, _: Nothing, tx: Tx) -> NeedSeen:
    """Say no to what is offered for a need, as to a step; of a step's need it is a no to the step."""
    await own_noes.say_no_to_need(tx, need_id)
    return await _need(tx, need_id)


@router.post("/path/needs/{need_id}/take_no_back", openapi_extra=HERSELF)
async def take_back_of_need(need_id: UUID, _: Nothing, tx: Tx) -> NeedSeen:
    """Take your no to a need back; what it has ended stays ended."""
    await own_noes.take_back_of_need(tx, need_id)
    return await _need(tx, need_id)


async def _step(tx: Tx, step_id: UUID) -> StepSeen:
    plan = await step_queries.own_plan(tx, step_id)
    return steps.as_seen(plan.step(step_id), plan)


async def _need(tx: Tx, need_id: UUID) -> NeedSeen:
    return needs.as_seen(await need_queries.need(tx, need_id), by=tx.actor)


@router.get("/consents", openapi_extra=HERSELF)
async def own_consents(tx: Tx, keys: Keys, after: After = None, limit: Limit = 50) -> Page[OwnConsentSeen]:
    """What you have said yes and no to, newest first, and who has answered for what ended."""
    part = Slice(after, limit)
    found = await consent_queries.own(tx, part, keys)
    holders = await holders_of(tx, [one.consent for one in found], keys)
    return page([_own(one, holders[one.consent.id]) for one in found], part)


def _own(seen: SeenConsent, holders: list[Holder]) -> OwnConsentSeen:
    return OwnConsentSeen.model_validate({**dict(consents.as_seen(seen)), "holders": holders})


@router.get("/referrals", openapi_extra=HERSELF)
async def own_referrals(tx: Tx, after: After = None, limit: Limit = 50) -> Page[ReferralSeen]:
    """Your referrals, newest first."""
    part = Slice(after, limit)
    found = await referral_queries.own(tx, part)
    return page([referrals.as_seen(one, by=tx.actor) for one in found], part)

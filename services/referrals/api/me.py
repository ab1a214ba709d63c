"""The person's own record, in the same shapes as everybody else's."""

from __future__ import annotations

from fastapi import APIRouter, Response

from shared.events.base import Role
from shared.http import After, Limit, Page, Route, Tx, for_roles, versioned

from ..queries import consents as consent_queries
from ..queries import persons as person_queries
from ..queries import referrals as referral_queries
from ..store.rows import Slice
from . import consents, referrals
from .consents import ConsentSeen
from .paths import PathSeen
from .referrals import ReferralSeen
from .shapes import Keys, page

router = APIRouter(route_class=Route, prefix="/me", tags=["me"])

HERSELF = for_roles(Role.PERSON)


@router.get("/path", openapi_extra=HERSELF)
async def own_path(tx: Tx, keys: Keys, response: Response) -> PathSeen:
    """Your path."""
    path = await person_queries.own_path(tx, keys)
    versioned(response, path.version)
    return PathSeen.model_validate(path)


@router.get("/consents", openapi_extra=HERSELF)
async def own_consents(tx: Tx, keys: Keys, after: After = None, limit: Limit = 50) -> Page[ConsentSeen]:
    """What you have said yes and no to, newest first."""
    part = Slice(after, limit)
    found = await consent_queries.own(tx, part, keys)
    return page([consents.as_seen(one) for one in found], part)


@router.get("/referrals", openapi_extra=HERSELF)
async def own_referrals(tx: Tx, after: After = None, limit: Limit = 50) -> Page[ReferralSeen]:
    """Your referrals, newest first."""
    part = Slice(after, limit)
    found = await referral_queries.own(tx, part)
    return page([referrals.as_seen(one, by=tx.actor) for one in found], part)

"""The person's own record, in the same shapes as everybody else's."""

from __future__ import annotations

from fastapi import APIRouter, Response

from shared.events.base import Role
from shared.http import After, Limit, Page, Route, Tx, for_roles, versioned

from ..queries import consents as consent_queries
from ..queries import persons as person_queries
from ..queries import referrals as referral_queries
from ..queries.consents import SeenConsent
from ..queries.holdings import Holder, holders_of
from ..store.rows import Slice
from . import consents, referrals
from .consents import ConsentSeen
from .disclosures import HolderSeen
from .paths import PathSeen
from .referrals import ReferralSeen
from .shapes import Keys, page

router = APIRouter(route_class=Route, prefix="/me", tags=["me"])

HERSELF = for_roles(Role.PERSON)


class OwnConsentSeen(ConsentSeen):
    """A consent of yours, and who holds what was given under it."""

    holders: list[HolderSeen]


@router.get("/path", openapi_extra=HERSELF)
async def own_path(tx: Tx, keys: Keys, response: Response) -> PathSeen:
    """Your path."""
    path = await person_queries.own_path(tx, keys)
    versioned(response, path.version)
    return PathSeen.model_validate(path)


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

"""What anybody may read without signing in: what is open to everybody, and nothing of who works there.

A protected place is not among it, nor what asks for a referral.
"""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response

from shared.errors import RateLimited
from shared.events.base import Area, LanguageCode, NeedCode, Theme
from shared.events.organisations import Access, OfferingKind
from shared.http import Page, refusing
from shared.limits import RateLimit

from ..domain.ranking import Hit
from ..queries import lists
from ..queries import offerings as queries
from ..queries.offerings import Wanted
from .finding import Known, Text, WhySeen, why
from .offering_shapes import DoorSeen, ImportedSeen
from .opening import opened
from .shapes import Seen, Spanning

router = APIRouter(tags=["public"])


class OpenOffering(Seen):
    """What is open to everybody, as everybody may know it."""

    id: UUID
    organisation: str
    name: str
    description: str
    kind: OfferingKind
    needs: list[NeedCode]
    themes: list[Theme]
    areas: list[Area]
    languages: list[LanguageCode]
    access: list[Access]
    age_from: int | None
    age_to: int | None
    door: DoorSeen | None
    imported: ImportedSeen | None
    fits: bool
    why: list[WhySeen]


LOOKS = RateLimit("public", 1200, timedelta(minutes=1))
"""Of everybody together, as for begun sign-ins; what is asked alike is kept for a minute in front."""


async def _may_look(request: Request) -> None:
    await LOOKS.count(request.app.state.database, "")


@router.get("/public/offerings", dependencies=[Depends(_may_look)], openapi_extra=refusing(RateLimited))
async def open_offerings(  # noqa: PLR0913 - one query parameter each
    *,
    request: Request,
    response: Response,
    span: Spanning,
    facts: Known,
    theme: Theme | None = None,
    text: Text = None,
) -> Page[OpenOffering]:
    """Meeting places and open offerings, best first; what is asked for is not kept."""
    wanted = Wanted(facts=facts, theme=theme, text=text, public=True)
    async with opened(request) as tx:
        part = (await queries.find(tx.sql, span, wanted)).part
        names = await lists.names_of(tx.sql, {one.offering.organisation_id for one in part.items})
    response.headers["Cache-Control"] = "public, max-age=60"
    return Page(items=[_shown(one, names) for one in part.items], next=part.next)


def _shown(hit: Hit, names: dict[UUID, str]) -> OpenOffering:
    offering = hit.offering
    own = {name: getattr(offering, name) for name in OpenOffering.model_fields if hasattr(offering, name)}
    about = {"organisation": names[offering.organisation_id], "fits": hit.judgement.fits, "why": why(hit)}
    return OpenOffering.model_validate(own | about)

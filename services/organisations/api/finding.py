"""Finding what helps: the search, why each hit fits or not, and in which order they stand."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query

from shared.actor import Actor
from shared.errors import Invalid
from shared.events.base import Area, LanguageCode, NeedCode, Role, Theme
from shared.events.organisations import Access, Reason
from shared.http import Page, Route, Tx, for_roles

from ..commands import missing
from ..domain.capacity import Places
from ..domain.eligibility import Facts, unknown_languages
from ..domain.ranking import SAID, Hit, RankRule
from ..domain.rights import STAFF_ROLES, home_of, must_be_staff
from ..queries import matrix
from ..queries import offerings as queries
from ..queries.offerings import Wanted
from .offering_shapes import OfferingSeen, seen, shown
from .shapes import Age, Name, Seen, Spanning

router = APIRouter(route_class=Route, tags=["finding"])

OWN = for_roles(Role.ORGANISATION_ADMIN)


class WhySeen(Seen):
    """One reason; ``ok`` null: nobody said what it asks about.  ``said``: in plain Swedish."""

    rule: Reason
    ok: bool | None
    said: str


class FitSeen(Seen):
    """Whether it fits: no reason speaks against it."""

    fits: bool
    why: list[WhySeen]


class RankSeen(Seen):
    """What of the offering the order was made by, besides the promise of an answer and the confirmation."""

    fits: bool
    text: float
    unknown: int
    places: Places


class OfferingFound(OfferingSeen):
    """An offering, why it fits or not, and what it was ranked by."""

    fits: bool
    why: list[WhySeen]
    rank: RankSeen


class CellSeen(Seen):
    """``blank``: nobody offers it there."""

    theme: Theme
    area: Area
    offerings: int
    blank: bool


class RankRuleSeen(Seen):
    rule: RankRule
    said: str


async def _facts(
    need: NeedCode | None = None,
    area: Area | None = None,
    language: LanguageCode | None = None,
    age: Age | None = None,
    access: Annotated[list[Access] | None, Query(description="All that is needed.")] = None,
) -> Facts:
    """What is known of whom it is for."""
    for _, message in unknown_languages([language] if language else [], "language"):
        raise Invalid(errors=[{"field": "language", "message": message}])
    return Facts(need=need, age=age, area=area, language=language, access=frozenset(access or ()))


Known = Annotated[Facts, Depends(_facts)]
Text = Annotated[Name | None, Query(description="Words of the name or the description; may be misspelt.")]
OnlyFits = Annotated[bool | None, Query(description="Only what fits, or only what does not.")]


@router.get("/offerings")
async def search(  # noqa: PLR0913 - one query parameter each
    *,
    tx: Tx,
    span: Spanning,
    facts: Known,
    theme: Theme | None = None,
    text: Text = None,
    fits: OnlyFits = None,
) -> Page[OfferingFound]:
    """What answers the need, theme and text, best first, and whether it fits whom it is for, and why.

    The order is that of ``/offerings/ranking``; without anything sought it is that of publication.
    What has ended is left out.  Of very many, the best 300 are ranked.  Where a need is sought for
    somebody and nothing fits, that is told as a gap of the network, once a day: in codes, never an age.
    """
    found = await queries.find(tx.sql, span, Wanted(facts=facts, theme=theme, text=text, fits=fits))
    if not found.anything_fits:
        await missing.note(tx, facts, theme, against=found.against)
    return Page(items=[_found(one, tx.actor) for one in found.part.items], next=found.part.next)


@router.get("/offerings/due", openapi_extra=OWN)
async def due(tx: Tx, span: Spanning) -> Page[OfferingSeen]:
    """The offerings of one's own organisation that nobody has confirmed for ninety days, or ever."""
    tx.actor.must_be(Role.ORGANISATION_ADMIN)
    part = await queries.due(tx.sql, span, organisation_id=home_of(tx.actor))
    at = await tx.now()
    return Page(items=[seen(one, at, tx.actor) for one in part.items], next=part.next)


@router.get("/offerings/own", openapi_extra=for_roles(*STAFF_ROLES))
async def own(tx: Tx, span: Spanning) -> Page[OfferingSeen]:
    """Every offering of one's own organisation, oldest first: what rests and what has ended too."""
    must_be_staff(tx.actor)
    part = await queries.own(tx.sql, span, organisation_id=home_of(tx.actor))
    at = await tx.now()
    return Page(items=[seen(one, at, tx.actor) for one in part.items], next=part.next)


@router.get("/offerings/matrix")
async def theme_by_area(tx: Tx, need: NeedCode | None = None) -> Page[CellSeen]:
    """How many open offerings answer each theme in each area, the blanks among them."""
    cells = await matrix.cells(tx.sql, need)
    return Page(items=[*map(CellSeen.model_validate, cells)], next=None)


@router.get("/offerings/ranking")
async def ranking() -> Page[RankRuleSeen]:
    """The rules of the order, the first before the next."""
    return Page(items=[RankRuleSeen(rule=rule, said=said) for rule, said in SAID.items()], next=None)


@router.get("/offerings/{offering_id}/fit")
async def fit(offering_id: UUID, tx: Tx, facts: Known) -> FitSeen:
    """Whether one offering fits, and why or why not."""
    found = await queries.judged(tx.sql, offering_id, facts)
    return FitSeen(fits=found.judgement.fits, why=why(found))


def _found(hit: Hit, to: Actor) -> OfferingFound:
    rank = RankSeen(fits=hit.judgement.fits, text=hit.text, unknown=hit.judgement.unknown, places=hit.places)
    about = {"fits": hit.judgement.fits, "why": why(hit), "rank": rank}
    return OfferingFound.model_validate(shown(hit.offering, hit.at, to) | about)


def why(hit: Hit) -> list[WhySeen]:
    return [WhySeen.model_validate(one) for one in hit.judgement.why]

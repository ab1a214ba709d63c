"""An open offer as it is given and seen."""

from __future__ import annotations

from typing import Annotated, Any
from uuid import UUID

from pydantic import AfterValidator, Field

from shared.actor import Actor
from shared.events.base import Area, NeedCode, Urgency
from shared.http import Body, Instant

from ..domain.offer_card import Cluster
from ..domain.offers import FEWEST_TEAMS, MOST_TEAMS, OfferCommand, OfferSide, OfferState, Standing, roles_of
from ..queries.offers import Made, Preview
from ..store.seats import Seat, Shown
from .consents import OfferedTeamSeen
from .referrals import Items, ItemSeen
from .shapes import Seen, Words


class TeamGiven(Body):
    """An offering, and its team."""

    offering_id: UUID
    team_id: UUID


def _distinct(teams: tuple[TeamGiven, ...]) -> tuple[TeamGiven, ...]:
    if len({one.team_id for one in teams}) < len(teams):
        raise ValueError("each team may stand once")
    return teams


_EXAMPLE = [
    {
        "offering_id": "01981c2e-7a40-7cc1-9d3b-5f0e64a7b211",
        "team_id": "01981c2e-7a40-7cc1-9d3b-5f0e64a7b212",
    },
    {
        "offering_id": "01981c2e-7a40-7cc1-9d3b-5f0e64a7b213",
        "team_id": "01981c2e-7a40-7cc1-9d3b-5f0e64a7b214",
    },
]
Teams = Annotated[
    tuple[TeamGiven, ...],
    Field(min_length=FEWEST_TEAMS, max_length=MOST_TEAMS, examples=[_EXAMPLE]),
    AfterValidator(_distinct),
]


class OfferGiven(Body):
    """All that any of the teams needs stands in `items`; the one that claims gets only its own of them.

    `message` is for your own team; it never travels.
    """

    need_id: UUID
    teams: Teams
    items: Items
    message: Words | None = None


class OfferCardSeen(Seen):
    """All that the teams see of the need; what would point at one person is coarser, or null."""

    need_code: NeedCode
    area: Area | Cluster | None
    age_band: str
    language: str | None
    urgency: Urgency


class OfferSeen(Seen):
    """An offer as its sender and the person see it; `card` is what the teams saw, once it was opened."""

    id: UUID
    version: int
    state: OfferState
    allowed: list[OfferCommand]
    need_id: UUID
    path_id: UUID
    from_organisation_id: UUID
    from_staff_id: UUID
    teams: list[OfferedTeamSeen]
    consent_ids: list[UUID]
    card: OfferCardSeen | None
    opened_at: Instant | None
    closes_at: Instant | None
    closed_at: Instant | None
    referral_id: UUID | None
    created_at: Instant


class OfferAskedSeen(Seen):
    """An offer as a team that is asked sees it.

    `conditions` is how many the person has set; they are read with what is disclosed.  Once it has closed the
    card is gone, and nobody is told why or who claimed it; the team that did has `referral_id`.
    """

    id: UUID
    version: int
    state: Standing
    allowed: list[OfferCommand]
    offering_id: UUID
    card: OfferCardSeen | None
    conditions: int | None
    opened_at: Instant
    closes_at: Instant
    closed_at: Instant | None
    referral_id: UUID | None


class ForeseenSeen(OfferedTeamSeen):
    """What one team would read; `sha256` is of the canonical JSON."""

    items: list[ItemSeen]
    sha256: str


class OfferPreviewSeen(Seen):
    """The card that all teams see, what the one that claims reads, and the message that stays with you."""

    card: OfferCardSeen
    teams: list[ForeseenSeen]
    conditions: list[str]
    message: str | None


AnyOfferSeen = OfferSeen | OfferAskedSeen


def as_made(made: Made, *, by: Actor) -> OfferSeen:
    """The offer as its sender or the person meets it."""
    offer = made.offer
    names = OfferSeen.model_fields.keys() - {"allowed", "card", "teams"}
    named: dict[str, Any] = {name: getattr(offer, name) for name in names}
    sides = offer.sides_of(by) & {OfferSide.SENDER}
    return OfferSeen(
        **named,
        allowed=offer.allowed(sides),
        card=_card(made.shown),
        teams=[OfferedTeamSeen.model_validate(team) for team in offer.teams],
    )


def as_asked(seat: Seat, *, by: Actor) -> OfferAskedSeen:
    """The offer as a team that is asked meets it."""
    may = seat.standing is Standing.OPEN and by.has(*roles_of(OfferCommand.CLAIM))
    return OfferAskedSeen(
        id=seat.id,
        version=seat.version,
        state=seat.standing,
        allowed=[OfferCommand.CLAIM] if may else [],
        offering_id=seat.offering_id,
        card=_card(seat.shown),
        conditions=seat.shown.conditions if seat.shown else None,
        opened_at=seat.opened_at,
        closes_at=seat.closes_at,
        closed_at=seat.closed_at,
        referral_id=seat.referral_id,
    )


def as_seen(found: Made | Seat, *, by: Actor) -> AnyOfferSeen:
    """The offer as its caller meets it."""
    return as_made(found, by=by) if isinstance(found, Made) else as_asked(found, by=by)


def as_preview(preview: Preview) -> OfferPreviewSeen:
    """What each team would read."""
    teams = [
        ForeseenSeen(
            organisation_id=one.team.organisation_id,
            team_id=one.team.team_id,
            offering_id=one.team.offering_id,
            items=[ItemSeen.model_validate(item) for item in one.package.items],
            sha256=one.package.sha256,
        )
        for one in preview.teams
    ]
    card = OfferCardSeen.model_validate(preview.card)
    return OfferPreviewSeen(
        card=card, teams=teams, conditions=list(preview.conditions), message=preview.message
    )


def _card(shown: Shown | None) -> OfferCardSeen | None:
    return OfferCardSeen.model_validate(shown.card) if shown else None

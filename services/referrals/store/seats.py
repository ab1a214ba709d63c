"""What the teams that are asked see of an open offer: its card, and how it stands to them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg.rows import DictRow

from shared.database import Connection
from shared.events.base import Area, NeedCode, Urgency

from ..domain.offer_card import Cluster, OfferCard
from ..domain.offers import Offer, Standing
from . import rows
from .rows import Slice

_SHOW = """
insert into offer_cards (
    offer_id, from_organisation_id, need_code, area, age_band, language, urgency, conditions
) values (%s, %s, %s, %s, %s, %s, %s, %s)
"""

# Row-level security hides the card from a team once the offer has closed.
_SEATS = """
select t.offer_id as id, t.version, t.team_id, t.offering_id, t.opened_at, t.closes_at, t.closed_at,
    t.referral_id, t.closed_at is null and app_now() < t.closes_at as is_open, to_jsonb(c) as card
from offer_teams t
left join offer_cards c on c.offer_id = t.offer_id and t.closed_at is null and app_now() < t.closes_at
where t.organisation_id = %(org)s and t.team_id = %(team)s and t.opened_at is not null
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """The card, and how many conditions the person has set, which a team is told before it claims."""

    card: OfferCard
    conditions: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """An offer as one of its teams sees it; the card while it is open, the referral if it won."""

    id: UUID
    version: int
    team_id: UUID
    offering_id: UUID
    opened_at: datetime
    closes_at: datetime
    closed_at: datetime | None
    referral_id: UUID | None
    is_open: bool
    shown: Shown | None

    @property
    def standing(self) -> Standing:
        if self.is_open:
            return Standing.OPEN
        return Standing.CLAIMED if self.referral_id else Standing.CLOSED


async def seat(sql: Connection, offer_id: UUID, *, organisation_id: UUID, team_id: UUID) -> Seat:
    """The offer as a team that was asked sees it."""
    values = {"id": offer_id, "org": organisation_id, "team": team_id}
    return _as_seat(await rows.one(sql, f"{_SEATS} and t.offer_id = %(id)s", values))


async def seats(sql: Connection, part: Slice, *, organisation_id: UUID, team_id: UUID) -> list[Seat]:
    """The offers that a team was asked by, newest first."""
    query = f"""{_SEATS} and (%(after)s::uuid is null or t.offer_id < %(after)s)
        order by t.offer_id desc limit %(limit)s"""
    values = {"org": organisation_id, "team": team_id, **asdict(part)}
    return [_as_seat(row) for row in await rows.many(sql, query, values)]


async def show(sql: Connection, offer: Offer, shown: Shown) -> None:
    """Lay the card out for the teams."""
    card = shown.card
    said = [card.need_code, card.area, card.age_band, card.language, card.urgency, shown.conditions]
    await sql.execute(_SHOW, [offer.id, offer.from_organisation_id, *said])


async def shown(sql: Connection, offer_ids: Sequence[UUID]) -> dict[UUID, Shown]:
    """The cards that were laid out, as their sender sees them."""
    query = "select offer_id, to_jsonb(c) as card from offer_cards c where c.offer_id = any (%s)"
    found = await rows.many(sql, query, [list(offer_ids)])
    return {row["offer_id"]: _as_shown(row["card"]) for row in found}


def _as_seat(row: DictRow) -> Seat:
    card = row.pop("card")
    return Seat(**row, shown=_as_shown(card) if card else None)


def _as_shown(said: dict[str, Any]) -> Shown:
    card = OfferCard(
        need_code=NeedCode(said["need_code"]),
        area=_as_area(said["area"]),
        age_band=said["age_band"],
        language=said["language"],
        urgency=Urgency(said["urgency"]),
    )
    return Shown(card=card, conditions=said["conditions"])


def _as_area(said: str | None) -> Area | Cluster | None:
    if said is None:
        return None
    return Cluster(said) if said in set(Cluster) else Area(said)

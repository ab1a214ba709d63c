"""The card of an open offer: coarser where so few are alike that it would point at one person."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from shared.events.base import Area, NeedCode, Urgency

from .card import Card

FEWEST = 5
"""So many persons must be alike, herself among them, that a card is not made coarser."""


class Cluster(StrEnum):
    """The two parts of town that the areas lie in."""

    NORTH = "north"
    SOUTH = "south"


_NORTH = frozenset({Area.DROTTNINGHOG, Area.FREDRIKSDAL, Area.DALHEM})
_UNDER_AGE = frozenset({"0-11", "12-14", "15-17"})


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferCard:
    """All that a team sees of the need; without an area it is the whole town, without a language any."""

    need_code: NeedCode
    area: Area | Cluster | None
    age_band: str
    language: str | None
    urgency: Urgency


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbour:
    """Somebody whom the sender knows to have had the same need of late."""

    person_id: UUID
    area: Area
    age_band: str
    language: str


_Traits = tuple[Area | Cluster | None, str, str | None]

# First what tells a team least of whether it can help; the need itself and its urgency are never left out.
_AGE, _LANGUAGE, _CLUSTER, _TOWN = range(1, 5)


def coarsened(card: Card, neighbours: Iterable[Neighbour]) -> OfferCard:
    """The finest card that at least five of the neighbours share, or else the coarsest."""
    known = list(neighbours)
    steps = range(_TOWN + 1)
    step = next((step for step in steps if _alike(card, known, step) >= FEWEST), _TOWN)
    area, age_band, language = _seen(card, step)
    return OfferCard(
        need_code=card.need_code, area=area, age_band=age_band, language=language, urgency=card.urgency
    )


def _alike(card: Card, neighbours: Iterable[Neighbour], step: int) -> int:
    traits = _seen(card, step)
    return len({one.person_id for one in neighbours if _seen(one, step) == traits})


def _seen(one: Card | Neighbour, step: int) -> _Traits:
    """What a card shows after so many steps."""
    return (
        _area(one.area, step),
        _majority(one.age_band) if step >= _AGE else one.age_band,
        None if step >= _LANGUAGE else one.language,
    )


def _area(area: Area, step: int) -> Area | Cluster | None:
    if step >= _TOWN:
        return None
    return _cluster(area) if step >= _CLUSTER else area


def _cluster(area: Area) -> Cluster:
    return Cluster.NORTH if area in _NORTH else Cluster.SOUTH


def _majority(age_band: str) -> str:
    return "0-17" if age_band in _UNDER_AGE else "18+"

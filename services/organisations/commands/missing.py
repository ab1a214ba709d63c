"""A search that found nothing is noted: a need that the network does not answer."""

from __future__ import annotations

from collections.abc import Sequence

from shared.database import Transaction
from shared.events.base import NeedCode, Role, Theme
from shared.events.organisations import Reason, SearchMissed

from ..domain import rights
from ..domain.eligibility import Facts
from ..store import missed_searches as store

SEARCH_FOR_OTHERS = (Role.CASEWORKER, Role.TEAM_LEAD, Role.COORDINATOR)


async def note(
    tx: Transaction, facts: Facts, theme: Theme | None, *, against: Sequence[Reason]
) -> SearchMissed | None:
    """Tell that nothing fits a need, once a day and organisation; an age is never told."""
    if facts.need is None or not tx.actor.has(*SEARCH_FOR_OTHERS):
        return None
    missed = _missed(tx, facts.need, facts, theme, against)
    if await store.is_noted(tx.sql, missed):
        return None
    await tx.lock(missed.organisation_id)
    if not await store.note(tx.sql, missed):
        return None
    await tx.tell(missed)
    return missed


def _missed(
    tx: Transaction, need: NeedCode, facts: Facts, theme: Theme | None, against: Sequence[Reason]
) -> SearchMissed:
    return SearchMissed(
        organisation_id=rights.home_of(tx.actor),
        need=need,
        theme=theme,
        area=facts.area,
        language=facts.language,
        against=tuple(sorted(against)),
    )

"""What a team holds and owes an answer for; ids and times, no content."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shared.database import Transaction
from shared.events.base import ItemField, Role
from shared.events.consents import Receipt
from shared.vault import Keys

from ..domain.consent import PersonsAnswer
from ..domain.holding import Fields, Holding
from ..domain.person import team_of
from ..store import holdings as store
from ..store.rows import Slice

HOLDERS = (Role.RECIPIENT, Role.TEAM_LEAD)
"""The roles that answer for a copy."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """One holder, as far as one consent goes; see `HolderSeen`."""

    disclosure_id: UUID
    organisation_id: UUID
    team_id: UUID
    fields: list[ItemField]
    locked_fields: list[ItemField]
    opened_at: datetime | None
    locked_at: datetime | None
    answer: Receipt | None
    answered_at: datetime | None
    ground: str | None
    owes_receipt: bool


async def held(tx: Transaction, part: Slice, *, owes: bool | None, keys: Keys) -> list[Holding]:
    """What the caller's team holds."""
    tx.actor.must_be(*HOLDERS)
    return await store.of_team(tx.sql, part, team=team_of(tx.actor), owes=owes, keys=keys)


def holder(holding: Holding, fields: Fields) -> Holder:
    """How a holder stands with some of the fields it was given."""
    said = holding.last_said(fields)
    return Holder(
        disclosure_id=holding.id,
        organisation_id=holding.to_organisation_id,
        team_id=holding.to_team_id,
        fields=sorted(fields),
        locked_fields=sorted(fields & holding.locked),
        opened_at=holding.opened_at,
        locked_at=holding.locked_since(fields),
        answer=holding.answer_for(fields),
        answered_at=said.at if said else None,
        ground=said.ground if said else None,
        owes_receipt=bool(fields & holding.owed),
    )


async def holders_of(
    tx: Transaction, consents: Sequence[PersonsAnswer], keys: Keys
) -> dict[UUID, list[Holder]]:
    """Who holds what was given under each of the consents."""
    found = await store.under(tx.sql, consents, keys)
    return {
        consent.id: [
            holder(one, one.under(consent))
            for one in found
            if consent.id in {one.consent_id, one.processing_consent_id}
        ]
        for consent in consents
    }

"""What a receiver holds: what it owes an answer for, and the answer."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import model_validator

from shared.events.base import ItemField
from shared.events.consents import Receipt
from shared.http import After, Body, Instant, Limit, Page, Route, Tx, for_roles

from ..commands import holding as commands
from ..queries import holdings as queries
from ..queries.holdings import HOLDERS
from ..store.rows import Slice
from .shapes import Keys, Seen, Words, for_command, page

router = APIRouter(route_class=Route, prefix="/disclosures", tags=["disclosures"])


class ReceiptGiven(Body):
    """What your team did with what it may read no more; `kept_by_law` needs its ground."""

    answer: Receipt
    ground: Words | None = None

    @model_validator(mode="after")
    def _say_which_law(self) -> ReceiptGiven:
        if self.answer is Receipt.KEPT_BY_LAW and self.ground is None:
            raise ValueError("what is kept by law needs its ground")
        return self


class HolderSeen(Seen):
    """One who holds a copy of what was given under a consent.

    `fields` were given, `locked_fields` may be read no more; `locked_at` is when the last of them was
    locked.  `answer` is what it says that it did with them, the least strict for each field, and null
    while it owes one for any.  A copy that was never opened (`opened_at` null) owes none: once locked it
    counts as `locked`, with `answered_at` null.
    """

    disclosure_id: UUID
    organisation_id: UUID
    team_id: UUID
    fields: list[ItemField]
    locked_fields: list[ItemField]
    opened_at: Instant | None
    locked_at: Instant | None
    answer: Receipt | None
    answered_at: Instant | None
    ground: str | None
    owes_receipt: bool


class HeldSeen(Seen):
    """A copy that your team holds, without its content; `owed_since` is null when no answer is owed."""

    id: UUID
    consent_id: UUID
    referral_id: UUID
    owed_since: Instant | None


@router.get("", openapi_extra=for_roles(*HOLDERS))
async def held(
    tx: Tx,
    keys: Keys,
    owes_receipt: Annotated[bool | None, Query(description="Only what does, or does not, owe one.")] = None,
    after: After = None,
    limit: Limit = 50,
) -> Page[HeldSeen]:
    """What your team holds, newest first."""
    part = Slice(after, limit)
    found = await queries.held(tx, part, owes=owes_receipt, keys=keys)
    return page([HeldSeen.model_validate(one) for one in found], part)


@router.post("/{disclosure_id}/receipt", openapi_extra=for_command(HOLDERS))
async def receipt(disclosure_id: UUID, body: ReceiptGiven, tx: Tx, keys: Keys) -> HolderSeen:
    """Answer for what may be read no more; later only a stricter answer takes its place.

    Every answer is kept, and the person sees it.
    """
    holding = await commands.answer(tx, disclosure_id, body.answer, body.ground, keys)
    return HolderSeen.model_validate(queries.holder(holding, holding.fields))

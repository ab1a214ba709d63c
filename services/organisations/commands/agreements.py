"""Agreements, written down by those who hold a role for the network."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from shared.database import Transaction
from shared.events.organisations import AgreementKind
from shared.ids import new_id

from ..domain import rights
from ..domain.agreement import Agreement
from ..domain.days import local_date
from ..store import agreements as store
from ..store import organisations
from ..store.rows import note_change
from .seen import must_be_current


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """An agreement as it is asked for."""

    kind: AgreementKind
    parties: Sequence[UUID]
    name: str | None
    activities: Sequence[str]
    valid_from: date | None
    valid_until: date | None


async def conclude(tx: Transaction, wanted: Wanted) -> Agreement:
    """Begin an agreement between the parties, from today unless another date is given."""
    tx.actor.must_be(*rights.ONBOARDS)
    today = local_date(await _locked(tx, wanted.parties))
    await organisations.must_exist(tx.sql, wanted.parties)
    agreement = Agreement(
        id=new_id(),
        kind=wanted.kind,
        parties=tuple(wanted.parties),
        name=wanted.name,
        activities=tuple(wanted.activities),
        valid_from=wanted.valid_from or today,
        valid_until=wanted.valid_until,
        ended_at=None,
        version=1,
    )
    beside = await store.between(tx.sql, agreement.parties, agreement.kind)
    event = agreement.conclude(today=today, beside=beside)
    await tx.act_for(agreement.organisation_id)
    await store.add(tx.sql, agreement)
    await tx.tell(event)
    return agreement


async def _locked(tx: Transaction, parties: Sequence[UUID]) -> datetime:
    """All parties, in one order whoever names them: of two that overlap only one is concluded."""
    at = await tx.now()
    for party in sorted(set(parties)):
        at = await tx.lock(party)
    return at


async def end(tx: Transaction, agreement_id: UUID, *, seen: int) -> Agreement:
    """Let an agreement no longer cover its parties."""
    organisation_id = (await store.load(tx.sql, agreement_id)).organisation_id
    at = await tx.lock(organisation_id)
    agreement = await store.load(tx.sql, agreement_id)
    tx.actor.must_be(*rights.ONBOARDS)
    await must_be_current(tx, agreement, seen)
    ended, event = agreement.end(at=at)
    await tx.act_for(organisation_id)
    await store.save(tx.sql, ended)
    await note_change(tx.sql, ended.id, ended.version, ["status"])
    await tx.tell(event)
    return ended

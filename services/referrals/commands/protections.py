"""A person is locked, for two named staff alone to see, and unlocked by one of them (R-49)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from shared.access_log import Read, note_reads
from shared.crypto import Owner
from shared.database import Transaction
from shared.events.paths import NeedReopened
from shared.ids import new_id
from shared.vault import Keys

from ..domain.offers import OfferState
from ..domain.protection import Protection, demand_keepers
from ..domain.transitions import Side, State
from ..store import admissions, needs, offers, transfers
from ..store import protections as store
from .begin import Target, finish
from .ending import end
from .offer_begin import close

_SENDER = frozenset({Side.SENDER})


async def lock(tx: Transaction, target: Target, staff_ids: Sequence[UUID], keys: Keys) -> Protection:
    """Hide a person from all but the two; what is under way ends, and what was given is emptied.

    It is told as a withdrawal of her consents is and as the closing of what she needed, and no otherwise:
    nobody hears of the lock itself (R-50), and she is in no count.
    """
    at = await store.lock_paths(tx, target.id)
    person = await store.load(tx.sql, target.id, actor=tx.actor)
    person.permit_lock(tx.actor, target.seen)
    demand_keepers(staff_ids, await store.fit_to_keep(tx.sql, staff_ids, person.organisation_id))
    await _end_all(tx, person.id, at, keys)
    protection = Protection(
        id=new_id(),
        organisation_id=person.organisation_id,
        person_id=person.id,
        staff_ids=tuple(staff_ids),
        locked_at=at,
        locked_by=tx.actor.id,
        version=person.moved().version,
        holders=await store.holders(tx.sql, person.id),
    )
    await admissions.end(tx.sql, person.id, at=at)
    await store.silence(tx, person.id)
    # Told before she is hidden: of a hidden person the database lets nothing be told.
    await tx.flush()
    await store.add(tx.sql, protection)
    await note_reads(tx, Read.LOCK, [person.id])
    await keys.take_back(Owner(person.id, person.organisation_id))
    return protection


async def unlock(tx: Transaction, target: Target) -> Protection:
    """Let her home see her again; to those who were given something she stays away."""
    at = await store.lock_paths(tx, target.id)
    person = await store.load(tx.sql, target.id, actor=tx.actor)
    standing = person.permit_unlock(tx.actor, target.seen)
    version = person.moved().version
    ended = replace(standing, unlocked_at=at, unlocked_by=tx.actor.id, version=version)
    await store.end(tx.sql, ended)
    await note_reads(tx, Read.UNLOCK, [person.id])
    for need in await needs.unclosed_of(tx.sql, person.id):
        about = {name: getattr(need, name) for name in NeedReopened.model_fields}
        await tx.tell(NeedReopened(**about))
    return replace(ended, holders=await store.holders(tx.sql, person.id))


async def _end_all(tx: Transaction, person_id: UUID, at: datetime, keys: Keys) -> None:
    """End what is under way as her own withdrawal would, and take back what no yes of hers carries."""
    while (consent := await store.next_consent(tx.sql, person_id, keys)) is not None:
        ended, event = consent.withdraw(at)
        await end(tx, ended, event, keys)
    for referral in await store.unfinished_referrals(tx.sql, person_id):
        if referral.state is State.DRAFT:
            await finish(tx, *referral.discard(_SENDER, at))
        else:
            await finish(tx, *referral.lose_consent(at))
    for offer_id in await store.unfinished_offers(tx.sql, person_id):
        offer = await offers.load(tx.sql, offer_id, actor=tx.actor)
        closed, told = offer.discard() if offer.state is OfferState.DRAFT else offer.recall(at)
        await close(tx, closed, told, at)
    for transfer_id in await store.unanswered_transfers(tx.sql, person_id):
        recalled, taken_back = (await transfers.load(tx.sql, transfer_id, actor=tx.actor)).recall(at)
        await transfers.save(tx.sql, recalled)
        await tx.tell(taken_back)
    for need_closed in await needs.unclosed_of(tx.sql, person_id):
        await tx.tell(need_closed)

"""Sending: queued by the sender, let go by the clock, taken back by sender or person."""

from __future__ import annotations

from datetime import datetime, timedelta

from shared.database import Transaction
from shared.events.referrals import RecallReason, ReturnReason
from shared.timers import Due, Timer
from shared.vault import Keys

from ..domain.consent import Consent
from ..domain.gate import Receiver, demand_room
from ..domain.needs import demand_referable
from ..domain.referral import Referral
from ..domain.refusals import GateClosed
from ..domain.transitions import Command
from ..domain.working_days import local_date
from ..store import disclosures, items
from ..store import referrals as store
from ..store.items import Departure
from .begin import Target, begin

DISPATCH = "dispatch"
"""The timer that lets a queued referral go."""


async def send(tx: Transaction, target: Target, *, undo_s: int, although_full: bool, keys: Keys) -> Referral:
    """Send through the gate: at once, or after so many seconds in which it can be undone.

    Whether the receiver is full is asked here alone: what has been confirmed, or
    queued while there was room, is not turned back.
    """
    begun = await begin(tx, Command.SEND, target, keys)
    departure = await items.departure(tx.sql, target.id, today=local_date(begun.at), keys=keys)
    queued = begun.referral.send(
        begun.by,
        begun.at,
        release=begun.release,
        receiver=departure.receiver,
        need_is_busy=departure.need_is_busy,
    )
    demand_referable(departure.need_state)
    departure.pass_beside(begun.at)
    await _demand_room(tx, queued, departure.receiver, confirmed=although_full)
    if undo_s == 0:
        return await _let_go(tx, queued, departure, release=begun.release, at=begun.at, keys=keys)
    due_at = begun.at + timedelta(seconds=undo_s)
    await store.save(tx.sql, queued, Timer(DISPATCH, due_at, queued.version))
    return queued


async def _demand_room(tx: Transaction, queued: Referral, receiver: Receiver, *, confirmed: bool) -> None:
    """The count is the receiver's own, of all who send to it, and so is read in its tenant."""
    if receiver.most_at_once is None:
        return
    await tx.act_for(receiver.organisation_id)
    open_there = await store.open_at(tx.sql, receiver.organisation_id)
    await tx.act_for(queued.from_organisation_id)
    demand_room(receiver, open_there=open_there, confirmed=confirmed)


async def undo(tx: Transaction, target: Target, keys: Keys) -> Referral:
    """Take a queued referral back to draft; nobody has heard of it."""
    begun = await begin(tx, Command.UNDO, target, keys)
    undone = begun.referral.undo(begun.by, begun.at)
    await store.save(tx.sql, undone)
    return undone


async def dispatch(tx: Transaction, due: Due, keys: Keys) -> None:
    """Let a queued referral go when its time to be undone is over, or turn it back with the gate's reason."""
    at = await tx.lock(due.subject)
    found = await store.load(tx.sql, due.owner, staff_id=tx.actor.id, keys=keys)
    if found.referral.version != due.version:
        return
    departure = await items.departure(tx.sql, due.owner, today=local_date(at), keys=keys)
    try:
        await _let_go(tx, found.referral, departure, release=found.release, at=at, keys=keys)
    except GateClosed as closed:
        returned, event = found.referral.turn_back(ReturnReason(closed.slug), at)
        await store.save(tx.sql, returned)
        await tx.tell(event)


async def recall(tx: Transaction, target: Target, *, reason: RecallReason | None, keys: Keys) -> Referral:
    """Take a referral back from a receiver that has not taken the person on; the person owes no reason."""
    begun = await begin(tx, Command.RECALL, target, keys)
    recalled, event = begun.referral.recall(begun.by, begun.at, reason=reason)
    await store.save(tx.sql, recalled)
    await tx.tell(event)
    return recalled


async def _let_go(  # noqa: PLR0913 - the referral, all that it rests on, and when
    tx: Transaction,
    queued: Referral,
    departure: Departure,
    *,
    release: Consent | None,
    at: datetime,
    keys: Keys,
) -> Referral:
    """The gate, the frozen copy and the event, in this one transaction."""
    sent, passed, event = queued.dispatch(at, release=release, receiver=departure.receiver)
    processing = departure.pass_beside(at)
    async with tx.sql.pipeline():
        await store.save(tx.sql, sent)
        await disclosures.add(tx.sql, departure, release=passed, processing=processing, at=at, keys=keys)
        await tx.tell(event)
    return sent

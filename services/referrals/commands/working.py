"""What the two sides do once the person is taken on, and how an end is taken back."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from shared.database import Transaction
from shared.events.referrals import Contact, DeclineReason, Outcome
from shared.ids import new_id
from shared.vault import Keys

from ..domain.need_transitions import NeedState
from ..domain.outcomes import said_by_completion
from ..domain.own_noes import demand_wanted
from ..domain.referral import Referral
from ..domain.transitions import Command, State
from ..store import holdings, outcomes, words
from ..store import needs as need_store
from . import holding, needs
from .begin import Target, as_home, begin, finish


async def start(tx: Transaction, target: Target, *, met_at: datetime, way: str, keys: Keys) -> Referral:
    """They have met: now the receiver is accountable."""
    begun = await begin(tx, Command.START, target, keys)
    started = await finish(tx, *begun.referral.start(begun.by, begun.at, met_at=met_at))
    await words.add(tx.sql, started, {"way": way}, keys)
    return started


async def note_contact(
    tx: Transaction, target: Target, *, kind: Contact, when: datetime, keys: Keys
) -> Referral:
    """Note that somebody tried to reach the person."""
    begun = await begin(tx, Command.NOTE_CONTACT, target, keys)
    return await finish(tx, *begun.referral.note_contact(begun.by, begun.at, kind=kind, when=when))


async def pause(tx: Transaction, target: Target, *, reason: str, resume_on: date, keys: Keys) -> Referral:
    """Let it rest until a day."""
    begun = await begin(tx, Command.PAUSE, target, keys)
    paused = await finish(tx, *begun.referral.pause(begun.by, begun.at, resume_on=resume_on))
    await words.add(tx.sql, paused, {"reason": reason}, keys)
    return paused


async def resume(tx: Transaction, target: Target, keys: Keys) -> Referral:
    """Go on with what rested."""
    begun = await begin(tx, Command.RESUME, target, keys)
    return await finish(tx, *begun.referral.resume(begun.by, begun.at, release=begun.release))


async def complete(
    tx: Transaction, target: Target, *, outcome: Outcome, sentence: str, keys: Keys
) -> Referral:
    """It is done; the need is answered until the sender and the person have said theirs."""
    begun = await begin(tx, Command.COMPLETE, target, keys)
    completed = await finish(tx, *begun.referral.complete(begun.by, begun.at, outcome=outcome))
    await words.add(tx.sql, completed, {"sentence": sentence}, keys)
    word = said_by_completion(completed, begun.at, met=outcome, saying_id=new_id())
    await outcomes.add(tx.sql, completed, word, keys)
    async with as_home(tx, completed):
        await needs.answered(tx, completed.need_id, begun.at)
    return completed


async def end(
    tx: Transaction, target: Target, *, reason: DeclineReason, sentence: str, keys: Keys
) -> Referral:
    """End it before it is done."""
    begun = await begin(tx, Command.END, target, keys)
    ended = await finish(tx, *begun.referral.end(begun.by, begun.at, reason=reason))
    await words.add(tx.sql, ended, {"sentence": sentence}, keys)
    return ended


async def reopen(tx: Transaction, target: Target, *, reason: str, keys: Keys) -> Referral:
    """Take an end back."""
    begun = await begin(tx, Command.REOPEN, target, keys)
    async with as_home(tx, begun.referral):
        need = await need_store.load(tx.sql, begun.referral.need_id, actor=tx.actor)
    busy = need.is_busy
    gone = need.state in {NeedState.PARKED, NeedState.CLOSED}
    moved = begun.referral.reopen(
        begun.by, begun.at, release=begun.release, need_is_busy=busy, need_is_gone=gone
    )
    demand_wanted(need.said_no_at)
    reopened = await finish(tx, *moved)
    await words.add(tx.sql, reopened, {"reason": reason}, keys)
    if begun.referral.state is State.COMPLETED:
        async with as_home(tx, reopened):
            await needs.reopened_by_referral(tx, reopened.need_id, begun.at)
    return reopened


async def mark_error(tx: Transaction, target: Target, *, reason: str, keys: Keys) -> Referral:
    """It should never have been made: what was disclosed is locked at once."""
    begun = await begin(tx, Command.MARK_ERROR, target, keys)
    marked = await finish(tx, *begun.referral.mark_error(begun.by, begun.at))
    await words.add(tx.sql, marked, {"reason": reason}, keys)
    if begun.release is not None:
        for held in await holdings.under(tx.sql, [begun.release], keys):
            await holding.close(tx, held, consent_id=begun.release.id, at=begun.at)
    return marked


async def reassign(tx: Transaction, target: Target, *, staff_id: UUID, keys: Keys) -> Referral:
    """Give it to a colleague of the same team."""
    begun = await begin(tx, Command.REASSIGN, target, keys, staff_id=staff_id)
    return await finish(tx, *begun.referral.reassign(begun.by, begun.at, staff=begun.staff))

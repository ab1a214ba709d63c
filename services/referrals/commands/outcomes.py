"""How it went: said by each side after the end; asked for by the clock after a completion."""

from __future__ import annotations

from functools import partial
from uuid import UUID

from shared.database import Transaction
from shared.ids import new_id
from shared.timers import Due, Rings
from shared.vault import Keys

from ..domain.clocks import Ring
from ..domain.outcomes import Outcomes, Saying, Stage, Word, permit, say
from ..domain.refusals import ConsentHasEnded
from ..domain.transitions import RECEIVERS
from ..store import outcomes as store
from ..store import referrals


async def speak(tx: Transaction, referral_id: UUID, word: Word, keys: Keys) -> tuple[Saying, Outcomes]:
    """Say how it went in one's own voice, the receiver while the consent lives; also gives all sayings."""
    at = await referrals.lock(tx, referral_id)
    found = await referrals.load(tx.sql, referral_id, staff_id=tx.actor.id, keys=keys)
    by = found.referral.sides_of(tx.actor)
    permit(word.voice, by, tx.actor.roles)
    saying, event = say(found.referral, by, at, word=word, saying_id=new_id())
    if by <= RECEIVERS and (found.release is None or not found.release.is_live(at)):
        raise ConsentHasEnded
    await store.add(tx.sql, found.referral, saying, keys)
    await tx.tell(event)
    return saying, await store.of_referral(tx.sql, found.referral, keys)


async def note(tx: Transaction, due: Due, *, stage: Stage, keys: Keys) -> None:
    """Ask those who have not spoken, or note that they stayed silent."""
    at = await tx.lock(due.subject)
    found = await referrals.load(tx.sql, due.owner, staff_id=tx.actor.id, keys=keys)
    if found.referral.since != due.version:
        return
    noted = (await store.of_referral(tx.sql, found.referral, keys)).note(stage, at)
    if noted is not None:
        await store.add_note(tx.sql, found.referral, noted[0])
        await tx.tell(noted[1])


def rings(keys: Keys) -> Rings:
    """What the clock does about silence."""
    stages = {Ring.ASK: Stage.ASKED, Ring.NOTE_SILENCE: Stage.UNSAID}
    return {str(ring): partial(note, stage=stage, keys=keys) for ring, stage in stages.items()}

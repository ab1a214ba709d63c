"""What notifications does on others' events: it tells the recipients."""

from __future__ import annotations

from shared.database import Transaction
from shared.envelope import Envelope
from shared.hearing import Reactions
from shared.ids import new_id

from . import commands
from .domain import WHAT_IS_TOLD, Address, Notice, TellingEvent, Told, told_about, urgency_of


async def tell_the_recipients(tx: Transaction, event: TellingEvent) -> None:
    assert tx.cause is not None  # noqa: S101 - a reaction always has a cause
    for told in told_about(event):
        for to in told.addresses(event):
            notice = _notice(event, told, to, tx.cause)
            await commands.tell(tx, notice, only_if_known=told.only_if_known, without_path=told.without_path)


def _notice(event: TellingEvent, told: Told, to: Address, cause: Envelope) -> Notice:
    return Notice(
        id=new_id(),
        event_id=cause.id,
        to=to,
        kind=told.kind,
        urgency=urgency_of(event, told),
        referral_id=None if told.without_path else getattr(event, "referral_id", None),
        offer_id=getattr(event, "offer_id", None),
        path_id=event.path_id,
        told_at=cause.time,
    )


REACTIONS: Reactions = dict.fromkeys(WHAT_IS_TOLD, tell_the_recipients)

"""What notifications does on others' events: it tells the recipients."""

from __future__ import annotations

from collections.abc import Mapping

from shared.database import Transaction
from shared.envelope import Envelope
from shared.events import TOLD_BY, Event
from shared.events.consents import ConsentGiven, ConsentRefused
from shared.events.paths import NeedStated, PathOpened
from shared.events.referrals import ReferralDiscarded, ReferralDrafted, ReferralOpened
from shared.hearing import Reactions
from shared.ids import new_id

from . import commands
from .domain import WHAT_IS_TOLD, Notice, TellingEvent, Told, address_of, told_about, urgency_of


async def tell_the_recipients(tx: Transaction, event: TellingEvent) -> None:
    assert tx.cause is not None  # noqa: S101 - a reaction always has a cause
    for told in told_about(event):
        await commands.tell(tx, _notice(event, told, tx.cause), only_if_known=told.only_if_known)


def _notice(event: TellingEvent, told: Told, cause: Envelope) -> Notice:
    return Notice(
        id=new_id(),
        event_id=cause.id,
        to=address_of(event, told.to),
        kind=told.kind,
        urgency=urgency_of(event, told),
        referral_id=event.referral_id,
        path_id=event.path_id,
        told_at=cause.time,
    )


REACTIONS: Reactions = dict.fromkeys(WHAT_IS_TOLD, tell_the_recipients)

_SHOWN = "Shown where the work is done; nobody else has to act on it."

EXCUSED: Mapping[type[Event], str] = {
    **{event: _SHOWN for event in TOLD_BY["referrals"] if event not in REACTIONS},
    PathOpened: "Whoever opened the path stands in front of the person; nobody else knows of it yet.",
    NeedStated: "Its home wrote it down itself.",
    ConsentGiven: "The sender wrote it down itself, and the receiver learns of it with the referral.",
    ConsentRefused: "A no is a full answer: it stays between the person and the sender, who wrote it down.",
    ReferralDrafted: "Nothing has left the sender.",
    ReferralDiscarded: "Nothing had left the sender.",
    ReferralOpened: "Reading is not an answer; the sender sees on the referral that it has been opened.",
}

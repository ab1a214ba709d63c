"""What the directory does on what referrals tells: it knows whose home has needs, and how offerings answer.

So that no command has to ask another service.
"""

from __future__ import annotations

from collections.abc import Mapping

from shared.database import Transaction
from shared.events import TOLD_BY, Event
from shared.events.paths import NeedClosed, NeedReopened, NeedStated
from shared.events.referrals import DeclineReason, ReferralAccepted, ReferralDeclined, ReferralSent
from shared.hearing import Reactions

from .store import holds, observations, open_needs


async def count_the_need(tx: Transaction, said: NeedStated | NeedReopened) -> None:
    await open_needs.add(tx.sql, said.organisation_id, said.need_id)


async def count_it_no_more(tx: Transaction, said: NeedClosed) -> None:
    await open_needs.take_out(tx.sql, said.organisation_id, said.need_id)


async def end_the_hold(tx: Transaction, said: ReferralSent) -> None:
    """The place that the sender kept has been asked for; one that was kept later stays."""
    assert tx.cause is not None  # noqa: S101 - a reaction always has a cause
    await tx.act_for(said.from_organisation_id)
    await holds.use(
        tx.sql,
        organisation_id=said.from_organisation_id,
        offering_id=said.offering_id,
        staff_id=said.from_staff_id,
        at=tx.cause.time,
    )


async def keep_the_yes(tx: Transaction, said: ReferralAccepted) -> None:
    if said.offering_id is not None and tx.cause is not None:
        await observations.add(
            tx.sql, tx.cause.id, offering_id=said.offering_id, at=tx.cause.time, accepted=True
        )


async def keep_that_it_was_full(tx: Transaction, said: ReferralDeclined) -> None:
    """A no for another reason says nothing of room."""
    if said.reason is DeclineReason.NO_CAPACITY and said.offering_id is not None and tx.cause is not None:
        await observations.add(
            tx.sql,
            tx.cause.id,
            offering_id=said.offering_id,
            at=tx.cause.time,
            accepted=False,
            places_left=said.places_left,
        )


REACTIONS: Reactions = {
    NeedStated: count_the_need,
    NeedReopened: count_the_need,
    NeedClosed: count_it_no_more,
    ReferralSent: end_the_hold,
    ReferralAccepted: keep_the_yes,
    ReferralDeclined: keep_that_it_was_full,
}

EXCUSED: Mapping[type[Event], str] = {
    event: "It says nothing of an organisation's needs, nor of an offering's room."
    for event in TOLD_BY["referrals"]
    if event not in REACTIONS
}

"""What the directory does on what referrals tells: it knows whose home still has needs.

So that no command has to ask another service before an organisation rests.
"""

from __future__ import annotations

from collections.abc import Mapping

from shared.database import Transaction
from shared.events import TOLD_BY, Event
from shared.events.paths import NeedClosed, NeedReopened, NeedStated
from shared.hearing import Reactions

from .store import open_needs


async def count_the_need(tx: Transaction, said: NeedStated | NeedReopened) -> None:
    await open_needs.add(tx.sql, said.organisation_id, said.need_id)


async def count_it_no_more(tx: Transaction, said: NeedClosed) -> None:
    await open_needs.take_out(tx.sql, said.organisation_id, said.need_id)


REACTIONS: Reactions = {
    NeedStated: count_the_need,
    NeedReopened: count_the_need,
    NeedClosed: count_it_no_more,
}

EXCUSED: Mapping[type[Event], str] = {
    event: "It neither gives an organisation a need nor relieves it of one."
    for event in TOLD_BY["referrals"]
    if event not in REACTIONS
}

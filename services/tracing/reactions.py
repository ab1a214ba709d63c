"""What tracing does on others' events: it keeps them as steps of a path, and keeps the hops."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from shared.database import Transaction
from shared.events import TOLD_BY, Event
from shared.events.notifications import NoticeStored, PathNoticeStored
from shared.events.paths import PathEvent
from shared.hearing import Reactions
from shared.hops import Hop

from . import store


async def keep_the_step(tx: Transaction, event: PathEvent | NoticeStored | PathNoticeStored) -> None:
    assert tx.cause is not None  # noqa: S101 - a reaction always has a cause
    store.add_step(tx, tx.cause, path_id=event.path_id)


async def keep_hops(tx: Transaction, hops: Sequence[Hop]) -> None:
    """Keep what the services say they have handled."""
    store.add_hops(tx, hops)


STEPS_OF_REFERRALS: Reactions = dict.fromkeys(TOLD_BY["referrals"], keep_the_step)
STEPS_OF_NOTIFICATIONS: Reactions = dict.fromkeys(TOLD_BY["notifications"], keep_the_step)

EXCUSED: Mapping[type[Event], str] = dict.fromkeys(
    TOLD_BY["organisations"], "The directory's own: it belongs to no path."
)

"""What follows a parked event waits behind it; a listener asks what is parked only when something may be."""

from __future__ import annotations

import pytest
from psycopg.errors import LockNotAvailable

from shared import position
from shared.database import Transaction
from shared.events.organisations import PledgeSigned
from shared.hearing import Hearing
from shared.ids import new_id
from tests.integration.shared.kit import STREAM, Kit, keep

SICK, WELL = new_id(), new_id()
BY_HAND = """
insert into parked (stream, seq, event_id, subject, type, entry, error, parked_at)
values ('events:organisations', 99, gen_random_uuid(), gen_random_uuid(), 'x', '{}', 'x', app_now())
"""


class Poison:
    """A reaction that fails for one subject until it is cured."""

    def __init__(self) -> None:
        self.cured = False
        self.hearing = Hearing({PledgeSigned: self.react}, {})

    async def react(self, tx: Transaction, event: PledgeSigned) -> None:
        if event.organisation_id == SICK and not self.cured:
            raise ValueError
        await keep(tx, event)


async def some_parked(kit: Kit) -> bool:
    [row] = await kit.as_superuser("referrals", "select some_parked from positions")
    return bool(row["some_parked"])


async def parked(kit: Kit) -> list[tuple[int, str]]:
    rows = await kit.as_superuser("referrals", "select seq, error from parked order by seq")
    return [(row["seq"], row["error"]) for row in rows]


async def test_a_later_batch_waits_behind_what_an_earlier_one_parked(kit: Kit) -> None:
    listener = await kit.listener(Poison().hearing)
    await kit.tell(WELL)
    await kit.deliver(listener)
    assert not await some_parked(kit), "there was nothing, and from now on nobody asks"

    await kit.tell(SICK)
    await kit.deliver(listener)
    await kit.tell(SICK, WELL)
    await kit.deliver(listener)

    assert await parked(kit) == [(2, "ValueError"), (3, "Behind")]
    assert await kit.effects() == [(WELL, 1), (WELL, 2)]


async def test_what_was_parked_in_the_middle_of_a_batch_holds_back_the_next(kit: Kit) -> None:
    listener = await kit.listener(Hearing({}, {}))
    await kit.tell(WELL)
    await kit.deliver(listener)

    assert await parked(kit) == [(1, "UnknownType")]
    assert await some_parked(kit), "the batch that found nothing parked has parked by itself"


async def test_once_all_is_handled_nobody_asks_any_more(kit: Kit) -> None:
    poison = Poison()
    listener = await kit.listener(poison.hearing)
    await kit.tell(SICK)
    await kit.deliver(listener)
    poison.cured = True
    await kit.as_superuser("referrals", "update parked set due_at = app_now()")

    await listener.redrive()
    await kit.tell(SICK)
    await kit.deliver(listener)

    assert await kit.effects() == [(SICK, 1), (SICK, 2)]
    assert not await some_parked(kit)


async def test_a_position_born_anew_asks_what_is_parked(kit: Kit) -> None:
    listener = await kit.listener(Poison().hearing)
    await kit.tell(SICK)
    await kit.deliver(listener)

    await kit.as_superuser("referrals", "delete from positions")
    async with kit.hearer.connection() as sql:
        at = listener.handler.position
        await position.bear(sql, STREAM, seq=at.seq, row_hash=at.hash)
    await kit.tell(SICK)
    await kit.deliver(listener)

    assert await parked(kit) == [(1, "ValueError"), (2, "Behind")]


async def test_parking_by_hand_waits_for_the_batch_that_may_say_that_nothing_is_parked(kit: Kit) -> None:
    await kit.listener()

    async with kit.hearer.connection() as sql:
        await position.hold(sql, STREAM)
        with pytest.raises(LockNotAvailable):
            await kit.as_superuser("referrals", f"set lock_timeout = '100ms'; {BY_HAND}")
        await position.note_none_parked(sql, STREAM)
    await kit.as_superuser("referrals", BY_HAND)

    assert await some_parked(kit)

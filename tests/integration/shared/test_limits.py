"""How often somebody may try: counted by the database, whoever asks and however many at once."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from shared.errors import RateLimited
from shared.limits import RateLimit, forget_old
from tests.integration.shared.kit import Kit

LIMIT = RateLimit("a door", 3, timedelta(minutes=5))


async def refused(kit: Kit, who: str = "one", limit: RateLimit = LIMIT) -> bool:
    try:
        await limit.count(kit.database, who)
    except RateLimited:
        return True
    return False


async def test_above_the_most_nobody_gets_through_until_the_time_is_over(kit: Kit) -> None:
    tried = [await refused(kit) for _ in range(5)]
    with pytest.raises(RateLimited) as late:
        await LIMIT.count(kit.database, "one")
    await kit.move_clock("organisations", "301 seconds")

    assert tried == [False, False, False, True, True]
    assert 290 <= int(str(late.value.members["again_in_s"])) <= 300
    assert [await refused(kit) for _ in range(4)] == [False, False, False, True]


async def test_each_at_each_door_has_a_count_of_its_own(kit: Kit) -> None:
    for _ in range(4):
        await refused(kit)

    assert await refused(kit)
    assert not await refused(kit, "another")
    assert not await refused(kit, limit=RateLimit("another door", 3, timedelta(minutes=5)))


async def test_of_many_at_once_no_more_get_through(kit: Kit) -> None:
    tried = await asyncio.gather(*(refused(kit) for _ in range(20)))

    assert tried.count(False) == 3


async def test_a_good_attempt_is_forgiven_when_its_transaction_commits(kit: Kit) -> None:
    for _ in range(6):
        await LIMIT.count(kit.database, "one")
        async with kit.database.connection() as sql:
            await LIMIT.forgive(sql, "one")
    for _ in range(2):
        await LIMIT.count(kit.database, "one")
        with pytest.raises(ZeroDivisionError):
            await forgiven_in_vain(kit)

    assert [await refused(kit) for _ in range(2)] == [False, True]


async def forgiven_in_vain(kit: Kit) -> None:
    async with kit.database.connection() as sql:
        await LIMIT.forgive(sql, "one")
        raise ZeroDivisionError


async def test_nobody_is_named_and_old_counts_are_forgotten(kit: Kit) -> None:
    await refused(kit, "amina@example.org")
    [row] = await kit.as_superuser("organisations", "select * from attempts")
    await kit.move_clock("organisations", "25 hours")
    await refused(kit, "another")

    await forget_old(kit.database)

    assert b"amina" not in row["who"]
    assert len(row["who"]) == 32
    assert len(await kit.as_superuser("organisations", "select from attempts")) == 1

"""The listener: one effect per event, in the teller's order, and no belief in what the teller did not say."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

import pytest
from prometheus_client import CollectorRegistry

from shared import chain, rebuild
from shared.envelope import Row
from shared.ids import new_id
from shared.listener import Listener
from shared.subscription import Ears
from shared.tasks import end
from tests.integration.shared.conftest import Eventually
from tests.integration.shared.kit import HEARER, STREAM, Effects, Kit

SUBJECTS = tuple(new_id() for _ in range(5))
REWRITE = """
alter table log disable trigger all;
delete from log where seq > 5;
alter table log enable trigger all
"""


@asynccontextmanager
async def hearing(kit: Kit, listener: Listener) -> AsyncIterator[None]:
    """The listener hears its stream meanwhile."""
    ears = Ears(kit.network.settings("referrals").redis_url, CollectorRegistry())
    task = asyncio.create_task(ears.hear(listener))
    try:
        yield
    finally:
        await end(task)
        await ears.close()


def forged(row: Row, **changes: Any) -> Row:
    """The row as somebody without the teller's key would have it: another body, its digest left out."""
    return replace(row, content={**row.content, "body": {**row.content["body"], **changes}})


def well_chained(row: Row) -> Row:
    """Another first row whose every hash is right: all that can be made without the key to sign it."""
    content = {**row.content, "body": {**row.content["body"], "version": 99}}
    digest = chain.digest_of(bytes(16), content)
    row_hash = chain.hash_of(chain.GENESIS, row.seq, row.event_id, digest)
    return replace(row, content=content, salt=bytes(16), digest=digest, hash=row_hash, signature=None)


async def add(kit: Kit, row: Row, **fields: str) -> None:
    """Put an entry in the stream with the row's number."""
    said: dict[Any, Any] = {"type": "pledge.signed.v1", "__data__": row.wire(kit.teller.source), **fields}
    await kit.redis.xadd(STREAM, said, id=f"{row.seq}-0")


async def test_each_event_has_one_effect_in_the_tellers_order(
    kit: Kit, eventually: Eventually[Effects]
) -> None:
    relay = asyncio.create_task(kit.relay().run())
    async with hearing(kit, await kit.listener()):
        await kit.tell(*SUBJECTS, times=10)
        effects = await eventually(kit.effects, lambda seen: len(seen) >= 50)
    await end(relay)

    assert effects == [(subject, nth) for nth in range(1, 11) for subject in SUBJECTS]
    assert {hop.service for hop in kit.hops} == {"referrals"}
    assert sum(hop.last_seq - hop.first_seq + 1 for hop in kit.hops) == 50


@pytest.mark.parametrize(
    "forge",
    [
        lambda row: forged(row, version=99),
        lambda row: replace(forged(row, version=99), salt=None),
        lambda row: replace(row, signature=bytes(64)),
        lambda row: replace(row, hash=bytes(32)),
        lambda row: replace(row, event_id=new_id()),
        well_chained,
        lambda row: replace(well_chained(row), signature=row.signature),
    ],
    ids=["words", "as if blanked", "signature", "hash", "id", "unsigned", "signed for another"],
)
async def test_a_forged_entry_is_not_believed_and_the_true_one_is_handled(
    kit: Kit, eventually: Eventually[Effects], forge: Any
) -> None:
    await kit.tell(SUBJECTS[0])
    await kit.relay_without_redis().once()
    [true] = await kit.read_log(0, 1)
    await add(kit, forge(true))
    listener = await kit.listener()

    async with hearing(kit, listener):
        effects = await eventually(kit.effects, bool)

    assert effects == [(SUBJECTS[0], 1)]
    assert listener.ready


@pytest.mark.parametrize("data", ["", "{", "[]", "7", json.dumps({"specversion": "1.0"})])
async def test_an_entry_that_is_no_event_harms_nothing(
    kit: Kit, eventually: Eventually[Effects], data: str
) -> None:
    await kit.tell(SUBJECTS[0])
    await kit.relay_without_redis().once()
    [true] = await kit.read_log(0, 1)
    await add(kit, true, __data__=data)
    listener = await kit.listener()

    async with hearing(kit, listener):
        assert await eventually(kit.effects, bool) == [(SUBJECTS[0], 1)]

    assert listener.ready


async def test_a_hole_in_the_stream_is_filled_from_the_log(kit: Kit, eventually: Eventually[Effects]) -> None:
    await kit.tell(*SUBJECTS, times=4)
    await kit.relay().once()
    for seq in (1, 7, 8, 20):
        await kit.redis.xdel(STREAM, f"{seq}-0")

    async with hearing(kit, await kit.listener()):
        effects = await eventually(kit.effects, lambda seen: len(seen) >= 20)

    assert effects == [(subject, nth) for nth in range(1, 5) for subject in SUBJECTS]


async def test_what_comes_again_or_in_disorder_has_one_effect(kit: Kit) -> None:
    await kit.tell(*SUBJECTS)
    await kit.relay().once()
    rows = await kit.read_log(0, 10)
    listener = await kit.listener()

    for heard in ([rows[4], rows[2]], rows[::-1], rows, rows[:3]):
        await listener.hear(heard)

    assert await kit.effects() == [(subject, 1) for subject in SUBJECTS]


async def test_listeners_of_one_service_that_start_together_have_one_effect_and_suspect_nothing(
    kit: Kit,
) -> None:
    await kit.tell(*SUBJECTS, times=20)
    await kit.relay().once()
    listeners = [await kit.listener() for _ in range(4)]

    await asyncio.gather(*(listener.ask() for listener in listeners))

    assert await kit.as_superuser("referrals", "select seq, error from parked") == []
    assert await kit.effects() == [(subject, nth) for nth in range(1, 21) for subject in SUBJECTS]


async def test_a_tail_waits_until_its_head_is_signed(kit: Kit) -> None:
    await kit.tell(*SUBJECTS)
    await kit.relay().once()
    rows = await kit.read_log(0, 10)
    listener = await kit.listener()

    await listener.hear(rows[:4])
    assert await kit.effects() == []
    await listener.hear(rows[4:])

    assert await kit.effects() == [(subject, 1) for subject in SUBJECTS]


async def test_a_fork_in_the_log_stops_the_listener(kit: Kit) -> None:
    await kit.tell(*SUBJECTS, times=2)
    listener = await kit.listener()
    await kit.deliver(listener)
    before = await kit.effects()

    await kit.as_superuser("organisations", REWRITE)
    await kit.tell(*SUBJECTS, times=2)
    await kit.deliver(listener)

    assert not listener.ready
    assert listener.handler.stopped == f"{STREAM}: the log forks at 10"
    assert await kit.effects() == before


async def test_a_fork_in_the_stream_stops_the_listener_once_the_log_says_the_same(kit: Kit) -> None:
    await kit.tell(*SUBJECTS)
    listener = await kit.listener()
    await kit.deliver(listener)
    unlike = "alter table log disable trigger all; delete from log; alter table log enable trigger all"
    await kit.as_superuser("organisations", unlike)
    await kit.tell(*SUBJECTS, times=2)
    await kit.relay_without_redis().once()

    await listener.hear(await kit.read_log(5, 10))

    assert listener.handler.stopped == f"{STREAM}: the log forks at 5"
    assert len(await kit.effects()) == 5


async def test_a_log_that_lacks_what_was_handled_is_waited_for(
    kit: Kit, eventually: Eventually[str | None]
) -> None:
    await kit.tell(*SUBJECTS, times=2)
    listener = await kit.listener()
    await kit.deliver(listener)

    await kit.as_superuser("organisations", REWRITE)
    asking = asyncio.create_task(listener.ask())

    async def trouble() -> str | None:
        return listener.trouble

    assert await eventually(trouble, bool) == "TellerBehind"
    assert not listener.ready
    await end(asking)
    assert len(await kit.effects()) == 10


async def test_a_projection_rebuilt_from_the_log_equals_the_live_one(
    kit: Kit, eventually: Eventually[Effects]
) -> None:
    await kit.tell(*SUBJECTS, times=50)
    while await kit.relay().once():
        pass
    listener = await kit.listener()
    async with hearing(kit, listener):
        live = await eventually(kit.effects, lambda seen: len(seen) >= 250)

        await rebuild.rebuild(HEARER, kit.hearer)
        again = await eventually(kit.effects, lambda seen: len(seen) >= 250)

    assert again == live
    assert listener.ready
    [position] = await kit.as_superuser("referrals", "select seq, hash from positions")
    assert (position["seq"], position["hash"] == chain.GENESIS) == (250, False)


async def test_a_position_that_was_put_back_under_a_running_listener_repeats_nothing_else(kit: Kit) -> None:
    await kit.tell(*SUBJECTS)
    listener = await kit.listener()
    await kit.deliver(listener)
    live = await kit.effects()

    await rebuild.rebuild(HEARER, kit.hearer)
    await kit.tell(*SUBJECTS)
    await kit.relay_without_redis().once()
    await listener.hear(await kit.read_log(5, 10))
    await listener.ask()

    assert (await kit.effects())[:5] == live
    assert len(await kit.effects()) == 10


async def test_a_service_with_effects_alone_cannot_be_rebuilt(kit: Kit) -> None:
    with pytest.raises(rebuild.NothingToRebuild):
        await rebuild.rebuild(replace(HEARER, projections=()), kit.hearer)

"""The relay: each event gets the next number once, and the stream is the log's copy."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Iterator
from contextlib import AsyncExitStack, contextmanager
from typing import Any

import pytest
from redis.exceptions import ResponseError

from shared.ids import new_id
from shared.relay import Relay, StreamAhead
from shared.streams import add, connect, last_generated
from shared.tasks import end
from tests.integration.shared.conftest import Eventually
from tests.integration.shared.kit import STREAM, Kit

SUBJECTS = tuple(new_id() for _ in range(6))


async def seqs(kit: Kit) -> list[int]:
    return [row["seq"] for row in await kit.log()]


def ids(count: int, *, after: int = 0) -> list[str]:
    """The entry ids of a gapless stream."""
    return [f"{seq}-0" for seq in range(after + 1, count + 1)]


@contextmanager
def mute() -> Iterator[str]:
    """The address of a server that takes connections and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"redis://127.0.0.1:{server.getsockname()[1]}/0"


async def run_out(relay: Relay) -> None:
    """Rounds until there is nothing to do."""
    while await relay.once():
        pass


async def test_what_was_told_is_numbered_in_the_order_of_writing(kit: Kit) -> None:
    await kit.tell(*SUBJECTS, times=3)

    await run_out(kit.relay())

    told = [(row["subject"], row["body"]["version"]) for row in await kit.log()]
    assert told == [(subject, version) for version in (1, 2, 3) for subject in SUBJECTS]
    assert await kit.entries() == ids(18)
    assert await kit.as_superuser("organisations", "select from untold") == []


async def test_many_writers_and_two_relays_leave_no_gap_and_no_double(
    kit: Kit, eventually: Eventually[list[str]]
) -> None:
    relays = [asyncio.create_task(kit.relay().run()) for _ in range(2)]

    await asyncio.gather(*(kit.tell(subject, times=20) for subject in SUBJECTS))
    entries = await eventually(kit.entries, lambda seen: len(seen) >= 120)
    for relay in relays:
        await end(relay)

    log = await kit.log()
    assert [row["seq"] for row in log] == list(range(1, 121))
    assert len({row["event_id"] for row in log}) == 120
    assert entries == ids(120)
    for subject in SUBJECTS:
        told = [row["body"]["version"] for row in log if row["subject"] == subject]
        assert told == list(range(1, 21)), "a subject's order is its commit order"


async def test_a_transaction_that_commits_late_is_not_lost(kit: Kit) -> None:
    early, late = SUBJECTS[:2]
    listener = await kit.listener()
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(kit.telling(late))
        await kit.tell(early)
        await kit.deliver(listener)
        assert await kit.effects() == [(early, 1)]

    await kit.deliver(listener)

    assert await kit.effects() == [(early, 1), (late, 1)]
    assert await seqs(kit) == [1, 2]


async def test_more_than_a_round_is_numbered_in_rounds_each_signed(kit: Kit) -> None:
    async with kit.telling(SUBJECTS[0]) as tx:
        await tx.sql.execute("""
            insert into untold (event_id, type, subject, time, actor, correlation_id, body)
            select gen_random_uuid(), type, subject, time, actor, correlation_id, body
            from untold, generate_series(1, 1199)
        """)

    await run_out(kit.relay())

    assert await seqs(kit) == list(range(1, 1201))
    assert [row["seq"] for row in await kit.log() if row["signature"]] == [500, 1000, 1200]


async def test_a_lost_stream_is_copied_again_with_the_same_numbers(
    kit: Kit, eventually: Eventually[bool]
) -> None:
    relay = kit.relay()
    await kit.tell(*SUBJECTS)
    await run_out(relay)
    before = await kit.redis.xrange(STREAM)

    await kit.redis.delete(STREAM)

    async def copied_by_the_next_round() -> bool:
        await relay.once()
        return await kit.redis.xrange(STREAM) == before

    assert await eventually(copied_by_the_next_round, bool)


async def test_a_lost_tail_is_copied_again(kit: Kit) -> None:
    await kit.tell(*SUBJECTS, times=2)
    await run_out(kit.relay())
    entries: Any = await kit.redis.xrange(STREAM)

    await kit.redis.delete(STREAM)
    for entry_id, fields in entries[:6]:
        await kit.redis.xadd(STREAM, fields, id=entry_id)
    await run_out(kit.relay())

    assert await kit.redis.xrange(STREAM) == entries


async def test_what_was_numbered_while_redis_was_away_is_copied_when_it_is_back(kit: Kit) -> None:
    await kit.tell(*SUBJECTS)
    await run_out(kit.relay_without_redis())
    assert await kit.entries() == []

    await run_out(kit.relay())

    assert await kit.entries() == ids(6)


@pytest.mark.parametrize("stray", ["*", "99-0", "6-1"])
async def test_a_stream_ahead_of_the_log_stops_the_numbering(kit: Kit, stray: str) -> None:
    await kit.tell(*SUBJECTS)
    await run_out(kit.relay())

    await kit.redis.xadd(STREAM, {"type": "stray"}, id=stray)
    await kit.tell(SUBJECTS[0])

    for relay in (kit.relay(), kit.relay()):
        with pytest.raises(StreamAhead, match=STREAM):
            await relay.once()
    assert await seqs(kit) == list(range(1, 7))


async def test_a_log_that_has_become_shorter_stops_the_numbering(kit: Kit) -> None:
    relay = kit.relay_without_redis()
    await kit.tell(*SUBJECTS)
    await run_out(relay)

    guardless = "alter table log disable trigger all; {}; alter table log enable trigger all"
    await kit.as_superuser("organisations", guardless.format("delete from log where seq > 4"))
    await kit.tell(SUBJECTS[0])

    with pytest.raises(StreamAhead, match="ends at 4, and had 6"):
        await relay.once()
    assert await seqs(kit) == [1, 2, 3, 4]


async def test_trimming_by_age_keeps_the_young_and_delivery_finds_the_old_in_the_log(kit: Kit) -> None:
    relay, listener = kit.relay(), await kit.listener()
    await kit.move_clock("organisations", "-8 days")
    await kit.tell(*SUBJECTS)
    await run_out(relay)
    await kit.move_clock("organisations", "-6 days")
    await kit.tell(*SUBJECTS)
    await run_out(relay)

    await relay.trim()
    assert await kit.entries() == ids(12, after=6)
    await listener.ask()
    await kit.tell(*SUBJECTS)
    await run_out(relay)

    assert await kit.entries() == ids(18, after=6)
    assert set(await kit.effects()) == {(subject, nth) for subject in SUBJECTS for nth in (1, 2)}


async def test_a_stream_trimmed_of_everything_goes_on_with_the_next_number(kit: Kit) -> None:
    relay = kit.relay()
    await kit.move_clock("organisations", "-8 days")
    await kit.tell(*SUBJECTS)
    await run_out(relay)
    await relay.trim()
    assert await kit.entries() == []

    await kit.tell(SUBJECTS[0])
    await run_out(kit.relay())

    assert await kit.entries() == ["7-0"]


async def test_a_stream_server_that_never_answers_is_away(kit: Kit, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shared.relay.STREAM_S", 0.2)
    await kit.tell(*SUBJECTS)
    with mute() as url:
        async with asyncio.timeout(8):
            await run_out(kit.relay_to(url))

    assert await seqs(kit) == list(range(1, 7))


async def test_copying_that_hangs_is_given_up_and_done_again(
    kit: Kit, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def hang(*_: Any) -> None:
        await asyncio.Event().wait()

    relay = kit.relay()
    with monkeypatch.context() as patched:
        patched.setattr("shared.relay.STREAM_S", 0.2)
        patched.setattr("shared.relay.add", hang)
        await kit.tell(*SUBJECTS)
        async with asyncio.timeout(8):
            await relay.once()
    assert await kit.entries() == []

    await run_out(kit.relay())

    assert await kit.entries() == ids(6)


async def test_entries_that_are_there_already_are_refused_each_by_itself(kit: Kit) -> None:
    redis = connect(kit.settings.redis_url)
    try:
        await add(redis, STREAM, [(1, "a", b"1"), (2, "b", b"2")])
        await add(redis, STREAM, [(1, "x", b"x"), (2, "x", b"x"), (3, "c", b"3")])
        last = await last_generated(redis, STREAM)
    finally:
        await redis.aclose()

    assert last == 3
    entries: Any = await kit.redis.xrange(STREAM)
    said = [fields[b"type"] for _, fields in entries]
    assert said == [b"a", b"b", b"c"]


async def test_any_other_refusal_is_an_error_and_the_next_command_has_its_own_answer(kit: Kit) -> None:
    await kit.redis.set(STREAM, "not a stream")
    redis = connect(kit.settings.redis_url)
    try:
        with pytest.raises(ResponseError, match="WRONGTYPE"):
            await add(redis, STREAM, [(1, "a", b"1"), (2, "b", b"2")])
        assert await redis.ping()
    finally:
        await redis.aclose()

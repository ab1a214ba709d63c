"""What breaks between a commit and its effect, one fault at a time."""

from __future__ import annotations

import asyncio
import json
from uuid import uuid4

from shared.ids import new_id

from .probe import BUSY, HANGER, KILLER, POISON
from .system import STREAM, System

SUBJECTS = [uuid4() for _ in range(5)]


async def test_events_arrive_once_and_in_order(system: System) -> None:
    await system.tell_many(SUBJECTS, 50)

    await system.until_delivered()

    system.check_invariants()


async def test_a_flushed_stream_is_filled_again(system: System) -> None:
    await system.tell_many(SUBJECTS, 20)
    await system.until_delivered()

    system.redis.flushall()
    await system.tell_many(SUBJECTS, 20)

    await system.until_delivered()
    system.check_invariants()
    assert system.redis.xlen(STREAM) == 40, "the flush hit, and the whole stream was copied again"


async def test_a_lost_tail_is_delivered(system: System) -> None:
    await system.tell_many(SUBJECTS, 10)
    await system.until_delivered()
    kept = system.entries()
    system.kill("hearer_worker")
    await system.tell_many(SUBJECTS, 10)
    await system.until(lambda: system.redis.xlen(STREAM) == 20)

    system.kill("teller_worker")
    system.redis.delete(STREAM)
    for entry_id, fields in kept:
        system.redis.xadd(STREAM, fields, id=entry_id)
    assert system.redis.xlen(STREAM) == 10, "the tail is gone"
    system.start("hearer_worker")
    system.start("teller_worker")

    await system.until_delivered()
    system.check_invariants()


async def test_a_stray_entry_stops_the_relay_until_it_is_recovered(system: System) -> None:
    await system.tell_many(SUBJECTS, 10)
    await system.until_delivered()

    system.redis.xadd(STREAM, {"type": "stray", "__data__": json.dumps({"specversion": "1.0"})})
    await system.tell_many(SUBJECTS, 10)
    await system.until(lambda: "relay.stopped" in system.logged("teller_worker"))
    assert system.log_length() == 10, "nothing was numbered while the stream was ahead"
    done = await system.recover()

    assert (done.taken_back, done.voided, done.stream_deleted) == (0, 0, True)
    await system.until_delivered()
    system.check_invariants()


async def test_without_redis_delivery_goes_on_by_the_log(system: System) -> None:
    await system.tell_many(SUBJECTS, 10)
    await system.until_delivered()

    system.servers.redis.kill()
    await system.tell_many(SUBJECTS, 10)

    await system.until_delivered()
    assert not system.stream_answers(), "the stream's server was away until all had arrived"
    system.check_invariants()


async def test_a_stream_server_that_hangs_holds_nothing_up(system: System) -> None:
    await system.tell_many(SUBJECTS, 10)
    await system.until_delivered()

    with system.stream_hangs():
        await system.tell_many(SUBJECTS, 10)
        await system.until_delivered()
    await system.tell_many(SUBJECTS, 10)

    await system.until_delivered()
    await system.until(lambda: system.redis.xlen(STREAM) == 30)
    system.check_invariants()


async def test_a_worker_that_starts_without_redis_delivers(bare: System) -> None:
    bare.servers.redis.kill()
    for name in ("teller_api", "teller_worker", "hearer_worker"):
        bare.start(name)
    await bare.tell_many(SUBJECTS, 10)
    await bare.until_delivered()
    assert not bare.stream_answers(), "the stream's server was away until all had arrived"

    bare.servers.redis.start()
    await bare.tell_many(SUBJECTS, 10)

    await bare.until_delivered()
    await bare.until(lambda: bare.redis.xlen(STREAM) == 20)
    bare.check_invariants()


async def test_two_relays_number_each_event_once(system: System) -> None:
    system.start("teller_worker.2")

    await asyncio.gather(*(system.tell_many([new_id()], 40) for _ in range(4)))

    await system.until_delivered()
    system.check_invariants()
    assert system.redis.xlen(STREAM) == 160


async def test_two_listeners_have_one_effect(system: System) -> None:
    system.start("hearer_worker.2")

    await system.tell_many(SUBJECTS, 100)
    await system.until_delivered()
    system.kill("hearer_worker")
    await system.tell_many(SUBJECTS, 100)

    await system.until_delivered()
    system.check_invariants()


async def test_poison_waits_with_its_subject_and_others_pass(system: System) -> None:
    poisoned, well = new_id(), new_id()
    await system.tell(poisoned, POISON)
    for _ in range(3):
        await system.tell(poisoned)
        await system.tell(well)

    await system.until(lambda: system.effects() == 3 and len(system.parked()) == 4)
    assert {row["subject"] for row in system.parked()} == {poisoned}
    assert [row["error"] for row in system.parked()] == ["ValueError", "Behind", "Behind", "Behind"]

    (system.folder / "cure").touch()
    await system.until_delivered()
    system.check_invariants()
    assert system.parked() == []


async def test_an_event_that_kills_is_parked_unrun_at_the_third_try(system: System) -> None:
    killer, well = new_id(), new_id()
    await system.tell_many([well], 5)
    await system.until_delivered()
    await system.tell(killer, KILLER)
    await system.tell(well)

    deaths = 0
    while not system.parked():
        deaths += system.restart_the_dead()
        await asyncio.sleep(0.05)

    assert deaths == 2
    assert [row["error"] for row in system.parked()] == ["KilledTheProcess"]
    await system.until(lambda: system.effects() == 6)
    (system.folder / "cure").touch()
    await system.until_delivered()
    system.check_invariants()


async def test_a_reaction_that_blocks_the_process_is_ended_and_parked(bare: System) -> None:
    limit = {"REACTION_LIMIT_S": "1"}
    bare.start("teller_api")
    bare.start("teller_worker")
    bare.start("hearer_worker", **limit)
    await bare.tell(new_id(), BUSY)
    await bare.tell(new_id(), HANGER)
    await bare.tell(new_id())

    while len(bare.parked()) < 2:
        bare.restart_the_dead(**limit)
        await asyncio.sleep(0.05)

    await bare.until(lambda: bare.effects() == 1)
    assert "a reaction hangs" in bare.logged("hearer_worker")
    (bare.folder / "cure").touch()
    bare.restart_the_dead(**limit)
    await bare.until_delivered()
    bare.check_invariants()


async def test_an_unknown_type_waits_for_the_code_that_knows_it(bare: System) -> None:
    bare.start("teller_api")
    bare.start("teller_worker")
    bare.start("hearer_worker", OLD_CODE="1")
    await bare.tell_many(SUBJECTS, 10)
    await bare.until(lambda: len(bare.parked()) == 10)
    assert bare.effects() == 0

    bare.kill("hearer_worker")
    bare.start("hearer_worker")

    await bare.until_delivered()
    bare.check_invariants()


async def test_twenty_subjects_parked_within_a_minute_stop_the_listener(system: System) -> None:
    for _ in range(30):
        await system.tell(new_id(), POISON)
        await system.until(lambda: len(system.parked()) > 0)

    await system.until(lambda: "subjects parked within a minute" in system.logged("hearer_worker"))

    assert 20 <= len(system.parked()) < 30
    assert system.effects() == 0


async def test_a_missing_position_is_an_error_and_never_zero(system: System) -> None:
    await system.tell_many(SUBJECTS, 10)
    await system.until_delivered()

    system.execute("hearer", "delete from positions")
    await system.tell_many(SUBJECTS, 10)
    await system.until(lambda: system.processes["hearer_worker"].poll() is not None)

    assert "PositionMissing" in system.logged("hearer_worker")
    assert system.effects() == 10

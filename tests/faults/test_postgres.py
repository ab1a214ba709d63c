"""PostgreSQL away, killed, and restored from an older copy."""

from __future__ import annotations

import shutil
from pathlib import Path
from uuid import uuid4

import pytest

from shared.ids import new_id

from .system import STREAM, System

SUBJECTS = [uuid4() for _ in range(5)]


async def test_a_killed_postgresql_loses_no_commit(system: System) -> None:
    for _ in range(3):
        await system.tell_many(SUBJECTS, 20)
        system.servers.postgres.kill()
        system.servers.postgres.start()
        system.restart_the_dead()

    await system.until_delivered()
    system.check_invariants()


class Restored:
    """A system whose PostgreSQL was restored from a copy taken before the last events were told."""

    def __init__(self, system: System, folder: Path) -> None:
        self.system, self._copy = system, folder / "copy"

    async def go_back(self, *, teller_only: bool = False) -> None:
        """Tell ten, copy, tell ten more, and put the copy back (the teller's part alone, if asked)."""
        postgres = self.system.servers.postgres
        await self.system.tell_many(SUBJECTS, 10)
        await self.system.until_delivered()
        self.stop()
        postgres.stop()
        shutil.copytree(postgres.folder, self._copy)
        postgres.start()
        self.start()
        await self.system.tell_many(SUBJECTS, 10)
        await self.system.until_delivered()
        hearer = self.system.dump_hearer() if teller_only else None
        self.stop()
        postgres.stop()
        shutil.rmtree(postgres.folder)
        shutil.copytree(self._copy, postgres.folder)
        postgres.start()
        if hearer is not None:
            self.system.put_back_hearer(hearer)

    def stop(self) -> None:
        for name in list(self.system.processes):
            self.system.kill(name)

    def start(self) -> None:
        for name in ("teller_api", "teller_worker", "hearer_worker"):
            self.system.start(name)


@pytest.fixture
def restored(system: System, tmp_path: Path) -> Restored:
    return Restored(system, tmp_path)


async def test_an_old_copy_is_noticed_and_the_tail_is_taken_back_from_the_stream(restored: Restored) -> None:
    system = restored.system
    await restored.go_back()
    assert system.effects() == 10, "the restore hit"
    restored.start()
    await system.until(lambda: "relay.stopped" in system.logged("teller_worker"))
    assert system.log_length() == 10

    done = await system.recover()

    assert (done.taken_back, done.voided) == (10, 0)
    await system.tell_many(SUBJECTS, 5)
    await system.until_delivered()
    system.check_invariants()


async def test_an_old_copy_without_its_stream_voids_the_lost_numbers_loudly(restored: Restored) -> None:
    """The listener has handled what the teller no longer knows: nothing is silent, nothing is done twice."""
    system = restored.system
    await restored.go_back(teller_only=True)
    system.redis.delete(STREAM)
    system.start("teller_api")
    system.start("hearer_worker")
    await system.until(lambda: "TellerBehind" in system.logged("hearer_worker"))

    done = await system.recover()
    system.start("teller_worker")
    late = [new_id()]
    await system.tell_many(late, 5)

    assert (done.taken_back, done.voided) == (0, 10)
    await system.until(lambda: system.effects() == 25)
    assert "listener.rebased" in system.logged("hearer_worker")
    assert [row["version"] for row in system.effects_of(late[0])] == [1, 2, 3, 4, 5]
    assert system.log_length() == 25, "ten rows, ten voids, five new"

"""Every named crash point, hit at three places in the work; nothing is lost, doubled or out of order."""

from __future__ import annotations

import asyncio
import secrets
from uuid import UUID, uuid4

import httpx2
import pytest

from shared.tokens import service_token

from .system import System, seed_of

TELLING = ["relay.taken", "relay.before_commit", "relay.numbered", "relay.before_copy", "relay.copied"]
HEARING = ["listener.holds", "listener.before_commit", "listener.committed"]
SUBJECTS = [uuid4() for _ in range(5)]


@pytest.mark.parametrize("point", [*TELLING, *HEARING])
async def test_a_crash_at_any_point_loses_and_doubles_nothing(bare: System, point: str) -> None:
    """I1, I2, I3, I6, with the crash at the first, third and sixth time that the point is passed."""
    victim = "teller_worker" if point in TELLING else "hearer_worker"
    for name in {"teller_api", "teller_worker", "hearer_worker"} - {victim}:
        bare.start(name)

    for nth in (1, 3, 6):
        bare.start(victim, CRASH_AT=f"{point}#{nth}")
        await bare.tell_until(lambda: bare.processes[victim].poll() is not None, SUBJECTS)
    bare.start(victim)

    assert bare.crashes() == [point] * 3, "the fault hit"
    await bare.until_delivered()
    bare.check_invariants()


@pytest.mark.parametrize("point", ["command.before_commit", "command.committed"])
async def test_a_command_that_dies_is_told_once_however_often_it_is_tried(bare: System, point: str) -> None:
    """The client hears nothing, tries again with the same key, and there is one event."""
    bare.start("teller_worker")
    bare.start("hearer_worker")
    bare.start("teller_api", CRASH_AT=f"{point}#3")
    subject = uuid4()

    for version in range(1, 6):
        await _tell_by_http(bare, subject, version)

    assert bare.crashes() == [point]
    await bare.until_delivered()
    bare.check_invariants()


async def _tell_by_http(system: System, subject: UUID, version: int) -> None:
    body = {"organisation_id": str(subject), "staff_id": str(uuid4()), "version": version}
    token = service_token("organisations", seed_of(system.servers), "organisations")
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": secrets.token_hex(8)}
    address = f"http://127.0.0.1:{system.ports['teller_api']}/told"
    async with httpx2.AsyncClient(trust_env=False) as http:
        while True:
            try:
                answer = await http.post(address, json=body, headers=headers)
            except httpx2.HTTPError:
                system.restart_the_dead()
                await asyncio.sleep(0.1)
                continue
            assert answer.status_code == 201
            system.note(subject)
            return

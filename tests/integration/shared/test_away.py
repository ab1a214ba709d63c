"""What a client is told while a machine is away: never that something was done which was not."""

from __future__ import annotations

import httpx2
import pytest

from deploy.embedded_server import free_port
from tests.integration.shared.kit import Kit
from tests.integration.shared.probe import Probe, probing, problem
from tests.network import Network


async def test_a_failing_commit_is_never_a_success(probe: Probe) -> None:
    answer = await probe.tell("/told/untold", key="once")

    assert answer.status_code == 500
    assert await probe.told() == []
    assert await probe.rows("select from idempotency") == []


async def test_a_connection_lost_before_the_commit_is_told_and_nothing_is_done(probe: Probe) -> None:
    answer = await probe.tell("/told/cut", key="once")

    assert problem(answer) == (503, "unavailable")
    assert await probe.told() == []
    assert (await probe.tell("/told", key="once")).status_code == 201


@pytest.mark.parametrize("path", ["/told", "/health/ready", "/metrics"])
async def test_without_postgresql_a_client_is_asked_to_come_back(network: Network, path: str) -> None:
    nowhere = f"postgresql://organisations@127.0.0.1:{free_port()}/nothing"

    async with probing(network, database_url=nowhere, patience_s=1) as probe:
        answer = await (probe.tell() if path == "/told" else probe.call("GET", path))

    assert problem(answer) == (503, "unavailable")
    assert int(answer.headers["Retry-After"]) > 0


async def test_without_postgresql_a_process_is_still_alive(network: Network) -> None:
    nowhere = f"postgresql://organisations@127.0.0.1:{free_port()}/nothing"

    async with probing(network, database_url=nowhere, patience_s=1) as probe:
        assert (await probe.call("GET", "/health/live")).status_code == 200


async def test_without_redis_commands_succeed_and_arrive_by_the_log(kit: Kit) -> None:
    listener, nowhere = await kit.listener(), f"redis://127.0.0.1:{free_port()}/0"
    async with probing(kit.network, redis_url=nowhere) as probe:
        answers = [await probe.tell(version=version) for version in (1, 2, 3)]
        ready = await probe.call("GET", "/health/ready")

    await kit.deliver(listener, redis_url=nowhere)

    assert not await kit.answers(nowhere), "the stream's server was away"
    assert [answer.status_code for answer in [*answers, ready]] == [201, 201, 201, 200]
    assert [version for _, version in await kit.effects()] == [1, 2, 3]
    assert await kit.entries() == []


async def test_without_the_directory_nobody_is_called_a_stranger(network: Network) -> None:
    peers = {**network.peers, "organisations": f"http://127.0.0.1:{free_port()}"}
    async with probing(network, peers=peers) as probe:
        answers: list[httpx2.Response] = [await probe.tell() for _ in range(2)]

    assert [problem(answer) for answer in answers] == [(503, "unavailable")] * 2

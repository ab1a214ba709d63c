"""The live stream of new notices' ids, to open pages."""

from __future__ import annotations

import asyncio
import json
import os
import socket
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx2
import pytest

from shared.events.base import Role
from shared.ids import new_id
from shared.tokens import AUDIENCES, minted
from tests.integration.notifications.telling import Referral, tell
from tests.network import PATIENCE_S, Network, signing_key


@dataclass
class Said:
    """One server-sent event."""

    event: str = ""
    id: str = ""
    data: str = ""


@dataclass
class OpenPage:
    """A page with its stream open; what it was told, in order."""

    lines: AsyncIterator[str]
    began: Said = field(default_factory=Said)

    async def said(self) -> Said | None:
        """The next event, or ``None`` at the stream's end."""
        said = Said()
        async with asyncio.timeout(20):
            async for line in self.lines:
                name, _, value = line.partition(": ")
                if line == "" and said.id:
                    return said
                if name in {"event", "id", "data"}:
                    setattr(said, name, value)
        return None

    async def notice(self) -> Said:
        said = await self.said()
        assert said is not None
        return said


@asynccontextmanager
async def open_page(address: str, token: str, *, last_seen: str | None = None) -> AsyncIterator[OpenPage]:
    headers = {"Authorization": f"Bearer {token}"} | ({"Last-Event-ID": last_seen} if last_seen else {})
    async with (
        httpx2.AsyncClient(timeout=PATIENCE_S, trust_env=False) as http,
        http.stream("GET", f"{address}/notifications/live", headers=headers) as answer,
    ):
        assert answer.status_code == 200
        assert answer.headers["Content-Type"].startswith("text/event-stream")
        page = OpenPage(answer.aiter_lines())
        page.began = await page.notice()
        yield page


async def test_a_page_is_told_the_id_and_kind_of_a_new_notice_and_no_more(
    network: Network, referral: Referral, club_token: str
) -> None:
    async with open_page(network.peers["notifications"], club_token) as page:
        await tell(network, referral, referral.sent())
        said = await page.notice()

    listed = (await network.call("notifications", "GET", "/notifications", token=club_token)).json()["items"]
    assert said.event == "notice"
    assert said.id == listed[0]["id"]
    assert json.loads(said.data) == {"id": listed[0]["id"], "kind": "referral_sent"}


async def test_a_page_is_told_nothing_of_other_teams(
    network: Network, referral: Referral, club_token: str
) -> None:
    foreign = Referral()

    async with open_page(network.peers["notifications"], club_token) as page:
        async with network.delivered():
            await tell(network, foreign, foreign.sent())
        await tell(network, referral, referral.sent())
        said = await page.notice()

    listed = (await network.call("notifications", "GET", "/notifications", token=club_token)).json()["items"]
    assert said.id == listed[0]["id"]


async def test_a_page_that_comes_back_gets_what_it_missed(
    network: Network, referral: Referral, club_token: str
) -> None:
    address = network.peers["notifications"]
    async with open_page(address, club_token) as page:
        began = page.began.id
    for _ in range(2):
        another = Referral(club=referral.club, club_team=referral.club_team)
        async with network.delivered():
            await tell(network, another, another.sent())

    async with open_page(address, club_token, last_seen=began) as page:
        missed = [(await page.notice()).id for _ in range(2)]
    async with open_page(address, club_token, last_seen=missed[0]) as page:
        last = (await page.notice()).id

    listed = (await network.call("notifications", "GET", "/notifications", token=club_token)).json()["items"]
    assert missed == [notice["id"] for notice in reversed(listed)]
    assert last == missed[1]


async def test_nothing_is_told_on_a_token_that_has_run_out(network: Network, referral: Referral) -> None:
    claims = {"iss": "organisations", "aud": [*AUDIENCES], "kind": "staff", "sub": str(new_id())}
    team = {"org": str(referral.club), "team": str(referral.club_team), "roles": [Role.RECIPIENT]}
    token, ends_at = minted(signing_key(network.servers), claims | team, seconds=2), time.time() + 2

    async with open_page(network.peers["notifications"], token) as page:
        while time.time() <= ends_at:  # noqa: ASYNC110 - a clock tells nobody that it has struck
            await asyncio.sleep(0.05)
        await tell(network, referral, referral.sent())

        assert await page.said() is None


@pytest.fixture
async def own_process(
    network: Network, repository: Path
) -> AsyncIterator[tuple[asyncio.subprocess.Process, str]]:
    """The API in a process of its own, and its address."""
    settings = network.settings("notifications")
    secrets = network.servers.secrets
    port = new_port()
    environment = {
        "PATH": os.environ["PATH"],
        "DATABASE_URL": settings.database_url,
        "REDIS_URL": settings.redis_url,
        "SERVICE_KEY": secrets["NOTIFICATIONS_SERVICE_KEY"],
        "SERVICE_KEYS": secrets["SERVICE_KEYS"],
        "SEALING_KEY": secrets["NOTIFICATIONS_SEALING_KEY"],
        "PEERS": ",".join(f"{name}={address}" for name, address in network.peers.items()),
        "UVICORN_PORT": str(port),
        "UVICORN_LOG_LEVEL": "warning",
    }
    command = (sys.executable, "-m", "uvicorn", "services.notifications.main:api")
    process = await asyncio.create_subprocess_exec(*command, cwd=repository, env=environment)
    address = f"http://127.0.0.1:{port}"
    await answers(network, address)
    yield process, address
    if process.returncode is None:
        process.kill()
        await process.wait()


def new_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


async def answers(network: Network, address: str) -> None:
    async with asyncio.timeout(30):
        while True:
            try:
                await network.http.get(f"{address}/health/live")
            except httpx2.TransportError:
                await asyncio.sleep(0.05)
            else:
                return


async def test_a_process_that_is_asked_to_stop_ends_its_open_streams_and_then_itself(
    own_process: tuple[asyncio.subprocess.Process, str], club_token: str
) -> None:
    process, address = own_process

    async with open_page(address, club_token) as page:
        process.terminate()

        assert await page.said() is None
    async with asyncio.timeout(20):
        assert await process.wait() in {0, -15}

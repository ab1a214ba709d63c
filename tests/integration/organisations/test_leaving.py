"""Whoever leaves is out: her sessions end at once, her tokens when the news has arrived."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from shared import leavers
from tests.integration.organisations.directory import Directory
from tests.network import PATIENCE_S, Network


@pytest.fixture
async def both(start_network: Callable[..., Awaitable[Network]]) -> Directory:
    """The directory, and referrals which hears of it."""
    return Directory(await start_network("organisations", "referrals"))


async def answers(network: Network, service: str, path: str, token: str, status: int) -> bool:
    """Whether a service comes to answer so."""
    async with asyncio.timeout(2 * PATIENCE_S):
        while (await network.call(service, "GET", path, token=token)).status_code != status:  # noqa: ASYNC110 - asked, not told
            await asyncio.sleep(leavers.EVERY_S / 5)
    return True


async def test_a_token_of_somebody_who_has_left_opens_nothing(both: Directory) -> None:
    network, house = both.network, await both.a_house()
    leaver = await both.a_member(house.admin.token, house.id, "caseworker", team_id=house.team_id)
    colleague = await both.a_member(house.admin.token, house.id, "caseworker", team_id=house.team_id)
    begun = await network.http.post(f"{both.address}/sessions", json={"login": leaver.login})
    places = [("organisations", "/staff"), ("referrals", "/referrals?box=out")]
    for service, path in places:
        assert await answers(network, service, path, leaver.token, 200)

    gone = await both.patch(f"/staff/{leaver.id}", house.admin.token, version=1, active=False)

    assert gone.status_code == 200
    assert await both.rows("select from sessions") == []
    asked = await network.http.post(f"{both.address}/tokens", json={"session": begun.json()["id"]})
    assert asked.status_code == 401
    for service, path in places:
        assert await answers(network, service, path, leaver.token, 401)
        assert await answers(network, service, path, colleague.token, 200)

    await both.patch(f"/staff/{leaver.id}", house.admin.token, version=2, active=True)
    for service, path in places:
        assert await answers(network, service, path, leaver.token, 200)

"""The demo's beginning, told to every service."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from deploy.demo_data import seed
from tests.integration.organisations.directory import Directory
from tests.network import RECORDED, Network


@pytest.fixture
async def network(start_network: Callable[..., Awaitable[Network]]) -> Network:
    return await start_network(*RECORDED)


async def seeded(network: Network, *, empty: bool) -> dict[str, dict[str, object]]:
    secret = network.servers.secrets["BOOTSTRAP_SECRET"]
    logins = await asyncio.to_thread(seed, network.peers, bootstrap_secret=secret, empty=empty)
    return {str(one["login"]): one for one in logins}


async def test_a_demo_begins_with_everybody_and_something_under_way(network: Network) -> None:
    logins = await seeded(network, empty=False)

    directory = Directory(network)
    recipient = await directory.token(login="recipient-b")
    inbox = (await network.call("referrals", "GET", "/referrals?box=in", token=recipient)).json()
    assert sorted(referral["state"] for referral in inbox["items"]) == ["accepted", "sent"]
    assert logins["person-1"]["organisation_id"] == logins["caseworker-a"]["organisation_id"]
    assert logins["person-1"]["person_id"] is not None
    assert logins["netadmin"]["roles"] == ["network_admin"]


async def test_an_empty_demo_has_everybody_and_nothing_under_way(network: Network) -> None:
    logins = await seeded(network, empty=True)

    token = await Directory(network).token(login="caseworker-a")
    sent = (await network.call("referrals", "GET", "/referrals?box=out", token=token)).json()
    assert sent["items"] == []
    assert {one["login"] for one in logins.values() if one["person_id"]} == {"person-1"}


async def test_a_demo_is_filled_once(network: Network) -> None:
    first = await seeded(network, empty=True)

    assert await seeded(network, empty=False) == first

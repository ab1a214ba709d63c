"""The demo's beginning, told to every service."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from deploy.demo_data import seed
from shared.events.base import Area, NeedCode, Theme
from tests.integration.organisations.directory import Directory
from tests.network import RECORDED, Network


@pytest.fixture
async def network(start_network: Callable[..., Awaitable[Network]]) -> Network:
    return await start_network(*RECORDED)


async def seeded(network: Network, *, empty: bool) -> dict[str, dict[str, object]]:
    secret = network.servers.secrets["BOOTSTRAP_SECRET"]
    logins = await asyncio.to_thread(seed, network.peers, bootstrap_secret=secret, empty=empty)
    return {str(one["login"]): one for one in logins}


async def read(network: Network, service: str, path: str, login: str) -> list[dict[str, Any]]:
    """Everything of a list, as somebody sees it."""
    token = await Directory(network).token(login=login)
    answer = (await network.call(service, "GET", path, token=token)).json()
    items: list[dict[str, Any]] = answer["items"]
    return items


async def test_a_demo_begins_with_a_network_and_stories_that_are_weeks_old(network: Network) -> None:
    logins = await seeded(network, empty=False)

    assert logins["person-1"]["organisation_id"] == logins["caseworker-a"]["organisation_id"]
    assert logins["person-1"]["person_id"] is not None
    assert logins["netadmin"]["roles"] == ["network_admin"]
    await must_have_a_network_over_all_sectors(network)
    await must_have_every_kind_of_offering(network)
    await must_have_told_the_stories(network)
    await must_be_today(network)


async def must_have_a_network_over_all_sectors(network: Network) -> None:
    organisations = await read(network, "organisations", "/organisations?limit=200", "caseworker-a")
    assert len(organisations) == 25
    assert all(one["name"].endswith("(demo)") for one in organisations)
    assert {one["sector"] for one in organisations} >= {"public", "civil_society", "business", "academia"}


async def must_have_every_kind_of_offering(network: Network) -> None:
    offerings = await read(network, "organisations", "/offerings?limit=200", "caseworker-a")
    shown = {one["status"] for one in offerings}
    assert len(offerings) == 59, "of 60 one has ended"
    assert shown == {"existing", "new", "prototype", "paused"}
    assert {one["kind"] for one in offerings} == {"assessed", "unassessed", "open", "open_door"}
    assert {need for one in offerings for need in one["needs"]} == {*NeedCode}
    assert {theme for one in offerings for theme in one["themes"]} == {*Theme}
    assert {area for one in offerings for area in one["areas"]} == {*Area}
    assert {one["capacity_stale"] for one in offerings if one["capacity"]["updated_at"]} == {True, False}
    assert any(one["eligibility"] for one in offerings)
    leads = {one["id"]: one["leads_to"] for one in offerings}
    assert any(leads.get(onward) for one in leads.values() for onward in one), "a chain of three"


async def must_have_told_the_stories(network: Network) -> None:
    """Whether it went well, to and fro, or was taken back, shows in how each referral ended."""
    sent = await read(network, "referrals", "/referrals?box=out&limit=200", "caseworker-a")
    states = sorted(one["state"] for one in sent)
    assert states == [
        *["accepted", "active", "active", "completed", "consent_lost", "forwarded", "forwarded", "sent"]
    ]
    (last,) = (one for one in sent if one["parent_id"] and one["state"] == "active")
    (middle,) = (one for one in sent if one["id"] == last["parent_id"])
    (first,) = (one for one in sent if one["id"] == middle["parent_id"])
    assert first["to_organisation_id"] == last["to_organisation_id"] != middle["to_organisation_id"]
    (lost,) = (one for one in sent if one["state"] == "consent_lost")
    held = await read(network, "referrals", f"/consents/{lost['consent_ids'][0]}/holders", "caseworker-a")
    assert [one["answer"] for one in held] == ["deleted"]


async def must_be_today(network: Network) -> None:
    """The clock stands where it stood, and what was begun long ago is old."""
    sent = await read(network, "referrals", "/referrals?box=out&limit=200", "caseworker-a")
    ages = sorted(datetime.now(UTC) - datetime.fromisoformat(one["created_at"]) for one in sent)
    assert timedelta(0) <= ages[0] < timedelta(days=1)
    assert ages[-1] > timedelta(days=26)


async def test_an_empty_demo_has_everybody_and_nothing_under_way_and_is_filled_once(
    network: Network,
) -> None:
    logins = await seeded(network, empty=True)

    assert await read(network, "referrals", "/referrals?box=out", "caseworker-a") == []
    assert len(await read(network, "organisations", "/organisations", "caseworker-a")) == 5
    assert {one["login"] for one in logins.values() if one["person_id"]} == {"person-1"}
    assert await seeded(network, empty=False) == logins


async def test_once_something_has_happened_the_clock_only_goes_forward(network: Network) -> None:
    token = await Directory(network).token(bootstrap=network.servers.secrets["BOOTSTRAP_SECRET"])
    await network.call(
        "organisations", "POST", "/organisations", token=token, json={"name": "Först", "kind": "city"}
    )

    back = await network.http.post(network.peers["organisations"] + "/demo/clock", json={"advance": "-P1D"})

    assert back.status_code == 422, back.text

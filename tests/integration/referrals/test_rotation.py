"""Two sealing keys live while every key is wrapped anew; whoever reads meanwhile notices nothing."""

from __future__ import annotations

from typing import Any

from services.referrals.rotate_keys import rotate_keys
from shared.settings import Settings
from shared.vault import Vault, rotate
from tests.conftest import StartNetwork
from tests.integration.referrals.world import World
from tests.network import Network

NEW = "N" * 43


def rotating(network: Network, **more: Any) -> Settings:
    """The settings of a service that was told a new sealing key and still the old."""
    old = network.servers.secrets["REFERRALS_SEALING_KEY"]
    told = {"sealing_key": NEW, "sealing_key_version": 2, "sealing_key_before": old, **more}
    return network.settings("referrals", **told)


async def versions(vault: Vault) -> dict[int, int]:
    async with vault.database.glance() as sql:
        rows = await (await sql.execute("select version, count(*) as n from keys group by 1")).fetchall()
    return {row["version"]: row["n"] for row in rows}


async def test_a_rotation_that_is_cut_short_goes_on_and_nobody_notices(start_network: StartNetwork) -> None:
    world = World(await start_network("referrals"))
    await world.settle_in()
    persons = [(await world.a_person())["id"] for _ in range(5)]
    referral = await world.an_opened_referral()
    api = world.network.api("referrals")
    settings = rotating(world.network)
    before = api.state.vault
    async with Vault.of(settings).opened() as vault:
        api.state.vault = vault

        async def seen() -> list[Any]:
            asked = [(f"/persons/{one}", world.sender) for one in persons]
            asked.append((f"/referrals/{referral['id']}/disclosure", world.association))
            return [await world.get(address, by) for address, by in asked]

        first = await seen()
        async for _ in rotate(vault, batch=3):
            break
        cut_short, meanwhile = await versions(vault), await seen()
        newcomer = (await world.a_person())["id"]
        done = await rotate_keys(world.database, vault)
        finished, after = await versions(vault), await seen()

    async with Vault.of(rotating(world.network, sealing_key_before=None)).opened() as alone:
        api.state.vault = alone
        without_the_old = await seen()
        search = {"kind": "phone", "value": "070-174 06 05"}
        found = await world.post("/persons/search", world.sender, search)
        again = await rotate_keys(world.database, alone)
        await world.get(f"/persons/{newcomer}", world.sender)
    api.state.vault = before
    await world.database.close()

    assert (cut_short[2], set(finished)) == (3, {2})
    assert cut_short[1] > 3
    assert first == meanwhile == after == without_the_old
    assert done[0] == cut_short[1]
    assert {*persons, newcomer} <= {one["id"] for one in found["persons"]}
    assert again == (0, 0)


async def test_a_service_that_is_told_the_new_key_alone_too_early_is_not_wrong_but_away(
    start_network: StartNetwork,
) -> None:
    world = World(await start_network("referrals"))
    await world.settle_in()
    person = (await world.a_person())["id"]
    api = world.network.api("referrals")
    before = api.state.vault
    async with Vault.of(rotating(world.network, sealing_key_before=None)).opened() as vault:
        api.state.vault = vault
        answer = await world.call("GET", f"/persons/{person}", world.sender)
    api.state.vault = before
    await world.database.close()

    assert (answer.status_code, answer.json()["type"]) == (503, "/problems/unavailable")

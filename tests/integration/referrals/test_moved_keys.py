"""What was sealed before the keys had a database of their own is moved, and read as before."""

from __future__ import annotations

import os
from typing import Any

import psycopg
from psycopg import sql
from psycopg.rows import dict_row

from deploy.move_keys import OLD, move
from shared.crypto import seal
from shared.vault import keyring_of
from tests.conftest import StartNetwork
from tests.integration.referrals.hers import Hers, everything
from tests.integration.referrals.sealed import SEALED, readable, todays_keys, values
from tests.integration.referrals.world import World
from tests.keys import keys_of

MARK = "Zephyrine"


async def said_of(world: World, hers: Hers) -> list[str]:
    return [(await world.call("GET", address, by)).text for address, by in hers.addresses(world)]


def admin(world: World, database: str) -> psycopg.Connection[dict[str, Any]]:
    servers = world.network.servers
    address = servers.postgres.address_of("postgres", servers.secrets["POSTGRES_PASSWORD"], database)
    return psycopg.connect(address, autocommit=True, row_factory=dict_row)


async def as_it_was(world: World, person_id: str) -> None:
    """Seal everything as the version before did, and take the keys away."""
    plain = {}
    keys = await todays_keys(world)
    for one in await values(world):
        plain[one.sealed] = one.opened(keys[one.owner])
    ring = keyring_of(world.network.settings("referrals"))
    hers, copies = os.urandom(32), os.urandom(32)
    with admin(world, world.network.database) as data, data.transaction():
        data.execute("set local search_path = referrals")
        data.execute("set local session_replication_role = replica")
        for column, query in OLD.items():
            for row in data.execute(query, [person_id]).fetchall():
                if row["sealed"] is not None:
                    home = ring.of_organisation(row["org"])
                    key = {"person": hers, "home": home, "copy": copies}[row["under"]]
                    sealed = seal(key, plain[row["sealed"]] or b"", bound_to=row["was"])
                    wrapped = seal(home, copies, bound_to=f"key:{row['copy']}") if "copy" in row else None
                    put(data, column, row["sealed"], sealed, wrapped)
        org = world.sender.organisation_id
        wrapped = seal(ring.of_organisation(org), hers, bound_to=f"key:{person_id}")
        data.execute("insert into person_keys values (%s, %s, %s)", [person_id, org, wrapped])
    with admin(world, keys_of(world.network.database)) as vault:
        vault.execute("delete from keys.owners")


def put(data: Any, column: str, was: bytes, sealed: bytes, wrapped: bytes | None) -> None:
    table, _, name = column.partition(".")
    names = {"table": sql.Identifier(table), "name": sql.Identifier(name)}
    if wrapped is not None:
        data.execute("update disclosure_items set wrapped = %s where sealed = %s", [wrapped, was])
    data.execute(sql.SQL("update {table} set {name} = %s where {name} = %s").format(**names), [sealed, was])


async def test_a_record_of_the_version_before_is_read_as_before(start_network: StartNetwork) -> None:
    world = World(await start_network("referrals"))
    await world.settle_in()
    hers = await everything(world, MARK)
    before = await said_of(world, hers)
    await as_it_was(world, hers.person_id)
    lost = await world.call("GET", f"/persons/{hers.person_id}", world.sender)

    ring = keyring_of(world.network.settings("referrals"))
    with admin(world, world.network.database) as data, admin(world, keys_of(world.network.database)) as keys:
        moved, again = move(data, keys, ring), move(data, keys, ring)

    assert lost.status_code == 503
    assert (moved, again) == (1, 0)
    assert await said_of(world, hers) == before
    assert {column for column, text in (await readable(world)).items() if MARK in text} == set(SEALED)
    assert set(OLD) == set(SEALED)
    await world.database.close()

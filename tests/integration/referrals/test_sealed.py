"""A sealed value opens in its own column and row, under its own key, and nowhere else."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations
from uuid import UUID

from tests.integration.referrals.hers import everything
from tests.integration.referrals.sealed import SEALED, readable, todays_keys, values
from tests.integration.referrals.world import World

HASHES = {"salt", "digest", "hash", "signature", "fingerprint", "who"}
OTHERS = {"idempotency.answer", "person_keys.wrapped", "disclosure_items.wrapped", "person_index.value"}
"""What a client's own key opens, what older versions left, and keyed hashes."""

BYTES = """
select c.relname || '.' || a.attname as name, a.attname as column from pg_attribute a
join pg_class c on c.oid = a.attrelid
where c.relnamespace = 'referrals'::regnamespace and c.relkind = 'r' and a.atttypid = 'bytea'::regtype
"""


async def test_every_column_of_bytes_is_known(world: World) -> None:
    named = {row["name"] for row in await world.rows(BYTES) if row["column"] not in HASHES}

    assert named - OTHERS == set(SEALED)


async def test_no_value_opens_in_another_column_or_row(world: World) -> None:
    mark = "Ottoline"
    hers = await everything(world, mark)
    keys = await todays_keys(world)
    about = {UUID(hers.person_id), UUID(hers.path_id)}
    found = [one for one in await values(world) if one.owner.subject in about]

    said = await readable(world)
    moved = [
        (one, there)
        for one, there in permutations(found, 2)
        if replace(one, bound_to=there.bound_to).opened(keys[one.owner]) is not None
    ]

    assert {column for column, text in said.items() if mark in text} == set(SEALED)
    assert all(one.opened(keys[one.owner]) for one in found)
    assert moved == []
    assert len({one.bound_to for one in found}) == len(found)

"""What the database itself refuses to the service's own role."""

from __future__ import annotations

from collections.abc import AsyncIterator
from uuid import UUID

import psycopg
import pytest
from psycopg.errors import InsufficientPrivilege
from psycopg.rows import TupleRow

from tests.integration.organisations.directory import Directory, House

Asked = psycopg.AsyncConnection[TupleRow]


@pytest.fixture
async def house(directory: Directory) -> House:
    house = await directory.a_house()
    other = await directory.a_house("social_services")
    await directory.an_offering(house)
    await directory.made("/pledges", house.admin.token, version=1)
    await directory.made("/agreements", await directory.operator(), parties=[house.id, other.id])
    return house


@pytest.fixture
async def stranger(directory: Directory, house: House) -> AsyncIterator[Asked]:
    """A connection as the service's role, acting for another organisation."""
    other = await directory.a_house()
    address = directory.network.settings("organisations").database_url
    async with await psycopg.AsyncConnection.connect(address) as sql:
        await sql.set_autocommit(True)
        await sql.execute("select set_config('app.org', %s, false)", [other.id])
        yield sql


async def test_an_organisations_own_rows_are_nobody_elses(house: House, stranger: Asked) -> None:
    for table in ("staff", "pledges"):
        query = f"select from {table} where organisation_id = %s"

        assert await (await stranger.execute(query.encode(), [UUID(house.id)])).fetchall() == [], table


async def test_the_directory_is_read_by_all_and_changed_by_its_own(house: House, stranger: Asked) -> None:
    for change in (
        "update organisations set name = 'Mitt' where id = %s",
        "update teams set name = 'Mitt' where organisation_id = %s",
        "update offerings set name = 'Mitt' where organisation_id = %s",
        "update agreements set name = 'Mitt' where organisation_id = %s",
    ):
        read = change.replace("update", "select from").replace("set name = 'Mitt' ", "")

        assert (await stranger.execute(read.encode(), [UUID(house.id)])).rowcount == 1, read
        assert (await stranger.execute(change.encode(), [UUID(house.id)])).rowcount == 0, change


async def test_nothing_is_added_in_anothers_name(house: House, stranger: Asked) -> None:
    with pytest.raises(InsufficientPrivilege):
        await stranger.execute(
            "insert into teams (id, organisation_id, name, version)"
            " values (gen_random_uuid(), %s, 'Mitt', 1)",
            [UUID(house.id)],
        )


async def test_what_was_promised_stays_written(stranger: Asked) -> None:
    for deed in (
        "update pledges set version = 2",
        "delete from pledges",
        "delete from staff",
        "delete from organisations",
        "update changes set fields = '{}'",
        "alter table staff disable row level security",
    ):
        with pytest.raises(InsufficientPrivilege):
            await stranger.execute(deed.encode())

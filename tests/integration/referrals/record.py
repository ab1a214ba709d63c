"""What stands in the service's record, looked at and changed beside its API."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

from psycopg import AsyncConnection
from psycopg.rows import DictRow, dict_row

from shared import log
from shared.database import Database
from tests.network import Network


class Record:
    """The schema of referrals in a network's database, as the service's role and as the superuser."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self.database = Database.of(network.settings("referrals"))

    async def advance(self, **by: float) -> None:
        """Move the service's clock forward."""
        async with self.database.connection() as sql:
            await sql.execute("update clock set shift = shift + %s", [timedelta(**by)])

    async def sql(
        self, query: str, values: dict[str, Any] | None = None, *, as_: UUID | None = None
    ) -> list[dict[str, Any]]:
        """Rows of a statement run as the service's role in a tenant, and rolled back."""
        async with self.database.connection() as sql:
            if as_ is not None:
                await sql.execute("select set_config('app.org', %s, true)", [str(as_)])
            cursor = await sql.execute(query, values)
            rows = await cursor.fetchall() if cursor.description else []
            await sql.rollback()
            return rows

    async def rows(self, query: str, values: Sequence[Any] = ()) -> list[DictRow]:
        """Rows of a statement run as the superuser, past every wall."""
        async with await self.admin() as sql:
            return await (await sql.execute(query, values)).fetchall()

    async def as_owner(self, statements: str) -> None:
        """Statements that only the database's superuser may run."""
        async with await self.admin() as sql:
            await sql.execute(statements)

    async def forced(self, statements: str) -> None:
        """The same, and no trigger stops it nor writes it down."""
        await self.as_owner(f"set session_replication_role = replica; {statements}")

    @asynccontextmanager
    async def counting(self, table: str) -> AsyncIterator[Callable[[], Awaitable[int]]]:
        """How many rows a table has, whenever asked, over a connection kept for it."""
        async with await self.admin() as sql:
            yield partial(_count, sql, table)

    async def admin(self) -> AsyncConnection[DictRow]:
        address = self.network.servers.postgres.url.rpartition("/")[0] + f"/{self.network.database}"
        return await AsyncConnection.connect(
            address, row_factory=dict_row, options="-c search_path=referrals", autocommit=True
        )

    @asynccontextmanager
    async def untold(self) -> AsyncIterator[None]:
        """As long as it lasts nothing is numbered: the relay waits for its lock."""
        async with await self.admin() as sql, sql.transaction():
            await log.lock(sql)
            yield

    async def told(self, path_id: str) -> list[str]:
        """The types of the events of a path, in the order of the log."""
        query = "select type from log where subject = %(path)s order by seq"
        return [row["type"] for row in await self.sql(query, {"path": path_id})]

    async def rows_in_all_tables(self) -> dict[str, int]:
        """How many rows stand in each of the service's tables."""
        async with await self.admin() as sql:
            return {table: await _count(sql, table) for table in await _tables(sql)}

    async def dump(self) -> str:
        """All that stands in the service's tables, as text; bytes as Latin-1 letters too."""
        async with await self.admin() as sql:
            found = []
            for table in await _tables(sql):
                cursor = await sql.execute(f"select * from {table}")  # noqa: S608 - from the catalogue
                found += [str(value) for row in await cursor.fetchall() for value in row.values()]
            return "\n".join(found)


async def _tables(sql: AsyncConnection[DictRow]) -> list[str]:
    cursor = await sql.execute("select tablename from pg_tables where schemaname = 'referrals'")
    return [row["tablename"] for row in await cursor.fetchall()]


async def _count(sql: AsyncConnection[DictRow], table: str) -> int:
    cursor = await sql.execute(f"select count(*) as n from {table}")  # noqa: S608 - from the catalogue
    rows = await cursor.fetchall()
    counted: int = rows[0]["n"]
    return counted

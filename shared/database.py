"""One transaction for each request, reaction or timer; nobody calls commit."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from math import ceil
from typing import Any, Self
from uuid import UUID, uuid5

from psycopg import AsyncConnection
from psycopg.rows import DictRow, dict_row
from psycopg.types.json import Jsonb, set_json_loads
from psycopg_pool import AsyncConnectionPool
from pydantic_core import from_json, to_json

from . import log
from .actor import Actor
from .envelope import Envelope
from .events import Event
from .ids import new_id
from .settings import Settings

Connection = AsyncConnection[DictRow]

# A third of the time that the standard library takes, and the relay reads every event by it.
set_json_loads(from_json)

PATIENCE_S = 5.0
"""How long whoever needs a connection waits for one."""

CLOSE_S = 60.0

_BEGIN = "begin"
STANDING = """
set_config('app.org', %s, true), set_config('app.actor', %s, true), set_config('app.team', %s, true)
"""
"""What the policies of the tables go by until the transaction ends, from `standing`."""

SET_STANDING = f"select {STANDING}"

# The time is read after the lock is held: the outer select cannot begin before
# the insert has waited.  ``where false`` locks an existing row and writes nothing.
_LOCK = """
with locked as (
    insert into subjects (id) values (%s)
    on conflict (id) do update set id = excluded.id where false
    returning id
)
select app_now() as at from (select count(*) from locked) as held
"""


_LOCK_FOUND = """
with found as ({}),
locked as (
    insert into subjects (id) select id from found
    on conflict (id) do update set id = excluded.id where false
    returning id
)
select found.id, app_now() as at from found, (select count(*) from locked) as held
"""


def standing(actor: Actor, organisation_id: UUID | None) -> tuple[str, str, str]:
    """The tenant, and who acts in it for which team: whom a locked person is shown to is named by id."""
    return (str(organisation_id or ""), str(actor.id), str(actor.team_id or ""))


def _statements(queries: Iterable[str]) -> list[list[str]]:
    """What goes in one statement; a query with changes in a WITH of its own must stand at the top, alone."""
    alone = [[query] for query in queries if query.lstrip().startswith("with")]
    together = [query for query in queries if [query] not in alone]
    return [*alone, together] if together else alone


def _joined(queries: Sequence[str]) -> str:
    *others, last = queries
    named = ", ".join(f"gathered_{nth} as ({query})" for nth, query in enumerate(others))
    return f"with {named} {last}" if named else last


@dataclass(slots=True)
class Transaction:
    """An open transaction, its tenant set, and who acts in it."""

    sql: Connection
    actor: Actor
    correlation_id: UUID
    cause: Envelope | None = None
    traceparent: str | None = None
    _told: int = field(default=0)
    _tenant: UUID | None = None
    _gathered: dict[UUID | None, dict[str, list[Mapping[str, Any]]]] = field(default_factory=dict)

    async def lock(self, subject: UUID) -> datetime:
        """Lock the subject (a path, an organisation) until the end; the database's time once it is held.

        The first thing in every command, so that a subject's order in the log is
        its commit order.
        """
        return await self._instant(_LOCK, subject)

    async def now(self) -> datetime:
        """The database's time."""
        return await self._instant("select app_now() as at")

    async def lock_found(self, query: str, values: Mapping[str, Any]) -> tuple[UUID, datetime] | None:
        """Find a subject and lock it in one round trip: the ``id`` that the query selects, and the time.

        ``None`` if the query finds nothing, as for what the tenant may not see.
        """
        row = await (await self.sql.execute(_LOCK_FOUND.format(query), values)).fetchone()
        return (row["id"], row["at"]) if row else None

    async def _instant(self, query: str, *values: UUID) -> datetime:
        row = await (await self.sql.execute(query, values)).fetchone()
        assert row is not None  # noqa: S101 - an aggregate or a constant always gives a row
        at: datetime = row["at"]
        return at

    async def act_for(self, organisation_id: UUID) -> None:
        """Set the tenant of a worker's step; holds until the transaction ends or the next call."""
        if organisation_id != self._tenant:
            await self.sql.execute(SET_STANDING, standing(self.actor, organisation_id))
            self._tenant = organisation_id

    def gather(self, query: str, row: Mapping[str, Any], *, tenant: UUID | None = None) -> None:
        """Keep a row to be written with all others of its query and tenant, by one statement at the end.

        The query inserts from ``jsonb_to_recordset(%s)``.  Who must read what was
        gathered flushes first.
        """
        self._gathered.setdefault(tenant, {}).setdefault(query, []).append(row)

    async def flush(self) -> None:
        """Write what was gathered; the transaction's end does it too."""
        gathered, self._gathered = self._gathered, {}
        for tenant, rows in gathered.items():
            if tenant is not None:
                await self.act_for(tenant)
            for queries in _statements(rows):
                values = [Jsonb(rows[query], dumps=to_json) for query in queries]
                await self.sql.execute(_joined(queries), values)

    def forget(self) -> None:
        """Drop what was gathered since the last flush: what gathered it was refused."""
        self._gathered = {}

    async def tell(self, event: Event, *, organisation_id: UUID | None = None) -> None:
        """Tell an event in this transaction; a reaction's event is told once however often it runs.

        It happened in the organisation given, or else in the tenant.
        """
        self._told += 1
        tenant = organisation_id or self._tenant or self.actor.organisation_id
        self.gather(log.TELL, log.untold(event, self._said_by(event), tenant))

    def _said_by(self, event: Event) -> Mapping[str, Any]:
        cause = self.cause.id if self.cause else None
        return {
            "id": uuid5(cause, f"{event.type}:{self._told}") if cause else new_id(),
            "actor": str(self.actor),
            "correlation": self.cause.correlation_id if self.cause else self.correlation_id,
            "causation": cause,
            "traceparent": self.cause.traceparent if self.cause else self.traceparent,
        }

    def react_to(self, cause: Envelope) -> None:
        """Begin the step of one event: what is told from here on is caused by it."""
        self.cause, self._told = cause, 0


class Database:
    """A pool of connections as one service's role."""

    def __init__(
        self,
        url: str,
        *,
        size: int = 8,
        patience_s: float = PATIENCE_S,
        connections: type[Connection] = AsyncConnection,
    ) -> None:
        self._pool: AsyncConnectionPool[Connection] = AsyncConnectionPool(
            url,
            connection_class=connections,
            open=False,
            min_size=1,
            max_size=size,
            timeout=patience_s,
            max_waiting=200,
            reconnect_timeout=10**9,
            # BEGIN is ours to say, so that it can travel with the first statement.
            kwargs={"row_factory": dict_row, "connect_timeout": ceil(patience_s), "autocommit": True},
            check=None,
        )

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """The service's own, as its settings say."""
        return cls(settings.database_url, patience_s=settings.patience_s)

    async def open(self) -> None:
        """Begin to connect, in the background; a server that is away is waited for."""
        await self._pool.open(wait=False)

    async def close(self) -> None:
        # Its workers end when what they wait for has ended, a connection's patience included.
        await self._pool.close(timeout=CLOSE_S)

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[Connection]:
        """A connection in a transaction, without an actor."""
        async with self._pool.connection() as connection:
            await connection.execute(_BEGIN)
            yield connection

    @asynccontextmanager
    async def pipelined(self) -> AsyncIterator[Connection]:
        """The same, and its statements travel together, BEGIN and COMMIT among them."""
        async with self._pool.connection() as connection, connection.pipeline():
            await connection.execute(_BEGIN)
            yield connection
            await connection.commit()

    @asynccontextmanager
    async def glance(self) -> AsyncIterator[Connection]:
        """A connection without a transaction, for one statement that only reads."""
        async with self._pool.connection() as connection:
            yield connection

    @asynccontextmanager
    async def transaction(
        self, actor: Actor, *, correlation_id: UUID | None = None
    ) -> AsyncIterator[Transaction]:
        """A transaction in the actor's tenant; commits at the end, or nothing happened."""
        async with self.opened(actor, correlation_id or new_id()) as tx:
            if actor.organisation_id is not None:
                await tx.act_for(actor.organisation_id)
            yield tx

    @asynccontextmanager
    async def opened(self, actor: Actor, correlation_id: UUID) -> AsyncIterator[Transaction]:
        """A transaction whose tenant is not set yet, for who sets it with a first statement of his own."""
        async with self.connection() as connection:
            tx = Transaction(connection, actor, correlation_id)
            yield tx
            await tx.flush()

    @asynccontextmanager
    async def step(self, actor: Actor) -> AsyncIterator[Transaction]:
        """A worker's transaction without a tenant, its statements travelling together."""
        async with self.pipelined() as connection:
            tx = Transaction(connection, actor, new_id())
            yield tx
            await tx.flush()

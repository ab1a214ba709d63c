"""A teller and a listener on real servers, their parts taken singly and stepped by the test."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, cast
from uuid import UUID

import psycopg
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from psycopg.rows import dict_row
from redis.asyncio import Redis
from redis.exceptions import RedisError

from deploy.embedded_server import free_port
from shared import log
from shared.actor import Actor, ActorKind, service_actor
from shared.database import Database, Transaction
from shared.envelope import Row
from shared.events.organisations import PledgeSigned
from shared.handling import Handler
from shared.hearing import Hearing
from shared.hops import Hop
from shared.ids import new_id
from shared.listener import Listener
from shared.relay import Relay
from shared.service import Service
from shared.streams import connect
from tests.network import Network

STREAM = "events:organisations"
Effects = list[tuple[UUID, int]]
EFFECTS = """
create table effects (
    arrived bigint generated always as identity primary key,
    event_id uuid not null unique,
    subject uuid not null,
    version integer not null
)
"""


async def keep(tx: Transaction, event: PledgeSigned) -> None:
    """The effect: one row for each event."""
    assert tx.cause is not None
    query = "insert into effects (event_id, subject, version) values (%s, %s, %s)"
    await tx.sql.execute(query, [tx.cause.id, event.organisation_id, event.version])


HEARING = Hearing({PledgeSigned: keep}, {})
HEARER = Service(name="referrals", routers=[], hears={"organisations": HEARING}, projections=("effects",))

TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
"""The example of the W3C's Trace Context."""


@dataclass
class Kit:
    """Organisations tells, referrals listens; nothing runs but what the test runs."""

    network: Network
    hops: list[Hop] = field(default_factory=list)
    told: dict[UUID, int] = field(default_factory=dict)
    _stack: AsyncExitStack = field(default_factory=AsyncExitStack)

    def __post_init__(self) -> None:
        self.settings = self.network.settings("organisations")
        self.teller = Service(name="organisations", routers=[]).teller(self.settings)
        self.database = Database(self.settings.database_url, size=20, patience_s=self.settings.patience_s)
        self.hearer = Database.of(self.network.settings("referrals"))
        self.redis = Redis.from_url(self.network.servers.redis.url)

    async def open(self) -> None:
        await self._stack.__aenter__()
        self._stack.push_async_callback(self.redis.aclose)
        for database in (self.database, self.hearer):
            await database.open()
            self._stack.push_async_callback(database.close)

    async def close(self) -> None:
        await self._stack.aclose()

    # Telling

    async def tell(self, *subjects: UUID, times: int = 1) -> None:
        """Tell each subject's next event so many times, each in a transaction of its own."""
        for subject in subjects * times:
            async with self.telling(subject):
                pass

    @asynccontextmanager
    async def telling(self, subject: UUID) -> AsyncIterator[Transaction]:
        """An open transaction that has told the subject's next event."""
        actor = Actor(
            kind=ActorKind.STAFF, id=new_id(), organisation_id=subject, team_id=None, roles=frozenset()
        )
        async with self.database.transaction(actor) as tx:
            tx.traceparent = TRACE
            await tx.lock(subject)
            version = self.told[subject] = self.told.get(subject, 0) + 1
            await tx.tell(PledgeSigned(organisation_id=subject, staff_id=new_id(), version=version))
            await tx.flush()
            yield tx

    def relay(self) -> Relay:
        """A relay with the teller's own login."""
        return self.relay_to(self.settings.redis_url)

    def relay_without_redis(self) -> Relay:
        """A relay that can number and cannot copy."""
        return self.relay_to(f"redis://127.0.0.1:{free_port()}/0")

    def relay_to(self, redis_url: str) -> Relay:
        """A relay that copies to a stream of this address."""
        redis = connect(redis_url)
        self._stack.push_async_callback(redis.aclose)
        return Relay(self.teller, self.database, redis)

    async def deliver(self, listener: Listener, *, redis_url: str | None = None) -> None:
        """Number what is told, by a relay whose stream's server is away, and let the listener ask for it."""
        relay = self.relay_to(redis_url) if redis_url else self.relay_without_redis()
        while await relay.once():
            pass
        await listener.ask()

    async def answers(self, redis_url: str) -> bool:
        """Whether there is a stream's server at this address."""
        redis = connect(redis_url)
        self._stack.push_async_callback(redis.aclose)
        try:
            return bool(await redis.ping())
        except RedisError:
            return False

    # Listening

    async def listener(self, hearing: Hearing = HEARING) -> Listener:
        """A listener at its position, which reads the log as ``/log`` gives it."""
        handler = Handler(
            service="referrals",
            stream=STREAM,
            hearing=hearing,
            database=self.hearer,
            tell_hop=self.hops.append,
        )
        await handler.begin()
        return Listener(handler=handler, key=self.key, read_log=self.read_log)

    @property
    def key(self) -> Ed25519PublicKey:
        return self.teller.key.public_key()

    async def read_log(self, after: int, limit: int) -> list[Row]:
        async with self.database.connection() as sql:
            rows = await log.read(sql, after=after, limit=limit)
        return [Row.from_wire(json.loads(json.dumps(row.cloud_event(self.teller.source)))) for row in rows]

    # Looking

    async def log(self) -> list[dict[str, Any]]:
        return await self.as_superuser("organisations", "select * from log order by seq")

    async def effects(self) -> Effects:
        """Whose event had which effect, in the order they arrived."""
        rows = await self.as_superuser("referrals", "select subject, version from effects order by arrived")
        return [(row["subject"], row["version"]) for row in rows]

    async def entries(self) -> list[str]:
        """The ids in the stream."""
        entries = cast("Sequence[tuple[bytes, Any]]", await self.redis.xrange(STREAM))
        return [entry.decode() for entry, _ in entries]

    async def as_superuser(self, schema: str, query: str) -> list[dict[str, Any]]:
        """Do, in a service's schema, what no service may; the rows if there are any."""
        address = self.network.servers.postgres.url.rpartition("/")[0] + f"/{self.network.database}"
        options = f"-c search_path={schema}"
        async with await psycopg.AsyncConnection.connect(
            address, row_factory=dict_row, options=options, autocommit=True
        ) as sql:
            cursor = await sql.execute(query.encode())
            return await cursor.fetchall() if cursor.description is not None else []

    async def move_clock(self, service: str, by: str) -> None:
        """Set how far a service's clock is off, for example ``-8 days``."""
        await self.as_superuser(service, f"update clock set shift = '{by}'")  # noqa: S608 - a test's own words

    @asynccontextmanager
    async def as_worker(self) -> AsyncIterator[Transaction]:
        """A transaction of the teller's own worker."""
        async with self.database.transaction(service_actor("organisations")) as tx:
            yield tx

"""The probe's processes on real servers, what was told to them, and the invariants afterwards."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import psycopg
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from psycopg import sql as pg
from psycopg.rows import dict_row
from psycopg_pool import PoolTimeout
from redis import Redis
from redis.exceptions import RedisError

from deploy.embedded import Servers
from deploy.migrate import KIT
from shared.actor import Actor, ActorKind
from shared.database import Database
from shared.events.organisations import PledgeSigned
from shared.ids import new_id
from shared.log import Teller
from shared.recover import Recovered, recover
from shared.settings import from_base64url
from shared.streams import connect

from .processes import SCHEMAS, Processes

STREAM = "events:organisations"
EFFECTS = """
create table effects (
    arrived bigint generated always as identity primary key,
    event_id uuid not null unique,
    organisation_id uuid not null,
    version integer not null,
    seq bigint not null
)
"""
BORN = """
insert into positions (stream, seq, hash, moved_at) values (%s, 0, decode(repeat('00', 32), 'hex'), app_now())
"""
# In one snapshot: the relay moves rows from the one table to the other.
_TOLD = """
select (select count(*) from log where subject = %s) + (select count(*) from untold where subject = %s) as n
"""
_GO_ON = "select setval(pg_get_serial_sequence('effects', 'arrived'), max(arrived)) from effects"
PATIENCE_S = 180


def seed_of(servers: Servers) -> bytes:
    """The teller's signing seed."""
    return from_base64url(servers.secrets["ORGANISATIONS_SERVICE_KEY"])


def make_database(servers: Servers, name: str) -> None:
    """A database with the kit's tables for the teller and the hearer, and the hearer's effects."""
    with psycopg.connect(servers.postgres.url, autocommit=True) as admin:
        admin.execute(pg.SQL("create database {}").format(pg.Identifier(name)))
    address = servers.postgres.address_of("postgres", servers.secrets["POSTGRES_PASSWORD"], name)
    with psycopg.connect(address, autocommit=True) as admin:
        for schema in SCHEMAS:
            admin.execute(f"create schema {schema}")
            admin.execute(f"set search_path = {schema}")
            for file in sorted(KIT.glob("*.sql")):
                admin.execute(file.read_text())
        admin.execute(EFFECTS)
        admin.execute(BORN, [STREAM])


@dataclass
class System(Processes):
    """The probe, what was told to it, and what came of it."""

    told: dict[UUID, list[UUID]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._teller = Database(self.address("teller"))
        self.redis = Redis.from_url(self.servers.redis.url)

    async def close(self) -> None:
        self.end()
        self.redis.close()
        await self._teller.close()

    # Telling

    async def tell(self, subject: UUID, staff_id: UUID | None = None) -> None:
        """Tell the subject's next event, in a transaction of its own."""
        actor = Actor(
            kind=ActorKind.STAFF, id=new_id(), organisation_id=subject, team_id=None, roles=frozenset()
        )
        await self._teller.open()
        async with self._teller.transaction(actor) as tx:
            await tx.lock(subject)
            version = len(self.told.setdefault(subject, [])) + 1
            staff = staff_id or new_id()
            await tx.tell(PledgeSigned(organisation_id=subject, staff_id=staff, version=version))
        self.told[subject].append(staff)

    async def tell_patiently(self, subject: UUID) -> None:
        """Tell as a client that never gives up, looking each time whether the last try was told."""
        for _ in range(2000):
            with suppress(psycopg.Error, OSError, PoolTimeout):
                return await self._tell_unless_told(subject)
            await asyncio.sleep(0.05)
        raise AssertionError(self.summary())

    async def _tell_unless_told(self, subject: UUID) -> None:
        done = self.rows("teller", _TOLD, subject, subject)[0]["n"]
        if done > len(self.told.get(subject, [])):
            self.note(subject)
        else:
            await self.tell(subject)

    def note(self, subject: UUID) -> None:
        """Remember an event that was told some other way."""
        self.told.setdefault(subject, []).append(new_id())

    async def tell_many(self, subjects: list[UUID], count: int) -> None:
        """Tell so many events, spread evenly."""
        for number in range(count):
            await self.tell_patiently(subjects[number % len(subjects)])

    async def tell_until(self, condition: Callable[[], bool], subjects: list[UUID]) -> None:
        """Go on telling a little until the condition holds; a fault that never comes fails the test."""
        for _ in range(1000):
            if condition():
                return
            await self.tell_many(subjects, 2)
            await asyncio.sleep(0.03)
        raise AssertionError(self.summary())

    @property
    def count(self) -> int:
        return sum(len(events) for events in self.told.values())

    # Looking

    def rows(self, schema: str, query: str, *values: Any) -> list[dict[str, Any]]:
        with psycopg.connect(self.address(schema), row_factory=dict_row, autocommit=True) as sql:
            return sql.execute(query, values).fetchall()

    def execute(self, schema: str, query: str) -> None:
        """Do, as a superuser, what no service may: the damage of a fault."""
        with psycopg.connect(self.address(schema), autocommit=True) as sql:
            sql.execute(query)

    async def recover(self) -> Recovered:
        """What ``dev.py recover`` does for the teller."""
        key = Ed25519PrivateKey.from_private_bytes(seed_of(self.servers))
        teller = Teller("organisations", key)
        redis, database = connect(self.servers.redis.url), Database(self.address("teller"))
        await database.open()
        try:
            return await recover(teller, database, redis, self._furthest)
        finally:
            await redis.aclose()
            await database.close()

    async def _furthest(self) -> int:
        return int(self.rows("hearer", "select max(seq) as seq from positions")[0]["seq"] or 0)

    def entries(self) -> list[tuple[Any, Any]]:
        """What the stream holds."""
        return list(self.redis.xrange(STREAM) or [])

    def stream_answers(self) -> bool:
        """Whether the stream's server is there."""
        with suppress(RedisError):
            return bool(self.redis.ping())
        return False

    @contextmanager
    def stream_hangs(self) -> Iterator[None]:
        """The stream's server takes connections meanwhile, and answers nothing."""
        pid = self.servers.redis.pid
        assert pid is not None
        os.kill(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(pid, signal.SIGCONT)

    def effects(self) -> int:
        with suppress(psycopg.OperationalError):
            return int(self.rows("hearer", "select count(*) as n from effects")[0]["n"])
        return -1

    def effects_of(self, subject: UUID) -> list[dict[str, Any]]:
        return self.rows(
            "hearer", "select * from effects where organisation_id = %s order by arrived", subject
        )

    def log_length(self) -> int:
        return int(self.rows("teller", "select count(*) as n from log")[0]["n"])

    def dump_hearer(self) -> dict[str, list[dict[str, Any]]]:
        """The hearer's record, as its own server would have kept it."""
        return {table: self.rows("hearer", f"select * from {table}") for table in ("effects", "positions")}  # noqa: S608 - two constants

    def put_back_hearer(self, kept: dict[str, list[dict[str, Any]]]) -> None:
        """Put the hearer's record back after the teller's alone was restored too old."""
        with psycopg.connect(self.address("hearer"), autocommit=True) as sql:
            for table, rows in kept.items():
                sql.execute(pg.SQL("delete from {}").format(pg.Identifier(table)))
                for row in rows:
                    names = pg.SQL(", ").join(map(pg.Identifier, row))
                    values = pg.SQL(", ").join(pg.Placeholder() * len(row))
                    insert = pg.SQL("insert into {} ({}) overriding system value values ({})")
                    sql.execute(insert.format(pg.Identifier(table), names, values), list(row.values()))
            sql.execute(_GO_ON)

    def parked(self) -> list[dict[str, Any]]:
        return self.rows("hearer", "select * from parked order by seq")

    async def until(self, condition: Callable[[], bool], patience: float = PATIENCE_S) -> None:
        """Wait for a condition; fail with what was last seen."""
        end = time.monotonic() + patience
        while time.monotonic() < end:
            if condition():
                return
            await asyncio.sleep(0.05)
        raise AssertionError(self.summary())

    async def until_delivered(self, patience: float = PATIENCE_S) -> None:
        await self.until(lambda: self.effects() >= self.count, patience)

    def summary(self) -> str:
        """What a failing wait shows: counts and error codes only."""
        parked = [(row["seq"], row["error"], row["tries"]) for row in self.parked()][:5]
        return f"told {self.count}, log {self.log_length()}, effects {self.effects()}, parked {parked}"

    def check_invariants(self) -> None:
        """I1 to I3 and I6: nothing lost, doubled, invented or out of order; the chain holds."""
        log = self.rows("teller", "select seq, event_id from log where type <> 'log.void.v1' order by seq")
        effects = self.rows("hearer", "select * from effects order by arrived")
        assert len(log) == self.count, "every told event is in the log once"
        assert {row["event_id"] for row in log} == {row["event_id"] for row in effects}
        assert len(effects) == self.count, "every event has one effect"
        for subject, told in self.told.items():
            versions = [row["version"] for row in effects if row["organisation_id"] == subject]
            assert versions == list(range(1, len(told) + 1)), "in the teller's order"
        seqs = [row["seq"] for row in self.rows("teller", "select seq from log order by seq")]
        assert seqs == list(range(1, len(seqs) + 1)), "gapless"

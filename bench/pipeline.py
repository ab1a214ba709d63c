"""Relay and listener in one process on durable servers: events a second, and where their time goes."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import cycle, islice
from uuid import UUID

import psycopg
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from prometheus_client import CollectorRegistry

from deploy.embedded import Servers
from deploy.installation import DATABASE
from shared import log
from shared.actor import Actor, ActorKind
from shared.database import Database, Transaction
from shared.envelope import Row
from shared.events.base import Urgency
from shared.events.referrals import ReferralAccepted, ReferralEvent, ReferralOpened, ReferralSent
from shared.handling import Handler
from shared.hearing import Hearing
from shared.ids import new_id
from shared.listener import Listener
from shared.log import Teller
from shared.position import bear
from shared.relay import Relay
from shared.streams import connect
from shared.subscription import Ears
from shared.tasks import end

from .shares import DELIVERY, Shares

TELLER, HEARER = "referrals", "tracing"
STREAM = log.stream_of(TELLER)
SUBJECTS, TENANTS, WARM = 300, 6, 600

_EFFECTS = """
create table if not exists tracing.bench_effects (
    event_id uuid primary key, org_id uuid not null, seq bigint not null
);
alter table tracing.bench_effects enable row level security;
alter table tracing.bench_effects force row level security;
drop policy if exists tenant on tracing.bench_effects;
create policy tenant on tracing.bench_effects
    using (org_id = nullif(current_setting('app.org', true), '')::uuid);
grant select, insert on tracing.bench_effects to tracing;
truncate tracing.bench_effects;
truncate referrals.untold;
alter table referrals.log disable trigger user;
truncate referrals.log;
alter table referrals.log enable trigger user;
delete from tracing.positions where stream = 'events:referrals';
"""

_KEEP = """
insert into bench_effects (event_id, org_id, seq)
select * from jsonb_to_recordset(%s) as effect (event_id uuid, org_id uuid, seq bigint)
"""


@dataclass(frozen=True, slots=True)
class Delivered:
    """One run: events a second by the wall clock, and CPU microseconds an event in this process."""

    a_second: float
    cpu_us: float
    shares: Sequence[tuple[str, float]]


def deliver(servers: Servers, events: int) -> Delivered:
    """Tell so many events, then deliver them; the database has the services' tables."""
    import uvloop  # noqa: PLC0415 - what uvicorn runs the processes with, where there is one

    with psycopg.connect(_admin(servers), autocommit=True) as sql:
        sql.execute(_EFFECTS)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(_deliver(servers, events))


def _admin(servers: Servers) -> str:
    return servers.postgres.address_of("postgres", servers.secrets["POSTGRES_PASSWORD"], DATABASE)


def _database(servers: Servers, service: str) -> Database:
    password = servers.secrets[f"{service.upper()}_DB_PASSWORD"]
    return Database(servers.postgres.address_of(service, password, DATABASE))


async def _deliver(servers: Servers, events: int) -> Delivered:
    teller, hearer = _database(servers, TELLER), _database(servers, HEARER)
    await teller.open()
    await hearer.open()
    redis = connect(servers.redis.url)
    await redis.delete(STREAM)
    try:
        async with hearer.connection() as sql:
            await bear(sql, STREAM)
        key = Ed25519PrivateKey.generate()
        listener = _listener(teller, hearer, key)
        await listener.handler.begin()
        async with _running(Relay(Teller(TELLER, key), teller, redis), listener, servers.redis.url):
            # A listener's first batch after its start is handled one by one.
            await _told_and_handled(teller, listener, WARM)
            return await _timed(teller, listener, events)
    finally:
        await redis.aclose()
        await teller.close()
        await hearer.close()


async def _tell(teller: Database, events: int) -> None:
    actor = Actor(kind=ActorKind.SERVICE, id=new_id(), organisation_id=None, team_id=None, roles=frozenset())
    async with teller.transaction(actor) as tx, tx.sql.pipeline():
        for event in islice(_events(), events):
            await tx.tell(event)


def _events() -> cycle[ReferralEvent]:
    """The three events of each subject's hand-over, over and over."""
    tenants = [new_id() for _ in range(TENANTS)]
    hand_overs = [
        hand_over_events(tenants[nth % TENANTS], tenants[(nth + 1) % TENANTS]) for nth in range(SUBJECTS)
    ]
    return cycle([event for step in zip(*hand_overs, strict=True) for event in step])


def hand_over_events(sender: UUID, receiver: UUID) -> tuple[ReferralEvent, ...]:
    """Sent, opened and accepted, of a path of its own."""
    names = ("path_id", "referral_id", "need_id", "from_team_id", "from_staff_id", "to_team_id")
    parties = {"from_organisation_id": sender, "to_organisation_id": receiver}
    ids = {name: new_id() for name in names} | parties
    owed = {"urgency": Urgency.NORMAL, "answer_by": datetime.now(UTC)}
    return (
        ReferralSent.model_validate(ids | owed | {"offering_id": new_id()}),
        ReferralOpened.model_validate(ids | {"by_staff_id": new_id()}),
        ReferralAccepted.model_validate(
            ids | {"to_staff_id": new_id(), "first_contact_by": date(2026, 1, 1)}
        ),
    )


async def keep(tx: Transaction, event: ReferralEvent) -> None:
    """The reaction: one row in the event's tenant."""
    assert tx.cause is not None  # noqa: S101 - a reaction always has a cause
    row = {"event_id": tx.cause.id, "org_id": event.from_organisation_id, "seq": tx.cause.seq}
    tx.gather(_KEEP, row, tenant=event.from_organisation_id)


def _listener(teller: Database, hearer: Database, key: Ed25519PrivateKey) -> Listener:
    async def read_log(after: int, limit: int) -> list[Row]:
        async with teller.connection() as sql:
            return await log.read(sql, after=after, limit=limit)

    hearing = Hearing(dict.fromkeys((ReferralSent, ReferralOpened, ReferralAccepted), keep), {})
    handler = Handler(
        service=HEARER, stream=STREAM, hearing=hearing, database=hearer, tell_hop=lambda _: None
    )
    return Listener(handler=handler, key=key.public_key(), read_log=read_log)


async def _timed(teller: Database, listener: Listener, events: int) -> Delivered:
    shares = Shares(DELIVERY)
    await _tell(teller, events)
    end_at = listener.handler.position.seq + events
    began, cpu = time.perf_counter(), time.process_time()
    with shares.watched():
        await _handled(listener, end_at)
    took, cpu = time.perf_counter() - began, time.process_time() - cpu
    return Delivered(events / took, cpu / events * 1e6, shares.listed())


async def _told_and_handled(teller: Database, listener: Listener, events: int) -> None:
    await _tell(teller, events)
    await _handled(listener, listener.handler.position.seq + events)


async def _handled(listener: Listener, seq: int) -> None:
    # The listener tells nobody that it has moved.
    while listener.handler.position.seq < seq:  # noqa: ASYNC110
        await asyncio.sleep(0.005)


@asynccontextmanager
async def _running(relay: Relay, listener: Listener, redis_url: str) -> AsyncIterator[None]:
    ears = Ears(redis_url, CollectorRegistry())
    try:
        # Whatever ends one of them ends the bench, which would wait for its events for ever.
        async with asyncio.TaskGroup() as tasks:
            both = [tasks.create_task(relay.run()), tasks.create_task(ears.hear(listener))]
            yield
            for task in both:
                await end(task)
    finally:
        await ears.close()

"""Hand-overs through HTTP: how many a second, how soon the partner can see them, what delivery costs."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import Iterable, Sequence

import psutil

from deploy.keys import RECORDED
from shared.actor import Actor, ActorKind
from shared.database import Database
from shared.events.referrals import ReferralEvent
from shared.ids import new_id

from .limits import percentile
from .line import Line
from .pipeline import hand_over_events
from .town import Thing, Town, hand_over, in_lanes

TOLD_A_SECOND = 300
TICK_S = 0.02

# PostgreSQL kept the time of each commit: the sending's, the relay's, and that of the partner's notice.
_SEEN = """
select extract(epoch from pg_xact_commit_timestamp(n.xmin) - pg_xact_commit_timestamp(d.xmin)) * 1000 as seen,
    extract(epoch from pg_xact_commit_timestamp(l.xmin) - pg_xact_commit_timestamp(d.xmin)) * 1000 as numbered
from notifications.notices n join referrals.disclosures d on d.referral_id = n.referral_id
join referrals.log l on l.event_id = n.event_id
where n.kind = 'referral_sent' and n.referral_id = any(%s)
"""


async def a_second(town: Town, ready: Sequence[Thing]) -> float:
    """Hand-overs a second, as many at once as there are lanes."""
    began = time.perf_counter()
    await in_lanes(town, lambda line, number: hand_over(town, line, ready[number]), len(ready))
    return len(ready) / (time.perf_counter() - began)


async def seen(town: Town, ready: Sequence[Thing], *, rate: float) -> dict[str, float]:
    """Milliseconds from the sending's commit to that of the partner's notice, at this many a second."""
    began = time.perf_counter()

    async def at_its_time(line: Line, number: int) -> None:
        await asyncio.sleep(began + number / rate - time.perf_counter())
        await hand_over(town, line, ready[number])

    await in_lanes(town, at_its_time, len(ready))
    town.settle()
    found = town.rows(_SEEN, [referral["id"] for referral in ready])
    took = {name: [float(row[name]) for row in found] for name in ("seen", "numbered")}
    return {f"{name}_p{part}": percentile(took[name], part) for name in took for part in (50, 99)}


async def delivery_share(town: Town, seconds: float) -> dict[str, float]:
    """Percent of the machine that the workers take, and the servers with them, at 300 hand-overs a second.

    The events are told straight into the database, so that no command is in the figure but its last insert.
    """
    secrets = town.servers.secrets
    address = town.servers.postgres.address_of("referrals", secrets["REFERRALS_DB_PASSWORD"], "vardekedjor")
    teller = Database(address)
    await teller.open()
    hand_overs = int(TOLD_A_SECOND * seconds)
    before = _seconds(town)
    try:
        await _tell_steadily(teller, town, hand_overs)
    finally:
        await teller.close()
    town.settle()
    spent = {name: at - before[name] for name, at in _seconds(town).items()}
    whole = hand_overs / TOLD_A_SECOND * (os.cpu_count() or 1) / 100
    return {name: used / whole for name, used in spent.items()}


async def _tell_steadily(teller: Database, town: Town, hand_overs: int) -> None:
    began, told = time.perf_counter(), 0
    while told < hand_overs:
        due = min(hand_overs, int((time.perf_counter() - began) * TOLD_A_SECOND) + 1)
        await _tell(teller, [event for _ in range(told, due) for event in _events(town)])
        told = due
        await asyncio.sleep(TICK_S)


def _events(town: Town) -> tuple[ReferralEvent, ...]:
    return hand_over_events(town.offering["organisation_id"], town.offering["organisation_id"])


async def _tell(teller: Database, events: Sequence[ReferralEvent]) -> None:
    actor = Actor(kind=ActorKind.SERVICE, id=new_id(), organisation_id=None, team_id=None, roles=frozenset())
    async with teller.transaction(actor) as tx, tx.sql.pipeline():
        for event in events:
            await tx.tell(event)


def _seconds(town: Town) -> dict[str, float]:
    """CPU seconds so far of the workers alone, and of the servers."""
    running = town.installation.processes
    workers = [running.pid(f"{service}-worker") for service in RECORDED]
    servers = [town.servers.postgres.pid, town.servers.redis.pid]
    return {
        "share_workers": cpu_seconds(pid for pid in workers if pid),
        "share_servers": cpu_seconds(pid for pid in servers if pid),
    }


def cpu_seconds(pids: Iterable[int]) -> float:
    """CPU seconds so far of these processes and of those below them."""
    return sum(_cpu(pid) for pid in pids)


def _cpu(pid: int) -> float:
    """CPU seconds of a process and of those below it, the ended ones included."""
    process = psutil.Process(pid)
    every = [process, *process.children(recursive=True)]
    times = [one.cpu_times() for one in every]
    ended = process.cpu_times()
    return sum(one.user + one.system for one in times) + ended.children_user + ended.children_system


def memory(town: Town) -> dict[str, float]:
    """Megabytes resident, by process."""
    running = town.installation.processes
    pids = {name: running.pid(name) for name in running.names}
    return {name: psutil.Process(pid).memory_info().rss / 1e6 for name, pid in pids.items() if pid}

"""Timers: rows due at a time, one timer for one transaction.

A command replaces its owner's timers in its own transaction.  Each carries the
version it was set at; what it rings for is judged by its handler.  The subject
is locked before the timer is touched, by commands and by the clock alike, so
that neither waits for the other the wrong way round.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import structlog

from .actor import service_actor
from .database import Database, Transaction
from .errors import Refused
from .faults import code_of, is_ours
from .tasks import go_on

POLL_S = 0.2
MOST_TRIES = 5

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Timer:
    """What will ring: ``organisation_id`` is the tenant it rings in, by default the one it is set in."""

    kind: str
    due_at: datetime
    version: int
    organisation_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Due:
    """A timer that rings; its subject is locked and its tenant set."""

    owner: UUID
    kind: str
    subject: UUID
    organisation_id: UUID
    version: int
    due_at: datetime


Rings = Mapping[str, Callable[[Transaction, Due], Awaitable[None]]]

_GONE = "gone as (delete from timers where owner = %(owner)s and kind <> all(%(kinds)s::text[]))"

_INSERT = """
insert into timers (owner, kind, subject, organisation_id, version, due_at)
select %(owner)s, kind, %(subject)s, coalesce(organisation_id, current_setting('app.org')::uuid),
       version, due_at
from unnest(%(kinds)s::text[], %(tenants)s::uuid[], %(set_at)s::int[], %(dues)s::timestamptz[])
    as timer (kind, organisation_id, version, due_at)
on conflict (owner, kind) do update set
    organisation_id = excluded.organisation_id, version = excluded.version, due_at = excluded.due_at,
    tries = 0, parked_at = null
"""

SET_TOO = f", {_GONE}, clocks as ({_INSERT})"
"""Sets an owner's timers by `set_values`, within another statement's WITH."""

# The initial plan reads the clock once, so that the index on due_at can be used.
_NEXT = """
select t.owner, t.kind from timers t join subjects s on s.id = t.subject
where t.due_at <= (select app_now()) and t.parked_at is null
order by t.due_at limit 1 for update of s skip locked
"""

_TAKE = """
delete from timers where owner = %s and kind = %s and due_at <= app_now()
returning owner, kind, subject, organisation_id, version, due_at
"""

_FAILED = """
update timers set tries = tries + 1, due_at = app_now() + (2 ^ tries) * interval '10 seconds',
    parked_at = case when tries + 1 >= %s then app_now() end
where owner = %s and kind = %s
"""


async def set_timers(tx: Transaction, *, owner: UUID, subject: UUID, timers: Sequence[Timer]) -> None:
    """Replace all of the owner's timers by these; the subject is locked by the caller."""
    values = set_values(owner=owner, subject=subject, timers=timers)
    await tx.sql.execute(f"with {_GONE} {_INSERT}", values)


def set_values(*, owner: UUID, subject: UUID, timers: Sequence[Timer]) -> dict[str, object]:
    """What the statement that sets the owner's timers is given."""
    return {
        "owner": owner,
        "subject": subject,
        "kinds": [timer.kind for timer in timers],
        "tenants": [timer.organisation_id for timer in timers],
        "set_at": [timer.version for timer in timers],
        "dues": [timer.due_at for timer in timers],
    }


async def cancel_timers(tx: Transaction, *, owner: UUID) -> None:
    """Forget the owner's timers."""
    await tx.sql.execute("delete from timers where owner = %s", [owner])


class Clock:
    """Rings what is due, for as long as it runs."""

    def __init__(self, service: str, database: Database, rings: Rings) -> None:
        self._actor, self._database, self._rings = service_actor(service), database, rings

    async def run(self) -> None:
        """Ring until cancelled; a fault of the machines is waited out."""
        while True:
            go_on()
            try:
                while await self.ring_next():
                    go_on()
            except Exception as error:
                if not is_ours(error):
                    raise
                _log.warning("timers.wait", error=code_of(error))
            await asyncio.sleep(POLL_S)

    async def ring_next(self) -> bool:
        """Ring the timer that has been due longest and is free; whether there was one."""
        taken: tuple[UUID, str] | None = None
        try:
            async with self._database.transaction(self._actor) as tx:
                taken = await self._next(tx)
                if taken is not None:
                    await self._ring(tx, *taken)
        except Exception as error:
            if taken is None or is_ours(error):
                raise
            await self._put_off(*taken, error)
        return taken is not None

    async def _next(self, tx: Transaction) -> tuple[UUID, str] | None:
        row = await (await tx.sql.execute(_NEXT)).fetchone()
        return (row["owner"], row["kind"]) if row else None

    async def _ring(self, tx: Transaction, owner: UUID, kind: str) -> None:
        row = await (await tx.sql.execute(_TAKE, [owner, kind])).fetchone()
        if row is None:
            return
        due = Due(**row)
        await tx.act_for(due.organisation_id)
        try:
            async with tx.sql.transaction():
                await self._rings[kind](tx, due)
                await tx.flush()
        except Refused as refused:
            tx.forget()
            _log.info("timer.refused", kind=kind, refusal=refused.slug)

    async def _put_off(self, owner: UUID, kind: str, error: Exception) -> None:
        _log.error("timer.failed", kind=kind, error=code_of(error))
        async with self._database.connection() as sql:
            await sql.execute(_FAILED, [MOST_TRIES, owner, kind])

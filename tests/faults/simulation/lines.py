"""A process's connections to its database, which can be cut between any two statements.

The server itself ends the session, so that what follows is what really follows.  A commit may have been
made before its answer is lost.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import psycopg
from psycopg import AsyncConnection, AsyncCursor
from psycopg.pq import TransactionStatus
from psycopg.rows import DictRow

from shared.database import Connection, Database
from shared.settings import Settings
from shared.vault import Vault, keyring_of

Effect = tuple[Any, ...]


class Crash(BaseException):
    """The process ends here, whatever it was doing."""


class Where(StrEnum):
    """Where a session ends."""

    STATEMENT = "before a statement"
    BEFORE = "before a commit"
    AFTER = "after a commit"


@dataclass
class Armed:
    """A fault that waits for its moment: the so-manieth such point that the process comes by."""

    where: Where
    crash: bool
    left: int

    @property
    def name(self) -> str:
        return f"{'crash' if self.crash else 'cut'} {self.where}"


@dataclass
class Process:
    """What the simulation knows of one process: what it did, and what is to happen to it."""

    name: str
    end_session: Callable[[int], None]
    hit: Callable[[str, str], None]
    has_done: Callable[[Effect], None]
    armed: Armed | None = None
    commits: int = 0
    databases: list[Database] = field(default_factory=list)

    def database(self, url: str) -> Database:
        """A database reached over lines of this process."""
        line = type("LineOf", (Line,), {"process": self})
        # One connection: of two, which of them is given next is chance.
        return Database(url, size=1, patience_s=60, connections=line)

    def vault(self, settings: Settings) -> Vault:
        """Its keys, reached over lines that can be cut too."""
        url = settings.keys_database_url
        return Vault(keyring_of(settings), self.database(url) if url else None)

    async def pass_by(self, where: Where, line: Line) -> None:
        """End the session if it is to end here: raises what the server's end leads to, or `Crash`."""
        if self.armed is None or self.armed.where is not where:
            return
        self.armed.left -= 1
        if self.armed.left:
            return
        armed, self.armed = self.armed, None
        self.hit(armed.name, self.name)
        self.end_session(line.info.backend_pid)
        if armed.crash:
            raise Crash(self.name)
        await line.find_it_ended()


class Line(AsyncConnection[DictRow]):
    """A connection of a process."""

    process: Process

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.cursor_factory = _Cursor
        self.effects: list[Effect] = []
        """What the open transaction does, for the simulation to know once it is done."""

    async def commit(self) -> None:
        if self.pgconn.transaction_status == TransactionStatus.IDLE:
            return
        await self.process.pass_by(Where.BEFORE, self)
        await self._commit_at_once()
        self.process.commits += 1
        for effect in self.effects:
            self.process.has_done(effect)
        self.effects.clear()
        await self.process.pass_by(Where.AFTER, self)

    async def find_it_ended(self) -> None:
        """Ask something of a session that has ended, and wait for the error, in a pipeline too.

        Left to itself a pipeline finds out at some later statement, now at one and now at another.
        """
        async with self.pipeline():
            await AsyncCursor(self).execute("select 1")
        raise AssertionError("the session has not ended")

    async def _commit_at_once(self) -> None:
        """In a pipeline too: whatever comes after it, it has been made."""
        if self.pgconn.pipeline_status:
            async with self.pipeline():
                await super().commit()
        else:
            await super().commit()

    async def rollback(self) -> None:
        self.effects.clear()
        await super().rollback()


class _Cursor(AsyncCursor[Any]):
    async def execute(self, *args: Any, **more: Any) -> Any:
        line = self.connection
        assert isinstance(line, Line)
        await line.process.pass_by(Where.STATEMENT, line)
        return await super().execute(*args, **more)


def ender(admin: psycopg.Connection[Any]) -> Callable[[int], None]:
    """Ends a session for certain, its locks included."""

    def end(pid: int) -> None:
        admin.execute("select pg_terminate_backend(%s)", [pid])
        while admin.execute("select from pg_stat_activity where pid = %s", [pid]).fetchone():
            pass

    return end


def effects_of(sql: Connection) -> list[Effect]:
    """What the line's open transaction is doing."""
    assert isinstance(sql, Line)
    return sql.effects

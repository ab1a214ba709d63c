"""The vault: wrapped keys in a database of their own, whose backups are short.

A key is written and committed before the first row that it seals; a key without
rows does no harm.  Whose key was deleted is listed, and nothing of hers is found
any more; a key that is missing and not listed is a fault of ours, and a 503.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any, Self, TypeVar
from uuid import UUID

from psycopg.errors import ForeignKeyViolation
from psycopg.rows import DictRow

from .crypto import Keyring, Owner, Wrapped
from .database import Connection, Database
from .errors import NotFound, Unavailable
from .settings import Settings

T = TypeVar("T")

_READ = """
select w.subject_id, w.org_id, k.version, k.wrapped, e.subject_id is not null as is_erased
from unnest(%s::uuid[], %s::uuid[]) as w (subject_id, org_id)
left join keys k on k.subject_id = w.subject_id and k.org_id = w.org_id
left join erased e on e.subject_id = w.subject_id
"""

# Whoever tries the same again, after the rows were not committed, finds the key that was.
_ADD_PERSON = """
with owner as (insert into owners (person_id, org_id) values (%(subject)s, %(org)s) on conflict do nothing)
insert into keys (subject_id, org_id, person_id, version, wrapped)
values (%(subject)s, %(org)s, %(subject)s, %(version)s, %(wrapped)s)
on conflict do nothing
"""

_ADD_PATH = """
insert into keys (subject_id, org_id, person_id, version, wrapped)
select %(subject)s, org_id, person_id, %(version)s, %(wrapped)s
from owners where person_id = %(person)s and org_id = %(org)s
on conflict do nothing
"""

# A receiver that has been given something of the path before keeps its key.
_SHARE = """
insert into keys (subject_id, org_id, person_id, version, wrapped)
select k.subject_id, new.org_id, k.person_id, %(version)s, new.wrapped
from keys k, unnest(%(receivers)s::uuid[], %(wrapped)s::bytea[]) as new (org_id, wrapped)
where k.subject_id = %(path)s and k.org_id = %(home)s
on conflict (subject_id, org_id) do nothing
"""

_TAKE_BACK = "delete from keys where person_id = %(person)s and org_id <> %(home)s"

# Her row is locked first: whoever makes a key of hers meanwhile has made it before, or makes none.
_HOLD_STILL = "select 1 from owners where person_id = %s for update"

_LIST = """
insert into erased (subject_id, person_id, org_id, at)
select subject_id, %(person)s, %(org)s, %(at)s from (
    select subject_id from keys where person_id = %(person)s union select unnest(%(subjects)s::uuid[])
) as hers
on conflict do nothing
"""

_DELETE = "delete from owners where person_id = %s"

_ERASED = "select distinct on (person_id) person_id, org_id, at from erased order by person_id, at"


class Vault:
    """The keys' database as its one role; a service without persons has none, and opens nothing."""

    def __init__(self, keyring: Keyring, database: Database | None) -> None:
        self.keyring, self._database = keyring, database

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """The service's own, as its settings say."""
        url = settings.keys_database_url
        return cls(keyring_of(settings), Database(url, patience_s=settings.patience_s) if url else None)

    @property
    def database(self) -> Database:
        if self._database is None:
            raise Unavailable(service="keys")
        return self._database

    async def open(self) -> None:
        if self._database is not None:
            await self._database.open()

    async def close(self) -> None:
        if self._database is not None:
            await self._database.close()

    @asynccontextmanager
    async def opened(self) -> AsyncIterator[Self]:
        """Open for a command that ends."""
        await self.open()
        try:
            yield self
        finally:
            await self.close()

    def keys(self) -> Keys:
        """The keys of one request; they are forgotten with it, so that none outlives its erasure."""
        return Keys(self)


def keyring_of(settings: Settings) -> Keyring:
    """The newest sealing key, and the one before while it is still told."""
    version, before = settings.sealing_key_version, settings.sealing_key_before
    older = {version - 1: before.get_secret_value()} if before else {}
    return Keyring({version: settings.sealing_key.get_secret_value(), **older})


class Keys:
    """The data keys that one request, timer or command needs, asked for together."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault
        self._held: dict[Owner, bytes | None] = {}
        """What was asked for; None is erased."""

    @property
    def keyring(self) -> Keyring:
        return self._vault.keyring

    async def hold(self, owners: Iterable[Owner]) -> None:
        """Read the keys that are not held yet, in one statement; one that does not exist is no fault yet."""
        wanted = list({owner for owner in owners if owner not in self._held})
        if not wanted:
            return
        async with self._vault.database.glance() as sql:
            columns = [[one.subject for one in wanted], [one.organisation for one in wanted]]
            for row in await (await sql.execute(_READ, columns)).fetchall():
                self._keep(row)

    def _keep(self, row: DictRow) -> None:
        owner = Owner(row["subject_id"], row["org_id"])
        if row["is_erased"]:
            self._held[owner] = None
        elif row["wrapped"] is not None:
            self._held[owner] = self._unwrapped(Wrapped(row["version"], row["wrapped"]), owner)

    def _unwrapped(self, wrapped: Wrapped, owner: Owner) -> bytes:
        try:
            return self.keyring.unwrap(wrapped, owner)
        except KeyError:
            # The sealing key of its version is told no more, or not yet.
            raise Unavailable(service="keys") from None

    def of(self, owner: Owner) -> bytes:
        """A key that is held; raises `NotFound` for what is erased, `Unavailable` for what is missing."""
        if owner not in self._held:
            raise Unavailable(service="keys")
        key = self._held[owner]
        if key is None:
            raise NotFound
        return key

    async def read(self, owner: Owner) -> bytes:
        """One key; raises as `of` does."""
        await self.hold([owner])
        return self.of(owner)

    async def living(self, found: Sequence[T], owner_of: Callable[[T], Owner]) -> list[T]:
        """What of a list is not erased, its keys held."""
        await self.hold(map(owner_of, found))
        return [one for one in found if self._held.get(owner_of(one), b"") is not None]

    # Made: each is committed before it returns.

    async def add_person(self, person: Owner) -> bytes:
        """A new person's key."""
        return await self._make(_ADD_PERSON, person)

    async def add_path(self, path: Owner, *, person_id: UUID) -> bytes:
        """The key of a person's new path at her home."""
        return await self._make(_ADD_PATH, path, person=person_id)

    async def share(self, path: Owner, receivers: Iterable[UUID]) -> None:
        """The keys under which these receivers may come to hold something of the path."""
        given = list(receivers)
        wrapped = [self.keyring.new_key(Owner(path.subject, receiver)).key for receiver in given]
        values = {"path": path.subject, "home": path.organisation, "version": self.keyring.newest}
        await self._write(_SHARE, {**values, "receivers": given, "wrapped": wrapped})

    async def take_back(self, person: Owner) -> None:
        """Delete the keys under which receivers hold something of hers: no backup opens it any more."""
        values = {"person": person.subject, "home": person.organisation}
        await self._write(_TAKE_BACK, values)

    async def _make(self, query: str, owner: Owner, **more: UUID) -> bytes:
        made = self.keyring.new_key(owner)
        values = {"subject": owner.subject, "org": owner.organisation, **made._asdict()}
        await self._write(query, {**values, "wrapped": made.key, **more})
        return await self.read(owner)

    async def _write(self, query: str, values: dict[str, Any]) -> None:
        try:
            async with self._vault.database.glance() as sql:
                await sql.execute(query, values)
        except ForeignKeyViolation:
            raise NotFound from None

    # Erased

    async def erase(self, person: Owner, subjects: Iterable[UUID], *, at: datetime) -> None:
        """Delete every key of hers, and list what they were about; again is as good as once."""
        async with self._vault.database.connection() as sql:
            await sql.execute(_HOLD_STILL, [person.subject])
            values = {"person": person.subject, "org": person.organisation, "at": at}
            await sql.execute(_LIST, {**values, "subjects": [person.subject, *subjects]})
            await sql.execute(_DELETE, [person.subject])
        self._held = {}

    async def erased(self) -> list[tuple[Owner, datetime]]:
        """Everybody who was ever erased, and when."""
        async with self._vault.database.glance() as sql:
            found = await (await sql.execute(_ERASED)).fetchall()
        return [(Owner(row["person_id"], row["org_id"]), row["at"]) for row in found]


async def rotate(vault: Vault, *, batch: int = 500) -> AsyncIterator[int]:
    """Wrap every key by the newest sealing key, a batch a transaction; how many after each.

    What is done stays done however it ends: the next run goes on with what is left.
    """
    while True:
        async with vault.database.connection() as sql:
            done = await _rewrap(sql, vault.keyring, batch)
        if not done:
            return
        yield done


_STALE = """
select subject_id, org_id, version, wrapped from keys where version <> %s
order by subject_id, org_id limit %s for update
"""

_REWRAP = """
update keys k set version = %s, wrapped = new.wrapped
from unnest(%s::uuid[], %s::uuid[], %s::bytea[]) as new (subject_id, org_id, wrapped)
where k.subject_id = new.subject_id and k.org_id = new.org_id
"""


async def _rewrap(sql: Connection, keyring: Keyring, batch: int) -> int:
    rows = await (await sql.execute(_STALE, [keyring.newest, batch])).fetchall()
    owners = [Owner(row["subject_id"], row["org_id"]) for row in rows]
    stale = [Wrapped(row["version"], row["wrapped"]) for row in rows]
    wrapped = [keyring.rewrap(old, owner).key for old, owner in zip(stale, owners, strict=True)]
    columns = [[one.subject for one in owners], [one.organisation for one in owners], wrapped]
    await sql.execute(_REWRAP, [keyring.newest, *columns])
    return len(rows)

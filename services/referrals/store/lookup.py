"""The blind index: keyed hashes by which an organisation finds its own persons, and nobody anything else."""

from __future__ import annotations

from uuid import UUID

from shared.crypto import Keyring
from shared.database import Connection
from shared.vault import Keys

from ..domain.lookup import LookUp, canonical, terms_of
from ..domain.person import Person
from . import persons, rows

_ADD = """
insert into person_index (org_id, kind, value, person_id, version)
select %(org)s, t.kind, t.value, %(person)s, %(version)s
from unnest(%(kinds)s::text[], %(values)s::bytea[]) as t (kind, value)
on conflict do nothing
"""

# An index of the sealing key before is found by too, for as long as a rotation takes.
_FIND = """
select p.* from persons p
where p.org_id = %(org)s and p.id in (
    select person_id from person_index where org_id = %(org)s and kind = %(kind)s and value = any (%(values)s)
) order by p.id desc limit %(limit)s
"""

_STALE = """
select p.* from persons p
where p.org_id = %(org)s and not exists (
    select from person_index i where i.org_id = p.org_id and i.person_id = p.id and i.version = %(version)s
) order by p.id limit %(limit)s
"""

MOST = 20
"""So many people that share a number or a name are shown."""


async def add(sql: Connection, person: Person, keyring: Keyring) -> None:
    """Let the person be found in her organisation."""
    org, version = person.organisation_id, keyring.newest
    terms = sorted(set(terms_of(person)))
    values = [keyring.blind(text, kind=kind, organisation_id=org, version=version) for kind, text in terms]
    kinds = [str(kind) for kind, _ in terms]
    named = {"org": org, "person": person.id, "version": version, "kinds": kinds, "values": values}
    await sql.execute(_ADD, named)


async def find(
    sql: Connection, kind: LookUp, text: str, *, organisation_id: UUID, keys: Keys
) -> list[Person]:
    """The organisation's persons who are found by it, newest first."""
    ring, plain = keys.keyring, canonical(kind, text)
    values = [
        ring.blind(plain, kind=kind, organisation_id=organisation_id, version=version)
        for version in ring.sealing_keys
    ]
    named = {"org": organisation_id, "kind": kind, "values": values, "limit": MOST}
    found = await keys.living(await rows.many(sql, _FIND, named), persons.owner_of)
    return [persons.as_person(row, keys) for row in found]


async def renew(sql: Connection, *, organisation_id: UUID, limit: int, keys: Keys) -> int:
    """Index some of whom the newest sealing key does not find yet; how many."""
    named = {"org": organisation_id, "version": keys.keyring.newest, "limit": limit}
    found = await keys.living(await rows.many(sql, _STALE, named), persons.owner_of)
    for row in found:
        await sql.execute("delete from person_index where person_id = %s", [row["id"]])
        await add(sql, persons.as_person(row, keys), keys.keyring)
    return len(found)

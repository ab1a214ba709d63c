"""Admissions, and the digests of the codes by which they are used."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from psycopg.rows import DictRow

from shared.actor import service_actor
from shared.crypto import Keyring
from shared.database import Connection

from ..domain.admission import Admission, AdmissionKind
from . import rows
from .rows import Slice

_NETWORK = service_actor("referrals").id
"""Codes are looked up before anybody's organisation is known: their index is no organisation's."""

# Whoever locks her waits for this, and this for whoever locks her.
HOLD = f"select id from persons where id = %(id)s and {rows.SEEN} for update"  # noqa: S608 - constants alone

_ADD = """
insert into admissions (id, org_id, person_id, kind, made_at, made_by, expires_at)
values (%(id)s, %(organisation_id)s, %(person_id)s, %(kind)s, %(made_at)s, %(made_by)s, %(expires_at)s)
"""

_ADD_CODE = "insert into admission_codes (digest, admission_id, org_id) values (%s, %s, %s)"

_TAKE = "delete from admission_codes where digest = any (%s) returning admission_id, org_id"

_END = """
with ended as (
    update admissions set ended_at = %(at)s
    where person_id = %(person)s and ended_at is null and kind = any (%(kinds)s)
        and (%(id)s::uuid is null or id = %(id)s)
    returning id
),
codes as (delete from admission_codes where admission_id in (select id from ended)),
old as (delete from ended_admissions where at < %(at)s - interval '1 day')
insert into ended_admissions (id, at) select id, %(at)s from ended on conflict do nothing
"""

_LISTED = """
select * from admissions
where person_id = %(person)s and (%(after)s::uuid is null or id < %(after)s)
order by id desc limit %(limit)s
"""


async def hold(sql: Connection, person_id: UUID) -> None:
    """Lock her row: whoever would lock the person waits."""
    await rows.one(sql, HOLD, {"id": person_id})


async def add(sql: Connection, admission: Admission, code: str, keyring: Keyring) -> None:
    await sql.execute(_ADD, asdict(admission))
    digest = _digests(code, keyring)[0]
    await sql.execute(_ADD_CODE, [digest, admission.id, admission.organisation_id])


async def take_code(sql: Connection, code: str, keyring: Keyring) -> tuple[UUID, UUID] | None:
    """The admission that a code is for, and its organisation; nobody else can take it from now on."""
    found = await rows.many(sql, _TAKE, [_digests(code, keyring)])
    return (found[0]["admission_id"], found[0]["org_id"]) if found else None


async def load(sql: Connection, admission_id: UUID, *, person_id: UUID | None = None) -> Admission:
    """The admission; raises `NotFound`, also for one of another person than the one named."""
    query = "select * from admissions where id = %(id)s and person_id = coalesce(%(person)s, person_id)"
    return _as_admission(await rows.one(sql, query, {"id": admission_id, "person": person_id}))


async def use(sql: Connection, admission: Admission) -> None:
    await sql.execute("update admissions set used_at = %s where id = %s", [admission.used_at, admission.id])


async def end(
    sql: Connection,
    person_id: UUID,
    *,
    at: datetime,
    admission_id: UUID | None = None,
    kinds: Sequence[AdmissionKind] = (*AdmissionKind,),
) -> None:
    """End one of a person's admissions, or all of these kinds: code, session and tokens with it."""
    values = {"person": person_id, "at": at, "id": admission_id, "kinds": list(kinds)}
    await sql.execute(_END, values)


async def erase(sql: Connection, person_id: UUID, *, at: datetime) -> None:
    """Take all of them out of the record."""
    await end(sql, person_id, at=at)
    await sql.execute("delete from admissions where person_id = %s", [person_id])


async def of_person(sql: Connection, person_id: UUID, part: Slice) -> list[Admission]:
    """A person's admissions, newest first."""
    found = await rows.many(sql, _LISTED, {"person": person_id, **asdict(part)})
    return [_as_admission(row) for row in found]


def _digests(code: str, keyring: Keyring) -> list[bytes]:
    """HMAC-SHA256 under each sealing key that lives, the newest first: a code of 60 bits needs the key."""
    versions = sorted(keyring.sealing_keys, reverse=True)
    return [
        keyring.blind(code, kind="admission code", organisation_id=_NETWORK, version=one) for one in versions
    ]


def _as_admission(row: DictRow) -> Admission:
    named = {name: row[name] for name in ("id", "person_id", "made_by")}
    times = {name: row[name] for name in ("made_at", "expires_at", "used_at", "ended_at")}
    return Admission(**named, **times, organisation_id=row["org_id"], kind=AdmissionKind(row["kind"]))

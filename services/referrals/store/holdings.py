"""What receivers hold: the copies' headers, their locks and the holders' answers, without any content."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg.rows import DictRow

from shared.actor import Actor
from shared.crypto import Owner, place
from shared.database import Connection
from shared.events.base import ItemField
from shared.events.consents import Receipt
from shared.vault import Keys

from ..domain.consent import PersonsAnswer
from ..domain.holding import Holding, Lock, Said
from . import rows
from .rows import Slice

_OWES = """
exists (
    select from disclosure_locks l
    where l.disclosure_id = d.id and l.was_opened and not l.fields <@ array(
        select unnest(t.fields) from disclosure_receipts t where t.disclosure_id = d.id
    )
)
"""

_HELD = """
select d.id, d.referral_id, d.consent_id, d.processing_consent_id, d.from_organisation_id,
    d.to_organisation_id, d.to_team_id, d.fields, d.processing_fields, d.locked_at, r.path_id, r.from_team_id,
    r.opened_at,
    (select jsonb_agg(to_jsonb(l) order by l.at, l.id) from disclosure_locks l where l.disclosure_id = d.id)
        as locks,
    (select jsonb_agg(to_jsonb(t) order by t.at, t.id) from disclosure_receipts t
        where t.disclosure_id = d.id) as receipts
from disclosures d join referrals r on r.id = d.referral_id
"""

_ONE = f"""{_HELD}
where d.id = %(id)s and (%(person)s::uuid is null or exists (
    select from paths a where a.id = r.path_id and a.person_id = %(person)s
))
"""

_LOCKED = f"{_HELD} where d.id = (select disclosure_id from disclosure_locks where id = %s)"  # noqa: S608

_UNDER = f"""{_HELD}
where d.from_organisation_id = any (%(senders)s)
    and (d.consent_id = any (%(consents)s) or d.processing_consent_id = any (%(consents)s))
order by d.id
"""

_TEAMS = f"""{_HELD}
where d.to_organisation_id = %(org)s and d.to_team_id = %(team)s
    and (%(owes)s::boolean is null or %(owes)s = {_OWES})
    and (%(after)s::uuid is null or d.id < %(after)s)
order by d.id desc limit %(limit)s
"""

_ADD_LOCK = """
insert into disclosure_locks (
    id, disclosure_id, consent_id, from_organisation_id, to_organisation_id, to_team_id, fields, was_opened,
    at
) values (%s, %s, %s, %s, %s, %s, %s, %s, %s)
"""

_ADD_RECEIPT = """
insert into disclosure_receipts (
    id, disclosure_id, from_organisation_id, to_organisation_id, fields, answer, sealed, at, by_staff_id
) values (%s, %s, %s, %s, %s, %s, %s, %s, %s)
"""


async def load(sql: Connection, disclosure_id: UUID, *, actor: Actor, keys: Keys) -> Holding:
    """The holding; raises `NotFound` for what the caller may not know of."""
    values = {"id": disclosure_id, "person": rows.person_behind(actor)}
    return await _read(await rows.one(sql, _ONE, values), keys)


async def with_lock(sql: Connection, lock_id: UUID, keys: Keys) -> Holding:
    return await _read(await rows.one(sql, _LOCKED, [lock_id]), keys)


async def under(sql: Connection, consents: Sequence[PersonsAnswer], keys: Keys) -> list[Holding]:
    """What is held of what was given under any of the consents."""
    senders = list({one.from_organisation_id for one in consents})
    values = {"senders": senders, "consents": [one.id for one in consents]}
    return await _living(await rows.many(sql, _UNDER, values), keys)


async def of_team(
    sql: Connection, part: Slice, *, team: tuple[UUID, UUID], owes: bool | None, keys: Keys
) -> list[Holding]:
    """What an organisation's team holds, newest first; if asked, what it owes an answer for, or not."""
    values = {"org": team[0], "team": team[1], "owes": owes, **asdict(part)}
    return await _living(await rows.many(sql, _TEAMS, values), keys)


async def add_lock(sql: Connection, holding: Holding, lock: Lock) -> None:
    parties = [holding.from_organisation_id, holding.to_organisation_id, holding.to_team_id]
    values = [lock.id, holding.id, lock.consent_id, *parties, sorted(lock.fields), lock.was_opened, lock.at]
    await sql.execute(_ADD_LOCK, values)


async def close(sql: Connection, holding: Holding, at: datetime) -> None:
    """Let nothing of the copy be read any more."""
    query = "update disclosures set locked_at = %s where id = %s and locked_at is null"
    await sql.execute(query, [at, holding.id])


async def add_receipt(sql: Connection, holding: Holding, said: Said, keys: Keys) -> None:
    """Keep an answer; its ground is under the path's key at its home, for the person reads it there."""
    home, sealed = Owner(holding.path_id, holding.from_organisation_id), None
    if said.ground is not None:
        sealed = rows.sealed_json(await keys.read(home), said.ground, bound_to=_place(said.id, home))
    parties = [holding.from_organisation_id, holding.to_organisation_id]
    values = [said.id, holding.id, *parties, sorted(said.fields), said.answer, sealed, said.at]
    await sql.execute(_ADD_RECEIPT, [*values, said.by_staff_id])


async def _read(row: DictRow, keys: Keys) -> Holding:
    if _has_grounds(row):
        await keys.hold([_home(row)])
    return _as_holding(row, keys)


async def _living(found: Sequence[DictRow], keys: Keys) -> list[Holding]:
    with_grounds = await keys.living([row for row in found if _has_grounds(row)], _home)
    return [_as_holding(row, keys) for row in found if row in with_grounds or not _has_grounds(row)]


def _has_grounds(row: DictRow) -> bool:
    return any(said["sealed"] for said in row["receipts"] or ())


def _home(row: DictRow) -> Owner:
    return Owner(row["path_id"], row["from_organisation_id"])


def _as_holding(row: DictRow, keys: Keys) -> Holding:
    return Holding(
        **{name: row[name] for name in _SAME},
        fields=_fields(row["fields"]),
        processing_fields=_fields(row["processing_fields"]),
        locks=tuple(_as_lock(one) for one in row["locks"] or ()),
        receipts=tuple(_as_said(one, _home(row), keys) for one in row["receipts"] or ()),
    )


_SAME = (
    "id", "referral_id", "path_id", "consent_id", "processing_consent_id", "from_organisation_id",
    "from_team_id", "to_organisation_id", "to_team_id", "opened_at", "locked_at",
)  # fmt: skip


def _as_lock(said: dict[str, Any]) -> Lock:
    return Lock(
        id=UUID(said["id"]),
        consent_id=UUID(said["consent_id"]),
        fields=_fields(said["fields"]),
        was_opened=said["was_opened"],
        at=datetime.fromisoformat(said["at"]),
    )


def _as_said(said: dict[str, Any], home: Owner, keys: Keys) -> Said:
    return Said(
        id=UUID(said["id"]),
        fields=_fields(said["fields"]),
        answer=Receipt(said["answer"]),
        ground=_ground(said, home, keys) if said["sealed"] else None,
        at=datetime.fromisoformat(said["at"]),
        by_staff_id=UUID(said["by_staff_id"]),
    )


def _ground(said: dict[str, Any], home: Owner, keys: Keys) -> str:
    sealed, bound_to = bytes.fromhex(said["sealed"][2:]), _place(said["id"], home)
    ground: str = rows.unsealed_json(keys.of(home), sealed, bound_to=bound_to)
    return ground


def _fields(said: Sequence[str]) -> frozenset[ItemField]:
    return frozenset(map(ItemField, said))


def _place(said_id: UUID | str, home: Owner) -> str:
    return place("disclosure_receipts.sealed", home.organisation, said_id)

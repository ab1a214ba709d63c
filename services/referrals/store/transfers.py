"""Transfers: offers of a need, seen by both organisations."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from psycopg.rows import DictRow

from shared.actor import Actor
from shared.database import Connection

from ..domain.transfers import Transfer, TransferState
from . import rows
from .rows import Slice

# Row-level security lets a tenant see its own needs alone: only the new home learns what it wrote down.
_TRANSFERS = """
select t.*, sending_team(t.path_id, t.from_team_id) as from_team_id, n.id as taken_need_id
from transfers t left join needs n on n.transfer_id = t.id
where (%(person)s::uuid is null or exists (
    select from paths a where a.id = t.path_id and a.person_id = %(person)s
))
"""

_ADD = """
insert into transfers (
    id, need_id, path_id, from_organisation_id, from_team_id, to_organisation_id, state, version, offered_at
) values (
    %(id)s, %(need_id)s, %(path_id)s, %(from_organisation_id)s, %(from_team_id)s, %(to_organisation_id)s,
    %(state)s, %(version)s, %(offered_at)s
)
"""

_SAVE = """
update transfers set state = %(state)s, version = %(version)s, decided_at = %(decided_at)s where id = %(id)s
"""

_RELEASED = """
select exists (
    select from consents c join needs n on n.org_id = c.from_organisation_id and n.path_id = c.path_id
    where n.id = %(need)s and c.kind = 'secrecy_release' and c.to_organisation_id = %(organisation)s
        and c.answer = 'yes' and c.ended_at is null and c.valid_from <= %(at)s and %(at)s < c.valid_until
) as released
"""

OUT = "t.from_organisation_id = %(org)s and t.from_team_id = %(team)s"
IN = "t.to_organisation_id = %(org)s"


async def add(sql: Connection, transfer: Transfer) -> None:
    await sql.execute(_ADD, asdict(transfer))


async def save(sql: Connection, transfer: Transfer) -> None:
    """Write the answer."""
    await sql.execute(_SAVE, asdict(transfer))


async def load(sql: Connection, transfer_id: UUID, *, actor: Actor) -> Transfer:
    values = {"id": transfer_id, "person": rows.person_behind(actor)}
    return _as_transfer(await rows.one(sql, f"{_TRANSFERS} and t.id = %(id)s", values))


async def pending(sql: Connection, need_id: UUID) -> Transfer | None:
    """The offer of the need that has no answer yet."""
    query = f"{_TRANSFERS} and t.need_id = %(need)s and t.state = 'offered'"
    found = await rows.many(sql, query, {"need": need_id, "person": None})
    return _as_transfer(found[0]) if found else None


async def listed(
    sql: Connection, part: Slice, *, where: str, organisation_id: UUID, team_id: UUID
) -> list[Transfer]:
    """The transfers on one side or both, newest first."""
    query = f"""{_TRANSFERS} and ({where}) and (%(after)s::uuid is null or t.id < %(after)s)
        order by t.id desc limit %(limit)s"""
    values = {"person": None, "org": organisation_id, "team": team_id, **asdict(part)}
    return [_as_transfer(row) for row in await rows.many(sql, query, values)]


async def is_released(sql: Connection, need_id: UUID, organisation_id: UUID, at: datetime) -> bool:
    """Whether the person releases something on the need's path to the organisation now."""
    values = {"need": need_id, "organisation": organisation_id, "at": at}
    found: bool = (await rows.one(sql, _RELEASED, values))["released"]
    return found


def _as_transfer(row: DictRow) -> Transfer:
    named = {name: row[name] for name in Transfer.__dataclass_fields__ if name != "state"}
    return Transfer(**named, state=TransferState(row["state"]))

"""Locks of persons; what they hide the database hides by itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from psycopg.rows import DictRow

from shared.actor import Actor
from shared.database import Connection, Transaction
from shared.vault import Keys

from ..domain.offer_consent import AnyConsent
from ..domain.protection import KEEPERS, Holder, Lockable, Protection
from ..domain.referral import Referral
from ..domain.refusals import PersonLocked
from ..domain.transitions import OPEN_STATES, State
from . import consent_rows, rows
from .referrals import COLUMNS, as_referral
from .rows import Slice

_PATHS = "select id from paths where person_id = %s order by id"

# Against a path that is being opened, whose row refers to hers.
_LOCK = "select id from persons where id = %s for update"

PERSON = f"""
select p.id, p.org_id, working_team(p.id, p.team_id) as team_id, p.version, to_jsonb(l) as standing
from persons p left join protections l on l.person_id = p.id and l.unlocked_at is null
where p.id = %(id)s and p.id = coalesce(%(person)s, p.id) and {rows.SEEN}
"""  # noqa: S608 - made of constants alone

_FIT = """
select id from staff where id = any (%s) and organisation_id = %s and active and roles && %s::text[]
"""

_ADD = """
with person as (update persons set version = %(version)s where id = %(person_id)s)
insert into protections (id, org_id, person_id, staff_ids, locked_at, locked_by)
values (%(id)s, %(organisation_id)s, %(person_id)s, %(staff_ids)s, %(locked_at)s, %(locked_by)s)
"""

_END = """
with person as (update persons set version = %(version)s where id = %(person_id)s)
update protections set unlocked_at = %(unlocked_at)s, unlocked_by = %(unlocked_by)s where id = %(id)s
"""

_LISTED = """
select l.*, p.version from protections l join persons p on p.id = l.person_id
where l.unlocked_at is null and %(actor)s = any (l.staff_ids)
    and (%(person)s::uuid is null or l.person_id = %(person)s)
    and (%(after)s::uuid is null or l.id < %(after)s)
order by l.id desc limit %(limit)s
"""

# Her yes to an offering carries nothing: what carried something is taken back, the release first.
_NEXT_CONSENT = """
select to_jsonb(c) as said from current_consents c join paths a on a.id = c.path_id
where a.person_id = %s and c.answer = 'yes' and c.ended_at is null and c.kind <> 'participation'
order by c.kind = 'processing_consent', c.id limit 1
"""

_REFERRALS = f"""
select {COLUMNS} from referrals r join paths a on a.id = r.path_id
where a.person_id = %s and r.state = any (%s) order by r.id
"""  # noqa: S608 - made of constants alone

_OFFERS = """
select o.id from offers o join paths a on a.id = o.path_id
where a.person_id = %s and o.state in ('draft', 'open') order by o.id
"""

_TRANSFERS = """
select t.id from transfers t join paths a on a.id = t.path_id
where a.person_id = %s and t.state = 'offered' order by t.id
"""

_HOLDERS = """
select d.to_organisation_id as organisation_id, d.to_team_id as team_id,
    bool_or(r.opened_at is not null) as was_opened
from disclosures d join referrals r on r.id = d.referral_id join paths a on a.id = r.path_id
where a.person_id = %s group by 1, 2 order by 1, 2
"""


async def lock_paths(tx: Transaction, person_id: UUID) -> datetime:
    """Lock all of a person's paths, and that none is opened; the time once they are held."""
    await _lock_each(tx, person_id)
    await rows.one(tx.sql, _LOCK, [person_id])
    await _lock_each(tx, person_id)
    return await tx.now()


async def _lock_each(tx: Transaction, person_id: UUID) -> None:
    for row in await rows.many(tx.sql, _PATHS, [person_id]):
        await tx.lock(row["id"])


async def load(sql: Connection, person_id: UUID, *, actor: Actor) -> Lockable:
    row = await rows.one(sql, PERSON, {"id": person_id, "person": rows.person_behind(actor)})
    said = row["standing"]
    return Lockable(
        id=row["id"],
        organisation_id=row["org_id"],
        team_id=row["team_id"],
        version=row["version"],
        standing=_from_json(said, row["version"]) if said else None,
    )


async def fit_to_keep(sql: Connection, staff_ids: Sequence[UUID], organisation_id: UUID) -> frozenset[UUID]:
    """Who of these works in the organisation now, in a role that meets persons."""
    found = await rows.many(sql, _FIT, [list(staff_ids), organisation_id, list(KEEPERS)])
    return frozenset(row["id"] for row in found)


async def add(sql: Connection, protection: Protection) -> None:
    """Hide her: from here on this transaction too sees her only if it is for one of the two."""
    await sql.execute(_ADD, {**asdict(protection), "staff_ids": list(protection.staff_ids)})


async def end(sql: Connection, protection: Protection) -> None:
    await sql.execute(_END, {**asdict(protection), "staff_ids": list(protection.staff_ids)})


async def kept_by(
    sql: Connection, part: Slice, *, actor: Actor, person_id: UUID | None = None
) -> list[Protection]:
    """The locks that the caller is one of the two of, newest first: all, or that of one person."""
    values = {"actor": actor.id, "person": person_id, **asdict(part)}
    return [_as_protection(row, row["version"]) for row in await rows.many(sql, _LISTED, values)]


async def holders(sql: Connection, person_id: UUID) -> tuple[Holder, ...]:
    """Which teams were ever given something of hers."""
    return tuple(Holder(**row) for row in await rows.many(sql, _HOLDERS, [person_id]))


async def next_consent(sql: Connection, person_id: UUID, keys: Keys) -> AnyConsent | None:
    found = await rows.many(sql, _NEXT_CONSENT, [person_id])
    await keys.hold(consent_rows.owner_of(row["said"]) for row in found)
    return consent_rows.any_from_json(found[0]["said"], keys) if found else None


async def unfinished_referrals(sql: Connection, person_id: UUID) -> list[Referral]:
    """Those that are open or drafted."""
    states = sorted(OPEN_STATES | {State.DRAFT})
    return [as_referral(row) for row in await rows.many(sql, _REFERRALS, [person_id, states])]


async def unfinished_offers(sql: Connection, person_id: UUID) -> list[UUID]:
    return [row["id"] for row in await rows.many(sql, _OFFERS, [person_id])]


async def unanswered_transfers(sql: Connection, person_id: UUID) -> list[UUID]:
    return [row["id"] for row in await rows.many(sql, _TRANSFERS, [person_id])]


async def silence(tx: Transaction, person_id: UUID) -> None:
    """Let no clock ring for her."""
    query = "delete from timers where subject in (select id from paths where person_id = %s)"
    await tx.sql.execute(query, [person_id])


async def demand_unlocked(sql: Connection, path_id: UUID) -> None:
    """Raise `PersonLocked` for a path of a locked person; only who may see her meets one."""
    if await is_locked(sql, path_id):
        raise PersonLocked


async def is_locked(sql: Connection, path_id: UUID) -> bool:
    """Whether the path's person is locked."""
    return bool(await locked_among(sql, [path_id]))


async def locked_among(sql: Connection, path_ids: Sequence[UUID]) -> list[UUID]:
    """The paths among these whose person is locked, whoever asks."""
    row = await rows.one(sql, "select locked_among(%s) as locked", [list(path_ids)])
    locked: list[UUID] = row["locked"]
    return locked


async def open_books(tx: Transaction) -> None:
    """See what is locked in the tenant, for the transaction: never to show it to anybody."""
    await tx.sql.execute("select set_config('app.books', 'open', true)")


async def withheld(tx: Transaction, ids: Sequence[UUID]) -> bool:
    """Whether any of these is, or belongs to, a person whom the caller may not see any more."""
    hidden: bool = (await rows.one(tx.sql, "select any_hidden(%s) as hidden", [list(ids)]))["hidden"]
    return hidden


def _from_json(said: DictRow, version: int) -> Protection:
    ids = {name: UUID(said[name]) for name in ("id", "org_id", "person_id", "locked_by")}
    times = {"locked_at": datetime.fromisoformat(said["locked_at"])}
    return _as_protection(
        {**said, **ids, **times, "staff_ids": [UUID(one) for one in said["staff_ids"]]}, version
    )


def _as_protection(row: DictRow, version: int) -> Protection:
    return Protection(
        id=row["id"],
        organisation_id=row["org_id"],
        person_id=row["person_id"],
        staff_ids=tuple(row["staff_ids"]),
        locked_at=row["locked_at"],
        locked_by=row["locked_by"],
        version=version,
    )

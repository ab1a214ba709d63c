"""Needs and the turns of their lives; what was said at a turn is sealed under the path's key."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from psycopg.rows import DictRow

from shared.actor import Actor
from shared.crypto import Owner, place, seal, unseal
from shared.database import Connection, Transaction
from shared.errors import NotFound
from shared.events.base import Area, NeedCode, Theme, Urgency
from shared.events.paths import Closing, NeedClosed
from shared.vault import Keys

from ..domain.need_transitions import NeedCommand, NeedSide, NeedState
from ..domain.needs import Need, OpenReferral, Turn
from ..domain.transitions import OPEN_STATES, State
from . import rows
from .rows import Slice

PATH_OF = f"select path_id as id from needs where id = %(id)s and {rows.SEEN}"  # noqa: S608 - constants

_NEEDS = """
select n.*, a.person_id, working_team(p.id, p.team_id) as team_id, r.id as open_referral_id,
    r.state as referral_state, r.to_organisation_id, o.id as open_offer_id, x.said_at as said_no_at
from needs n join paths a on a.id = n.path_id join persons p on p.id = a.person_id
left join referrals r
    on r.from_organisation_id = n.org_id and r.need_id = n.id and r.state = any (%(open)s)
left join offers o on o.from_organisation_id = n.org_id and o.need_id = n.id and o.state = 'open'
left join own_noes x
    on x.org_id = n.org_id and coalesce(x.step_id, x.need_id) = coalesce(n.step_id, n.id)
    and x.taken_back_at is null
where a.person_id = coalesce(%(person)s, a.person_id)
"""

_ADD = """
with need as (
    insert into needs (
        id, org_id, path_id, code, theme, area, urgency, state, version, step_id, transfer_id,
        created_at
    ) values (
        %(id)s, %(home_organisation_id)s, %(path_id)s, %(code)s, %(theme)s, %(area)s, %(urgency)s, %(state)s,
        %(version)s, %(step_id)s, %(transfer_id)s, %(created_at)s
    )
)
"""

_SAVE = """
with need as (
    update needs set
        state = %(state)s, version = %(version)s, parked_until = %(parked_until)s, closed_as = %(closed_as)s
    where id = %(id)s
)
"""

_TURNS = """
insert into need_turns (org_id, need_id, version, at, command, by_side, by_organisation_id, state)
select %(home_organisation_id)s, %(id)s, t.version, t.at, t.command, t.by_side, t.by_organisation_id, t.state
from unnest(
    %(versions)s::int[], %(ats)s::timestamptz[], %(commands)s::text[], %(sides)s::text[],
    %(organisations)s::uuid[], %(states)s::text[]
) as t (version, at, command, by_side, by_organisation_id, state)
"""

_UNCLOSED = """
select n.path_id, n.id as need_id, n.org_id as organisation_id
from needs n join paths a on a.id = n.path_id
where a.person_id = %s and n.state <> 'closed' order by n.id
"""

_HOME = "select n.path_id, n.org_id from needs n where n.id = %s"

_SINCE = """
select t.*, w.sealed from need_turns t
left join need_words w using (org_id, need_id, version)
where t.need_id = %s and t.version > %s order by t.version limit %s
"""

_OPEN = sorted(OPEN_STATES)


@dataclass(frozen=True, slots=True, kw_only=True)
class SaidTurn:
    """A turn, with what was said at it."""

    turn: Turn
    words: str | None


async def lock(tx: Transaction, need_id: UUID) -> datetime:
    """Lock the need's path; the time once it is held.  Raises `NotFound` for what the tenant may not see."""
    locked = await tx.lock_found(PATH_OF, {"id": need_id})
    if locked is None:
        raise NotFound
    return locked[1]


async def load(sql: Connection, need_id: UUID, *, actor: Actor) -> Need:
    values = {"id": need_id, "person": rows.person_behind(actor), "open": _OPEN}
    return _as_need(await rows.one(sql, f"{_NEEDS} and n.id = %(id)s", values))


async def listed(
    sql: Connection,
    part: Slice,
    *,
    team_id: UUID,
    path_id: UUID | None,
    states: Sequence[NeedState] | None,
) -> list[Need]:
    """The needs of a team's persons, newest first."""
    query = f"""{_NEEDS}
        and case when %(path)s::uuid is null then p.team_id else working_team(p.id, p.team_id) end
            = %(team)s
        and n.path_id = coalesce(%(path)s, n.path_id)
        and (%(states)s::text[] is null or n.state = any (%(states)s))
        and (%(after)s::uuid is null or n.id < %(after)s) order by n.id desc limit %(limit)s"""
    among = [str(state) for state in states] if states else None
    values = {"person": None, "open": _OPEN, "team": team_id, "path": path_id, "states": among}
    return [_as_need(row) for row in await rows.many(sql, query, {**values, **asdict(part)})]


async def of_path(sql: Connection, path_id: UUID, *, actor: Actor) -> list[Need]:
    """The needs of a path, in the order in which they were stated."""
    values = {"person": rows.person_behind(actor), "open": _OPEN, "path": path_id}
    query = f"{_NEEDS} and n.path_id = %(path)s order by n.id"
    return [_as_need(row) for row in await rows.many(sql, query, values)]


async def add(sql: Connection, need: Need) -> None:
    await sql.execute(_ADD + _TURNS, _values(need))


async def save(sql: Connection, need: Need) -> None:
    """Write the need's state, with the turns taken since it was loaded."""
    await sql.execute(_SAVE + _TURNS, _values(need))


async def say(sql: Connection, need: Need, words: str, keys: Keys) -> None:
    """Keep what was said at the need's last turn."""
    home = Owner(need.path_id, need.home_organisation_id)
    sealed = seal(await keys.read(home), words.encode(), bound_to=_place(home, need.id, need.version))
    query = "insert into need_words (org_id, need_id, version, sealed) values (%s, %s, %s, %s)"
    await sql.execute(query, [need.home_organisation_id, need.id, need.version, sealed])


async def turns(sql: Connection, need_id: UUID, *, after: int = 0, limit: int = 200) -> list[Turn]:
    """The turns from a version on, oldest first."""
    return [_as_turn(row) for row in await rows.many(sql, _SINCE, [need_id, after, limit])]


async def said_turns(sql: Connection, need_id: UUID, *, after: int, limit: int, keys: Keys) -> list[SaidTurn]:
    """The turns with their words, oldest first."""
    row = await rows.one(sql, _HOME, [need_id])
    home = Owner(row["path_id"], row["org_id"])
    found = await rows.many(sql, _SINCE, [need_id, after, limit])
    return [SaidTurn(turn=_as_turn(one), words=await _words(one, home, keys)) for one in found]


def _values(need: Need) -> dict[str, object]:
    names = [
        name for name in Need.__dataclass_fields__ if name not in {"open_referral", "open_offer_id", "turns"}
    ]
    taken = need.turns
    return {
        **{name: getattr(need, name) for name in names},
        "versions": [turn.version for turn in taken],
        "ats": [turn.at for turn in taken],
        "commands": [turn.command for turn in taken],
        "sides": [turn.by_side for turn in taken],
        "organisations": [turn.by_organisation_id for turn in taken],
        "states": [turn.state for turn in taken],
    }


_SAME = (
    "id",
    "team_id",
    "path_id",
    "person_id",
    "parked_until",
    "step_id",
    "transfer_id",
    "open_offer_id",
    "said_no_at",
    "version",
    "created_at",
)


def _as_need(row: DictRow) -> Need:
    return Need(
        **{name: row[name] for name in _SAME},
        home_organisation_id=row["org_id"],
        code=NeedCode(row["code"]),
        theme=Theme(row["theme"]),
        area=Area(row["area"]),
        urgency=Urgency(row["urgency"]),
        state=NeedState(row["state"]),
        closed_as=Closing(row["closed_as"]) if row["closed_as"] else None,
        open_referral=_as_open_referral(row),
    )


async def unclosed_of(sql: Connection, person_id: UUID) -> list[NeedClosed]:
    """What would be told if each of a person's needs that is not closed were no longer wanted."""
    return [
        NeedClosed(**row, how=Closing.NO_LONGER_WANTED)
        for row in await rows.many(sql, _UNCLOSED, [person_id])
    ]


def _as_open_referral(row: DictRow) -> OpenReferral | None:
    if row["open_referral_id"] is None:
        return None
    return OpenReferral(
        id=row["open_referral_id"],
        state=State(row["referral_state"]),
        to_organisation_id=row["to_organisation_id"],
    )


def _as_turn(row: DictRow) -> Turn:
    return Turn(
        version=row["version"],
        at=row["at"],
        command=NeedCommand(row["command"]),
        by_side=NeedSide(row["by_side"]),
        by_organisation_id=row["by_organisation_id"],
        state=NeedState(row["state"]),
    )


async def _words(row: DictRow, home: Owner, keys: Keys) -> str | None:
    if row["sealed"] is None:
        return None
    bound_to = _place(home, row["need_id"], row["version"])
    return unseal(await keys.read(home), row["sealed"], bound_to=bound_to).decode()


def _place(home: Owner, need_id: UUID, version: int) -> str:
    return place("need_words.sealed", home.organisation, need_id, version)

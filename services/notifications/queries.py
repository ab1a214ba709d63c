"""The pages' SQL: one reader's notices, and the live list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg.rows import class_row

from shared.actor import Actor
from shared.database import Connection

from .store import MINE

_COLUMNS = "id, team_id, staff_id, kind, urgency, referral_id, offer_id, path_id, at, live, read_at"

_NOTICES = f"""
select {_COLUMNS} from notices
where {MINE}
  and (%(after)s::uuid is null or id < %(after)s)
  and (not %(unread)s or read_at is null)
order by id desc limit %(limit)s
"""  # noqa: S608 - constant text

_NOTICE = f"select {_COLUMNS} from notices where id = %s"  # noqa: S608 - constant text

_COUNT = f"""
select count(*) as unread from notices where {MINE} and read_at is null
"""  # noqa: S608 - constant text

_LIVE = "select position, notice_id, org_id, team_id, staff_id, kind from live_notices"

_LATEST = f"""
select notice_id from live_notices where org_id = %(org)s and {MINE} order by position desc limit 1
"""  # noqa: S608 - constant text

_MISSED = f"""
{_LIVE} where org_id = %(org)s and {MINE} and at > (select app_now()) - interval '1 day'
  and position > case when %(last_seen)s = %(none)s then 0 else (
      select position from live_notices where notice_id = %(last_seen)s) end
order by position
"""  # noqa: S608 - constant text


NONE = UUID(int=0)
"""What a reader has seen last who has no notice yet."""


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """A notice as its reader sees it."""

    id: UUID
    team_id: UUID | None
    staff_id: UUID | None
    kind: str
    urgency: str
    referral_id: UUID | None
    offer_id: UUID | None
    path_id: UUID | None
    at: datetime
    live: bool
    read_at: datetime | None


@dataclass(frozen=True, slots=True)
class LiveNotice:
    """A row of the live list: whose a notice is, and no more."""

    position: int
    notice_id: UUID
    org_id: UUID
    team_id: UUID | None
    staff_id: UUID | None
    kind: str

    def is_for(self, reader: Actor) -> bool:
        """Whether it is the reader's own or her team's."""
        if self.org_id != reader.organisation_id:
            return False
        return self.staff_id == reader.id if self.team_id is None else self.team_id == reader.team_id


async def notices(
    sql: Connection, reader: Actor, *, after: UUID | None, limit: int, unread: bool
) -> list[NoticeRow]:
    """The reader's notices, the newest first; ``after`` is the last one seen."""
    values = _reader(reader) | {"after": after, "limit": limit, "unread": unread}
    async with sql.cursor(row_factory=class_row(NoticeRow)) as cursor:
        return await (await cursor.execute(_NOTICES, values)).fetchall()


async def notice(sql: Connection, notice_id: UUID) -> NoticeRow:
    """One notice of the tenant that is known to exist."""
    async with sql.cursor(row_factory=class_row(NoticeRow)) as cursor:
        row = await (await cursor.execute(_NOTICE, [notice_id])).fetchone()
    assert row is not None  # noqa: S101 - the caller has just marked it
    return row


async def counts(sql: Connection, reader: Actor) -> dict[str, int]:
    """How many of the reader's notices are ``unread``."""
    row = await (await sql.execute(_COUNT, _reader(reader))).fetchone()
    assert row is not None  # noqa: S101 - an aggregate always gives a row
    return row


async def head(sql: Connection) -> int:
    """The live list's last position, 0 for an empty one."""
    row = await (await sql.execute("select coalesce(max(position), 0) as head from live_notices")).fetchone()
    assert row is not None  # noqa: S101 - an aggregate always gives a row
    position: int = row["head"]
    return position


async def live_after(sql: Connection, position: int, *, limit: int) -> Sequence[LiveNotice]:
    """The live list above a position, in order."""
    return await _live(sql, f"{_LIVE} where position > %s order by position limit %s", [position, limit])


async def missed(sql: Connection, reader: Actor, *, last_seen: UUID) -> Sequence[LiveNotice]:
    """The reader's notices of the last day that came after one she saw; none if that one is unknown."""
    values = _reader(reader) | {"org": reader.organisation_id, "last_seen": last_seen, "none": NONE}
    return await _live(sql, _MISSED, values)


async def latest(sql: Connection, reader: Actor) -> UUID:
    """The reader's latest notice on the live list, ``NONE`` if she has none."""
    values = _reader(reader) | {"org": reader.organisation_id}
    row = await (await sql.execute(_LATEST, values)).fetchone()
    return row["notice_id"] if row else NONE


async def _live(sql: Connection, query: str, values: Any) -> Sequence[LiveNotice]:
    async with sql.cursor(row_factory=class_row(LiveNotice)) as cursor:
        return await (await cursor.execute(query, values)).fetchall()


def _reader(reader: Actor) -> dict[str, Any]:
    return {"staff": reader.id, "team": reader.team_id}

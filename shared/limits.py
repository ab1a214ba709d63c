"""How often somebody may try: counted in PostgreSQL, for all processes at once and though Redis is lost.

An attempt is counted, and the count committed, before anything about it is looked at or
hashed; so of many at once no more get through.  A good one may be forgiven.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from .database import Connection, Database
from .errors import RateLimited

KEPT = timedelta(days=1)
"""How long a count is kept; no limit reaches further back."""

_COUNT = """
insert into attempts as a (door, who, began_at, times)
select %(door)s, %(who)s, at, 1 from (select app_now() as at) as the_time
on conflict (door, who) do update set (began_at, times) = (
    select since.began_at, least(since.times, %(most)s) + 1
    from (values (a.began_at, a.times), (excluded.began_at, 0)) as since (began_at, times)
    where since.began_at > excluded.began_at - %(within)s
    order by since.began_at limit 1
)
returning a.times, ceil(extract(epoch from a.began_at + %(within)s - app_now()))::int as again_in_s
"""

_FORGIVE = "update attempts set times = times - 1 where door = %(door)s and who = %(who)s and times > 0"

_FORGET = "delete from attempts where began_at < (select app_now()) - %s"


@dataclass(frozen=True, slots=True)
class RateLimit:
    """At a door, everybody may try so many times within a time that begins with the first."""

    door: str
    most: int
    within: timedelta

    async def count(self, database: Database, who: str) -> None:
        """Count an attempt; raises ``RateLimited`` above the most."""
        async with database.connection() as sql:
            row = await (await sql.execute(_COUNT, self._values(who))).fetchone()
        assert row is not None  # noqa: S101 - an insert that returns
        if row["times"] > self.most:
            raise RateLimited(again_in_s=row["again_in_s"])

    async def forgive(self, sql: Connection, who: str) -> None:
        """Take the attempt back, in the transaction in which it turned out to be good."""
        await sql.execute(_FORGIVE, self._values(who))

    def _values(self, who: str) -> Mapping[str, Any]:
        digest = hashlib.sha256(who.encode()).digest()
        return {"door": self.door, "who": digest, "most": self.most, "within": self.within}


async def forget_old(database: Database) -> None:
    """Drop counts that bind nobody any more."""
    async with database.connection() as sql:
        await sql.execute(_FORGET, [KEPT])

"""The record after a run, as bytes; and what a test does to it that no service may."""
# ruff: noqa: S608 - every query is made of the services' names

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import psycopg
from psycopg.rows import dict_row

from shared.chain import GENESIS
from tests.network import RECORDED

OF_DELIVERY: Mapping[str, str] = {
    "untold": "What waits for its number: empty at the end, which is asserted.",
    "positions": "Where the listeners stand: at each log's head and hash, which is asserted.",
    "parked": "What waits to be tried again: empty at the end, which is asserted.",
    "live_notices": "What open pages are to show: new when it is heard; that it is what is new is asserted.",
    "unchained": "What waits to be bound, by a binder that does not run here; beside no request.",
    "handled": "Hops: telemetry, written after the commit, which may be lost.",
}
"""Tables that are about the delivery itself."""

MADE_OF_SALT = (
    "The salt is random by nature and draws this after it; the chain is asserted from its first row."
)
ACROSS_PATHS = "In the order of writing, which across paths is nobody's promise."
ASKED_AGAIN = "A read whose answer was lost is asked again, and noted again."
WHEN_HEARD = "When it was heard, which is later if it was delivered later; that `live` follows is asserted."

LEFT_OUT: Mapping[str, Mapping[str, str]] = {
    "log": dict.fromkeys(("salt", "digest", "hash", "signature"), MADE_OF_SALT),
    "access_log": {"salt": MADE_OF_SALT, "id": ASKED_AGAIN},
    "ledger": {"salt": MADE_OF_SALT, "id": MADE_OF_SALT, "position": ACROSS_PATHS},
    "notices": dict.fromkeys(("at", "live"), WHEN_HEARD),
}
"""Columns that no two runs have alike, by table, and why."""

OF_REACTIONS: Mapping[str, tuple[str, str]] = {
    "notifications.log": ("time", "true"),
    "tracing.steps": ("told_at", "stream = 'events:notifications'"),
}
"""When a reaction told something of its own: `WHEN_HEARD` again."""

NUMBERS: Mapping[str, str] = {
    "log": "row_number() over (partition by subject, correlation_id, causation_id order by seq)",
    "steps": "0",
}
"""Tables with a `seq`, and what takes its place: the order within one command, ring or reaction.

The order across subjects is nobody's promise: timers that are due at one instant ring as they are found,
and a parked event waits.  That the numbers have no gap and follow time and cause is asserted.
"""

_BESIDE = " union all ".join(
    f"select stream from {name}.positions where stream = %s and seq > 0"
    f" and hash is distinct from (select hash from {{teller}}.log where seq = positions.seq)"
    for name in RECORDED
)
_NOT_LIVE = """
select from notifications.notices n left join notifications.live_notices l on l.notice_id = n.id
where n.live is distinct from (l.notice_id is not null) or n.at - interval '1 hour' < (
    select time from referrals.log where event_id = n.event_id
) is distinct from n.live
"""

_WHILE_LOCKED = "select from referrals.protections p join referrals.paths a on a.person_id = p.person_id"

_IN_ORDER: Mapping[str, str] = {
    "A log has a gap.": " union all ".join(
        f"select from {name}.log having coalesce(max(seq), 0) <> count(*)" for name in RECORDED
    ),
    "A subject's events are not in the order of their time.": " union all ".join(
        f"(select from (select time, lag(time) over (partition by subject order by seq) as before"
        f" from {name}.log) as told where before > time)"
        for name in RECORDED
    ),
    "Notices are not in the order of what they are about.": """
        select from (
            select r.seq, lag(r.seq) over (partition by n.subject order by n.seq) as before
            from notifications.log n join referrals.log r on r.event_id = n.causation_id
        ) as told where before > seq
    """,
    "A step has not its event's number.": """
        select from tracing.steps s
        left join (select * from referrals.log union all select * from notifications.log) l using (event_id)
        where s.seq is distinct from l.seq
    """,
    "A notice is live though old, or is not though new.": _NOT_LIVE,
    "Something was told of a locked person.": f"{_WHILE_LOCKED} join referrals.log l on l.subject = a.id"
    " where l.time > p.locked_at and l.time < coalesce(p.unlocked_at, 'infinity')",
    "Who held something of a locked person was not told.": f"{_WHILE_LOCKED} where not exists (select from"
    " referrals.log l where l.subject = a.id and l.type = 'referral.consent_lost.v1'"
    " and l.time = p.locked_at)",
    "Somebody holds a copy of a locked person's.": f"{_WHILE_LOCKED} join referrals.referrals r"
    " on r.path_id = a.id join referrals.disclosures d on d.referral_id = r.id"
    " join referrals.disclosure_items i on i.disclosure_id = d.id",
}

_SET_CLOCKS = (
    "with " + ", ".join(f"{one} as (update {one}.clock set shift = %s)" for one in RECORDED) + " select"
)

_TABLES = """
select table_schema || '.' || table_name as name from information_schema.tables
where table_schema = any(%s) and table_type = 'BASE TABLE' order by 1
"""


class State:
    """One run's database, seen by a superuser."""

    def __init__(self, address: str) -> None:
        self.admin = psycopg.connect(address, autocommit=True, row_factory=dict_row)

    def close(self) -> None:
        self.admin.close()

    def rows(self, query: str, *values: Any) -> list[dict[str, Any]]:
        return self.admin.execute(query.encode(), values or None).fetchall()

    def one(self, query: str, *values: Any) -> Any:
        [value] = self.rows(query, *values)[0].values()
        return value

    # The bytes

    def dump(self) -> list[bytes]:
        """Every row of every table, sorted."""
        tables = [row["name"] for row in self.rows(_TABLES, [*RECORDED])]
        kept = [name for name in tables if name.partition(".")[2] not in OF_DELIVERY]
        rows = self.rows(" union all ".join(_select(name) for name in kept))
        return sorted(f"{row['name']} {row['said']}".encode() for row in rows)

    # What no service may

    def position(self, service: str, stream: str) -> int:
        return int(self.one(f"select seq from {service}.positions where stream = %s", stream))

    def put_back(self, service: str, stream: str, seq: int) -> None:
        teller = stream.partition(":")[2]
        found = self.rows(f"select hash from {teller}.log where seq = %s", seq)
        query = f"update {service}.positions set seq = %s, hash = %s where stream = %s"
        self.admin.execute(query.encode(), [seq, found[0]["hash"] if found else GENESIS, stream])

    def set_clocks(self, shift: Any) -> None:
        self.admin.execute(_SET_CLOCKS, [shift] * len(RECORDED))

    def timers(self) -> list[dict[str, Any]]:
        return self.rows("select * from referrals.timers")

    def clocks_of(self, person_id: str) -> list[dict[str, Any]]:
        query = "select from referrals.timers join referrals.paths on id = subject where person_id = %s"
        return self.rows(query, person_id)

    def set_timer(self, timer: Mapping[str, Any]) -> None:
        query = """
        insert into referrals.timers (owner, kind, subject, organisation_id, version, due_at)
        values (%(owner)s, %(kind)s, %(subject)s, %(organisation_id)s, %(version)s, referrals.app_now())
        """
        self.admin.execute(query, timer)

    # Whether there is rest

    def directory_is_heard(self) -> bool:
        return bool(self.one("""
        select not exists (select from organisations.untold) and not exists (select from referrals.parked)
            and (select max(seq) from organisations.log)
                = (select seq from referrals.positions where stream = 'events:organisations')
        """))  # fmt: skip

    def nothing_is_due(self) -> bool:
        query = (
            "select count(*) from referrals.timers where parked_at is null and due_at <= referrals.app_now()"
        )
        return bool(self.one(query) == 0)

    def parked_subjects(self) -> dict[str, set[Any]]:
        query = " union all ".join(
            f"select '{name}' as name, subject from {name}.parked" for name in RECORDED
        )
        found: dict[str, set[Any]] = {}
        for row in self.rows(query):
            found.setdefault(row["name"], set()).add(row["subject"])
        return found

    def heads(self) -> dict[str, int]:
        query = " union all ".join(
            f"select '{name}' as name, coalesce(max(seq), 0) as seq from {name}.log" for name in RECORDED
        )
        return {row["name"]: row["seq"] for row in self.rows(query)}

    def is_at_rest(self) -> bool:
        """Everything numbered, heard and rung."""
        waiting = " + ".join(
            f"(select count(*) from {one}.untold) + (select count(*) from {one}.parked)" for one in RECORDED
        )
        if self.one(f"select {waiting}") or not self.nothing_is_due():
            return False
        heads = self.heads()
        query = " union all ".join(f"select stream, seq from {name}.positions" for name in RECORDED)
        return all(row["seq"] == heads[row["stream"].partition(":")[2]] for row in self.rows(query))

    def wrong(self, heads: Mapping[str, int]) -> list[str]:
        """What must hold of what the bytes leave out."""
        found = [
            f"{row['stream']}: a position stands beside the log"
            for teller in heads
            for row in self.rows(_BESIDE.format(teller=teller), *[f"events:{teller}"] * len(RECORDED))
        ]
        return found + [sentence for sentence, query in _IN_ORDER.items() if self.rows(query)]


def _select(name: str) -> str:
    table = name.partition(".")[2]
    left_out = [*LEFT_OUT.get(table, ()), "seq"] if table in NUMBERS else [*LEFT_OUT.get(table, ())]
    column, only = OF_REACTIONS.get(name, ("", "false"))
    said = f"to_jsonb(t) - array{left_out}::text[] - case when {only} then '{column}' else '' end"
    once = "distinct" if ASKED_AGAIN in LEFT_OUT.get(table, {}).values() else ""
    number = NUMBERS.get(table, "null")
    return f"select {once} '{name}' as name, concat({said}, ' ', {number}) as said from {name} t"

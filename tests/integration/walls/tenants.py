"""The tables that hold somebody's things, as the catalogue knows them, and those that are excused and why."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

import psycopg

from deploy.keys import RECORDED

Connection = psycopg.Connection[Any]

TENANT = r"^(org_id|(\w+_)?organisation_id)$"
"""What a column that names an organisation is called."""

KIT = {
    "untold": "an event between its command and the relay: ids alone, read by the relay for all",
    "log": "ids alone; whoever listens reads all of it",
    "timers": "ids alone; the clock asks for what is due before it acts for its tenant",
}
WITHOUT_A_WALL: Mapping[str, Mapping[str, str]] = {
    "organisations": {
        "logins": "asked before anybody's organisation is known",
        "invitations": "asked before anybody's organisation is known; by a digest",
        "sessions": "asked before anybody's organisation is known; by a digest",
        "open_needs": "a copy of ids from the log, counted for whoever would rest; a rebuild empties it",
        "e_ids": "asked before anybody's organisation is known; by a digest",
    },
    "referrals": {
        "teams": "a copy of the public directory: ids alone",
        "staff": "a copy of ids and roles, asked for colleagues of either side",
        "offerings": "a copy of the public directory",
        "admission_codes": "asked before anybody's organisation is known; by a digest",
    },
    "notifications": {"live_notices": "ids alone, for the one poll that serves every open page"},
    "tracing": {"steps": "ids and types; who may read a path's is decided by its parties"},
}
"""Tables that name an organisation and yet have no policy, each with its reason."""

READ_BY_ALL: Mapping[str, Mapping[str, str]] = {
    "organisations": {
        "organisations": "the directory is public to those who take part",
        "teams": "the directory is public to those who take part",
        "fallbacks": "which team stands in for another is said with the team",
        "offerings": "the directory is public to those who take part",
        "agreements": "who works with whom is public to those who take part",
        "holds": "how many places are held is said with the offering; the routes show one's own alone",
    }
}
"""Tables that everybody reads and only their own tenant writes."""

EXCUSED_KEYS = {
    "referrals.referral_items_pkey": "kept while a release that upserts by it may still run",
}
OWNERS_ALONE = {
    "referrals.concealed: of_the_wall": "read by the policies through is_hidden, and by nobody who logs in",
}
DEFINERS: Mapping[str, str] = {
    "referrals.is_hidden(uuid)": "says of one id whether the transaction's own actor may not see it",
    "referrals.any_hidden(uuid[])": "the same of several",
    "referrals.locked_among(uuid[])": "says which paths other services must be silent about",
    "referrals.conceal()": "hides a locked person, and empties what others hold",
    "referrals.reveal()": "shows her to her home again",
    "referrals.conceal_path()": "hides a path that is opened while she is locked",
    "referrals.nothing_leaves()": "hands over nothing of hers",
    "referrals.nothing_is_told()": "tells nothing of hers",
    "referrals.is_entered()": "a trigger: the login itself may enter nothing in the ledger",
    "referrals.is_to_be_chained()": "a trigger: the login itself may put nothing into a chain",
    "referrals.erase_person(uuid,timestamp with time zone)": "the one way by which words are deleted",
}
"""Functions that run with their owner's rights, each with its reason."""


class Table(NamedTuple):
    """A table of one service, with its first column that names an organisation."""

    service: str
    name: str
    tenant: str
    forced: bool

    def __str__(self) -> str:
        return f"{self.service}.{self.name}"


TABLES = """
select c.relname as name, c.relrowsecurity and c.relforcerowsecurity as forced,
    (select a.attname from pg_attribute a
     where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
         and (a.attname ~ %(tenant)s or (c.relname = 'organisations' and a.attname = 'id'))
     order by a.attname <> 'org_id', a.attname <> 'from_organisation_id', a.attnum limit 1) as tenant
from pg_class c
where c.relnamespace = %(schema)s::regnamespace and c.relkind in ('r', 'p')
order by 1
"""


def excused(service: str) -> Mapping[str, str]:
    copies = {"organisations": "a copy of the public directory"} if service == "referrals" else {}
    return {**KIT, **WITHOUT_A_WALL[service], **copies}


def tables(admin: Connection) -> list[Table]:
    """Every table with a column that names an organisation."""
    return [
        Table(service, row.name, row.tenant, row.forced)
        for service in RECORDED
        for row in admin.execute(TABLES, {"schema": service, "tenant": TENANT})
        if row.tenant
    ]


def walled(admin: Connection) -> list[Table]:
    """The tables that must have a wall."""
    return [table for table in tables(admin) if table.name not in excused(table.service)]

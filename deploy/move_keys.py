"""Moves what was sealed before the keys had a database of their own: `python -m deploy.move_keys`, once.

With the environment of `deploy.migrate` and REFERRALS_SEALING_KEY, after it, while referrals is stopped.
Each person is one transaction, her new keys committed before; it may be stopped and run again.
"""

# ruff: noqa: S608 - all queries are made of constants alone

import os
import sys
from collections.abc import Mapping
from datetime import UTC
from typing import Any

import psycopg
from psycopg import sql
from psycopg.rows import DictRow, dict_row

from shared.crypto import Keyring, Owner, Wrapped, place, unseal
from shared.crypto import seal as sealed_by
from shared.settings import from_base64url

Sql = psycopg.Connection[DictRow]

_OF_PATH = "join paths a on a.id = {}.path_id where a.person_id = %s"
_OF_REFERRAL = "join referrals r on r.id = {}.referral_id " + _OF_PATH.format("r")
_HOME = "'home' as under, r.path_id as subject, r.from_organisation_id as org"

OLD = {
    "persons.sealed": """select x.ctid, x.sealed, 'person' as under, x.id as subject, x.org_id as org,
        'person:' || x.id as was, array[x.id::text] as row from persons x where x.id = %s""",
    "ratings.sealed": """select x.ctid, x.sealed, 'person' as under, x.person_id as subject, x.org_id as org,
        'rating:' || x.id as was, array[x.id::text] as row from ratings x where x.person_id = %s""",
    "paths.goal": """select x.ctid, x.goal as sealed, 'person' as under, x.id as subject, x.org_id as org,
        'path:' || x.id as was, array[x.id::text] as row from paths x where x.person_id = %s""",
    "need_words.sealed": """select x.ctid, x.sealed, 'person' as under, n.path_id as subject, x.org_id as org,
        'need:' || n.id || ':' || x.version as was, array[n.id::text, x.version::text] as row
        from need_words x join needs n on n.id = x.need_id """
    + _OF_PATH.format("n"),
    "referral_items.sealed": """select x.ctid, x.sealed, 'person' as under, r.path_id as subject,
        x.org_id as org, 'items:' || r.id as was, array[r.id::text] as row from referral_items x """
    + _OF_REFERRAL.format("x"),
    "offers.sealed": """select x.ctid, x.sealed, 'person' as under, x.path_id as subject,
        x.from_organisation_id as org, 'offer:' || x.id as was, array[x.id::text] as row from offers x """
    + _OF_PATH.format("x"),
    "referral_words.sealed": f"""select x.ctid, x.sealed, {_HOME},
        'words:' || r.id || ':' || x.version as was, array[r.id::text, x.version::text] as row
        from referral_words x """
    + _OF_REFERRAL.format("x"),
    "referral_answers.sealed": f"""select x.ctid, x.sealed, {_HOME}, 'answer:' || r.id as was,
        array[r.id::text] as row, x.at from referral_answers x """
    + _OF_REFERRAL.format("x"),
    "outcome_words.sealed": f"""select x.ctid, x.sealed, {_HOME}, 'outcome:' || o.id as was,
        array[o.id::text] as row from outcome_words x join referral_outcomes o on o.id = x.outcome_id """
    + _OF_REFERRAL.format("o"),
    "consents.sealed": """select x.ctid, x.sealed, 'home' as under, x.path_id as subject,
        x.from_organisation_id as org, 'consent:' || x.id as was, array[x.id::text] as row from consents x """
    + _OF_PATH.format("x"),
    "disclosure_receipts.sealed": f"""select x.ctid, x.sealed, {_HOME}, 'receipt:' || x.id as was,
        array[x.id::text] as row from disclosure_receipts x join disclosures d on d.id = x.disclosure_id """
    + _OF_REFERRAL.format("d"),
    "disclosure_items.sealed": """select x.ctid, x.sealed, x.wrapped, d.id as copy, 'copy' as under,
        r.path_id as subject, d.to_organisation_id as org, concat_ws(':', 'disclosure', d.id,
        coalesce(d.made_under, d.consent_id), d.to_organisation_id, x.field) as was,
        array[d.id::text, coalesce(d.made_under, d.consent_id)::text, coalesce(x.field, '')] as row
        from disclosure_items x join disclosures d on d.id = x.disclosure_id """
    + _OF_REFERRAL.format("d"),
}
"""Every sealed column as it was: one person's rows, under which key, bound to what; and its place now."""

_SHARED = "select distinct path_id as subject, to_organisation_id as org from consents c " + _OF_PATH.format(
    "c"
)


def move(data: Sql, keys: Sql, ring: Keyring) -> int:
    """How many persons were moved; both connections are a superuser's, in autocommit."""
    data.execute("set search_path = referrals")
    keys.execute("set search_path = keys")
    people = data.execute("select * from person_keys order by person_id").fetchall()
    for person in people:
        held = _keys(data, keys, ring, person)
        with data.transaction():
            # Moving is no act of anybody's: no trigger is to note it.
            data.execute("set local session_replication_role = replica")
            for column in OLD:
                _reseal(data, ring, column, person, held)
            data.execute("delete from person_keys where person_id = %s", [person["person_id"]])
    return len(people)


def _keys(data: Sql, keys: Sql, ring: Keyring, person: Mapping[str, Any]) -> dict[Owner, bytes]:
    """Her keys in their own database, made unless an earlier run has."""
    her = person["person_id"]
    paths = data.execute("select id as subject, org_id as org from paths where person_id = %s", [her])
    shared = data.execute(_SHARED + " and to_organisation_id is not null", [her])
    owners = {Owner(her, person["org_id"])}
    owners |= {Owner(row["subject"], row["org"]) for row in (*paths.fetchall(), *shared.fetchall())}
    with keys.transaction():
        keys.execute("insert into owners values (%s, %s) on conflict do nothing", [her, person["org_id"]])
        for owner in owners:
            made = ring.new_key(owner)
            keys.execute(
                "insert into keys values (%s, %s, %s, %s, %s) on conflict do nothing", [*owner, her, *made]
            )
    found = keys.execute("select * from keys where person_id = %s", [her]).fetchall()
    wrapped = {
        Owner(row["subject_id"], row["org_id"]): Wrapped(row["version"], row["wrapped"]) for row in found
    }
    return {owner: ring.unwrap(key, owner) for owner, key in wrapped.items()}


def _reseal(
    data: Sql, ring: Keyring, column: str, person: Mapping[str, Any], held: Mapping[Owner, bytes]
) -> None:
    table, _, name = column.partition(".")
    also = ", wrapped = null" if column == "disclosure_items.sealed" else ""
    query = sql.SQL(f"update {{}} set {{}} = %s{also} where ctid = %s")
    update = query.format(sql.Identifier(table), sql.Identifier(name))
    for row in data.execute(OLD[column], [person["person_id"]]).fetchall():
        if row["sealed"] is None:
            continue
        plain = unseal(_old_key(ring, row, person), row["sealed"], bound_to=row["was"])
        where = row["row"] + ([row["at"].astimezone(UTC).isoformat()] if "at" in row else [])
        key = held[Owner(row["subject"], row["org"])]
        data.execute(update, [sealed_by(key, plain, bound_to=place(column, row["org"], *where)), row["ctid"]])


def _old_key(ring: Keyring, row: Mapping[str, Any], person: Mapping[str, Any]) -> bytes:
    of_organisation = ring.of_organisation(row["org"])
    if row["under"] == "home":
        return of_organisation
    owner, wrapped = (row["copy"], row["wrapped"]) if row["under"] == "copy" else (person["person_id"], None)
    return unseal(of_organisation, wrapped or person["wrapped"], bound_to=f"key:{owner}")


def main() -> None:
    """Take the addresses and the key from the environment."""
    ring = Keyring({1: from_base64url(os.environ["REFERRALS_SEALING_KEY"])})
    addresses = (os.environ["ADMIN_DATABASE_URL"], os.environ["ADMIN_KEYS_DATABASE_URL"])
    data, keys = (psycopg.connect(one, autocommit=True, row_factory=dict_row) for one in addresses)
    with data, keys:
        sys.stdout.write(f"{move(data, keys, ring)} persons were moved.\n")


if __name__ == "__main__":
    main()

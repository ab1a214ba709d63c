"""What a superuser whom no trigger hinders may do to a chain, as SQL with the chain's name left open."""
# ruff: noqa: S608 - every query is made of the chains' names

from __future__ import annotations

from collections.abc import Mapping

EDIT, GONE, WRONG = "is not what was written", "the row that was bound here is gone", "does not follow"

_ENTRY = "(select entry_id from chain_links where chain = '{chain}' and number = 3)"
_NEXT = "(select entry_id from chain_links where chain = '{chain}' and number = 4)"
_EDIT = f"update {{chain}} set at = at - interval '1 hour' where id = {_ENTRY};"
_DELETE = f"delete from {{chain}} where id = {_ENTRY};"
_UNLINK = "delete from chain_links where chain = '{chain}' and number = 3;"
_DIGEST_ANEW = """
set local timezone = 'UTC';
update chain_links k set digest = digest_of_entry(to_jsonb(t), t.salt) from {chain} t
where k.chain = '{chain}' and k.number = 3 and t.id = k.entry_id;
"""
_MOVE = """
update chain_links set number = number + 100000 where chain = '{{chain}}' and number >= {};
update chain_links set number = number - 100000 + {} where chain = '{{chain}}' and number > 100000;
"""

DAMAGES: Mapping[str, tuple[str, int, str]] = {
    "edit a row": (_EDIT, 3, EDIT),
    "edit a row's salt": (f"update {{chain}} set salt = salt || 'x' where id = {_ENTRY}", 3, EDIT),
    "edit a link": (
        "update chain_links set digest = sha256(digest) where chain = '{chain}' and number = 3",
        3,
        WRONG,
    ),
    "edit a row and its digest": (_EDIT + _DIGEST_ANEW, 3, WRONG),
    "delete the first row": (_DELETE.replace("= 3", "= 1"), 1, GONE),
    "delete a row": (_DELETE, 3, GONE),
    "delete a row and its link": (_DELETE + _UNLINK, 3, "missing"),
    "delete them and close the gap": (_DELETE + _UNLINK + _MOVE.format(4, -1), 3, WRONG),
    "insert a link": (
        _MOVE.format(3, 1)
        + "insert into chain_links select chain, 3, uuidv7(), digest, hash from chain_links"
        + " where chain = '{chain}' and number = 2",
        3,
        WRONG,
    ),
    "swap two rows": (
        f"""
        update {{chain}} set id = '00000000-0000-7000-8000-000000000000' where id = {_ENTRY};
        update {{chain}} set id = {_ENTRY} where id = {_NEXT};
        update {{chain}} set id = {_NEXT} where id = '00000000-0000-7000-8000-000000000000';
        """,
        3,
        EDIT,
    ),
    "swap two links": (
        """
        update chain_links set number = 100007 - number where chain = '{chain}' and number in (3, 4);
        update chain_links set number = number - 100000 where chain = '{chain}' and number > 100000;
        """,
        3,
        WRONG,
    ),
    "forge a signature": (
        "update chain_links set signature = repeat('x', 64)::bytea where chain = '{chain}' and number = 3",
        3,
        "its signature is not the service's",
    ),
}
"""Each damage, the number of the first row that it makes bad, and what is wrong with it."""

BESIDE: Mapping[str, str] = {
    "ledger": """
        insert into ledger (id, record, key, act, from_organisation_id, at, said)
        select uuidv7(), record, key, act, from_organisation_id, at, said from ledger limit 1
    """,
    "access_log": """
        insert into access_log (id, org_id, at, actor_kind, actor_id, read, object_id)
        select uuidv7(), org_id, at, actor_kind, actor_id, read, object_id from access_log limit 1
    """,
}
"""A row that the worker is not told of."""

CUT = """
delete from {chain} where id in (
    select entry_id from chain_links where chain = '{chain}' and number > {left}
);
delete from chain_links where chain = '{chain}' and number > {left};
"""

TURN_BACK = """
update chain_heads h set number = k.number, hash = k.hash, signature = k.signature from chain_links k
where h.chain = '{chain}' and k.chain = '{chain}' and k.number = {left}
"""
"""The head as it stood, signed, at an earlier number."""

FALSE_FIRST = (_EDIT + _DIGEST_ANEW).replace("number = 3", "number = 1")

"""What may be wrong with a wall, read from the catalogue; each check names what it finds."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from deploy.documents.grants_page import rights_of
from deploy.keys import RECORDED
from tests.integration.walls.tenants import (
    DEFINERS,
    EXCUSED_KEYS,
    OWNERS_ALONE,
    READ_BY_ALL,
    TENANT,
    Connection,
    walled,
)

ALL = {"services": list(RECORDED)}
BY_TENANT = re.compile(r"NULLIF\(current_setting\('app\.org'::text, true\), ''::text\)")


def unforced(admin: Connection) -> Iterator[str]:
    """Tables of somebody's things whose policies do not bind everybody."""
    yield from (str(table) for table in walled(admin) if not table.forced)


POLICIES = """
select c.relnamespace::regnamespace::text as service, c.relname as name, p.polname as policy,
    p.polcmd::text as what, p.polpermissive as opens,
    coalesce(pg_get_expr(p.polqual, p.polrelid), '') as shown,
    coalesce(pg_get_expr(p.polwithcheck, p.polrelid), '') as written
from pg_policy p join pg_class c on c.oid = p.polrelid
where p.polpermissive
"""


def loose(admin: Connection) -> Iterator[str]:
    """Policies that do not end up in the tenant, themselves or by a table they ask and whose policies do.

    A restrictive one shows nothing: it can only narrow what others show.
    """
    policies = admin.execute(POLICIES).fetchall()
    guarded = {row.name for row in policies if BY_TENANT.search(row.shown)}
    for row in (one for one in policies if one.opens):
        open_to_all = row.what == "r" and row.name in READ_BY_ALL.get(row.service, {})
        rules = [rule for rule in (row.shown, row.written) if rule]
        name = f"{row.service}.{row.name}: {row.policy}"
        if (
            not open_to_all
            and name not in OWNERS_ALONE
            and not all(_ends_up(rule, guarded) for rule in rules)
        ):
            yield name


def _ends_up(rule: str, guarded: set[str]) -> bool:
    asked = set(re.findall(r"FROM \(*(?:\w+\.)?(\w+)", rule))
    return bool(BY_TENANT.search(rule) or asked & guarded)


UNIQUE = """
select c.relnamespace::regnamespace::text as service, c.relname as name,
    c.relnamespace::regnamespace::text || '.' || x.relname as key,
    array(
        select coalesce(a.attname, '') from unnest(i.indkey::int2[]) with ordinality k(nth, at)
        left join pg_attribute a on a.attrelid = c.oid and a.attnum = k.nth order by at
    ) as columns, i.indisprimary and i.indnkeyatts = 1 as lone
from pg_index i join pg_class c on c.oid = i.indrelid join pg_class x on x.oid = i.indexrelid
where i.indisunique and c.relnamespace::regnamespace::text = any (%(services)s)
"""
REFERENCES = """
select c.relnamespace::regnamespace::text as service, c.relname as name,
    format('%%s.%%s', c.relnamespace::regnamespace, k.conname) as key, false as lone,
    array(select attname::text from pg_attribute where attrelid = c.oid and attnum = k.conkey[1]) as columns
from pg_constraint k join pg_class c on c.oid = k.conrelid
where k.contype = 'f' and c.relnamespace::regnamespace::text = any (%(services)s)
"""


def leaking(admin: Connection) -> Iterator[str]:
    """Keys of tenants' tables that begin with something else and so tell what others have.

    But a lone ``id``: a random number of our own making, which no caller chooses.
    """
    behind = {(table.service, table.name) for table in walled(admin)}
    for row in (*admin.execute(UNIQUE, ALL), *admin.execute(REFERENCES, ALL)):
        own = row.lone and row.columns == ["id"]
        if (row.service, row.name) in behind and not re.match(TENANT, row.columns[0]) and not own:
            yield row.key


def unexcused(admin: Connection) -> Iterator[str]:
    yield from (key for key in leaking(admin) if key not in EXCUSED_KEYS)


VIEWS = """
select c.oid::regclass::text as name from pg_class c
where c.relnamespace::regnamespace::text = any (%(services)s)
    and (c.relkind in ('m', 'f') or c.relkind = 'v'
        and not coalesce('security_invoker=true' = any (c.reloptions), false))
"""


def open_views(admin: Connection) -> Iterator[str]:
    """Views that read past the policies, and those that keep rows."""
    yield from (row.name for row in admin.execute(VIEWS, ALL))


FUNCTIONS = """
select p.oid::regprocedure::text as name, coalesce(array_to_string(p.proconfig, ' '), '') as settings,
    p.prosqlbody is not null as bound
from pg_proc p where p.prosecdef and p.pronamespace::regnamespace::text = any (%(services)s)
"""


def open_functions(admin: Connection) -> Iterator[str]:
    """Functions with their owner's rights that are not known, or may be led elsewhere."""
    for row in admin.execute(FUNCTIONS, ALL):
        if row.name not in DEFINERS or not (row.bound or "search_path=" in row.settings):
            yield row.name


GRANTS = """
select c.relname as name, g.grantee::regrole::text as who, lower(g.privilege_type) as right
from pg_class c, aclexplode(c.relacl) g
where c.relnamespace = %(service)s::regnamespace and c.relkind in ('r', 'p', 'v') and g.grantee <> c.relowner
union
select c.relname, g.grantee::regrole::text, lower(g.privilege_type)
from pg_class c join pg_attribute a on a.attrelid = c.oid, aclexplode(a.attacl) g
where c.relnamespace = %(service)s::regnamespace and g.grantee <> c.relowner
order by 1, 2, 3
"""


def unused_rights(admin: Connection) -> Iterator[str]:
    """Rights that no code uses (``docs/grants.md``), as the revocations that a migration should make."""
    for service in RECORDED:
        used = {(service, table, right) for table, rights in rights_of(service).items() for right in rights}
        used |= {(f"{service}_erasure", "log", right) for right in ("select", "update")}
        for row in admin.execute(GRANTS, {"service": service}):
            reads = row.who == service and row.right == "select"
            if not reads and (row.who, row.name, row.right) not in used:
                yield f"revoke {row.right} on {service}.{row.name} from {row.who}"


ROLES = """
select r.rolname as name from pg_roles r
where r.rolname = any (%(services)s)
    and (r.rolsuper or r.rolbypassrls or r.rolcreaterole or r.rolcreatedb or r.rolreplication
        or has_database_privilege(r.oid, current_database(), 'create')
        or has_schema_privilege(r.oid, 'public', 'create') or has_schema_privilege(r.oid, r.rolname, 'create')
        or exists (select from pg_class where relowner = r.oid)
        or exists (select from pg_proc where proowner = r.oid))
"""


def mighty(admin: Connection) -> Iterator[str]:
    """Services that own something, or may make something or pass the policies by."""
    yield from (row.name for row in admin.execute(ROLES, ALL))


CHECKS: tuple[Callable[[Connection], Iterator[str]], ...] = (
    unforced, loose, unexcused, open_views, open_functions, unused_rights, mighty,
)  # fmt: skip

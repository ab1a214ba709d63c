"""Offerings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from psycopg.types.json import Jsonb
from pydantic_core import to_json

from shared.database import Connection
from shared.errors import Invalid

from ..domain.offering import Offering
from . import rows, words
from .offering_rows import COLUMNS, STORED, as_offering, row_of

_ONE = f"select {COLUMNS} from offerings where id = %s"  # noqa: S608 - made of constants alone

_ADD = """
insert into offerings (id, organisation_id, team_id, name, kind, needs, themes, areas, languages,
    age_from, age_to, required_fields, sensitive, available, maximum, waiting, capacity_updated_at,
    answer_promise_days, status, version, description, access, eligibility, eligibility_version,
    protective_factors, leads_to, protected_place, door, paused_until, resumes_as, confirmed_at, confirmed_by,
    imported)
values (%(id)s, %(organisation_id)s, %(team_id)s, %(name)s, %(kind)s, %(needs)s, %(themes)s, %(areas)s,
    %(languages)s, %(age_from)s, %(age_to)s, %(required_fields)s, %(sensitive)s, %(available)s, %(maximum)s,
    %(waiting)s, %(capacity_updated_at)s, %(answer_promise_days)s, %(status)s, %(version)s, %(description)s,
    %(access)s, %(eligibility)s, %(eligibility_version)s, %(protective_factors)s, %(leads_to)s,
    %(protected_place)s, %(door)s, %(paused_until)s, %(resumes_as)s, %(confirmed_at)s, %(confirmed_by)s,
    %(imported)s)
"""

_SAVE = """
update offerings set
    team_id = %(team_id)s, name = %(name)s, kind = %(kind)s, needs = %(needs)s, themes = %(themes)s,
    areas = %(areas)s, languages = %(languages)s, age_from = %(age_from)s, age_to = %(age_to)s,
    required_fields = %(required_fields)s, sensitive = %(sensitive)s, available = %(available)s,
    maximum = %(maximum)s, waiting = %(waiting)s, capacity_updated_at = %(capacity_updated_at)s,
    answer_promise_days = %(answer_promise_days)s, status = %(status)s, version = %(version)s,
    description = %(description)s, access = %(access)s, eligibility = %(eligibility)s,
    eligibility_version = %(eligibility_version)s, protective_factors = %(protective_factors)s,
    leads_to = %(leads_to)s, protected_place = %(protected_place)s, door = %(door)s,
    paused_until = %(paused_until)s, resumes_as = %(resumes_as)s, confirmed_at = %(confirmed_at)s,
    confirmed_by = %(confirmed_by)s, imported = %(imported)s, modified_at = app_now()
where id = %(id)s
"""


_LEADS = """
with recursive onward (id) as (
    select unnest(%(leads_to)s::uuid[])
    union
    select unnest(o.leads_to) from offerings o join onward n on n.id = o.id
)
select
    exists (select from onward where id = %(id)s) as back,
    (select count(*) from offerings where id = any (%(leads_to)s)) as known
"""


_ADD_ALL = f"""
insert into offerings ({STORED})
select {STORED} from jsonb_populate_recordset(null::offerings, %s)
"""  # noqa: S608 - made of constants alone


async def load(sql: Connection, offering_id: UUID) -> Offering:
    return as_offering(await rows.one(sql, _ONE, offering_id))


async def add(sql: Connection, offering: Offering) -> None:
    await sql.execute(_ADD, row_of(offering))
    await words.learn(sql, offering.name, offering.description)


async def add_all(sql: Connection, offerings: Sequence[Offering]) -> None:
    """Add many by one statement."""
    said = [
        {name: value.obj if isinstance(value, Jsonb) else value for name, value in row_of(one).items()}
        for one in offerings
    ]
    await sql.execute(_ADD_ALL, [Jsonb(said, dumps=to_json)])
    await words.learn(sql, *(text for one in offerings for text in (one.name, one.description)))


async def imported(sql: Connection, organisation_id: UUID) -> dict[UUID, Offering]:
    """What an organisation has read from others' directories, by the publishers' ids."""
    query = f"select {COLUMNS} from offerings where organisation_id = %s and imported is not null"  # noqa: S608
    rows = await (await sql.execute(query.encode(), [organisation_id])).fetchall()
    return {UUID(row["imported"]["service_id"]): as_offering(row) for row in rows}


async def which_exist(sql: Connection, ids: Iterable[UUID]) -> set[UUID]:
    rows = await sql.execute("select id from offerings where id = any (%s)", [[*ids]])
    return {row["id"] async for row in rows}


async def save(sql: Connection, offering: Offering) -> None:
    await sql.execute(_SAVE, row_of(offering))
    await words.learn(sql, offering.name, offering.description)


async def must_lead_on(sql: Connection, offering: Offering) -> None:
    """Raise ``Invalid`` for edges that lead to nothing, or in the end back to the offering."""
    if not offering.leads_to:
        return
    # Two organisations at once could each close the other's half of a circle.
    await sql.execute("select pg_advisory_xact_lock(hashtext('leads_to'))")
    values = {"id": offering.id, "leads_to": [*offering.leads_to]}
    row = await (await sql.execute(_LEADS, values)).fetchone()
    assert row is not None  # noqa: S101 - a select without from
    if row["known"] < len(offering.leads_to):
        raise Invalid(errors=[{"field": "leads_to", "message": "It leads to an offering that there is not."}])
    if row["back"]:
        raise Invalid(errors=[{"field": "leads_to", "message": "It leads back to this offering."}])

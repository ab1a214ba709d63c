"""Imports, the rows they came with, and what is wrong with those; each organisation's own."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from psycopg.rows import DictRow
from psycopg.types.json import Json

from shared.database import Connection
from shared.ids import new_id

from ..domain.hsds_files import Batch
from ..domain.hsds_whole import Found
from ..domain.imports import Import, State
from . import rows

_ADD = """
insert into imports (organisation_id, id, team_id, state, form, made_by, made_at, package, sample, version)
values (%(organisation_id)s, %(id)s, %(team_id)s, %(state)s, %(form)s, %(made_by)s, %(made_at)s, %(package)s,
    %(sample)s, %(version)s)
"""

_SAVE = """
update imports set state = %(state)s, package = %(package)s, rows = %(rows)s, checked = %(checked)s,
    bad = %(bad)s, left_out = %(left_out)s, published = %(published)s, changed = %(changed)s,
    sample = %(sample)s, written_at = %(written_at)s, version = %(version)s
where organisation_id = %(organisation_id)s and id = %(id)s
"""

_ADD_BATCH = """
insert into import_batches (organisation_id, import_id, nth, file, header, numbers, rows)
values (%s, %s, %s, %s, %s, %s, %s)
"""

_ADD_FAULTS = """
insert into import_faults (organisation_id, id, import_id, file, row, field, message)
select %s, id, %s, file, row, field, message
from unnest(%s::uuid[], %s::text[], %s::int[], %s::text[], %s::text[])
    as fault (id, file, row, field, message)
"""


@dataclass(frozen=True, slots=True)
class Kept:
    """A batch as it is kept, and which of its rows are left out."""

    nth: int
    batch: Batch
    skipped: frozenset[int]


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a field of a row."""

    id: UUID
    file: str
    row: int
    field: str
    message: str


def as_import(row: DictRow) -> Import:
    return Import(**{**row, "state": State(row["state"]), "sample": tuple(row["sample"])})


def as_fault(row: DictRow) -> Fault:
    return Fault(row["id"], row["file"], row["row"], row["field"], row["message"])


async def load(sql: Connection, import_id: UUID) -> Import:
    """One of the tenant's; raises ``NotFound``."""
    return as_import(await rows.one(sql, "select * from imports where id = %s", import_id))


async def add(sql: Connection, new: Import, content: bytes) -> None:
    await sql.execute(_ADD, _row(new))
    await sql.execute(
        "insert into import_files (organisation_id, import_id, content) values (%s, %s, %s)",
        (new.organisation_id, new.id, content),
    )


async def save(sql: Connection, one: Import) -> None:
    await sql.execute(_SAVE, _row(one))


def _row(one: Import) -> Mapping[str, Any]:
    package = Json(one.package) if one.package is not None else None
    return asdict(one) | {"package": package, "sample": Json([*one.sample])}


async def content_of(sql: Connection, one: Import) -> bytes:
    query = "select content from import_files where organisation_id = %s and import_id = %s"
    row = await rows.one(sql, query, one.organisation_id, one.id)
    content: bytes = row["content"]
    return content


async def forget_file(sql: Connection, one: Import) -> None:
    await sql.execute(
        "delete from import_files where organisation_id = %s and import_id = %s",
        (one.organisation_id, one.id),
    )


async def forget_rows(sql: Connection, one: Import) -> None:
    """Drop what a directory holds that will not be written."""
    of = (one.organisation_id, one.id)
    await sql.execute("delete from import_batches where organisation_id = %s and import_id = %s", of)
    await sql.execute("delete from import_faults where organisation_id = %s and import_id = %s", of)


async def add_batch(sql: Connection, one: Import, nth: int, batch: Batch) -> None:
    values = (
        one.organisation_id,
        one.id,
        nth,
        batch.file,
        [*batch.header],
        [*batch.numbers],
        _text(batch.rows),
    )
    await sql.execute(_ADD_BATCH, values)


def _text(said: Sequence[Any]) -> Json:
    return Json([*said], dumps=lambda value: json.dumps(value, ensure_ascii=True, separators=(",", ":")))


async def next_unchecked(sql: Connection, one: Import) -> Kept | None:
    query = (
        "select * from import_batches where organisation_id = %s and import_id = %s and not checked"
        " order by nth limit 1"
    )
    row = await rows.first(sql, query, one.organisation_id, one.id)
    return _as_kept(row) if row else None


def _as_kept(row: DictRow) -> Kept:
    batch = Batch(
        file=row["file"], header=tuple(row["header"]), numbers=tuple(row["numbers"]), rows=tuple(row["rows"])
    )
    return Kept(row["nth"], batch, frozenset(row["skipped"]))


async def every_batch(sql: Connection, one: Import) -> AsyncIterator[Kept]:
    """One after the other, so that no more than one is held."""
    nth: int | None = -1
    query = (
        "select * from import_batches where organisation_id = %s and import_id = %s and nth > %s"
        " order by nth limit 1"
    )
    while nth is not None:
        row = await rows.first(sql, query, one.organisation_id, one.id, nth)
        nth = row["nth"] if row else None
        if row:
            yield _as_kept(row)


async def note_checked(sql: Connection, one: Import, nth: int) -> None:
    await sql.execute(
        "update import_batches set checked = true where organisation_id = %s and import_id = %s and nth = %s",
        (one.organisation_id, one.id, nth),
    )


async def skip(sql: Connection, one: Import, nth: int, numbers: Sequence[int]) -> None:
    await sql.execute(
        "update import_batches set skipped = %s where organisation_id = %s and import_id = %s and nth = %s",
        ([*numbers], one.organisation_id, one.id, nth),
    )


async def add_faults(sql: Connection, one: Import, faults: Iterable[Found]) -> None:
    found = [*faults]
    if found:
        columns = (
            sorted(new_id() for _ in found),
            [fault.place[0] for fault in found],
            [fault.place[1] for fault in found],
            [fault.field for fault in found],
            [fault.message for fault in found],
        )
        await sql.execute(_ADD_FAULTS, (one.organisation_id, one.id, *columns))


async def bad_places(sql: Connection, one: Import) -> set[tuple[str, int]]:
    """The rows that have a fault."""
    found = await sql.execute(
        "select distinct file, row from import_faults where organisation_id = %s and import_id = %s",
        (one.organisation_id, one.id),
    )
    return {(row["file"], row["row"]) async for row in found}

"""Imports, what is wrong with them, and the directory as it goes out again."""

from __future__ import annotations

import io
import json
import zipfile
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from psycopg.rows import DictRow

from shared.database import Connection

from ..domain import hsds_terms as terms
from ..domain.hsds_files import PACKAGE, Batch, meant, table_text
from ..domain.hsds_services import Listed, whole_service
from ..domain.hsds_tables import BY_FILE, TABLES, Nest, Row, flat, text_of
from ..domain.imports import Import
from ..domain.offering import Offering
from ..store import imports as store
from ..store import organisations
from ..store.imports import Fault, as_fault, as_import
from ..store.offering_rows import COLUMNS, as_offering
from .lists import Part, Span, part_of

_OWN = f"select {COLUMNS}, modified_at from offerings where organisation_id = %s order by id"  # noqa: S608
_WRITTEN = "select * from imports where organisation_id = %s and state = 'written' order by written_at desc"


async def imports(sql: Connection, span: Span) -> Part[Import]:
    """The tenant's, oldest first."""
    return await part_of(sql, "select * from imports where true", {}, span, as_import)


async def faults(sql: Connection, span: Span, import_id: UUID) -> Part[Fault]:
    await store.load(sql, import_id)
    query = "select * from import_faults where import_id = %(import_id)s"
    return await part_of(sql, query, {"import_id": import_id}, span, as_fault)


@dataclass(slots=True)
class Directory:
    """All that an organisation publishes: its own and what it has read, the newest word of each."""

    package: dict[str, Any] = field(default_factory=dict)
    headers: dict[str, dict[str, None]] = field(default_factory=dict)
    rows: dict[str, dict[str, Mapping[str, str]]] = field(default_factory=dict)
    documents: dict[str, dict[str, Any]] = field(default_factory=dict)

    def add_row(self, file: str, header: Iterable[str], values: Mapping[str, str], place: str) -> None:
        """Keep a row unless a newer one of its id is there."""
        self.headers.setdefault(file, {}).update(dict.fromkeys(header))
        self.rows.setdefault(file, {}).setdefault(values.get("id") or place, values)

    def add_document(self, document: dict[str, Any]) -> None:
        self.documents.setdefault(str(document.get("id")).lower(), document)

    def zipped(self) -> bytes:
        """As a tabular data package; what came as a document is in the tables too."""
        for document in self.documents.values():
            for row in flat("service", document):
                values = {name: text_of(value) for name, value in row.values.items()}
                self.add_row(TABLES[row.table].file, values, values, f"{document.get('id')}{row.path}")
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
            for file, header in self.headers.items():
                rows = ([values.get(name, "") for name in header] for values in self.rows[file].values())
                archive.writestr(file, table_text([*header], rows))
            archive.writestr(PACKAGE, json.dumps(self._described(), ensure_ascii=False, indent=1))
        return packed.getvalue()

    def _described(self) -> dict[str, Any]:
        said = {one.get("path"): one for one in self.package.get("resources", []) if isinstance(one, dict)}
        resources = [said.get(file) or _resource(file, header) for file, header in self.headers.items()]
        usual = {"name": "human_services_data", "profile": "tabular-data-package"}
        return {**usual, **self.package, "resources": resources}

    def services(self) -> bytes:
        """As nested services; what came in tables is put together."""
        rows = (
            Row(BY_FILE[file], _filled(one))
            for file in self.rows
            if file in BY_FILE
            for one in self.rows[file].values()
        )
        found = [*self.documents.values(), *Nest(rows).services()]
        return json.dumps({"services": found}, ensure_ascii=False, default=str).encode()


def _filled(values: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in values.items() if value != ""}


def _resource(file: str, header: Iterable[str]) -> dict[str, Any]:
    name = BY_FILE.get(file, file.removesuffix(".csv"))
    fields = [{"name": one, "type": "string"} for one in header]
    return {"name": name, "path": file, "profile": "tabular-data-resource", "schema": {"fields": fields}}


async def directory(sql: Connection, organisation_id: UUID) -> Directory:
    """The organisation's whole directory, to go out."""
    found = Directory()
    whose = await organisations.load(sql, organisation_id)
    read: dict[str, Offering] = {}
    own: list[Listed] = []
    async for row in await sql.execute(_OWN.encode(), [organisation_id]):
        offering = as_offering(row)
        if offering.imported is not None:
            read[str(offering.imported.service_id)] = offering
        else:
            own.append(Listed(offering=offering, organisation=whose, modified_at=row["modified_at"]))
    for one in await _written(sql, organisation_id):
        found.package = found.package or one.package or {}
        again: Counter[str] = Counter()
        async for batch, cells in _good_rows(sql, one):
            _add(found, batch, cells, read, again)
    for listed in own:
        found.add_document(json.loads(json.dumps(whole_service(listed), default=_said)))
    return found


def _said(value: Any) -> str:
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


async def _written(sql: Connection, organisation_id: UUID) -> list[Import]:
    rows: list[DictRow] = await (await sql.execute(_WRITTEN, [organisation_id])).fetchall()
    return [*map(as_import, rows)]


async def _good_rows(sql: Connection, one: Import) -> AsyncIterator[tuple[Batch, Any]]:
    async for kept in store.every_batch(sql, one):
        for number, cells in zip(kept.batch.numbers, kept.batch.rows, strict=True):
            if number not in kept.skipped:
                yield kept.batch, cells


def _add(
    found: Directory, batch: Batch, cells: Any, read: Mapping[str, Offering], again: Counter[str]
) -> None:
    """Keep a row; one without an id is the same as one that says the same, as often as that is said."""
    if not batch.header:
        found.add_document(cells | _altered_here(cells, read))
        return
    values = dict(zip(batch.header, map(meant, cells), strict=True))
    if BY_FILE.get(batch.file) == "service":
        values |= {name: text_of(said) for name, said in _altered_here(values, read).items()}
    place = f"{batch.file} {[*map(meant, cells)]}"
    again[place] += 1
    found.add_row(batch.file, batch.header, values, f"{place} {again[place]}")


def _altered_here(service: Mapping[str, Any], read: Mapping[str, Offering]) -> dict[str, Any]:
    """What of a service was altered here since it was read."""
    offering = read.get(text_of(service.get("id")).lower())
    if offering is None:
        return {}
    altered: dict[str, Any] = {}
    if text_of(service.get("name")).strip() != offering.name:
        altered["name"] = offering.name
    if terms.STATUS_READ.get(text_of(service.get("status"))) != offering.status:
        altered["status"] = terms.STATUS[offering.status]
    ages = {"minimum_age": offering.age_from, "maximum_age": offering.age_to}
    return altered | {column: age for column, age in ages.items() if not _same(service.get(column), age)}


def _same(said: Any, age: int | None) -> bool:
    return age is None if said in {None, ""} else float(said) == age

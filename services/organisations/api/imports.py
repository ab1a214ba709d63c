"""Directories that are read in from others, and the own one that goes out, by HSDS 3.0.

An import belongs to the organisation of whoever sends it: no route names another.
"""

from __future__ import annotations

import asyncio
from enum import StrEnum
from typing import Any
from uuid import UUID

from fastapi import APIRouter, Request, Response

from shared.errors import Invalid
from shared.http import IfMatch, Instant, Nothing, Page, Route, Tx, created, for_roles, versioned

from ..commands import imports as commands
from ..domain import rights
from ..domain.hsds_files import MOST_BYTES
from ..domain.imports import IMPORTS, Import, ImportNotReady, State, must_import
from ..queries import imports as queries
from ..store import imports as store
from .shapes import Seen, Spanning, location

router = APIRouter(route_class=Route, tags=["imports"])

LARGER = {"/imports": MOST_BYTES}
"""Which route takes more than every other, and how many bytes."""

ROLES, DECIDED = for_roles(*IMPORTS), for_roles(*IMPORTS, refuses=[ImportNotReady])
FILE: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}

EXPORTED: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The directory",
        "content": {
            "application/zip": {"schema": {"type": "string", "format": "binary"}},
            "application/json": {
                "schema": {
                    "type": "object",
                    "properties": {"services": {"type": "array", "items": {"type": "object"}}},
                }
            },
        },
    }
}


class Form(StrEnum):
    """A zip of tables with their ``datapackage.json``, or services as JSON."""

    TABULAR = "tabular"
    JSON = "json"


class SampleSeen(Seen):
    """A service that the import would write."""

    file: str
    row: int
    name: str


class ImportSeen(Seen):
    """An import, and how far it is.

    ``bad`` rows have a fault of their own, ``left_out`` belong to such; ``published`` and ``changed`` are the
    offerings that it would make and those that it has made before, and once written what it did.
    """

    id: UUID
    version: int
    team_id: UUID
    state: State
    form: Form
    made_at: Instant
    written_at: Instant | None
    rows: int
    checked: int
    good: int
    bad: int
    left_out: int
    published: int
    changed: int
    sample: list[SampleSeen]


class FaultSeen(Seen):
    """What is wrong with a field of a row; as in a spreadsheet the heading of a table is its row 1."""

    id: UUID
    file: str
    row: int
    field: str
    message: str


@router.post("/imports", status_code=201, openapi_extra=ROLES | FILE)
async def begin(team_id: UUID, request: Request, tx: Tx, response: Response) -> ImportSeen:
    """Send a directory of at most 16 MB: a zip of HSDS tables, or services as JSON or in lines.

    What it is is seen from its first bytes.  It is read and checked in a while, and nothing is written
    before it is confirmed.  The team answers for what is read; nobody can refer to it.
    """
    content = await request.body()
    if not content:
        raise Invalid(errors=[{"field": "body", "message": "Field required"}])
    begun = await commands.begin(tx, team_id=team_id, content=content)
    created(response, location("imports", begun.id), begun.version)
    return ImportSeen.model_validate(begun)


@router.get("/imports", openapi_extra=ROLES)
async def all_imports(tx: Tx, span: Spanning) -> Page[ImportSeen]:
    """What one's own organisation has sent, oldest first."""
    must_import(tx.actor)
    part = await queries.imports(tx.sql, span)
    return Page(items=[*map(ImportSeen.model_validate, part.items)], next=part.next)


@router.get("/imports/{import_id}", openapi_extra=ROLES)
async def one_import(import_id: UUID, tx: Tx, response: Response) -> ImportSeen:
    """One, as far as it is."""
    found = await store.load(tx.sql, import_id)
    must_import(tx.actor)
    return _shown(found, response)


@router.get("/imports/{import_id}/faults", openapi_extra=ROLES)
async def faults(import_id: UUID, tx: Tx, span: Spanning) -> Page[FaultSeen]:
    """What is wrong with which field of which row."""
    part = await queries.faults(tx.sql, span, import_id)
    must_import(tx.actor)
    return Page(items=[*map(FaultSeen.model_validate, part.items)], next=part.next)


@router.post("/imports/{import_id}/confirm", openapi_extra=DECIDED)
async def confirm(import_id: UUID, _: Nothing, if_match: IfMatch, tx: Tx, response: Response) -> ImportSeen:
    """Have all that is good of it written, in one transaction; what is bad is left out."""
    return _shown(await commands.confirm(tx, import_id, seen=if_match), response)


@router.post("/imports/{import_id}/discard", openapi_extra=DECIDED)
async def discard(import_id: UUID, _: Nothing, if_match: IfMatch, tx: Tx, response: Response) -> ImportSeen:
    """Put it away; what it held is forgotten."""
    return _shown(await commands.discard(tx, import_id, seen=if_match), response)


@router.get("/exports", response_class=Response, responses=EXPORTED, openapi_extra=ROLES)
async def export(tx: Tx, form: Form = Form.TABULAR) -> Response:
    """The own organisation's directory, what it has read from others with every field that came."""
    must_import(tx.actor)
    found = await queries.directory(tx.sql, rights.home_of(tx.actor))
    # Packing takes seconds where there is much, and everybody else would wait.
    if form is Form.JSON:
        return Response(await asyncio.to_thread(found.services), media_type="application/json")
    packed = await asyncio.to_thread(found.zipped)
    headers = {"Content-Disposition": 'attachment; filename="hsds.zip"'}
    return Response(packed, media_type="application/zip", headers=headers)


def _shown(one: Import, response: Response) -> ImportSeen:
    versioned(response, one.version)
    return ImportSeen.model_validate(one)

"""Offerings."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from psycopg.rows import DictRow
from psycopg.types.json import Jsonb

from shared.database import Connection
from shared.events.base import Area, ItemClass, ItemField, NeedCode, Theme
from shared.events.organisations import OfferingKind, OfferingStatus

from ..domain.offering import Capacity, Offering, RequiredField
from . import rows

_ADD = """
insert into offerings (id, organisation_id, team_id, name, kind, needs, themes, areas, languages,
    age_from, age_to, required_fields, sensitive, available, maximum, capacity_updated_at,
    answer_promise_days, status, version)
values (%(id)s, %(organisation_id)s, %(team_id)s, %(name)s, %(kind)s, %(needs)s, %(themes)s, %(areas)s,
    %(languages)s, %(age_from)s, %(age_to)s, %(required_fields)s, %(sensitive)s, %(available)s, %(maximum)s,
    %(capacity_updated_at)s, %(answer_promise_days)s, %(status)s, %(version)s)
"""

_SAVE = """
update offerings set (team_id, name, kind, needs, themes, areas, languages,
    age_from, age_to, required_fields, sensitive, available, maximum, capacity_updated_at,
    answer_promise_days, status, version)
= (%(team_id)s, %(name)s, %(kind)s, %(needs)s, %(themes)s, %(areas)s, %(languages)s,
    %(age_from)s, %(age_to)s, %(required_fields)s, %(sensitive)s, %(available)s, %(maximum)s,
    %(capacity_updated_at)s, %(answer_promise_days)s, %(status)s, %(version)s)
where id = %(id)s
"""


def as_offering(row: DictRow) -> Offering:
    return Offering(
        id=row["id"],
        organisation_id=row["organisation_id"],
        team_id=row["team_id"],
        name=row["name"],
        kind=OfferingKind(row["kind"]),
        needs=tuple(map(NeedCode, row["needs"])),
        themes=tuple(map(Theme, row["themes"])),
        areas=tuple(map(Area, row["areas"])),
        languages=tuple(row["languages"]),
        age_from=row["age_from"],
        age_to=row["age_to"],
        required_fields=tuple(map(_as_required, row["required_fields"])),
        sensitive=row["sensitive"],
        capacity=Capacity(
            available=row["available"], maximum=row["maximum"], updated_at=row["capacity_updated_at"]
        ),
        answer_promise_days=row["answer_promise_days"],
        status=OfferingStatus(row["status"]),
        version=row["version"],
    )


def _as_required(said: dict[str, str]) -> RequiredField:
    return RequiredField(field=ItemField(said["field"]), item_class=ItemClass(said["class"]), why=said["why"])


def _as_row(offering: Offering) -> dict[str, Any]:
    return {
        "id": offering.id,
        "organisation_id": offering.organisation_id,
        "team_id": offering.team_id,
        "name": offering.name,
        "kind": offering.kind,
        "needs": [*offering.needs],
        "themes": [*offering.themes],
        "areas": [*offering.areas],
        "languages": [*offering.languages],
        "age_from": offering.age_from,
        "age_to": offering.age_to,
        "required_fields": Jsonb(
            [{"field": r.field, "class": r.item_class, "why": r.why} for r in offering.required_fields]
        ),
        "sensitive": offering.sensitive,
        "available": offering.capacity.available,
        "maximum": offering.capacity.maximum,
        "capacity_updated_at": offering.capacity.updated_at,
        "answer_promise_days": offering.answer_promise_days,
        "status": offering.status,
        "version": offering.version,
    }


async def load(sql: Connection, offering_id: UUID) -> Offering:
    return as_offering(await rows.one(sql, "select * from offerings where id = %s", offering_id))


async def add(sql: Connection, offering: Offering) -> None:
    await sql.execute(_ADD, _as_row(offering))


async def save(sql: Connection, offering: Offering) -> None:
    await sql.execute(_SAVE, _as_row(offering))

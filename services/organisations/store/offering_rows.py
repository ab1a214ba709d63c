"""An offering as a row, and a row as an offering."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any
from uuid import UUID

from psycopg.rows import DictRow
from psycopg.types.json import Jsonb

from shared.events.base import Area, ItemClass, ItemField, NeedCode, Theme
from shared.events.organisations import Access, EligibilityRule, OfferingKind, OfferingStatus

from ..domain.capacity import Capacity
from ..domain.codes import ProtectiveFactor
from ..domain.door import Door, Hours
from ..domain.observed import Observed
from ..domain.offering import Imported, Offering
from ..domain.required import RequiredField

STORED = """
id, organisation_id, team_id, name, kind, needs, themes, areas, languages, age_from, age_to, required_fields,
sensitive, available, maximum, waiting, capacity_updated_at, answer_promise_days, status, version,
description, access, eligibility, eligibility_version, protective_factors, leads_to, protected_place, door,
paused_until, resumes_as, confirmed_at, confirmed_by, imported
"""
"""All but what only a search reads."""

OPEN_TO_ALL = "kind in ('open', 'open_door') and status not in ('paused', 'ended') and not protected_place"
"""What anybody may read without signing in: nothing of a place that is kept secret."""

COLUMNS = f"{STORED}, observed_of(id) as observed"
"""What an offering is made of, what answers say of it included."""


def as_offering(row: DictRow) -> Offering:
    observed = _as_observed(row["observed"])
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
        capacity=observed.newest(_as_capacity(row)),
        answer_promise_days=row["answer_promise_days"],
        status=OfferingStatus(row["status"]),
        version=row["version"],
        waiting=row["waiting"],
        description=row["description"],
        access=tuple(map(Access, row["access"])),
        eligibility=tuple(map(EligibilityRule.model_validate, row["eligibility"])),
        eligibility_version=row["eligibility_version"],
        protective_factors=tuple(map(ProtectiveFactor, row["protective_factors"])),
        leads_to=tuple(row["leads_to"]),
        protected_place=row["protected_place"],
        door=_as_door(row["door"]) if row["door"] else None,
        paused_until=row["paused_until"],
        resumes_as=OfferingStatus(row["resumes_as"]) if row["resumes_as"] else None,
        confirmed_at=row["confirmed_at"],
        confirmed_by=row["confirmed_by"],
        imported=_as_imported(row["imported"]) if row["imported"] else None,
        observed=observed,
        held=row["observed"]["held"],
    )


def _as_observed(said: dict[str, Any]) -> Observed:
    return Observed(
        accepted=said["accepted"],
        full=said["full"],
        full_at=datetime.fromisoformat(said["full_at"]) if said["full_at"] else None,
        places_left=said["places_left"],
    )


def _as_required(said: dict[str, str]) -> RequiredField:
    return RequiredField(field=ItemField(said["field"]), item_class=ItemClass(said["class"]), why=said["why"])


def _as_capacity(row: DictRow) -> Capacity:
    return Capacity(
        available=row["available"],
        maximum=row["maximum"],
        updated_at=row["capacity_updated_at"],
    )


def _as_imported(said: dict[str, Any]) -> Imported:
    return Imported(
        service_id=UUID(said["service_id"]),
        provider=said["provider"],
        at=datetime.fromisoformat(said["at"]),
    )


def _as_door(said: dict[str, Any]) -> Door:
    hours = (
        Hours(
            weekday=one["weekday"],
            opens=time.fromisoformat(one["opens"]),
            closes=time.fromisoformat(one["closes"]),
        )
        for one in said["hours"]
    )
    return Door(address=said["address"], hours=tuple(hours))


def row_of(offering: Offering) -> dict[str, Any]:
    return {
        **_plain(offering),
        "needs": [*offering.needs],
        "themes": [*offering.themes],
        "areas": [*offering.areas],
        "languages": [*offering.languages],
        "access": [*offering.access],
        "protective_factors": [*offering.protective_factors],
        "leads_to": [*offering.leads_to],
        "required_fields": Jsonb(
            [{"field": r.field, "class": r.item_class, "why": r.why} for r in offering.required_fields]
        ),
        "eligibility": Jsonb(
            [rule.model_dump(mode="json", exclude_defaults=True) for rule in offering.eligibility]
        ),
        "door": _door_of(offering.door) if offering.door else None,
        "imported": _imported_of(offering.imported) if offering.imported else None,
        "available": offering.capacity.available,
        "maximum": offering.capacity.maximum,
        "capacity_updated_at": offering.capacity.updated_at,
    }


_PLAIN = (
    "id", "organisation_id", "team_id", "name", "kind", "age_from", "age_to", "sensitive",
    "answer_promise_days", "status", "version", "waiting", "description", "eligibility_version",
    "protected_place", "paused_until", "resumes_as", "confirmed_at", "confirmed_by",
)  # fmt: skip


def _plain(offering: Offering) -> dict[str, Any]:
    """What a column holds as it is."""
    return {name: getattr(offering, name) for name in _PLAIN}


def _imported_of(imported: Imported) -> Jsonb:
    return Jsonb(
        {
            "service_id": str(imported.service_id),
            "provider": imported.provider,
            "at": imported.at.isoformat(),
        }
    )


def _door_of(door: Door) -> Jsonb:
    hours = [
        {
            "weekday": one.weekday,
            "opens": one.opens.isoformat("minutes"),
            "closes": one.closes.isoformat("minutes"),
        }
        for one in door.hours
    ]
    return Jsonb({"address": door.address, "hours": hours})

"""Services of another's directory as offerings here, by the table of `hsds_terms`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from typing import Any, TypeVar
from uuid import UUID

from shared.events.base import Area, NeedCode, Theme
from shared.events.organisations import Access, OfferingKind, OfferingStatus

from . import hsds_terms as terms
from .capacity import Capacity
from .codes import ProtectiveFactor
from .days import STOCKHOLM
from .door import Door, Hours, looks_protected
from .hsds_checks import leads_to
from .hsds_tables import Row, Values, text_of
from .languages import LANGUAGES
from .offering import Imported, Offering
from .organisation import Changes

Code = TypeVar("Code")

LONGEST = 2000
"""Of a longer description the first so many characters are searched and shown; the record keeps it whole."""

_PARTS = {
    "language": "service_id",
    "service_area": "service_id",
    "schedule": "service_id",
    "service_at_location": "service_id",
    "attribute": "link_id",
    "address": "location_id",
}
_OURS = {str(id): (term.taxonomy, term.code) for id, term in terms.BY_ID.items()}
_AREAS = {str(area): area for area in terms.AREA_NAMES}
_AREAS_BY_NAME = {name.casefold(): area for area, name in terms.AREA_NAMES.items()}


@dataclass(slots=True)
class Parts:
    """The rows that services are made of besides their own."""

    names: dict[str, str] = field(default_factory=dict)
    of: dict[tuple[str, str], list[Values]] = field(default_factory=lambda: defaultdict(list))
    codes: dict[str, tuple[str, str]] = field(default_factory=dict)

    def keep(self, rows: Iterable[Row]) -> None:
        for row in rows:
            id = text_of(row.values.get("id")).lower()
            if row.table == "organization":
                self.names[id] = text_of(row.values.get("name"))
            elif row.table == "taxonomy_term" and (code := _our_code(row.values)):
                self.codes[id] = code
            elif row.table in _PARTS:
                self.of[row.table, text_of(row.values.get(_PARTS[row.table])).lower()].append(row.values)

    def terms(self, service: str, taxonomy: str, kind: type[Code]) -> tuple[Code, ...]:
        """The service's codes of one of our taxonomies."""
        ids = (text_of(one.get("taxonomy_term_id")).lower() for one in self.of["attribute", service])
        found = (self.codes.get(id) or _OURS.get(id) for id in ids)
        return tuple(dict.fromkeys(kind(code) for of, code in filter(None, found) if of == taxonomy))  # type: ignore[call-arg]


def _our_code(term: Values) -> tuple[str, str] | None:
    """Ours by its id, or by its taxonomy's name and its code."""
    try:
        known = terms.BY_ID.get(UUID(text_of(term.get("id"))))
    except ValueError:
        return None
    if known is not None:
        return known.taxonomy, known.code
    said = (text_of(term.get("taxonomy")), text_of(term.get("code")))
    return said if said in terms.TERMS else None


def changes_by(service: Values, parts: Parts, *, at: datetime, leads: Mapping[str, UUID]) -> dict[str, Any]:
    """An offering's fields as the service says them."""
    id = text_of(service["id"]).lower()
    texts = (text_of(service.get("name")), text_of(service.get("description")))
    protected = looks_protected(texts)
    return {
        "name": texts[0].strip(),
        "description": texts[1]
        .replace("\r\n", "\n")
        .replace("\r", "\n")
        .replace("\t", " ")[:LONGEST]
        .strip(),
        "status": terms.STATUS_READ.get(text_of(service.get("status")), OfferingStatus.EXISTING),
        "age_from": _whole(service.get("minimum_age")),
        "age_to": _whole(service.get("maximum_age")),
        "languages": _languages(parts.of["language", id]),
        "areas": _areas(parts.of["service_area", id]),
        "needs": parts.terms(id, "need", NeedCode),
        "themes": parts.terms(id, "theme", Theme),
        "access": parts.terms(id, "access", Access),
        "protective_factors": parts.terms(id, "protective_factor", ProtectiveFactor),
        "leads_to": tuple(dict.fromkeys(leads[one.lower()] for one in leads_to(service))),
        "protected_place": protected,
        "door": None if protected else _door(id, parts),
        "confirmed_at": _assured(service, at),
        "imported": Imported(
            service_id=UUID(id),
            provider=parts.names.get(text_of(service.get("organization_id")).lower()),
            at=at,
        ),
    }


def offering_of(changes: Changes, *, id: UUID, organisation_id: UUID, team_id: UUID) -> Offering:
    """A new offering: one goes there by oneself, for nobody here receives."""
    return Offering(
        id=id,
        organisation_id=organisation_id,
        team_id=team_id,
        kind=OfferingKind.OPEN_DOOR,
        required_fields=(),
        sensitive=False,
        capacity=Capacity(),
        answer_promise_days=1,
        version=1,
        **changes,
    )


def _whole(age: Any) -> int | None:
    return None if age in {None, ""} else int(float(age))


def _languages(rows: Iterable[Values]) -> tuple[str, ...]:
    codes = (text_of(one.get("code")) for one in rows)
    return tuple(dict.fromkeys(code for code in codes if code in LANGUAGES))


def _areas(rows: Iterable[Values]) -> tuple[Area, ...]:
    found = (
        _AREAS.get(text_of(one.get("extent"))) or _AREAS_BY_NAME.get(text_of(one.get("name")).casefold())
        for one in rows
    )
    return tuple(dict.fromkeys(filter(None, found)))


def _assured(service: Values, at: datetime) -> datetime | None:
    """The noon of the day on which somebody assured it; a day to come assures nothing."""
    if "assured_date" not in service:
        return None
    day = date.fromisoformat(text_of(service["assured_date"])[:10])
    assured = datetime.combine(day, time(12), STOCKHOLM)
    return assured if assured <= at else None


def _door(id: str, parts: Parts) -> Door | None:
    """The first address at which the service is."""
    for place in parts.of["service_at_location", id]:
        for address in parts.of["address", text_of(place.get("location_id")).lower()]:
            lines = (text_of(address.get(one)) for one in ("address_1", "postal_code", "city"))
            said = ", ".join(line.strip() for line in lines if line.strip())[:200]
            return Door(address=said, hours=tuple(_hours(parts.of["schedule", id])))
    return None


def _hours(rows: Iterable[Values]) -> Iterator[Hours]:
    """What is open each week between two times of one day; anything else the record keeps."""
    kept: list[Hours] = []
    for one in rows:
        opens, closes = _time(one.get("opens_at")), _time(one.get("closes_at"))
        if opens is None or closes is None or opens >= closes:
            continue
        for day in text_of(one.get("byday")).split(","):
            if day in terms.WEEKDAYS:
                hours = Hours(weekday=terms.WEEKDAYS.index(day) + 1, opens=opens, closes=closes)
                if not [*Door(address="", hours=(*kept, hours)).contradictions()]:
                    kept.append(hours)
    yield from kept


def _time(said: Any) -> time | None:
    try:
        return time.fromisoformat(text_of(said)).replace(second=0, microsecond=0, tzinfo=None)
    except ValueError:
        return None

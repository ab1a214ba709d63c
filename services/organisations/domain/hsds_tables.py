"""The tables of HSDS 3.0's tabular form, and how a nested service is made of their rows.

Of the specification stands here what a reader must know: names, what is needed, what belongs to what.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

Values = Mapping[str, Any]
"""A row's values by column: text in a table, whatever JSON has in a document; what is empty is not there."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table: its file, the columns that a row must fill, and of which rows it is a part by which column."""

    file: str
    required: tuple[str, ...]
    parents: Mapping[str, str] = field(default_factory=dict)
    numbers: tuple[str, ...] = ()
    choices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def _of(*names: str) -> Mapping[str, str]:
    return {f"{name}_id": name for name in names}


TABLES: Mapping[str, Table] = {
    "organization": Table("organizations.csv", ("id", "name", "description"), numbers=("year_incorporated",)),
    "program": Table("programs.csv", ("id", "organization_id", "name", "description"), _of("organization")),
    "service": Table(
        "services.csv",
        ("id", "organization_id", "name", "status"),
        _of("organization", "program"),
        ("minimum_age", "maximum_age"),
        {"status": ("active", "inactive", "defunct", "temporarily closed")},
    ),
    "attribute": Table(
        "attributes.csv", ("id", "link_id", "taxonomy_term_id", "link_entity"), _of("taxonomy_term")
    ),
    "service_at_location": Table(
        "service_at_location.csv", ("id", "service_id", "location_id"), _of("service", "location")
    ),
    "location": Table(
        "locations.csv",
        ("id", "location_type"),
        _of("organization"),
        ("latitude", "longitude"),
        {"location_type": ("physical", "postal", "virtual")},
    ),
    "phone": Table(
        "phones.csv",
        ("id", "number"),
        _of("contact", "location", "organization", "service", "service_at_location"),
        ("extension",),
    ),
    "contact": Table(
        "contacts.csv", ("id",), _of("location", "organization", "service", "service_at_location")
    ),
    "address": Table(
        "addresses.csv",
        ("id", "address_1", "city", "state_province", "postal_code", "country", "address_type"),
        _of("location"),
        choices={"address_type": ("physical", "postal", "virtual")},
    ),
    "schedule": Table(
        "schedules.csv",
        ("id",),
        _of("location", "service", "service_at_location"),
        ("timezone", "count", "interval"),
        {"wkst": ("MO", "TU", "WE", "TH", "FR", "SA", "SU"), "freq": ("WEEKLY", "MONTHLY")},
    ),
    "funding": Table("funding.csv", ("id",), _of("organization", "service")),
    "service_area": Table("service_areas.csv", ("id",), _of("service")),
    "required_document": Table("required_documents.csv", ("id",), _of("service")),
    "language": Table("languages.csv", ("id",), _of("location", "phone", "service")),
    "accessibility": Table("accessibility.csv", ("id",), _of("location")),
    "taxonomy_term": Table("taxonomy_terms.csv", ("id", "name", "description"), _of("taxonomy")),
    "metadata": Table(
        "metadata.csv",
        (
            "id", "resource_id", "resource_type", "last_action_date", "last_action_type", "field_name",
            "previous_value", "replacement_value", "updated_by",
        ),
    ),
    "meta_table_description": Table("meta_table_descriptions.csv", ("id",)),
    "cost_option": Table("cost_options.csv", ("id", "service_id"), _of("service"), ("amount",)),
    "organization_identifier": Table(
        "organization_identifiers.csv",
        ("id", "organization_id", "identifier_type", "identifier"),
        _of("organization"),
    ),
    "taxonomy": Table("taxonomies.csv", ("id", "name", "description")),
}  # fmt: skip

BY_FILE = {table.file: name for name, table in TABLES.items()}

ONE = {
    "organization": "organization",
    "program": "program",
    "location": "location",
    "taxonomy_term": "taxonomy_term",
    "taxonomy_detail": "taxonomy",
}
"""What a document holds one of, by the name that it has there."""

SEVERAL = {
    **{name: name for name in ("funding", "accessibility", "metadata")},
    "addresses": "address",
    **{
        f"{name}s": name
        for name in (
            "phone", "schedule", "service_area", "service_at_location", "language", "cost_option", "program",
            "required_document", "contact", "attribute", "location", "organization_identifier",
        )
    },
}  # fmt: skip
"""What a document holds several of, by the name that they have there."""


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table; ``path`` is where it stands in the document it comes from, empty for its own."""

    table: str
    values: Values
    path: str = ""


DEEPEST = 12
"""No document of the specification is nested deeper; what is, is kept and not looked into."""


def flat(table: str, document: Values, path: str = "") -> Iterator[Row]:
    """A nested document as rows, its own the first; what no table is for stays with it."""
    own: dict[str, Any] = {}
    parts: list[Row] = []
    for name, value in document.items():
        if path.count(".") >= DEEPEST:
            own[name] = value
        elif name in ONE and isinstance(value, dict):
            parts += flat(ONE[name], value, f"{path}{name}.")
            own.setdefault(f"{ONE[name]}_id", value.get("id"))
        elif name in SEVERAL and isinstance(value, list) and all(isinstance(one, dict) for one in value):
            for nth, one in enumerate(value):
                part = _link(table, SEVERAL[name], document.get("id")) | one
                parts += flat(SEVERAL[name], part, f"{path}{name}.{nth}.")
        elif value is not None:
            own[name] = value
    yield Row(table, own, path)
    yield from parts


def _link(parent: str, child: str, id: Any) -> dict[str, Any]:
    """By which columns a part names what it belongs to."""
    if child == "attribute":
        return {"link_id": id, "link_entity": parent}
    if child == "metadata":
        return {"resource_id": id, "resource_type": parent}
    return {f"{parent}_id": id}


class Nest:
    """The rows of a whole directory, from which each service is put together again."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self._by_id: dict[str, dict[str, Values]] = defaultdict(dict)
        # By their ids: a document holds one thing in many places, and each would multiply what it holds.
        self._parts: dict[tuple[str, str], dict[str, dict[str, Values]]] = defaultdict(
            lambda: defaultdict(dict)
        )
        for row in rows:
            self._by_id[row.table][str(row.values.get("id"))] = row.values
            for parent, id in _owners(row):
                self._parts[parent, id][row.table][str(row.values.get("id"))] = row.values

    def services(self) -> Iterator[dict[str, Any]]:
        for values in self._by_id["service"].values():
            yield self._nested("service", values)

    def _nested(self, table: str, values: Values, within: tuple[str, ...] = ()) -> dict[str, Any]:
        """A row with its parts; a thing is not shown again within itself."""
        said = {name: _typed(table, name, value) for name, value in values.items()}
        around = (*within, table)
        for name, child in ONE.items():
            found = self._by_id[child].get(str(values.get(f"{child}_id")))
            if found is not None and child not in around and _holds_one(table, name):
                said[name] = self._nested(child, found, around)
        for name, child in SEVERAL.items():
            parts = self._parts[table, str(values.get("id"))][child].values()
            if parts and child not in around and not (table == "organization" and child in ONE_OF_ITS_OWN):
                said[name] = [self._nested(child, part, around) for part in parts]
        return said


ONE_OF_ITS_OWN = frozenset({"program"})
"""What stands beside the service and would stand in its organization again."""


def _holds_one(table: str, name: str) -> bool:
    return (table, name) in {
        ("service", "organization"),
        ("service", "program"),
        ("service_at_location", "location"),
        ("attribute", "taxonomy_term"),
        ("taxonomy_term", "taxonomy_detail"),
    }


def _owners(row: Row) -> Iterator[tuple[str, str]]:
    """What a row is one of several of."""
    values = row.values
    if row.table == "attribute":
        yield str(values.get("link_entity")), str(values.get("link_id"))
    elif row.table == "metadata":
        yield str(values.get("resource_type")), str(values.get("resource_id"))
    else:
        for column, parent in TABLES[row.table].parents.items():
            if column in values:
                yield parent, str(values[column])


def _typed(table: str, name: str, value: Any) -> Any:
    """A value of a table as JSON has it."""
    if not isinstance(value, str) or name not in TABLES[table].numbers:
        return value
    try:
        number: int | float = json.loads(value)
    except ValueError:
        return value
    return number


def text_of(value: Any) -> str:
    """A value of JSON as a table has it."""
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)

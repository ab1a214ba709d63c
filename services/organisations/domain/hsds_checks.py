"""What can be wrong with a row of a directory by itself, in words to whoever sent it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from .hsds_files import meant
from .hsds_tables import BY_FILE, TABLES, Row, flat, text_of
from .hsds_terms import REGISTRY
from .languages import LANGUAGES
from .profile import organisation_number

Fault = tuple[str, str]
"""A field, and what is wrong with it."""

LONGEST_NAME = 200
OLDEST = 130
_IDS = frozenset({"link_id", "resource_id", "parent_organization_id", "parent_id"})
_NUMBER = re.compile(r"-?[0-9]{1,15}(?:\.[0-9]{1,15})?")
_CONTROLS = dict.fromkeys({*range(32), 127} - {9, 10, 13})


def rows_of(file: str, header: Sequence[str], cells: Any) -> list[Row]:
    """A row of a file as rows of tables: itself, or of a document itself and its parts.

    Of a table that the specification does not have there is none: it is kept as it is.
    """
    if not header:
        return [*flat("service", cells)] if isinstance(cells, dict) else []
    if file not in BY_FILE:
        return []
    values = {name: meant(cell) for name, cell in zip(header, cells, strict=False) if cell != ""}
    return [Row(BY_FILE[file], values)]


def faults_of(file: str, header: Sequence[str], cells: Any) -> list[Fault]:
    """Everything that is wrong with a row of a file."""
    if header and len(cells) != len(header):
        return [("row", f"It has {len(cells)} cells and the heading {len(header)}.")]
    if not header and not isinstance(cells, dict):
        return [("row", "It is no service.")]
    found = [
        (f"{row.path}{name}", message)
        for row in rows_of(file, header, cells)
        for name, message in (*_of_shape(row, nested=not header), *_of_meaning(row))
    ]
    return [*dict.fromkeys(found)]


def _of_shape(row: Row, *, nested: bool) -> Iterator[Fault]:
    table, values = TABLES[row.table], row.values
    for name in table.required:
        # In a document a part need not name what it stands in.
        if name not in values and not (nested and name.endswith("_id")):
            yield name, "It is missing."
    for name, value in values.items():
        if name == "id" or name in table.parents or name in _IDS:
            if not _is_id(value):
                yield name, "It is no UUID."
        elif name in table.choices and value not in table.choices[name]:
            yield name, f"It must be one of: {', '.join(table.choices[name])}."
        elif name in table.numbers and _number(value) is None:
            yield name, "It is no number."
        elif isinstance(value, str) and value.translate(_CONTROLS) != value:
            yield name, "It holds a control character."


def _of_meaning(row: Row) -> Iterator[Fault]:
    match row.table:
        case "service":
            yield from _of_service(row.values)
        case "language":
            yield from _of_language(row.values)
        case "organization_identifier":
            yield from _of_identifier(row.values)


def _of_service(values: Any) -> Iterator[Fault]:
    name = text_of(values.get("name"))
    if len(name) > LONGEST_NAME or "\n" in name or "\t" in name or "\r" in name:
        yield "name", f"It is a line of at most {LONGEST_NAME} characters."
    ages = [_number(values[one]) for one in ("minimum_age", "maximum_age") if one in values]
    for one in ("minimum_age", "maximum_age"):
        age = _number(values.get(one))
        if age is not None and not (0 <= age <= OLDEST and age == int(age)):
            yield one, f"An age is in whole years, at most {OLDEST}."
    if len(ages) == 2 and None not in ages and ages[0] > ages[1]:  # type: ignore[operator]  # noqa: PLR2004
        yield "maximum_age", "The highest age is below the lowest."
    if "assured_date" in values and _day(values["assured_date"]) is None:
        yield "assured_date", "It is no date, as 2026-10-02."
    for id in leads_to(values):
        if not _is_id(id):
            yield "leads_to", "It is no UUID."


def _of_language(values: Any) -> Iterator[Fault]:
    if "code" in values and text_of(values["code"]) not in LANGUAGES:
        yield "code", "It is no language code that we know (ISO 639)."


def _of_identifier(values: Any) -> Iterator[Fault]:
    """Only of the Swedish registry it is known how a number is made."""
    if values.get("identifier_scheme") == REGISTRY and "identifier" in values:
        try:
            organisation_number(text_of(values["identifier"]))
        except ValueError as wrong:
            yield "identifier", f"{str(wrong).capitalize()}."


def leads_to(values: Any) -> list[str]:
    """The services that a service says it prepares for: a list, or in a table ids between blanks."""
    said = values.get("leads_to", [])
    return [*map(text_of, said)] if isinstance(said, list) else text_of(said).split()


def _is_id(value: Any) -> bool:
    try:
        return str(UUID(text_of(value))) == text_of(value).lower()
    except ValueError:
        return False


def _number(value: Any) -> float | None:
    if isinstance(value, bool | list | dict) or not _NUMBER.fullmatch(text_of(value)):
        return None
    return float(value)


def _day(value: Any) -> date | None:
    try:
        return date.fromisoformat(text_of(value)[:10])
    except ValueError:
        return None

"""What an offering must know of a person, and why, in words to her."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from shared.events.base import ItemClass, ItemField

ALWAYS = {ItemField.HEALTH: ItemClass.SENSITIVE, ItemField.PERSONAL_NUMBER: ItemClass.NUMBER}
"""Items whose class nobody may lower (GDPR 9.1; dataskyddslagen 3:10)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RequiredField:
    """An item that the offering cannot do without, and why, in words to the person."""

    field: ItemField
    item_class: ItemClass
    why: str


def contradictions(required_fields: tuple[RequiredField, ...]) -> Iterator[tuple[str, str]]:
    seen: set[ItemField] = set()
    for place, required in enumerate(required_fields):
        if required.field in seen:
            yield f"required_fields.{place}.field", "It is asked for twice."
        if ALWAYS.get(required.field, required.item_class) is not required.item_class:
            yield f"required_fields.{place}.class", f"It is always {ALWAYS[required.field]}."
        seen.add(required.field)


def any_sensitive(required_fields: Iterable[RequiredField]) -> bool:
    """Whether something is asked for that only an explicit consent opens (GDPR 9.2 a)."""
    return any(required.item_class is ItemClass.SENSITIVE for required in required_fields)

"""The shape of an event's fields, in words; what could hold free text has none."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from enum import StrEnum
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints
from uuid import UUID

from shared.events.base import Fact, LanguageCode

_PLAIN = {UUID: "uuid", int: "integer", bool: "boolean", date: "date", datetime: "instant"}


class NotThin(TypeError):  # noqa: N818 - said of a field
    """A field's type is none of those that an event may carry."""


def shapes_of(fact: type[Fact]) -> Iterator[tuple[str, str]]:
    """Each field with its shape, for example ``("areas", "list(one-of(B021,B022))")``.

    Raises ``NotThin`` for text, and for every type that is not known to be free of it.
    """
    hints = get_type_hints(fact, include_extras=True)
    for name in fact.model_fields:
        try:
            yield name, shape_of(hints[name])
        except NotThin as refusal:
            msg = f"{fact.__name__}.{name}: {refusal}"
            raise NotThin(msg) from None


def shape_of(kind: Any) -> str:
    """One type's shape, without a space in it; raises ``NotThin``."""
    if kind == LanguageCode:
        return "language-code"
    if get_origin(kind) is not None:
        return _shape_of_many(kind)
    if kind in _PLAIN:
        return _PLAIN[kind]
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return f"one-of({','.join(sorted(kind))})"
    if isinstance(kind, type) and issubclass(kind, Fact):
        return "{" + ",".join(f"{name}:{shape}" for name, shape in shapes_of(kind)) + "}"
    msg = f"an event may not carry {kind}"
    raise NotThin(msg)


def _shape_of_many(kind: Any) -> str:
    match get_origin(kind), get_args(kind):
        case origin, (one, none) if origin in (Union, UnionType) and none is NoneType:
            return f"{shape_of(one)}?"
        case origin, (one, rest) if origin is tuple and rest is Ellipsis:
            return f"list({shape_of(one)})"
    msg = f"an event may not carry {kind}"
    raise NotThin(msg)

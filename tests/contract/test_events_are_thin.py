"""Events carry ids, times, enumerations and numbers, and no place where a name or a note could stand."""

from __future__ import annotations

import re
from collections import Counter
from enum import StrEnum
from typing import Annotated, Any, Literal
from uuid import UUID

import pytest
from pydantic import Field, computed_field

from deploy.documents.published import TELLERS
from deploy.documents.shapes import NotThin, shapes_of
from shared.events import EVERY_EVENT, Event
from shared.events.base import Fact, LanguageCode, Role

TYPE = re.compile(r"[a-z]+(_[a-z]+)*\.[a-z]+(_[a-z]+)*\.v[1-9][0-9]*")


def said_by(event: type[Event]) -> set[str]:
    """What an instance says on the wire, computed fields included."""
    return set(event.model_json_schema(mode="serialization")["properties"])


@pytest.mark.parametrize("event", TELLERS, ids=lambda event: event.type)
def test_no_field_of_an_event_can_hold_free_text(event: type[Event]) -> None:
    shapes = dict(shapes_of(event))

    assert shapes.keys() == said_by(event)
    assert event.model_config.get("extra") == "ignore"


class Item(Fact):
    """A fact with a note in it."""

    role: Role
    note: str


class Colour(StrEnum):
    """A closed set of words."""

    RED = "red"


PLANTED: list[Any] = [
    str,
    str | None,
    tuple[str, ...],
    tuple[UUID, str],
    list[str],
    dict[str, int],
    Annotated[str, Field(max_length=3)],
    Literal["red"],
    bytes,
    object,
    Any,
    UUID | str,
    Item,
    tuple[Item, ...],
    Item | None,
]


@pytest.mark.parametrize("kind", PLANTED, ids=str)
def test_a_planted_place_for_text_is_refused(kind: Any) -> None:
    planted = type("Planted", (Event,), {"__annotations__": {"planted": kind}, "__module__": __name__})

    with pytest.raises(NotThin, match=r"planted|note"):
        dict(shapes_of(planted))


class Whispered(Event, type="whisper.told.v1"):
    """An event that says more than its fields."""

    subject_field = "path_id"
    path_id: UUID

    @computed_field  # type: ignore[prop-decorator]
    @property
    def note(self) -> str:
        return "Amina"


def test_a_computed_field_is_seen() -> None:
    assert said_by(Whispered) != dict(shapes_of(Whispered)).keys()


class Thin(Event, type="thin.told.v1"):
    """An event of every allowed shape."""

    subject_field = "path_id"
    path_id: UUID
    colour: Colour | None
    languages: tuple[LanguageCode, ...]


def test_what_is_thin_is_described() -> None:
    described = dict(shapes_of(Thin))

    assert described == {"path_id": "uuid", "colour": "one-of(red)?", "languages": "list(language-code)"}


def test_every_type_is_told_by_one_class_and_names_its_version() -> None:
    types = Counter(event.type for event in TELLERS)

    assert [name for name, times in types.items() if times > 1] == []
    assert [name for name in types if not TYPE.fullmatch(name)] == []


@pytest.mark.parametrize("event", EVERY_EVENT, ids=lambda event: event.type)
def test_the_subject_of_an_event_is_one_of_its_ids(event: type[Event]) -> None:
    assert dict(shapes_of(event))[event.subject_field] == "uuid"

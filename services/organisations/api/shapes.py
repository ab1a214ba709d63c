"""What the requests of several nouns are made of."""

from __future__ import annotations

from typing import Annotated, Any, TypeVar
from uuid import UUID

from fastapi import Depends
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from shared.events.base import LanguageCode
from shared.http import After, Limit

from ..queries.lists import Span

T = TypeVar("T")

NO_CONTROLS = r"^[^\x00-\x1f\x7f]+$"

Name = Annotated[
    str,
    StringConstraints(min_length=1, max_length=200, pattern=NO_CONTROLS),
    Field(examples=["Språkcaféet"]),
]
Sentence = Annotated[str, StringConstraints(min_length=1, max_length=500, pattern=NO_CONTROLS)]
Login = Annotated[
    str,
    StringConstraints(min_length=1, max_length=100, pattern=r"^[A-Za-z0-9@._-]+$"),
    Field(examples=["recipient-b"]),
]
Age = Annotated[int, Field(ge=0, le=130)]
Places = Annotated[int, Field(ge=0, le=100_000)]


def _each_once(values: list[T]) -> list[T]:
    return [*dict.fromkeys(values)]


Several = Annotated[list[T], Field(max_length=50), AfterValidator(_each_once)]
Languages = Annotated[Several[LanguageCode], Field(examples=[["sv", "so"]])]


class Seen(BaseModel):
    """What an answer shows of a thing."""

    model_config = ConfigDict(from_attributes=True, frozen=True)


def left_alone() -> Any:
    """The default of a PATCH's field: what was not sent is left as it is, and null is not silence."""
    return Field(default_factory=lambda: None)


def sent(body: BaseModel) -> dict[str, Any]:
    """The fields that were sent, as they are in the body."""
    return {name: getattr(body, name) for name in sorted(body.model_fields_set)}


async def _span(limit: Limit = 50, after: After = None) -> Span:
    return Span(after=after, limit=limit)


Spanning = Annotated[Span, Depends(_span)]


def location(noun: str, id: UUID) -> str:
    """Where a thing is found."""
    return f"/{noun}/{id}"

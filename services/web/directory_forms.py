"""The directory's forms: searching, reporting an error, and what an organisation says of itself."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, ClassVar
from uuid import UUID

from pydantic import Field

from shared.events.base import Area, NeedCode, Theme
from shared.events.organisations import Access, ErrorKind

from .forms import Command, Fields, Form, Line, NothingIfBlank
from .wire import Query

AT_ONCE = "30"
"""How many hits a page shows."""

Age = Annotated[Annotated[int, Field(ge=0, le=130)] | None, NothingIfBlank]
Language = Annotated[Annotated[str, Field(pattern=r"^[a-z]{2,3}$")] | None, NothingIfBlank]


class SearchForm(Fields):
    """What is sought, and for whom; it stands in the address, so that a search can be kept."""

    sentences: ClassVar[Mapping[str, str]] = {
        "text": "Skriv högst 200 tecken.",
        "age": "Skriv åldern i hela år, till exempel 34, eller lämna fältet tomt.",
        "need": "Välj ett behov i listan.",
        "theme": "Välj ett tema i listan.",
        "area": "Välj ett stadsområde i listan.",
        "language": "Välj ett språk i listan.",
        "access": "Kryssa för det som behövs.",
    }

    text: Annotated[Line | None, NothingIfBlank] = None
    need: Annotated[NeedCode | None, NothingIfBlank] = None
    theme: Annotated[Theme | None, NothingIfBlank] = None
    area: Annotated[Area | None, NothingIfBlank] = None
    language: Language = None
    age: Age = None
    access: list[Access] = Field(default_factory=list)
    after: Annotated[UUID | None, NothingIfBlank] = None

    def query(self) -> Query:
        """The search as the directory takes it."""
        said = self.model_dump(mode="json", exclude_none=True, exclude={"access"})
        asked = {name: str(value) for name, value in said.items()}
        return {"limit": AT_ONCE, **asked, **({"access": [*self.access]} if self.access else {})}


class ErrorForm(Form):
    sentences: ClassVar[Mapping[str, str]] = {"kind": "Välj vad som är fel."}

    kind: ErrorKind


class PlacesForm(Command):
    """How many can come now, of as many as before."""

    sentences: ClassVar[Mapping[str, str]] = {
        "available": "Skriv hur många platser som är lediga, i siffror.",
        "capacity": "Det kan inte finnas fler lediga platser än platser.",
    }

    available: Annotated[int, Field(ge=0, le=100_000)]
    maximum: Annotated[int | None, NothingIfBlank] = None


class PauseForm(Command):
    sentences: ClassVar[Mapping[str, str]] = {"paused_until": "Välj en kommande dag, eller ingen."}

    paused_until: Annotated[date | None, NothingIfBlank] = None


class OpenForm(Fields):
    """What anybody seeks among what is open to everybody."""

    sentences: ClassVar[Mapping[str, str]] = {
        "text": "Skriv högst 200 tecken.",
        "need": "Välj ett område i listan.",
        "area": "Välj ett stadsområde i listan.",
    }

    text: Annotated[Line | None, NothingIfBlank] = None
    need: Annotated[NeedCode | None, NothingIfBlank] = None
    area: Annotated[Area | None, NothingIfBlank] = None

    def query(self) -> Query:
        return {"limit": "200", **self.model_dump(mode="json", exclude_none=True)}


class MatrixForm(Fields):
    sentences: ClassVar[Mapping[str, str]] = {"need": "Välj ett behov i listan."}

    need: Annotated[NeedCode | None, NothingIfBlank] = None

    def query(self) -> Query:
        """For one need, or for all."""
        return {"need": self.need} if self.need else {}

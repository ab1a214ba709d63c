"""What stands in the fields of a form, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar, get_origin
from uuid import UUID

from pydantic import ValidationError
from starlette.datastructures import ImmutableMultiDict

from shared.ids import new_id

from . import words
from .answers import RequiredField
from .forms import Fields
from .sentences import problem as words_of
from .wire import Problem, wrong

F = TypeVar("F", bound=Fields)


@dataclass(frozen=True, slots=True)
class Typed:
    """What stands in the fields, and what is wrong with it; a blank form is one where nothing stands."""

    values: Mapping[str, Sequence[str]] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)
    refusal: tuple[str, str] | None = None

    @classmethod
    def of(cls, posted: ImmutableMultiDict[str, Any]) -> Typed:
        """What was posted, files left out, or asked for in an address."""
        return cls({name: [v for v in posted.getlist(name) if isinstance(v, str)] for name in posted})

    @property
    def key(self) -> UUID:
        """A fresh key for the form that is about to be shown."""
        return new_id()

    def get(self, name: str, default: object = "") -> str:
        """The last value of a field."""
        values = self.values.get(name)
        return values[-1] if values else str(default)

    def has(self, name: str, value: str) -> bool:
        """Whether a box was ticked or a choice made."""
        return value in self.values.get(name, ())

    def read(self, form: type[F]) -> F:
        """The form, or ``Problem`` 422 naming the fields."""
        told = {name: self._value(name, info.annotation) for name, info in form.model_fields.items()}
        try:
            return form.model_validate({name: value for name, value in told.items() if value is not None})
        except ValidationError as error:
            raise wrong(*(str(part["loc"][0]) for part in error.errors())) from error

    def refused(self, problem: Problem, sentences: Mapping[str, str]) -> Typed:
        """The same values with the errors beside their fields."""
        named = {name: sentences[name] for name in _fields_of(problem) if name in sentences}
        return replace(self, errors=named, refusal=words_of(problem.slug))

    def _value(self, name: str, annotation: object) -> object:
        values = self.values.get(name)
        if values is None:
            return None
        return list(values) if get_origin(annotation) is list else values[-1]


def items_of(typed: Typed, required: Sequence[RequiredField]) -> list[dict[str, Any]]:
    """The items as the referrals service takes them; ``Problem`` names those that are empty."""
    empty = [f"item_{one.field}" for one in required if not typed.get(f"item_{one.field}").strip()]
    if empty:
        raise wrong(*empty)
    return [
        {
            "field": one.field,
            "class": one.item_class,
            "value": typed.get(f"item_{one.field}").strip(),
            "why": one.why,
        }
        for one in required
    ]


def item_sentences(required: Sequence[RequiredField]) -> dict[str, str]:
    """The sentence for each item of the form that is wrong."""
    return {f"item_{one.field}": f"Fyll i {words.FIELDS[one.field].lower()}." for one in required}


def _fields_of(problem: Problem) -> list[str]:
    errors = [str(error.get("field", "")) for error in problem.members.get("errors", [])]
    named = [f"item_{name}" for name in problem.members.get("fields", [])]
    return [*errors, *(name.split(".")[0] for name in errors), *named]

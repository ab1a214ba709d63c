"""The one form of an offering: how it stands in the fields, and what it says to the directory."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Annotated, Any, ClassVar
from uuid import UUID

from pydantic import Field

from shared.events.base import Area, ItemClass, ItemField, NeedCode, Theme
from shared.events.organisations import Access, OfferingKind, OfferingStatus

from .directory_answers import Door, OfferingWhole
from .directory_words import SPOKEN, USUAL_CLASSES, USUAL_REASONS, WEEKDAYS
from .forms import Form, Line, NothingIfBlank
from .typed import Typed
from .wire import Problem, wrong

MOST_RULES = 20
Body = dict[str, Any]

Age = Annotated[Annotated[int, Field(ge=0, le=130)] | None, NothingIfBlank]
Places = Annotated[Annotated[int, Field(ge=0, le=100_000)] | None, NothingIfBlank]

DASH = "\N{EN DASH}"

_CODE = re.compile(r"[a-z]{2,3}")
_HOURS = re.compile(rf"(\d{{1,2}})[.:](\d\d)\s*[-{DASH}]\s*(\d{{1,2}})[.:](\d\d)")
_RULE_LISTS = ("needs", "areas", "languages", "access", "for_needs")


class OfferingForm(Form):
    """Every field of an offering; what is asked for, the hours and the rules are read beside it."""

    sentences: ClassVar[Mapping[str, str]] = {
        "name": "Skriv vad insatsen heter, högst 200 tecken.",
        "description": "Korta beskrivningen till 2000 tecken. En hemlig plats beskrivs aldrig med en gata.",
        "kind": "Välj hur man kommer till insatsen.",
        "team_id": "Välj vilken funktion som tar emot.",
        "needs": "Kryssa för minst ett behov.",
        "age_from": "Skriv åldern i hela år, eller lämna fältet tomt.",
        "age_to": "Skriv en ålder som är högre än den lägsta, eller lämna fältet tomt.",
        "languages": "Ett av språken finns inte i listan över språk.",
        "other_languages": "Skriv språkens koder, två eller tre bokstäver, till exempel fi.",
        "required_fields": "Skriv varför ni behöver varje uppgift. En öppen dörr frågar inte om något.",
        "sensitive": "En insats som frågar om känsliga uppgifter är känslig.",
        "eligibility": "En särskild regel säger inget, eller något annat än det den gäller.",
        "address": "Skriv adressen. Bara en öppen insats har en, och aldrig en hemlig plats.",
        "hours": "Skriv tider så här: 10.00-15.00. De får inte gå in i varandra.",
        "protected_place": "Det här låter som en hemlig plats. Då anges områden, aldrig en adress.",
        "capacity": "Det kan inte finnas fler lediga platser än platser.",
        "available": "Skriv hur många platser som är lediga, eller lämna fältet tomt.",
        "maximum": "Skriv hur många platser som finns, eller lämna fältet tomt.",
        "waiting": "Skriv hur många som väntar, eller lämna fältet tomt.",
        "answer_promise_days": "Skriv inom hur många arbetsdagar ni svarar, 1 till 365.",
        "status": "Välj insatsens läge.",
        "paused_until": "Välj en kommande dag, och bara för en pausad insats.",
        "leads_to": "En insats kan inte leda tillbaka till sig själv.",
    }

    name: Line
    description: Annotated[str, Field(max_length=2000)] = ""
    kind: OfferingKind
    team_id: UUID
    needs: Annotated[list[NeedCode], Field(min_length=1)]
    themes: list[Theme] = Field(default_factory=list)
    areas: list[Area] = Field(default_factory=list)
    languages: list[str] = Field(default_factory=list)
    access: list[Access] = Field(default_factory=list)
    age_from: Age = None
    age_to: Age = None
    protective_factors: list[str] = Field(default_factory=list)
    leads_to: list[UUID] = Field(default_factory=list)
    protected_place: bool = False
    sensitive: bool = False
    available: Places = None
    maximum: Places = None
    waiting: Places = None
    answer_promise_days: Annotated[int, Field(ge=1, le=365)]
    status: OfferingStatus = OfferingStatus.EXISTING
    paused_until: Annotated[date | None, NothingIfBlank] = None


def blank(team_id: UUID | None) -> Typed:
    """What stands in a new offering's fields: what nearly every one of them says."""
    said: dict[str, list[str]] = {
        "kind": [OfferingKind.UNASSESSED],
        **({"team_id": [str(team_id)]} if team_id else {}),
        "answer_promise_days": ["3"],
        "status": [OfferingStatus.EXISTING],
        "requires": [*USUAL_REASONS],
    }
    return Typed(said | {f"why_{name}": [why] for name, why in USUAL_REASONS.items()})


def standing(offering: OfferingWhole) -> Typed:
    """What stands in the fields of an offering that there is."""
    said = _plain(offering.model_dump(mode="json", exclude={"capacity", "languages", "door", "eligibility"}))
    said["languages"] = [one for one in offering.languages if one in SPOKEN]
    said["other_languages"] = [" ".join(one for one in offering.languages if one not in SPOKEN)]
    said |= _plain(offering.capacity.model_dump(mode="json"))
    said["requires"] = [one.field for one in offering.required_fields]
    said |= {f"why_{one.field}": [one.why] for one in offering.required_fields}
    for number, rule in enumerate(offering.eligibility):
        dumped = _plain(rule.model_dump(mode="json"))
        said |= {f"rule{number}_{name}": values for name, values in dumped.items()}
    return Typed(said | _standing_door(offering.door))


def body_of(typed: Typed, before: OfferingWhole | None) -> Body:
    """What the form says to the directory; ``Problem`` names the fields that are wrong."""
    form = typed.read(OfferingForm)
    told: Body = form.model_dump(mode="json", exclude={"key", "available", "maximum"})
    told["languages"] = [*form.languages, *_other_languages(typed)]
    told["required_fields"] = _required(typed, before)
    told["sensitive"] = form.sensitive or any(
        one["class"] == ItemClass.SENSITIVE for one in told["required_fields"]
    )
    told["eligibility"] = [*_rules(typed)]
    told["door"] = _door(typed)
    told["capacity"] = {"available": form.available, "maximum": form.maximum}
    return told


def changes_of(typed: Typed, before: OfferingWhole) -> Body:
    """What of it is new: a word on places that was not given anew keeps its age."""
    told, stood = body_of(typed, before), body_of(_same(typed, before), before)
    return {name: value for name, value in told.items() if value != stood[name]}


def in_fields(problem: Problem) -> Problem:
    """The same refusal, by the names of the form's own fields."""
    errors = [{"field": _field(str(one.get("field", "")))} for one in problem.members.get("errors", [])]
    return Problem(status=problem.status, slug=problem.slug, members={**problem.members, "errors": errors})


def _field(named: str) -> str:
    if named.startswith("door.hours"):
        return "hours"
    return {"door": "address", "door.address": "address"}.get(named, named)


def rows_of(typed: Typed) -> range:
    """The rules that stand in the form, and a blank one."""
    filled = [number for number in range(MOST_RULES) if typed.get(f"rule{number}_rule")]
    return range(min(MOST_RULES, max(filled, default=-1) + 2))


def _same(typed: Typed, before: OfferingWhole) -> Typed:
    return Typed({**standing(before).values, "key": [typed.get("key")]})


def _plain(said: Mapping[str, Any]) -> dict[str, list[str]]:
    """Values as a form posts them: what is false or null is not there."""
    return {
        name: [str(one) for one in value] if isinstance(value, list) else [str(value)]
        for name, value in said.items()
        if value is not None and value is not False
    }


def _other_languages(typed: Typed) -> list[str]:
    codes = typed.get("other_languages").replace(",", " ").lower().split()
    if not all(map(_CODE.fullmatch, codes)):
        raise wrong("other_languages")
    return codes


def _required(typed: Typed, before: OfferingWhole | None) -> list[Body]:
    known = {one.field: one.item_class for one in before.required_fields} if before else {}
    asked = [field for field in ItemField if typed.has("requires", field)]
    if not all(typed.get(f"why_{field}").strip() for field in asked):
        raise wrong("required_fields")
    return [
        {
            "field": str(field),
            "class": str(known.get(field) or USUAL_CLASSES.get(field, ItemClass.NORMAL)),
            "why": typed.get(f"why_{field}").strip(),
        }
        for field in asked
    ]


def _rules(typed: Typed) -> Iterator[Body]:
    for number in range(MOST_RULES):
        at = f"rule{number}_"
        if rule := typed.get(f"{at}rule"):
            ages = {name: _age(typed.get(at + name)) for name in ("age_from", "age_to")}
            lists = {name: [*typed.values.get(at + name, ())] for name in _RULE_LISTS}
            yield {"rule": rule, **ages, **lists}


def _age(said: str) -> int | None:
    if said.strip() and not said.strip().isdecimal():
        raise wrong("eligibility")
    return int(said) if said.strip() else None


def _door(typed: Typed) -> Body | None:
    hours = [one for day in WEEKDAYS for one in _hours(day, typed.get(f"hours_{day}"))]
    address = typed.get("address").strip()
    if hours and not address:
        raise wrong("address")
    return {"address": address, "hours": hours} if address else None


def _hours(day: int, said: str) -> Iterator[Body]:
    for part in filter(None, map(str.strip, said.split(","))):
        found = _HOURS.fullmatch(part)
        if found is None:
            raise wrong("hours")
        opens, closes = (f"{int(found[at]):02d}:{found[at + 1]}" for at in (1, 3))
        yield {"weekday": day, "opens": opens, "closes": closes}


def _standing_door(door: Door | None) -> dict[str, list[str]]:
    if door is None:
        return {}
    said: dict[str, list[str]] = {"address": [door.address]}
    for day in WEEKDAYS:
        open_then = [f"{one.opens}{DASH}{one.closes}" for one in door.hours if one.weekday == day]
        said[f"hours_{day}"] = [", ".join(open_then).replace(":", ".")]
    return said

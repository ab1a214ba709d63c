"""What the wider network's entries are made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..network import House, Offered

NAME = ("given_name", "normal", "Så att vi kan välkomna dig vid namn.")
FAMILY_NAME = ("family_name", "normal", "Så att vi vet vem som kommer.")
PHONE = ("phone", "contact", "Så att vi kan ringa dig om första träffen.")
LANGUAGE = ("language", "normal", "Så att någon som talar ditt språk möter dig.")
INTERPRETER = ("interpreter", "normal", "Så att vi bokar tolk om du vill ha det.")
BIRTH_YEAR = ("birth_year", "normal", "Så att du hamnar i rätt grupp.")
CHILDREN = ("children", "child", "Så att vi vet hur många barn som kommer.")
AVAILABILITY = ("availability", "normal", "Så att vi hittar tider som passar dig.")
ADJUSTMENTS = ("adjustments", "normal", "Så att platsen fungerar för dig.")
MEASURE = ("measure", "normal", "Så att vi vet vad ni har kommit överens om.")
HEALTH = ("health", "sensitive", "Så att du får rätt stöd från början.")

NORTH, SOUTH = ("B021", "B022", "B023"), ("B041", "B043", "B044", "B071")


@dataclass(frozen=True, kw_only=True)
class Joined(House):
    """An organisation of the wider network, and who can sign in there."""

    administrator: str


PUBLIC = {"sector": "public", "legal_kind": "board"}
REGION = {"sector": "public", "legal_kind": "region"}
ASSOCIATION = {"sector": "civil_society", "legal_kind": "association"}
FOUNDATION = {"sector": "civil_society", "legal_kind": "foundation"}
COMPANY = {"sector": "business", "legal_kind": "company"}
PRIVATE_CARE = COMPANY | {"provides_social_services": True}
ACADEMIA = {"sector": "academia", "legal_kind": "state_authority"}


def offered(  # noqa: PLR0913 - what an offering is made of
    house: str,
    name: str,
    description: str,
    *,
    kind: str = "unassessed",
    needs: tuple[str, ...],
    themes: tuple[str, ...] = ("individual",),
    areas: tuple[str, ...] = (),
    languages: tuple[str, ...] = ("sv",),
    requires: tuple[tuple[str, str, str], ...] = (NAME, PHONE),
    places: tuple[int, int] | None = None,
    leads_to: tuple[str, ...] = (),
    **more: Any,
) -> Offered:
    """An offering for grown-ups unless ``age_from`` says otherwise; ``places``: free ones, of how many."""
    return Offered(
        house=house,
        name=name,
        kind=kind,
        needs=needs,
        themes=themes,
        areas=areas,
        languages=languages,
        requires=() if kind == "open_door" else requires,
        capacity={"available": places[0], "maximum": places[1]} if places else {},
        leads_to=leads_to,
        more={"description": description, **more},
    )


def hours(*days: int, opens: str, closes: str) -> list[dict[str, Any]]:
    """The same hours on some weekdays, Monday being 1."""
    return [{"weekday": day, "opens": opens, "closes": closes} for day in days]

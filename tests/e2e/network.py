"""Organisations, teams and staff with random names, made through the services' own HTTP surface."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import Any

from tests.e2e.api import Api

REQUIRED = ("given_name", "phone", "language")


def a_word(kind: str) -> str:
    """A name that nobody has."""
    return f"{kind}{secrets.token_hex(6)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Staff:
    """A member of staff who can sign in."""

    id: str
    login: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody with random names, whom nobody has written down yet."""

    given_name: str = field(default_factory=lambda: a_word("Given"))
    family_name: str = field(default_factory=lambda: a_word("Family"))
    phone: str = field(default_factory=lambda: f"070-{secrets.randbelow(10**7):07}")

    @property
    def items(self) -> list[dict[str, str]]:
        """The three items that the person releases, by their fields."""
        values = {"given_name": self.given_name, "phone": self.phone, "language": "somaliska"}
        classes = {"phone": "contact"}
        return [
            {"field": one, "class": classes.get(one, "normal"), "value": values[one], "why": "för att nå dig"}
            for one in sorted(REQUIRED)
        ]


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """An organisation with one team, who sends and who receives there, and what it offers."""

    name: str
    organisation_id: str
    team_id: str
    caseworker: Staff
    recipient: Staff
    offering_id: str

    @property
    def names(self) -> list[str]:
        return [self.name, self.caseworker.name, self.recipient.name]


class Network:
    """Three organisations under an agreement, and a stranger who has agreed with nobody."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self.first = self._a_side("social_services")
        self.second = self._a_side("association")
        self.third = self._a_side("association")
        self.stranger = self._a_side("social_services")
        parties = [side.organisation_id for side in (self.first, self.second, self.third)]
        self._made("/agreements", None, {"parties": parties})
        api.settle()

    def _a_side(self, kind: str) -> Side:
        organisation = self._made("/organisations", None, {"name": a_word("House"), "kind": kind})
        team = self._made("/teams", None, {"organisation_id": organisation["id"], "name": a_word("Team")})
        place = {"organisation_id": organisation["id"], "team_id": team["id"]}
        admin = self._staff(place, "organisation_admin", by=None)
        recipient = self._staff(place, "recipient", by=admin)
        self._made("/pledges", recipient.login, {"version": 1})
        return Side(
            name=organisation["name"],
            organisation_id=organisation["id"],
            team_id=team["id"],
            caseworker=self._staff(place, "caseworker", by=admin),
            recipient=recipient,
            offering_id=self._made("/offerings", admin.login, place | _an_offering())["id"],
        )

    def _staff(self, place: dict[str, str], role: str, *, by: Staff | None) -> Staff:
        login = a_word("login-")
        said: dict[str, Any] = {"name": a_word("Staff"), "login": login, "roles": [role]}
        made = self._made("/staff", by.login if by else None, place | said)
        return Staff(id=made["id"], login=login, name=said["name"])

    def _made(self, path: str, login: str | None, body: dict[str, Any]) -> dict[str, Any]:
        return self._api.post("organisations", path, login, body)


def _an_offering() -> dict[str, Any]:
    required = [{"field": one, "class": "normal", "why": "för att nå dig"} for one in REQUIRED]
    return {
        "name": a_word("Offering"),
        "kind": "unassessed",
        "needs": ["language"],
        "themes": ["individual"],
        "areas": ["B041"],
        "languages": ["sv"],
        "required_fields": required,
    }

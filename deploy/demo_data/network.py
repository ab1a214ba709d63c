"""Who takes part in the demo: every organisation, person and number is invented.

Telephone numbers are from the series that PTS keeps free for fiction, mail
addresses from RFC 2606.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from shared.events.base import Role
from shared.events.organisations import OrganisationKind


@dataclass(frozen=True, kw_only=True)
class House:
    """An organisation with its one team; ``profile``: what else is said of it."""

    name: str
    kind: OrganisationKind
    team: str
    profile: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Member:
    """A member of staff; ``house`` is the organisation's letter."""

    login: str
    house: str
    name: str
    roles: Sequence[Role]
    in_team: bool = True
    signs_pledge: bool = False


@dataclass(frozen=True, kw_only=True)
class Offered:
    """An offering of a house, and what it must know: each item's field, class and reason.

    ``leads_to``: the names of offerings that stand before it in the list.
    """

    house: str
    name: str
    kind: str
    needs: Sequence[str]
    themes: Sequence[str]
    areas: Sequence[str]
    languages: Sequence[str]
    requires: Sequence[tuple[str, str, str]] = ()
    capacity: dict[str, int] = field(default_factory=dict)
    leads_to: Sequence[str] = ()
    more: dict[str, Any] = field(default_factory=dict)

    def body(self) -> dict[str, Any]:
        """What POST /offerings is told, but for whose it is."""
        return {
            "name": self.name,
            "kind": self.kind,
            "needs": self.needs,
            "themes": self.themes,
            "areas": self.areas,
            "languages": self.languages,
            "age_from": 18,
            "required_fields": [{"field": f, "class": c, "why": why} for f, c, why in self.requires],
            "capacity": self.capacity,
            **self.more,
        }


HOUSES = {
    "a": House(name="Socialförvaltningen (demo)", kind=OrganisationKind.SOCIAL_SERVICES, team="Vuxenenheten"),
    "b": House(name="Föreningen Öppna Dörren (demo)", kind=OrganisationKind.ASSOCIATION, team="Mottagningen"),
    "c": House(
        name="Hyresbolaget Sundshem (demo)", kind=OrganisationKind.HOUSING_COMPANY, team="Boendeteamet"
    ),
    "d": House(name="Omsorgskretsen Söder (demo)", kind=OrganisationKind.CARE, team="Öppenvården"),
    "network": House(name="Stadsledningen (demo)", kind=OrganisationKind.CITY, team="Samordningen"),
}

MEMBERS = (
    Member(login="caseworker-a", house="a", name="Maja L.", roles=[Role.CASEWORKER]),
    Member(login="lead-a", house="a", name="Göran P.", roles=[Role.TEAM_LEAD]),
    Member(login="orgadmin-a", house="a", name="Eva S.", roles=[Role.ORGANISATION_ADMIN], in_team=False),
    Member(login="logreviewer-a", house="a", name="Nils T.", roles=[Role.LOG_REVIEWER], in_team=False),
    Member(login="recipient-b", house="b", name="Amina H.", roles=[Role.RECIPIENT], signs_pledge=True),
    Member(login="lead-b", house="b", name="Jonas L.", roles=[Role.TEAM_LEAD], signs_pledge=True),
    Member(login="orgadmin-b", house="b", name="Birgitta R.", roles=[Role.ORGANISATION_ADMIN], in_team=False),
    Member(login="recipient-c", house="c", name="Petra V.", roles=[Role.RECIPIENT], signs_pledge=True),
    Member(login="orgadmin-c", house="c", name="Hassan M.", roles=[Role.ORGANISATION_ADMIN], in_team=False),
    Member(login="caseworker-d", house="d", name="Karin O.", roles=[Role.CASEWORKER]),
    Member(login="coordinator", house="network", name="Leyla B.", roles=[Role.COORDINATOR]),
    Member(login="netadmin", house="network", name="Sven A.", roles=[Role.NETWORK_ADMIN], in_team=False),
)

PERSON_LOGIN = "person-1"

AGREEMENTS = (("a", "b", "IOP språk och gemenskap (demo)"), ("a", "c", "Avtal om boendestöd (demo)"))

PLEDGE = 1

OFFERINGS = (
    Offered(
        house="b",
        name="Språkcafé",
        kind="unassessed",
        needs=["language"],
        themes=["neighbourhood", "individual"],
        areas=["B021", "B022", "B023"],
        languages=["sv", "ar", "so"],
        requires=[
            ("given_name", "normal", "Så att vi kan välkomna dig vid namn."),
            ("phone", "contact", "Så att vi kan ringa dig om första träffen."),
            ("language", "normal", "Så att någon som talar ditt språk möter dig."),
        ],
        capacity={"available": 4, "maximum": 15},
        more={
            "description": "Vi övar svenska tillsammans över en kopp kaffe. Ingen anmälan, inga läxor.",
            "access": ["step_free", "children_along", "evening"],
            "protective_factors": ["social_skills", "network"],
            "eligibility": [{"rule": "age", "age_from": 20, "for_needs": ["language"]}],
        },
    ),
    Offered(
        house="b",
        name="Promenadgruppen",
        kind="unassessed",
        needs=["loneliness", "wellbeing"],
        themes=["individual"],
        areas=[],
        languages=["sv"],
        requires=[
            ("given_name", "normal", "Så att vi kan välkomna dig vid namn."),
            ("phone", "contact", "Så att vi kan säga till om en promenad ställs in."),
        ],
        capacity={"available": 6, "maximum": 20},
        more={
            "description": "En lugn promenad på förmiddagen, alltid med samma ledare.",
            "access": ["quiet_room"],
            "protective_factors": ["secure_relation", "network"],
            "waiting": 2,
        },
    ),
    Offered(
        house="b",
        name="Öppna kaféet",
        kind="open_door",
        needs=["loneliness", "leisure"],
        themes=["neighbourhood"],
        areas=["B022"],
        languages=["sv", "ar"],
        leads_to=["Språkcafé", "Promenadgruppen"],
        more={
            "age_from": None,
            "description": "Kom in och fika. Här finns alltid någon att prata med.",
            "access": ["step_free", "accessible_toilet", "children_along"],
            "door": {
                "address": "Påhittade torget 1",
                "hours": [
                    {"weekday": 2, "opens": "10:00", "closes": "15:00"},
                    {"weekday": 4, "opens": "13:00", "closes": "19:00"},
                ],
            },
        },
    ),
    Offered(
        house="b",
        name="Samtalsstöd på hemlig plats",
        kind="unassessed",
        needs=["safety"],
        themes=["individual"],
        areas=["B041", "B043", "B044", "B071"],
        languages=["sv", "ar", "en"],
        requires=[("phone", "contact", "Så att vi kan ringa dig på ett tryggt nummer.")],
        more={"description": "Stöd till den som varit utsatt för våld.", "protected_place": True},
    ),
    Offered(
        house="c",
        name="Boskola och betalningsplan",
        kind="assessed",
        needs=["housing", "economy"],
        themes=["neighbourhood"],
        areas=[],
        languages=["sv"],
        requires=[
            ("given_name", "normal", "Så att vi vet vem som kommer."),
            ("family_name", "normal", "Så att vi hittar rätt hyresavtal."),
            ("phone", "contact", "Så att vi kan bestämma en tid med dig."),
        ],
        capacity={"available": 2, "maximum": 10},
        more={
            "description": "Om att bo i lägenhet, och en plan för hyra och skulder.",
            "protective_factors": ["stable_housing", "stable_economy"],
            "status": "new",
        },
    ),
)

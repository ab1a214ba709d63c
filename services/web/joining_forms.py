"""The forms of joining and of keeping an organisation: invitations, staff, substitutes, agreements."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Annotated, Any, ClassVar
from uuid import UUID

from pydantic import Field

from shared.events.base import Role
from shared.events.organisations import AgreementKind, OrganisationKind

from .directory_words import LEGAL_KINDS, SECTORS
from .forms import Command, Form, Line, NothingIfBlank, Tick
from .typed import Typed
from .wire import Problem, wrong

Login = Annotated[str, Field(min_length=1, max_length=100, pattern=r"^[A-Za-z0-9@._-]+$")]
Optional = Annotated[Line | None, NothingIfBlank]
SENTENCE_OF_A_LOGIN = "Skriv inloggningen utan mellanslag och utan å, ä och ö, till exempel en e-postadress."


def _pattern(codes: Iterable[str]) -> str:
    return f"^({'|'.join(codes)})$"


Sector = Annotated[str, Field(pattern=_pattern(SECTORS))]
LegalKind = Annotated[str, Field(pattern=_pattern(LEGAL_KINDS))]


class InviteForm(Form):
    sentences: ClassVar[Mapping[str, str]] = {
        "name": "Skriv vad organisationen heter, högst 200 tecken.",
        "kind": "Välj vad för slags organisation det är.",
        "sector": "Välj en sektor.",
        "legal_kind": "Välj en juridisk form som en sådan organisation kan ha.",
    }

    name: Line
    kind: OrganisationKind
    sector: Sector
    legal_kind: LegalKind
    provides_social_services: Tick | None = None

    def body(self) -> dict[str, Any]:
        told = self.model_dump(mode="json", exclude={"key"})
        return told | {"provides_social_services": self.provides_social_services is not None}


class JoinForm(Form):
    sentences: ClassVar[Mapping[str, str]] = {
        "secret": "Koden stämmer inte. Klistra in den som den står efter # i länken.",
        "name": "Skriv högst 200 tecken, eller lämna fältet tomt.",
        "team_name": "Skriv vad funktionen som tar emot heter.",
        "admin_name": "Skriv ditt namn.",
        "login": SENTENCE_OF_A_LOGIN,
    }

    secret: Line
    name: Optional = None
    team_name: Line
    admin_name: Line
    login: Login

    def body(self) -> dict[str, Any]:
        return self.model_dump(exclude={"key"})


class ProfileForm(Command):
    sentences: ClassVar[Mapping[str, str]] = {
        "name": "Skriv vad organisationen heter, högst 200 tecken.",
        "sector": "Välj en sektor.",
        "most_at_once": "Skriv ett antal från 1 och uppåt, eller lämna fältet tomt.",
    }

    name: Line
    sector: Sector
    most_at_once: Annotated[Annotated[int, Field(ge=1, le=100_000)] | None, NothingIfBlank] = None


class TeamForm(Form):
    sentences: ClassVar[Mapping[str, str]] = {"team": "Skriv vad funktionen heter, högst 200 tecken."}

    team: Line


class FallbackForm(Command):
    fallback_team_id: Annotated[UUID | None, NothingIfBlank] = None


class ColleagueForm(Form):
    """A member of staff; the last day of each role is read beside it."""

    sentences: ClassVar[Mapping[str, str]] = {
        "name": "Skriv kollegans namn.",
        "login": SENTENCE_OF_A_LOGIN,
        "team_id": "Välj en funktion.",
        "roles": "Kryssa för minst en roll.",
        "roles_until": "Sista dagen för en roll är i dag eller senare, och rollen är ikryssad.",
    }

    name: Line
    login: Annotated[Login | None, NothingIfBlank] = None
    team_id: Annotated[UUID | None, NothingIfBlank] = None
    roles: Annotated[list[Role], Field(min_length=1)]

    def body(self, typed: Typed) -> dict[str, Any]:
        told = self.model_dump(mode="json", include={"name", "team_id", "roles"})
        return told | {"roles_until": [_until(role, typed) for role in self.roles if _end(role, typed)]}


class SubstituteForm(Form):
    sentences: ClassVar[Mapping[str, str]] = {
        "staff_id": "Välj vem som är borta.",
        "substitute_id": "Välj en annan kollega i tjänst som ersätter.",
        "valid_from": "Välj en dag från och med i dag, eller ingen.",
        "valid_until": "Välj sista dagen, i dag eller senare.",
    }

    staff_id: UUID
    substitute_id: UUID
    valid_from: Annotated[date | None, NothingIfBlank] = None
    valid_until: date

    def body(self) -> dict[str, Any]:
        return self.model_dump(mode="json", exclude={"key"})


class AgreementForm(Form):
    sentences: ClassVar[Mapping[str, str]] = {
        "kind": "Välj vad ni är överens om.",
        "parties": "Kryssa för minst två organisationer.",
        "name": "Skriv högst 200 tecken, eller lämna fältet tomt.",
        "valid_until": "Välj en dag efter den första, eller ingen.",
    }

    kind: AgreementKind
    parties: Annotated[list[UUID], Field(min_length=2, max_length=50)]
    name: Optional = None
    valid_until: Annotated[date | None, NothingIfBlank] = None

    def body(self) -> dict[str, Any]:
        return self.model_dump(mode="json", exclude={"key"})


def beside_login(problem: Problem) -> Problem:
    """The same refusal; where the login is somebody's already, beside its field."""
    if problem.slug != "login-taken":
        return problem
    members = {**problem.members, "errors": [{"field": "login"}]}
    return Problem(status=problem.status, slug=problem.slug, members=members)


def _end(role: Role, typed: Typed) -> str:
    return typed.get(f"until_{role}").strip()


def _until(role: Role, typed: Typed) -> dict[str, str]:
    try:
        return {"role": role, "valid_until": date.fromisoformat(_end(role, typed)).isoformat()}
    except ValueError as error:
        raise wrong("roles_until") from error

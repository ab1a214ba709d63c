"""The person as her own tenant knows her, and who there works with her."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from shared.actor import Actor, ActorKind
from shared.errors import NotYourSide, RoleMissing
from shared.events.base import Role


class ContactKind(StrEnum):
    """A way to reach a person."""

    PHONE = "phone"
    EMAIL = "email"
    ADDRESS = "address"


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """One way to reach the person."""

    kind: ContactKind
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A person in one tenant; somebody known by two organisations is two of these (R-01)."""

    id: UUID
    organisation_id: UUID
    team_id: UUID
    given_name: str
    family_name: str
    birth_year: int
    language: str
    contacts: tuple[Contact, ...]
    version: int
    created_at: datetime


def must_know(actor: Actor, team_id: UUID) -> None:
    """Raise unless the actor is the person herself or works with her: the team's caseworkers and lead (R-27).

    That a person asks about herself alone is the store's to see to: to her, others do not exist.
    """
    if actor.kind is ActorKind.PERSON:
        return
    actor.must_be(Role.CASEWORKER, Role.TEAM_LEAD)
    if actor.team_id != team_id:
        raise NotYourSide


def must_be_person(actor: Actor) -> None:
    """Raise `RoleMissing` for anybody but a person asking about herself."""
    if actor.kind is not ActorKind.PERSON:
        raise RoleMissing


def team_of(actor: Actor) -> tuple[UUID, UUID]:
    """The organisation and team that a member of staff acts for; raises `RoleMissing` without one."""
    if actor.organisation_id is None or actor.team_id is None:
        raise RoleMissing
    return actor.organisation_id, actor.team_id

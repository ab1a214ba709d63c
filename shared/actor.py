"""Who asks: a member of staff, a person, or a service."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from uuid import NAMESPACE_URL, UUID, uuid5

from .errors import RoleMissing
from .events.base import Role

STEP_UP = "step-up"
"""The ``acr`` of somebody who has shown who she is anew, as strongly as her provider can."""


class ActorKind(StrEnum):
    """The kinds of actor."""

    STAFF = "staff"
    PERSON = "person"
    CARD = "card"
    SERVICE = "service"


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who asks, for which organisation and team, and as what.

    ``auth_time`` (seconds since 1970) and ``acr`` say when and how strongly she showed who she
    is, if that is known.  A ``CARD`` is whoever holds a person's printed card, under the card's own
    id: only the service that keeps persons knows whose it is.  ``admission`` is what let a person in.
    """

    kind: ActorKind
    id: UUID
    organisation_id: UUID | None
    team_id: UUID | None
    roles: frozenset[Role]
    auth_time: int | None = None
    acr: str | None = None
    admission: UUID | None = None

    def has(self, *any_of: Role) -> bool:
        return not self.roles.isdisjoint(any_of)

    def must_be(self, *any_of: Role) -> None:
        """Raise ``RoleMissing`` unless the actor has one of the roles."""
        if not self.has(*any_of):
            raise RoleMissing

    def __str__(self) -> str:
        """The actor as an event's envelope names it, for example ``staff:<uuid>``."""
        return f"{self.kind}:{self.id}"


def service_actor(name: str) -> Actor:
    """The actor of a service's own doings; its id is derived from its name."""
    return Actor(
        kind=ActorKind.SERVICE,
        id=uuid5(NAMESPACE_URL, f"vardekedjor:{name}"),
        organisation_id=None,
        team_id=None,
        roles=frozenset({Role.SERVICE}),
    )

"""Who may change what in the directory."""

from __future__ import annotations

from uuid import UUID

from shared.actor import Actor, ActorKind
from shared.errors import NotYourSide, RoleMissing
from shared.events.base import Role

ONBOARDS = (Role.NETWORK_ADMIN, Role.COORDINATOR)
"""The roles held for the network: they bring organisations in, with their first teams and staff."""

NETWORK_ROLES = frozenset(ONBOARDS)
STAFF_ROLES = frozenset(Role) - {Role.PERSON, Role.SERVICE}


class NotYourOrganisation(NotYourSide):
    """Only the organisation itself can change this."""


def must_run(actor: Actor, organisation_id: UUID) -> None:
    """Refuse everybody but the organisation's own administrators."""
    actor.must_be(Role.ORGANISATION_ADMIN)
    if actor.organisation_id != organisation_id:
        raise NotYourOrganisation


def must_run_or_onboard(actor: Actor, organisation_id: UUID) -> None:
    """Refuse everybody but the organisation's own administrators and those who bring organisations in."""
    if not actor.has(*ONBOARDS):
        must_run(actor, organisation_id)


def must_be_staff(actor: Actor) -> None:
    """Refuse persons and services."""
    if actor.kind is not ActorKind.STAFF:
        raise RoleMissing


def must_see_staff_of(actor: Actor, organisation_id: UUID) -> None:
    """Refuse whoever asks for the staff of an organisation that is neither theirs nor theirs to bring in."""
    must_be_staff(actor)
    if actor.organisation_id != organisation_id and not actor.has(*ONBOARDS):
        raise NotYourOrganisation


def must_grant(actor: Actor, roles: frozenset[Role]) -> None:
    """Refuse to let a network role be given by anybody but a network administrator.

    Otherwise an organisation's administrator could reach other organisations
    by appointing herself.
    """
    if roles & NETWORK_ROLES:
        actor.must_be(Role.NETWORK_ADMIN)


def home_of(actor: Actor) -> UUID:
    """The actor's own organisation; whoever has none has nothing here to change."""
    if actor.organisation_id is None:
        raise NotYourOrganisation
    return actor.organisation_id

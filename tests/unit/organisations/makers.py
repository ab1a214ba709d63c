"""Valid things of the directory; a test says only what matters to it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from services.organisations.domain.capacity import Capacity
from services.organisations.domain.offering import Offering
from services.organisations.domain.organisation import Organisation
from services.organisations.domain.required import RequiredField
from services.organisations.domain.staff import Staff
from shared.actor import Actor, ActorKind
from shared.events.base import Area, ItemClass, ItemField, NeedCode, Role, Theme
from shared.events.organisations import OfferingKind, OfferingStatus, OrganisationKind, OrganisationStatus

HERE = UUID("01900000-0000-7000-8000-00000000000a")
ELSEWHERE = UUID("01900000-0000-7000-8000-00000000000b")
TEAM = UUID("01900000-0000-7000-8000-0000000000a1")
SOMEBODY = UUID("01900000-0000-7000-8000-0000000000a2")
SOMEBODY_ELSE = UUID("01900000-0000-7000-8000-0000000000a3")


def an_actor(*roles: Role, id: UUID = SOMEBODY_ELSE, organisation_id: UUID | None = HERE) -> Actor:
    return Actor(
        kind=ActorKind.STAFF,
        id=id,
        organisation_id=organisation_id,
        team_id=None,
        roles=frozenset(roles),
    )


def an_organisation(**said: Any) -> Organisation:
    usual: dict[str, Any] = {
        "id": HERE,
        "name": "Föreningen Öppna Dörren (demo)",
        "kind": OrganisationKind.ASSOCIATION,
        "status": OrganisationStatus.ACTIVE,
        "version": 1,
    }
    return Organisation(**usual | said)


def a_member_of_staff(**said: Any) -> Staff:
    usual: dict[str, Any] = {
        "id": SOMEBODY,
        "organisation_id": HERE,
        "team_id": TEAM,
        "name": "Amina H.",
        "roles": frozenset({Role.RECIPIENT}),
        "active": True,
        "version": 1,
    }
    return Staff(**usual | said)


def a_required_field(
    field: ItemField = ItemField.PHONE, item_class: ItemClass = ItemClass.CONTACT
) -> RequiredField:
    return RequiredField(field=field, item_class=item_class, why="Vi ringer dig om första träffen.")


def an_offering(**said: Any) -> Offering:
    usual: dict[str, Any] = {
        "id": UUID("01900000-0000-7000-8000-0000000000a4"),
        "organisation_id": HERE,
        "team_id": TEAM,
        "name": "Språkcafé",
        "kind": OfferingKind.UNASSESSED,
        "needs": (NeedCode.LANGUAGE,),
        "themes": (Theme.NEIGHBOURHOOD,),
        "areas": (Area.SODER,),
        "languages": ("sv", "ar"),
        "age_from": 18,
        "age_to": None,
        "required_fields": (a_required_field(),),
        "sensitive": False,
        "capacity": Capacity(),
        "answer_promise_days": 3,
        "status": OfferingStatus.EXISTING,
        "version": 1,
    }
    return Offering(**usual | said)

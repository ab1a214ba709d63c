"""A signpost (hänvisning): go there yourself; nothing about the person travels, the need stays at home."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from shared.events.base import NeedCode
from shared.events.organisations import OfferingKind, OfferingStatus, OrganisationStatus
from shared.events.paths import SignpostGiven

from .gate import Receiver
from .needs import Need
from .refusals import NotAnOpenDoor, ReceiverClosed
from .working_days import local_date

_SHUT = frozenset({OfferingStatus.PAUSED, OfferingStatus.ENDED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Signpost:
    """One signpost of one need to one open door; all that a card can show from here, and no name."""

    id: UUID
    organisation_id: UUID
    path_id: UUID
    need_id: UUID
    need_code: NeedCode
    offering_id: UUID
    given_by: UUID
    given_at: datetime
    version: int = 1

    @property
    def day(self) -> date:
        """The Swedish date that stands on the card."""
        return local_date(self.given_at)

    def given(self) -> SignpostGiven:
        return SignpostGiven(
            path_id=self.path_id,
            need_id=self.need_id,
            organisation_id=self.organisation_id,
            signpost_id=self.id,
            offering_id=self.offering_id,
        )


def point(need: Need, at: datetime, *, door: Receiver, signpost_id: UUID, by: UUID) -> Signpost:
    """Show the way; raises `NotAnOpenDoor` for another offering, `ReceiverClosed` for a shut door."""
    if door.offering.kind is not OfferingKind.OPEN_DOOR:
        raise NotAnOpenDoor
    if door.status is not OrganisationStatus.ACTIVE or door.offering.status in _SHUT:
        raise ReceiverClosed
    return Signpost(
        id=signpost_id,
        organisation_id=need.home_organisation_id,
        path_id=need.path_id,
        need_id=need.id,
        need_code=need.code,
        offering_id=door.offering.id,
        given_by=by,
        given_at=at,
    )

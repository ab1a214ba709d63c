"""The gate of sending: every condition under which an item may leave the house (OSL 10:1, 12:2)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from pydantic import JsonValue

from shared.events.base import ItemField
from shared.events.consents import ConsentKind
from shared.events.organisations import OfferingKind, OfferingStatus, OrganisationKind, OrganisationStatus

from .consent import Answer, Consent, Ending, PersonsAnswer
from .profiles import PROFILES
from .refusals import (
    AgreementMissing,
    ConsentExpired,
    ConsentHasEnded,
    ConsentMissing,
    FieldsRequired,
    ItemsNotAllowed,
    ItemsNotReleased,
    PersonSaidNo,
    ReceiverClosed,
    ReceiverFull,
)

P = TypeVar("P", bound=PersonsAnswer)

_CLOSED = frozenset({OfferingStatus.PAUSED, OfferingStatus.ENDED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Offering:
    """What the gate asks of our copy of an offering."""

    id: UUID
    organisation_id: UUID
    team_id: UUID
    kind: OfferingKind
    status: OfferingStatus
    required_fields: frozenset[ItemField]
    sensitive_fields: frozenset[ItemField] = frozenset()
    sensitive: bool = False

    @property
    def takes_referrals(self) -> bool:
        return self.kind is not OfferingKind.OPEN_DOOR and self.status not in _CLOSED

    def is_lost_without(self, fields: frozenset[ItemField]) -> bool:
        """Whether it cannot do without some of these."""
        return self.sensitive or not fields.isdisjoint(self.required_fields)


@dataclass(frozen=True, slots=True, kw_only=True)
class Receiver:
    """What the gate asks of the receiver and of what binds it to the sender."""

    organisation_id: UUID
    team_id: UUID
    kind: OrganisationKind
    status: OrganisationStatus
    offering: Offering
    agreed: bool
    most_at_once: int | None = None

    @property
    def is_open(self) -> bool:
        ours = (self.offering.organisation_id, self.offering.team_id) == (self.organisation_id, self.team_id)
        return ours and self.status is OrganisationStatus.ACTIVE and self.offering.takes_referrals


def demand_live(consent: P | None, at: datetime, kind: ConsentKind = ConsentKind.SECRECY_RELEASE) -> P:
    """The consent, if it is a yes that holds now; else the refusal that says why not, and of which kind."""
    if consent is None or consent.ended_how is Ending.REPLACED:
        raise ConsentMissing(kind=str(kind))
    if consent.answer is Answer.NO:
        raise PersonSaidNo(kind=str(kind))
    if consent.ended_how in {Ending.WITHDRAWN, Ending.RENEWED, Ending.UNUSED}:
        raise ConsentHasEnded(kind=str(kind))
    if not consent.is_live(at):
        raise ConsentExpired(kind=str(kind))
    return consent


def pass_gate(
    *, consent: Consent | None, fields: frozenset[ItemField], receiver: Receiver, at: datetime
) -> Consent:
    """The release under which these items may go to this receiver now; raises the first reason why not."""
    release = demand_live(consent, at)
    if not release.is_for(organisation_id=receiver.organisation_id, team_id=receiver.team_id):
        raise ConsentMissing(kind=str(release.kind))
    demand_released(fields, release)
    if not receiver.is_open:
        raise ReceiverClosed
    if not receiver.agreed:
        raise AgreementMissing
    demand_fit(fields, receiver)
    return release


def demand_room(receiver: Receiver, *, open_there: int, confirmed: bool) -> None:
    """Raise `ReceiverFull` above what the receiver wants at once, unless the sender has confirmed it."""
    if receiver.most_at_once is not None and open_there >= receiver.most_at_once and not confirmed:
        raise ReceiverFull(most_at_once=receiver.most_at_once)


def demand_released(fields: frozenset[ItemField], release: Consent) -> None:
    """Raise unless the person has released every one of the items."""
    if unreleased := fields - release.fields:
        raise ItemsNotReleased(fields=named(unreleased))


def demand_fit(fields: frozenset[ItemField], receiver: Receiver) -> None:
    """Raise unless the items are those that the offering needs, within the receiver's profile."""
    required = receiver.offering.required_fields
    if outside := fields - (required & PROFILES[receiver.kind]):
        raise ItemsNotAllowed(fields=named(outside))
    if lacking := required - fields:
        raise FieldsRequired(fields=named(lacking))


def named(fields: Iterable[ItemField]) -> list[JsonValue]:
    """The fields as a problem names them."""
    return [str(field) for field in sorted(fields)]

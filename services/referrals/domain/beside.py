"""The two consents beside the release: what the receiver may keep, and that the person wants the offering."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from shared.events.base import ItemClass, ItemField
from shared.events.consents import ConsentKind
from shared.events.organisations import OrganisationKind

from .asking import invalid
from .consent import Answer, Consent, Ending
from .disclosure import Item
from .gate import Receiver, demand_live, named
from .refusals import ConsentHasEnded, ConsentMissing, ItemsNotReleased, PersonSaidNo

WITHOUT_A_BASIS = frozenset(
    {OrganisationKind.ASSOCIATION, OrganisationKind.HOUSING_COMPANY, OrganisationKind.EMPLOYER}
)
"""Who keeps sensitive data by the person's explicit consent alone (GDPR 9.2 a, R-16).

Public authorities and care have a basis in law, and must not ask for a consent to be safe.
"""

_ALWAYS_SENSITIVE = frozenset({ItemField.HEALTH})


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """The person's newest answers of the two kinds about one referral."""

    processing: Consent | None
    participation: Consent | None

    def of(self, kind: ConsentKind) -> Consent | None:
        return self.processing if kind is ConsentKind.PROCESSING_CONSENT else self.participation


def processed(items: Iterable[Item], receiver: Receiver) -> frozenset[ItemField]:
    """What such a receiver may keep by the person's consent alone.

    Whatever is said to a sensitive offering is sensitive, for it tells who came there.
    """
    if receiver.kind not in WITHOUT_A_BASIS:
        return frozenset()
    offering = receiver.offering
    sensitive = offering.sensitive_fields | _ALWAYS_SENSITIVE
    return frozenset(
        item.field
        for item in items
        if offering.sensitive or item.item_class is ItemClass.SENSITIVE or item.field in sensitive
    )


def asked_about(kind: ConsentKind, items: Iterable[Item], receiver: Receiver) -> frozenset[ItemField]:
    """The items that a consent of a kind is about; raises `Invalid` for what such a receiver must not ask."""
    if kind is ConsentKind.SECRECY_RELEASE:
        return frozenset(item.field for item in items)
    if kind is ConsentKind.PARTICIPATION:
        return frozenset()
    if receiver.kind not in WITHOUT_A_BASIS:
        raise invalid("kind", "is not asked for: the receiver has a basis of its own")
    return processed(items, receiver)


def asked_of_teams(
    kind: ConsentKind, teams: Sequence[tuple[Iterable[Item], Receiver]]
) -> frozenset[ItemField]:
    """The same for an offer: all that any of its teams would get, or may keep by her consent alone.

    Whether she wants the offering is a question about the one team that claims it.
    """
    if kind is ConsentKind.PARTICIPATION:
        raise invalid("kind", "is asked for once a team has claimed the offer")
    if kind is ConsentKind.PROCESSING_CONSENT:
        teams = [(items, receiver) for items, receiver in teams if receiver.kind in WITHOUT_A_BASIS]
    if not teams:
        raise invalid("kind", "is not asked for: each of the teams has a basis of its own")
    return frozenset[ItemField]().union(*(asked_about(kind, *team) for team in teams))


def pass_beside(beside: Beside, items: Iterable[Item], *, receiver: Receiver, at: datetime) -> Consent | None:
    """The consent under which the receiver may keep what is sensitive, where it needs one.

    Raises the first reason why nothing may leave.  That she has not been asked whether she wants the
    offering is none; that she said no is.
    """
    _demand_wanted(beside.participation, receiver)
    fields = processed(items, receiver)
    of_sensitive = receiver.kind in WITHOUT_A_BASIS and receiver.offering.sensitive
    if not fields and not of_sensitive:
        return None
    kind = ConsentKind.PROCESSING_CONSENT
    processing = demand_live(beside.processing, at, kind)
    if not processing.is_for(organisation_id=receiver.organisation_id, team_id=receiver.team_id):
        raise ConsentMissing(kind=str(kind))
    if unreleased := fields - processing.fields:
        raise ItemsNotReleased(fields=named(unreleased), kind=str(kind))
    return processing


def _demand_wanted(participation: Consent | None, receiver: Receiver) -> None:
    if participation is None or not participation.is_for(
        organisation_id=receiver.organisation_id, team_id=receiver.team_id
    ):
        return
    if participation.answer is Answer.NO:
        raise PersonSaidNo(kind=str(participation.kind))
    if participation.ended_how is Ending.WITHDRAWN:
        raise ConsentHasEnded(kind=str(participation.kind))

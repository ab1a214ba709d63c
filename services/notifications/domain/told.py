"""The one table of who is told what about which event."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from shared.events import Event
from shared.events.base import Urgency
from shared.events.consents import ConsentExpired, ConsentKind, ConsentWithdrawn
from shared.events.referrals import (
    ReferralAccepted,
    ReferralConsentLost,
    ReferralDeclined,
    ReferralEvent,
    ReferralRecalled,
    ReferralReturned,
    ReferralSent,
)

from .notice import Address, NoticeKind

ConsentEnd = ConsentWithdrawn | ConsentExpired
TellingEvent = ReferralEvent | ConsentEnd


class Recipient(StrEnum):
    """Whom a notice goes to."""

    SENDER = "sender"
    RECEIVING_TEAM = "receiving_team"


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """One notice that an event leads to."""

    to: Recipient
    kind: NoticeKind
    urgency: Urgency = Urgency.NORMAL
    text_key: str
    only_if_known: bool = False
    """The team must have been told of the referral before: a consent can end while the
    referral is still a draft or queued, and then the team must not learn that it was planned."""


_SHARING_HAS_ENDED = Told(
    to=Recipient.RECEIVING_TEAM,
    kind=NoticeKind.SHARING_ENDED,
    urgency=Urgency.URGENT,
    text_key="notice.sharing_ended",
    only_if_known=True,
)

WHAT_IS_TOLD: Mapping[type[Event], tuple[Told, ...]] = MappingProxyType(
    {
        ReferralSent: (
            Told(
                to=Recipient.RECEIVING_TEAM,
                kind=NoticeKind.REFERRAL_SENT,
                text_key="notice.referral_sent",
            ),
        ),
        ReferralAccepted: (
            Told(
                to=Recipient.SENDER,
                kind=NoticeKind.REFERRAL_ACCEPTED,
                text_key="notice.referral_accepted",
            ),
        ),
        ReferralDeclined: (
            Told(
                to=Recipient.SENDER,
                kind=NoticeKind.REFERRAL_DECLINED,
                text_key="notice.referral_declined",
            ),
        ),
        ReferralReturned: (
            Told(
                to=Recipient.SENDER,
                kind=NoticeKind.REFERRAL_RETURNED,
                text_key="notice.referral_returned",
            ),
        ),
        ReferralRecalled: (
            Told(
                to=Recipient.RECEIVING_TEAM,
                kind=NoticeKind.REFERRAL_RECALLED,
                text_key="notice.referral_recalled",
            ),
        ),
        # Both sides read the same words, and neither is told why.
        ReferralConsentLost: (
            Told(
                to=Recipient.SENDER,
                kind=NoticeKind.REFERRAL_ENDED,
                urgency=Urgency.URGENT,
                text_key="notice.referral_ended",
            ),
            Told(
                to=Recipient.RECEIVING_TEAM,
                kind=NoticeKind.REFERRAL_ENDED,
                urgency=Urgency.URGENT,
                text_key="notice.referral_ended",
                only_if_known=True,
            ),
        ),
        ConsentWithdrawn: (_SHARING_HAS_ENDED,),
        ConsentExpired: (_SHARING_HAS_ENDED,),
    }
)

TEXT_KEYS: Mapping[NoticeKind, str] = MappingProxyType(
    {told.kind: told.text_key for every in WHAT_IS_TOLD.values() for told in every}
)


def told_about(event: TellingEvent) -> tuple[Told, ...]:
    """The notices that an event leads to.

    The end of a participation ends no sharing; what follows from it (an end, a recall) is told by
    its own event.
    """
    if isinstance(event, ConsentEnd) and event.kind is ConsentKind.PARTICIPATION:
        return ()
    return WHAT_IS_TOLD[type(event)]


def address_of(event: TellingEvent, to: Recipient) -> Address:
    """Where a notice about the event goes; only a referral's own event names its sender."""
    if to is Recipient.SENDER and isinstance(event, ReferralEvent):
        return Address(organisation_id=event.from_organisation_id, staff_id=event.from_staff_id)
    return Address(organisation_id=event.to_organisation_id, team_id=event.to_team_id)


def urgency_of(event: TellingEvent, told: Told) -> Urgency:
    """A new referral is as urgent as its sender says; every other notice as the table says."""
    return event.urgency if isinstance(event, ReferralSent) else told.urgency

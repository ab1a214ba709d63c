"""The one table of who is told what about which event; what is told to nobody stands in `excused`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import KW_ONLY, dataclass, replace
from types import MappingProxyType
from typing import Any

from shared.events import Event
from shared.events.base import Urgency
from shared.events.consents import (
    ConsentExpired,
    ConsentExpiring,
    ConsentNarrowed,
    ConsentRenewed,
    ConsentWithdrawn,
    DisclosureUnanswered,
)
from shared.events.offers import OfferClaimed, OfferClosed, OfferOpened
from shared.events.outcomes import OutcomeAsked, OutcomeSaid, Voice
from shared.events.paths import StepRefused, StepWanted
from shared.events.referrals import (
    Party,
    ReferralAccepted,
    ReferralAnswered,
    ReferralAsked,
    ReferralCompleted,
    ReferralConsentLost,
    ReferralDeclined,
    ReferralEnded,
    ReferralExpired,
    ReferralForwarded,
    ReferralMarkedInError,
    ReferralOverdue,
    ReferralPaused,
    ReferralReassigned,
    ReferralRecalled,
    ReferralReminded,
    ReferralReopened,
    ReferralResumed,
    ReferralReturned,
    ReferralSent,
    ReferralStarted,
    ReferralWaitlisted,
    Stage,
)

from .conditions import (
    always,
    asks,
    by_the_person,
    concerns_sharing,
    has_come_to,
    is_asked_beyond_the_holder,
    is_asked_of_the_holder,
    is_news_to_the_sender,
    not_by,
    owed_by,
    was_not_recalled,
)
from .notice import Address, NoticeKind
from .recipients import (
    TellingEvent,
    colleague,
    home_team,
    other_teams,
    receiving_team,
    sender,
    sending_team,
    teams_asked,
)

URGENT = Urgency.URGENT


@dataclass(frozen=True, slots=True)
class Told:
    """One notice that an event leads to, if its condition holds."""

    to: Callable[[Any], Address | tuple[Address, ...]]
    kind: NoticeKind
    _: KW_ONLY
    urgency: Urgency = Urgency.NORMAL
    when: Callable[[Any], bool] = always
    only_if_known: bool = False
    """The team must have been told of the referral before: much can happen while it is still a
    draft or queued, and then the team must not learn that it was planned."""
    without_path: bool = False
    """The team knows of an open offer alone: nothing in its list may lead to the person."""

    def addresses(self, event: Event) -> tuple[Address, ...]:
        """Whom it goes to."""
        to = self.to(event)
        return to if isinstance(to, tuple) else (to,)


_SHARING_HAS_ENDED = Told(receiving_team, NoticeKind.SHARING_ENDED, urgency=URGENT, only_if_known=True)
_BY_A_CONSENT_S_END = replace(_SHARING_HAS_ENDED, when=concerns_sharing)

WHAT_IS_TOLD: Mapping[type[Event], tuple[Told, ...]] = MappingProxyType(
    {
        ReferralSent: (Told(receiving_team, NoticeKind.REFERRAL_SENT),),
        ReferralReturned: (Told(sender, NoticeKind.REFERRAL_RETURNED),),
        ReferralAsked: (Told(sender, NoticeKind.REFERRAL_ASKED),),
        ReferralAnswered: (Told(receiving_team, NoticeKind.REFERRAL_ANSWERED),),
        ReferralReminded: (Told(receiving_team, NoticeKind.REFERRAL_REMINDED),),
        ReferralWaitlisted: (Told(sender, NoticeKind.REFERRAL_WAITLISTED),),
        ReferralAccepted: (Told(sender, NoticeKind.REFERRAL_ACCEPTED),),
        ReferralDeclined: (Told(sender, NoticeKind.REFERRAL_DECLINED),),
        ReferralForwarded: (Told(sender, NoticeKind.REFERRAL_FORWARDED),),
        ReferralRecalled: (
            Told(receiving_team, NoticeKind.REFERRAL_RECALLED),
            Told(sender, NoticeKind.REFERRAL_RECALLED, when=by_the_person),
        ),
        ReferralStarted: (Told(sender, NoticeKind.REFERRAL_STARTED),),
        ReferralPaused: (Told(sender, NoticeKind.REFERRAL_PAUSED),),
        ReferralResumed: (Told(sender, NoticeKind.REFERRAL_RESUMED),),
        ReferralCompleted: (Told(sender, NoticeKind.REFERRAL_COMPLETED),),
        # The receiver is not told what the person says of it: that is between her and her home.
        OutcomeAsked: (Told(sender, NoticeKind.OUTCOME_ASKED, when=asks(Voice.SENDER)),),
        OutcomeSaid: (Told(sender, NoticeKind.OUTCOME_SAID, when=is_news_to_the_sender),),
        StepRefused: (Told(home_team, NoticeKind.STEP_REFUSED),),
        StepWanted: (Told(home_team, NoticeKind.STEP_WANTED),),
        ReferralEnded: (
            Told(sender, NoticeKind.REFERRAL_ENDED, when=not_by(Party.SENDER)),
            Told(receiving_team, NoticeKind.REFERRAL_ENDED, when=not_by(Party.RECEIVER)),
        ),
        ReferralReopened: (
            Told(sender, NoticeKind.REFERRAL_REOPENED, when=not_by(Party.SENDER)),
            Told(receiving_team, NoticeKind.REFERRAL_REOPENED, when=not_by(Party.RECEIVER)),
        ),
        ReferralExpired: (
            Told(sender, NoticeKind.REFERRAL_EXPIRED),
            Told(receiving_team, NoticeKind.REFERRAL_EXPIRED),
        ),
        ReferralReassigned: (Told(colleague, NoticeKind.REFERRAL_REASSIGNED),),
        # Each stage goes to somebody higher; a lead reads what is told to the team.
        ReferralOverdue: (
            Told(sender, NoticeKind.REFERRAL_DUE, when=owed_by(Party.SENDER, at=Stage.REMINDER)),
            Told(receiving_team, NoticeKind.REFERRAL_DUE, when=owed_by(Party.RECEIVER, at=Stage.REMINDER)),
            Told(
                sending_team,
                NoticeKind.REFERRAL_LATE,
                urgency=URGENT,
                when=owed_by(Party.SENDER, at=Stage.TEAM_LEAD),
            ),
            Told(
                receiving_team,
                NoticeKind.REFERRAL_LATE,
                urgency=URGENT,
                when=owed_by(Party.RECEIVER, at=Stage.TEAM_LEAD),
            ),
            Told(sender, NoticeKind.REFERRAL_STALLED, urgency=URGENT, when=has_come_to(Stage.COORDINATOR)),
            Told(sender, NoticeKind.GAP, urgency=URGENT, when=has_come_to(Stage.GAP)),
        ),
        # Both sides read the same words, and neither is told why.
        ReferralConsentLost: (
            Told(sender, NoticeKind.REFERRAL_ENDED, urgency=URGENT),
            Told(receiving_team, NoticeKind.REFERRAL_ENDED, urgency=URGENT, only_if_known=True),
        ),
        # It locks what was given, maybe after the consent's end: then that alone may be told.
        ReferralMarkedInError: (_SHARING_HAS_ENDED,),
        ConsentWithdrawn: (_BY_A_CONSENT_S_END,),
        ConsentExpired: (_BY_A_CONSENT_S_END,),
        ConsentNarrowed: (
            Told(
                receiving_team,
                NoticeKind.SHARING_CHANGED,
                urgency=URGENT,
                when=concerns_sharing,
                only_if_known=True,
            ),
        ),
        ConsentRenewed: (
            Told(receiving_team, NoticeKind.CONSENT_RENEWED, when=concerns_sharing, only_if_known=True),
        ),
        ConsentExpiring: (Told(sender, NoticeKind.CONSENT_EXPIRING),),
        OfferOpened: (Told(teams_asked, NoticeKind.OFFER_OPENED, without_path=True),),
        # Who lost is not told who won, and the home in the same words of the clock and of a consent's end.
        OfferClaimed: (
            Told(sender, NoticeKind.OFFER_CLAIMED),
            Told(receiving_team, NoticeKind.OFFER_WON),
            Told(other_teams, NoticeKind.OFFER_CLOSED, without_path=True),
        ),
        OfferClosed: (
            Told(teams_asked, NoticeKind.OFFER_CLOSED, without_path=True),
            Told(sender, NoticeKind.OFFER_UNCLAIMED, when=was_not_recalled),
        ),
        DisclosureUnanswered: (
            Told(receiving_team, NoticeKind.COPY_UNANSWERED, urgency=URGENT, when=is_asked_of_the_holder),
            Told(sending_team, NoticeKind.COPY_UNANSWERED, urgency=URGENT, when=is_asked_beyond_the_holder),
        ),
    }
)


def told_about(event: TellingEvent) -> tuple[Told, ...]:
    """The notices that an event leads to."""
    return tuple(told for told in WHAT_IS_TOLD[type(event)] if told.when(event))


def urgency_of(event: TellingEvent, told: Told) -> Urgency:
    """What is new to a team is as urgent as its sender says; every other notice as the table says."""
    return event.urgency if isinstance(event, ReferralSent | OfferOpened) else told.urgency

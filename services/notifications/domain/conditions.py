"""When a row of the table of what is told holds."""

from __future__ import annotations

from collections.abc import Callable

from shared.events import Event
from shared.events.consents import ConsentKind, DisclosureUnanswered
from shared.events.offers import OfferClosed, OfferClosing
from shared.events.outcomes import OutcomeAsked, OutcomeSaid, Voice
from shared.events.referrals import (
    Party,
    ReferralEnded,
    ReferralOverdue,
    ReferralRecalled,
    ReferralReopened,
    Stage,
)

from .recipients import ConsentEvent

_LAST_ASKED_OF_THE_HOLDER = 2


def always(_event: Event) -> bool:
    return True


def not_by(party: Party) -> Callable[[ReferralEnded | ReferralReopened], bool]:
    """Somebody else did it: the other side, or the person."""
    return lambda event: event.by is not party


def by_the_person(event: ReferralRecalled) -> bool:
    """A sender always gives a reason; a person who gives one cannot be told from a sender."""
    return event.reason is None


def concerns_sharing(event: ConsentEvent) -> bool:
    """A participation shares nothing; what follows from its end (an end, a recall) is told by itself."""
    return event.kind is not ConsentKind.PARTICIPATION


def was_not_recalled(event: OfferClosed) -> bool:
    """Whoever takes an offer back knows of it."""
    return event.reason is not OfferClosing.RECALLED


def has_come_to(stage: Stage) -> Callable[[ReferralOverdue], bool]:
    return lambda event: event.stage is stage


def owed_by(party: Party, *, at: Stage) -> Callable[[ReferralOverdue], bool]:
    return lambda event: (event.owed_by, event.stage) == (party, at)


def asks(voice: Voice) -> Callable[[OutcomeAsked], bool]:
    return lambda event: voice in event.voices


def is_news_to_the_sender(event: OutcomeSaid) -> bool:
    """The provider, or the person, has said something new; a lead's word asks nobody to act."""
    return event.voice in {Voice.PROVIDER, Voice.PERSON}


def is_asked_of_the_holder(event: DisclosureUnanswered) -> bool:
    """It has not yet gone on to the sender's side."""
    return event.stage <= _LAST_ASKED_OF_THE_HOLDER


def is_asked_beyond_the_holder(event: DisclosureUnanswered) -> bool:
    return not is_asked_of_the_holder(event)

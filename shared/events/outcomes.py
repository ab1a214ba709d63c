"""What referrals tells of how it went: who has said so after the end, who was asked, who stayed silent."""

from __future__ import annotations

from enum import StrEnum

from .referrals import Outcome, ReferralEvent


class Voice(StrEnum):
    """In whose name something is said of how it went."""

    PROVIDER = "provider"
    SENDER = "sender"
    PERSON = "person"
    ORGANISATION = "organisation"
    SOCIETY = "society"


class OutcomeSaid(ReferralEvent, type="outcome.said.v1"):
    """Somebody said how it went; what a completion says of it is the completion's own event."""

    voice: Voice
    met: Outcome


class OutcomeAsked(ReferralEvent, type="outcome.asked.v1"):
    """A fortnight after a completion these have not said how it went, and are asked."""

    voices: tuple[Voice, ...]


class OutcomeUnsaid(ReferralEvent, type="outcome.unsaid.v1"):
    """These were asked and stayed silent; of both of them: there is the provider's word only."""

    voices: tuple[Voice, ...]

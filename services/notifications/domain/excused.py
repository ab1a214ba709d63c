"""The events that nobody is told of, each with the reason."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from shared.events import Event
from shared.events.consents import ConsentGiven, ConsentRefused, DisclosureAnswered
from shared.events.offers import (
    OfferConsentExpired,
    OfferConsentGiven,
    OfferConsentNarrowed,
    OfferConsentRefused,
    OfferConsentWithdrawn,
    OfferDiscarded,
    OfferDrafted,
)
from shared.events.outcomes import OutcomeUnsaid
from shared.events.paths import (
    NeedAnswered,
    NeedClosed,
    NeedParked,
    NeedReopened,
    NeedStated,
    NeedTransferred,
    NeedUnparked,
    PathOpened,
    SignpostGiven,
    StepPlanned,
    StepReady,
    TransferOffered,
    TransferRecalled,
    TransferRefused,
)
from shared.events.referrals import ReferralContacted, ReferralDiscarded, ReferralDrafted, ReferralOpened

EXCUSED: Mapping[type[Event], str] = MappingProxyType(
    {
        PathOpened: "Whoever opened the path stands in front of the person; nobody else knows of it yet.",
        StepPlanned: "Whoever planned the step knows of it, and nothing is owed before it may begin.",
        StepReady: "A notice leads to a referral, and a step that may begin has none yet.",
        SignpostGiven: "Nothing about the person has left: nobody at the open door may learn of her.",
        NeedStated: "Its home wrote it down itself.",
        NeedParked: "Its home set it aside itself, and it opens by itself on its day.",
        NeedUnparked: "A notice leads to a referral, and a need that opens again has none under way.",
        NeedAnswered: "The sender is told of the completed hand-over that answers it.",
        NeedClosed: "Its home closed it itself, and can do so only when nobody has a hand-over of it.",
        NeedReopened: "Its home reopened it itself, or was told of the hand-over that was reopened.",
        TransferOffered: "It names no team that could be told at the organisation that is asked.",
        TransferRecalled: "It was not answered yet, and the list of who was asked no longer holds it.",
        TransferRefused: "It names no team of the home that asked, and the need stays where it was.",
        NeedTransferred: "The new home said yes itself, and no team of the old one is named.",
        ConsentGiven: "The sender wrote it down itself, and the receiver learns of it with the referral.",
        ConsentRefused: "A no is a full answer: it stays with the person and the sender, who wrote it down.",
        DisclosureAnswered: "Nothing is owed any more; person and sender find the answer with the consent.",
        OfferDrafted: "No team knows of it yet.",
        OfferDiscarded: "No team knew of it.",
        OfferConsentGiven: "The sender wrote it down itself, and the teams learn of the offer when it opens.",
        OfferConsentRefused: "A no to an offer is a full answer: it stays with the person and the sender.",
        OfferConsentWithdrawn: "Nobody is told why: the offer that it closes is told as closed.",
        OfferConsentExpired: "Nobody is told why: an offer that was open is told as closed.",
        OfferConsentNarrowed: "The sender wrote it down itself, and the teams see until when they may claim.",
        OutcomeUnsaid: "Those who stayed silent were asked before; nobody owes a word.",
        ReferralDrafted: "Nothing has left the sender.",
        ReferralDiscarded: "Nothing had left the sender.",
        ReferralOpened: "Reading is not an answer; the sender sees on the referral that it has been opened.",
        ReferralContacted: "It asks nobody to act; both sides find it in the referral's timeline.",
    }
)

"""A consent to an offer: it names several teams, and becomes the edge of the one that claims."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Self
from uuid import UUID

from shared.events.base import ItemField
from shared.events.offers import (
    OfferConsentExpired,
    OfferConsentGiven,
    OfferConsentNarrowed,
    OfferConsentRefused,
    OfferConsentWithdrawn,
)

from .consent import Answer, Consent, Ending, Narrowed, PersonsAnswer
from .refusals import NoTeamYet


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferConsent(PersonsAnswer):
    """What one person answered about one offer, that is: about each team of it."""

    offer_id: UUID

    def given(self) -> OfferConsentGiven | OfferConsentRefused:
        """The event of its answer."""
        if self.answer is Answer.NO:
            return OfferConsentRefused(**self._about(), kind=self.kind)
        fields = tuple(sorted(self.fields))
        return OfferConsentGiven(**self._about(), kind=self.kind, fields=fields, valid_until=self.valid_until)

    def withdraw(self, at: datetime) -> tuple[Self, OfferConsentWithdrawn]:
        """Take it back; nobody is asked why.  Raises `ConsentHasEnded` or, for a no, `PersonSaidNo`."""
        return self.end(Ending.WITHDRAWN, at), OfferConsentWithdrawn(**self._about(), kind=self.kind)

    def expire(self, at: datetime) -> tuple[Self, OfferConsentExpired]:
        """Let its time run out."""
        return self.end(Ending.EXPIRED, at), OfferConsentExpired(**self._about(), kind=self.kind)

    def narrowed(self, by: Narrowed) -> OfferConsentNarrowed:
        """The event of a narrowing: of its time, for without an item it ends."""
        return OfferConsentNarrowed(**self._about(), kind=self.kind, valid_until=by.valid_until)

    def edge(
        self,
        at: datetime,
        *,
        referral_id: UUID,
        organisation_id: UUID,
        team_id: UUID,
        fields: frozenset[ItemField],
    ) -> tuple[Consent, Narrowed]:
        """The same consent as that of one team's referral, less what this team does not need (GDPR 5.1 c).

        Also what is written down of the items that it loses.
        """
        narrower, taken = self.narrow(at, dropped=self.fields - fields, until=self.valid_until)
        edge = Consent(
            **{name: getattr(narrower, name) for name in PersonsAnswer.__dataclass_fields__},
            referral_id=referral_id,
            to_organisation_id=organisation_id,
            to_team_id=team_id,
            offer_id=self.offer_id,
        )
        return edge, taken

    def _about(self) -> dict[str, UUID]:
        return {
            "path_id": self.path_id,
            "consent_id": self.id,
            "offer_id": self.offer_id,
            "from_organisation_id": self.from_organisation_id,
        }


AnyConsent = Consent | OfferConsent


def demand_edge(consent: AnyConsent) -> Consent:
    """Raise `NoTeamYet` for a consent to an offer that nobody has claimed."""
    if isinstance(consent, OfferConsent):
        raise NoTeamYet(state="ended" if consent.ended_at else "offered", allowed=[])
    return consent

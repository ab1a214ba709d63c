"""The gate of an open offer, for each of its teams: what it would get, and under which edge."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shared.events.base import ItemField
from shared.events.consents import ConsentKind

from .beside import Beside, pass_beside
from .consent import Consent, Narrowed
from .disclosure import Item
from .gate import Receiver, demand_live, pass_gate
from .offer_consent import OfferConsent
from .offers import OfferedTeam
from .refusals import GateClosed

Answers = Mapping[ConsentKind, OfferConsent]
"""What the person said about an offer, the newest of each kind."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Prospect:
    """One of the teams that are asked: who it is, and what it would get."""

    team: OfferedTeam
    receiver: Receiver
    items: tuple[Item, ...]

    @property
    def fields(self) -> frozenset[ItemField]:
        return frozenset(item.field for item in self.items)


@dataclass(frozen=True, slots=True, kw_only=True)
class Edges:
    """What the person's answers come to for one team, each with what it loses on the way."""

    release: Consent
    released: Narrowed
    processing: Consent | None
    processed: Narrowed | None

    @property
    def beside(self) -> Beside:
        """What the gate asks beside the release; whether she wants the offering is asked of the winner's."""
        return Beside(processing=self.processing, participation=None)

    def pass_beside(self, prospect: Prospect, at: datetime) -> Consent | None:
        """The consent under which the team may keep what is sensitive; raises why nothing may leave."""
        return pass_beside(self.beside, prospect.items, receiver=prospect.receiver, at=at)

    def chosen(self, processing: Consent | None) -> list[tuple[Consent, Narrowed]]:
        """The edges that go on; the one to processing only where the gate asked for it."""
        edges = [(self.release, self.released)]
        if processing is not None and self.processed is not None:
            edges.append((processing, self.processed))
        return edges


def edges(answers: Answers, prospect: Prospect, at: datetime, *, referral_id: UUID) -> Edges:
    """The edges to one team; raises why the release lives no more."""
    asked = demand_live(answers.get(ConsentKind.SECRECY_RELEASE), at)
    release, released = _edge(asked, prospect, at, referral_id)
    kept = answers.get(ConsentKind.PROCESSING_CONSENT)
    processing, processed = _edge(kept, prospect, at, referral_id) if kept else (None, None)
    return Edges(release=release, released=released, processing=processing, processed=processed)


def rehearse(answers: Answers, prospect: Prospect, at: datetime, *, referral_id: UUID) -> None:
    """Raise, naming the team, why it could not be given what it would get now."""
    try:
        to_team = edges(answers, prospect, at, referral_id=referral_id)
        pass_gate(consent=to_team.release, fields=prospect.fields, receiver=prospect.receiver, at=at)
        to_team.pass_beside(prospect, at)
    except GateClosed as closed:
        closed.members["team_id"] = str(prospect.team.team_id)
        raise


def _edge(
    consent: OfferConsent, prospect: Prospect, at: datetime, referral_id: UUID
) -> tuple[Consent, Narrowed]:
    return consent.edge(
        at,
        referral_id=referral_id,
        organisation_id=prospect.team.organisation_id,
        team_id=prospect.team.team_id,
        fields=consent.fields & prospect.fields,
    )

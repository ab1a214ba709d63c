"""From what the person answered to a consent: what she was asked about, and how long her yes may last."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from pydantic import JsonValue

from shared.errors import Invalid
from shared.events.base import ItemField
from shared.events.consents import ConsentKind, ConsentRenewed

from .consent import (
    Answer,
    Consent,
    GivenBy,
    Narrowed,
    PersonsAnswer,
    Proof,
    Way,
    default_end,
    latest_end,
)
from .gate import demand_live
from .offer_consent import OfferConsent
from .offers import Offer
from .referral import Referral

P = TypeVar("P", bound=PersonsAnswer)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What the person said, and how it is shown that she was asked rightly."""

    kind: ConsentKind
    answer: Answer
    fields: frozenset[ItemField]
    purpose: str
    conditions: tuple[str, ...]
    until: datetime | None
    proof: Proof


def answered(
    reply: Reply, referral: Referral, *, asked: frozenset[ItemField], consent_id: UUID, at: datetime
) -> Consent:
    """The consent that records the reply; raises `Invalid` for more than was asked or for too long (R-13)."""
    return Consent(
        id=consent_id,
        path_id=referral.path_id,
        referral_id=referral.id,
        from_organisation_id=referral.from_organisation_id,
        to_organisation_id=referral.to_organisation_id,
        to_team_id=referral.to_team_id,
        **_said(reply, asked, at),
    )


def answered_to_offer(
    reply: Reply, offer: Offer, *, asked: frozenset[ItemField], consent_id: UUID, at: datetime
) -> OfferConsent:
    """The same for an offer: what she says, she says of each team of it."""
    return OfferConsent(
        id=consent_id,
        path_id=offer.path_id,
        offer_id=offer.id,
        from_organisation_id=offer.from_organisation_id,
        **_said(reply, asked, at),
    )


def _said(reply: Reply, asked: frozenset[ItemField], at: datetime) -> dict[str, Any]:
    if unasked := reply.fields - asked:
        raise invalid("fields", f"were not asked about: {', '.join(sorted(unasked))}")
    names = ("kind", "answer", "fields", "purpose", "conditions", "proof")
    said = {name: getattr(reply, name) for name in names}
    return {**said, "valid_from": at, "valid_until": lawful_end(reply.until, at)}


def lawful_end(until: datetime | None, at: datetime) -> datetime:
    """When a yes given now ends; raises `Invalid` for what has passed or is too far off (R-13)."""
    until = until or default_end(at)
    if not at < until <= latest_end(at):
        raise invalid("valid_until", "must lie ahead, and at most 365 days")
    return until


@dataclass(frozen=True, slots=True, kw_only=True)
class Renewal:
    """That the person said yes again: until when, and what shows it; without givers, those of before."""

    until: datetime | None
    text_version: int
    text_sha256: str
    given_how: Way
    given_by: tuple[GivenBy, ...]
    asked_by: UUID
    interpreter: bool


def renewed(
    consent: Consent, said: Renewal, *, consent_id: UUID, at: datetime
) -> tuple[Consent, Consent, ConsentRenewed]:
    """The old consent, ended, the new one and its event; raises why the old one lives no more."""
    live = demand_live(consent, at)
    proof = Proof(
        text_version=said.text_version,
        text_sha256=said.text_sha256,
        language=live.proof.language,
        given_how=said.given_how,
        given_by=said.given_by or tuple(replace(one, at=at) for one in live.proof.given_by),
        asked_by=said.asked_by,
        interpreter=said.interpreter,
    )
    old, new = live.renew(at, consent_id=consent_id, until=lawful_end(said.until, at), proof=proof)
    return old, new, new.renewed()


def narrowed(
    consent: P, *, fields: frozenset[ItemField] | None, until: datetime | None, at: datetime
) -> tuple[P, Narrowed]:
    """The consent less what she takes back, and what that is; what is None stays as it is.

    Raises why it lives no more, or `Invalid` for what would widen it or leave it as it is.
    """
    live = demand_live(consent, at)
    left = live.fields if fields is None else fields
    end = until or live.valid_until
    if wider := left - live.fields:
        raise invalid("fields", f"were not released: {', '.join(sorted(wider))}")
    if not at < end <= live.valid_until:
        raise invalid("valid_until", "must lie ahead, and no later than the consent's end")
    if (left, end) == (live.fields, live.valid_until):
        raise invalid("fields", "narrow nothing")
    return live.narrow(at, dropped=live.fields - left, until=end)


def invalid(field: str, message: str) -> Invalid:
    error: dict[str, JsonValue] = {"field": field, "message": message}
    return Invalid(errors=[error])

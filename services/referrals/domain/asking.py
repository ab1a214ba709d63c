"""From what the person answered to a consent: what she was asked about, and how long her yes may last."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from pydantic import JsonValue

from shared.errors import Invalid
from shared.events.base import ItemField
from shared.events.consents import ConsentKind

from .consent import Answer, Consent, Proof, default_end, latest_end
from .referral import Referral


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


def answered(reply: Reply, referral: Referral, *, consent_id: UUID, at: datetime) -> Consent:
    """The consent that records the reply; raises `Invalid` for more than was asked or for too long (R-13)."""
    if unasked := reply.fields - referral.fields:
        raise _invalid("fields", f"were not asked about: {', '.join(sorted(unasked))}")
    until = reply.until or default_end(at)
    if not at < until <= latest_end(at):
        raise _invalid("valid_until", "must lie ahead, and at most 365 days")
    return Consent(
        id=consent_id,
        kind=reply.kind,
        answer=reply.answer,
        path_id=referral.path_id,
        referral_id=referral.id,
        from_organisation_id=referral.from_organisation_id,
        to_organisation_id=referral.to_organisation_id,
        to_team_id=referral.to_team_id,
        fields=reply.fields,
        purpose=reply.purpose,
        conditions=reply.conditions,
        valid_from=at,
        valid_until=until,
        proof=reply.proof,
    )


def _invalid(field: str, message: str) -> Invalid:
    error: dict[str, JsonValue] = {"field": field, "message": message}
    return Invalid(errors=[error])

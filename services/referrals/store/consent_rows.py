"""A consent from its row as JSON, and its words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from shared.crypto import Owner, place
from shared.events.base import ItemField
from shared.events.consents import ConsentKind
from shared.vault import Keys

from ..domain.consent import Answer, Consent, Ending, GivenBy, Giver, Proof, Way
from ..domain.offer_consent import AnyConsent, OfferConsent
from . import rows

Words = Mapping[str, Any]
NO_WORDS: Words = {"purpose": "", "conditions": ()}
"""What is enough to end a consent by."""


def from_json(said: dict[str, Any], keys: Keys) -> Consent:
    """A referral's consent from its row as JSON; its key is held."""
    return _of_referral(_words(said, keys), said)


def _of_referral(words: Words, said: dict[str, Any]) -> Consent:
    return Consent(
        **_answer(words, said),
        referral_id=UUID(said["referral_id"]),
        to_organisation_id=UUID(said["to_organisation_id"]),
        to_team_id=UUID(said["to_team_id"]),
        renews=UUID(said["renews"]) if said["renews"] else None,
        offer_id=UUID(said["offer_id"]) if said["offer_id"] else None,
    )


def any_from_json(said: dict[str, Any], keys: Keys) -> AnyConsent:
    """The same of a referral or of an offer that nobody has claimed."""
    return with_words(_words(said, keys), said)


def with_words(words: Words, said: dict[str, Any]) -> AnyConsent:
    if said["referral_id"] is not None:
        return _of_referral(words, said)
    return OfferConsent(**_answer(words, said), offer_id=UUID(said["offer_id"]))


def _words(said: dict[str, Any], keys: Keys) -> Words:
    bound_to = place_of(said["id"], said["from_organisation_id"])
    words: Words = rows.unsealed_json(
        keys.of(owner_of(said)), bytes.fromhex(said["sealed"][2:]), bound_to=bound_to
    )
    return words


def _answer(words: Words, said: dict[str, Any]) -> dict[str, Any]:
    return {
        **{name: UUID(said[name]) for name in _IDS},
        "kind": ConsentKind(said["kind"]),
        "answer": Answer(said["answer"]),
        "fields": frozenset(map(ItemField, said["fields"])),
        "purpose": words["purpose"],
        "conditions": tuple(words["conditions"]),
        "valid_from": datetime.fromisoformat(said["valid_from"]),
        "valid_until": datetime.fromisoformat(said["valid_until"]),
        "proof": _proof(said),
        "version": said["version"],
        "ended_at": datetime.fromisoformat(said["ended_at"]) if said["ended_at"] else None,
        "ended_how": Ending(said["ended_how"]) if said["ended_how"] else None,
    }


_IDS = ("id", "path_id", "from_organisation_id")


def _proof(said: dict[str, Any]) -> Proof:
    given_by = (
        GivenBy(who=Giver(one["who"]), at=datetime.fromisoformat(one["at"])) for one in said["given_by"]
    )
    return Proof(
        text_version=said["text_version"],
        text_sha256=said["text_sha256"],
        language=said["language"],
        given_how=Way(said["given_how"]),
        given_by=tuple(given_by),
        asked_by=UUID(said["asked_by"]),
        interpreter=said["interpreter"],
    )


def owner_of(said: dict[str, Any]) -> Owner:
    """Whose key opens a consent's row."""
    return Owner(UUID(said["path_id"]), UUID(said["from_organisation_id"]))


def place_of(consent_id: UUID | str, organisation_id: UUID | str) -> str:
    return place("consents.sealed", organisation_id, consent_id)

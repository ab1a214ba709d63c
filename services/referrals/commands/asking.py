"""That the person was shown the very text that asks for what she is recorded to have answered."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from shared.events.base import ItemField

from .. import texts
from ..domain.asking import invalid
from ..domain.consent import PersonsAnswer


def demand_shown(
    consent: PersonsAnswer,
    *,
    fields: Iterable[ItemField],
    until: datetime | None,
    teams: int | None = None,
) -> None:
    """Raise `Invalid` unless the hash is that of the text that asks for these very items (R-10).

    For an offer the text speaks of so many teams.
    """
    language, asked = texts.Language(consent.proof.language), list(fields)
    lawful = {
        texts.consent_text(consent.kind, language, fields=asked, until=end, teams=teams).sha256
        for end in {until, None}
    }
    if consent.proof.text_sha256 not in lawful or consent.proof.text_version != texts.CURRENT_VERSION:
        raise invalid("text_sha256", "is not the hash of the text for this referral")

"""The texts by which a person is asked, one file per kind, version and language.

A file is never edited once it has been shown to anybody: a new wording is a new
version beside it, for the hash in a consent's proof must find its text again.
The wordings are drafts that a lawyer has not read; the Arabic one is drafted by
machine and not reviewed by a speaker, and no reader of easy Swedish has tried that one.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Any

from shared.events.base import ItemField
from shared.events.consents import ConsentKind

from ..domain.working_days import local_date

CURRENT_VERSION = 1
_FOLDER = Path(__file__).parent


class Language(StrEnum):
    """The languages that there is a text in, by their tags (BCP 47, RFC 5646)."""

    SWEDISH = "sv"
    EASY_SWEDISH = "sv-x-lattlast"
    ENGLISH = "en"
    ARABIC = "ar"


@dataclass(frozen=True, slots=True)
class ConsentText:
    """The exact text to be shown or read aloud, and the version that it is of."""

    text: str
    version: int

    @property
    def sha256(self) -> str:
        """SHA-256 of the text in UTF-8, in hexadecimal."""
        return hashlib.sha256(self.text.encode()).hexdigest()


def consent_text(
    kind: ConsentKind,
    language: Language,
    *,
    fields: Iterable[ItemField],
    until: datetime | None,
    teams: int | None = None,
) -> ConsentText:
    """The text that asks for these items, until a Swedish date or, without one, until the date agreed on.

    With a number of teams it asks about an offer to so many.
    """
    words = _words(kind if teams is None else f"{kind}_offer", language)
    items = "\n".join(f"• {words['items'][field]}" for field in sorted(fields)) or words["no_items"]
    end = words["until_agreed"] if until is None else words["until"].format(date=_last_day(until))
    return ConsentText(words["text"].format(items=items, end=end, teams=teams), words["version"])


def _last_day(until: datetime) -> str:
    return local_date(until - timedelta(microseconds=1)).isoformat()


@lru_cache
def _words(kind: str, language: Language) -> dict[str, Any]:
    file = _FOLDER / f"{kind}-{CURRENT_VERSION}.{language}.toml"
    return tomllib.loads(file.read_text(encoding="utf-8"))

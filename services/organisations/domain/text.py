"""Words as a search compares them."""

from __future__ import annotations

import re
import unicodedata

LONGEST, MOST = 40, 12
"""Of a search's text no longer words are looked up, and no more of them."""

_WORD = re.compile(r"[^\W_]+")


def words_in(text: str) -> list[str]:
    """Each word once, in small letters and in the order in which it comes."""
    found = (word[:LONGEST] for word in _WORD.findall(unicodedata.normalize("NFC", text).lower()))
    return [*dict.fromkeys(found)]


def folded(word: str) -> str:
    """Without accents, as one types on a foreign keyboard: ``språkcafé`` and ``sprakcafe`` are one."""
    parts = unicodedata.normalize("NFKD", word)
    return "".join(part for part in parts if not unicodedata.combining(part))

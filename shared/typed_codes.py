"""Codes that one person writes down and another types: twelve signs, 60 bits, in groups of four.

Crockford's alphabet, which has no two signs that look alike; what is typed is read with patience.
"""

from __future__ import annotations

import secrets
import unicodedata

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
SIGNS, GROUP = 12, 4
LONGEST = 40
"""The most signs that are read of what was typed."""

_MEANT = str.maketrans({"O": "0", "I": "1", "L": "1"})


def new_code() -> str:
    """A code, as it is kept nowhere."""
    return "".join(secrets.choice(ALPHABET) for _ in range(SIGNS))


def canonical(typed: str) -> str:
    """What somebody meant: in whatever case, with or without dashes and blanks."""
    folded = unicodedata.normalize("NFKC", typed[:LONGEST]).upper().translate(_MEANT)
    return "".join(sign for sign in folded if sign in ALPHABET)


def written(code: str) -> str:
    """A code in groups, as it is printed."""
    return "-".join(code[at : at + GROUP] for at in range(0, len(code), GROUP))


def first_group(typed: str) -> str:
    """The part by which attempts are counted: it alone opens nothing, 40 bits are left to guess."""
    return canonical(typed)[:GROUP]

"""The code that people say to each other about a referral: random, without a date."""

from __future__ import annotations

from uuid import UUID

# No vowels, so no words; no characters that are taken for each other.
_ALPHABET = "23456789BCDFGHJKMNPQRSTVWXZ"
_RANDOM_BITS = 2**62 - 1


def code_from(random_id: UUID) -> str:
    """A code like `Ö-7KQ2-M4` from the random part of a fresh id."""
    rest = random_id.int & _RANDOM_BITS
    letters = ""
    for _ in range(6):
        rest, letter = divmod(rest, len(_ALPHABET))
        letters += _ALPHABET[letter]
    return f"Ö-{letters[:4]}-{letters[4:]}"

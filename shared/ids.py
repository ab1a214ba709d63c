"""The one source of ids: UUID version 7 (RFC 9562), seedable by a test."""

from __future__ import annotations

import random
import time
from uuid import UUID

_source: random.Random = random.SystemRandom()


def seed(number: int | None) -> None:
    """Make the random part of ids reproducible; ``None`` gives the system's randomness back."""
    global _source  # noqa: PLW0603 - the one switch, and only tests turn it
    _source = random.SystemRandom() if number is None else random.Random(number)  # noqa: S311


def new_id() -> UUID:
    """A new id, ordered by the millisecond it was made in."""
    milliseconds = time.time_ns() // 1_000_000
    bits = (milliseconds & (2**48 - 1)) << 80 | _source.getrandbits(80)
    bits = bits & ~(0xF << 76) | 0x7 << 76
    return UUID(int=bits & ~(0x3 << 62) | 0x2 << 62)

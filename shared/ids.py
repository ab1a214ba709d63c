"""The one source of ids: UUID version 7 (RFC 9562), seedable by a test."""

from __future__ import annotations

import random
import time
from datetime import datetime
from uuid import UUID

_source: random.Random = random.SystemRandom()
_made_at: datetime | None = None


def seed(number: int | None, at: datetime | None = None) -> None:
    """Make the random part of ids reproducible, and their time too if it is given.

    ``None`` gives the system's randomness and time back.
    """
    global _source, _made_at  # noqa: PLW0603 - the one switch, and only tests turn it
    _source = random.SystemRandom() if number is None else random.Random(number)  # noqa: S311
    _made_at = at


def new_id() -> UUID:
    """A new id, ordered by the millisecond it was made in."""
    milliseconds = int(_made_at.timestamp() * 1000) if _made_at else time.time_ns() // 1_000_000
    bits = (milliseconds & (2**48 - 1)) << 80 | _source.getrandbits(80)
    bits = bits & ~(0xF << 76) | 0x7 << 76
    return UUID(int=bits & ~(0x3 << 62) | 0x2 << 62)

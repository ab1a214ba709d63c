"""What a listener believes: rows that follow from where it stands, up to the last signed head."""

from __future__ import annotations

from collections.abc import Sequence

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from .chain import Head
from .envelope import Row
from .errors import Unavailable
from .events import LogVoid
from .position import Position


class TellerBehind(Unavailable):
    """The teller's log ends before, or differs at, the number that was handled: see ``dev.py recover``."""


def chained(rows: Sequence[Row], after: Position, key: Ed25519PublicKey, stream: str) -> int | None:
    """How many of the rows, which follow gaplessly from the position, a signed head vouches for.

    The rest wait for the next signature.  ``None`` if a row is missing, or its
    content, hash or signature is not the teller's.
    """
    seq, previous, signed = after.seq, after.hash, 0
    for index, row in enumerate(rows, start=1):
        if row.seq != seq + 1 or not row.follows(previous):
            return None
        if row.signature is not None:
            if not is_signed(row, key, stream):
                return None
            signed = index
        seq, previous = row.seq, row.hash
    return signed


def proven(rows: Sequence[Row], after: Position, key: Ed25519PublicKey, stream: str) -> Sequence[Row] | None:
    """The rows that a signed head vouches for; ``None`` if any row is false."""
    signed = chained(rows, after, key, stream)
    return None if signed is None else rows[:signed]


def is_signed_void(row: Row, key: Ed25519PublicKey, stream: str) -> bool:
    """Whether the teller itself says that this number's event was lost."""
    return row.content["type"] == LogVoid.type and is_signed(row, key, stream)


def is_signed(row: Row, key: Ed25519PublicKey, stream: str) -> bool:
    """Whether the row carries the teller's signature of this very head."""
    head = Head(stream=stream, epoch=row.epoch, seq=row.seq, hash=row.hash)
    return row.signature is not None and head.is_signed(key, row.signature)

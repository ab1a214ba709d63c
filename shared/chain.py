"""The log's hash chain and its signed heads.

A row's hash covers the hash before it, its number, its event's id and a salted
digest of the rest.  So a row can be blanked for erasure, keeping only the
digest, and the chain still verifies.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from operator import itemgetter
from typing import Any
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from pydantic_core import to_json

GENESIS = bytes(32)
"""The hash before the first row."""

DIGESTED = (
    "type",
    "subject",
    "time",
    "organisation",
    "actor",
    "correlationid",
    "causationid",
    "traceparent",
    "body",
)
"""What the digest covers, by its name on the wire."""


_digested = itemgetter(*DIGESTED)


def digest_of(salt: bytes, wire: Mapping[str, Any]) -> bytes:
    """The salted SHA-256 of what can be erased from a row (32 bytes).

    Over the JSON array of the values, compact, in UTF-8; the body's members stand
    in the order that ``jsonb`` keeps, which is their order on the wire.
    """
    return hashlib.sha256(salt + to_json(_digested(wire))).digest()


def hash_of(previous: bytes, seq: int, event_id: UUID, digest: bytes) -> bytes:
    """The hash of row ``seq`` in the chain after ``previous`` (32 bytes)."""
    return hashlib.sha256(previous + seq.to_bytes(8) + event_id.bytes + digest).digest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The teller's statement that, in this epoch, row ``seq`` of its stream has this hash."""

    stream: str
    epoch: int
    seq: int
    hash: bytes

    def _said(self) -> bytes:
        numbers = self.epoch.to_bytes(8) + self.seq.to_bytes(8)
        return b"vardekedjor log head\0" + self.stream.encode() + b"\0" + numbers + self.hash

    def signed(self, key: Ed25519PrivateKey) -> bytes:
        """The teller's signature (64 bytes)."""
        return key.sign(self._said())

    def is_signed(self, key: Ed25519PublicKey, signature: bytes) -> bool:
        """Whether the signature is the teller's for this very head."""
        try:
            key.verify(signature, self._said())
        except InvalidSignature:
            return False
        return True

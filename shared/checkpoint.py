"""What somebody outside keeps of a chain: its length and last hash, signed.

A signed note with a checkpoint as the C2SP specifications ``signed-note`` and
``tlog-checkpoint`` write it.  The hash is that of the last row of a chain, not
a Merkle tree's root.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

_ED25519 = b"\x01"
_HASH_BYTES = 32
_DASH = "\u2014"


class NotACheckpoint(ValueError):  # noqa: N818 - named as an operator reads it
    """This is no signed checkpoint."""


def origin_of(service: str, chain: str) -> str:
    """The name of a service's chain, and of the key that signs its heads."""
    return f"vardekedjor/{service}/{chain}"


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The statement that the chain of this origin has so many rows, and its last row this hash."""

    origin: str
    size: int
    hash: bytes

    @property
    def text(self) -> str:
        """What is signed."""
        return f"{self.origin}\n{self.size}\n{_base64(self.hash)}\n"

    def signed(self, key: Ed25519PrivateKey) -> bytes:
        """The signature (64 bytes)."""
        return key.sign(self.text.encode())

    def is_signed(self, key: Ed25519PublicKey, signature: bytes) -> bool:
        """Whether the signature is the key's for this very head."""
        try:
            key.verify(signature, self.text.encode())
        except InvalidSignature:
            return False
        return True

    def note(self, key: Ed25519PublicKey, signature: bytes) -> str:
        """The signed note."""
        return f"{self.text}\n{_DASH} {self.origin} {_base64(_key_id(self.origin, key) + signature)}\n"


@dataclass(frozen=True, slots=True)
class Kept:
    """A checkpoint with the signature that came with it."""

    checkpoint: Checkpoint
    key_id: bytes
    signature: bytes

    def is_of(self, key: Ed25519PublicKey) -> bool:
        """Whether this key has signed it."""
        known = self.key_id == _key_id(self.checkpoint.origin, key)
        return known and self.checkpoint.is_signed(key, self.signature)

    @classmethod
    def from_note(cls, note: str) -> Self:
        """Read a signed note; raises ``NotACheckpoint``."""
        try:
            origin, size, hashed, blank, signed = note.rstrip("\n").split("\n")
            dash, name, signature = signed.split(" ")
            found, row_hash = (base64.b64decode(one, validate=True) for one in (signature, hashed))
        except (ValueError, binascii.Error):
            raise NotACheckpoint from None
        checkpoint = Checkpoint(origin, int(size), row_hash) if size.isdecimal() else None
        if checkpoint is None or blank or dash != _DASH or name != origin or len(row_hash) != _HASH_BYTES:
            raise NotACheckpoint
        return cls(checkpoint, found[:4], found[4:])


def kept_in(file: Path) -> Sequence[Kept]:
    """The checkpoints of a kept answer of ``/ledger/head``, or of one note; raises ``NotACheckpoint``."""
    text = file.read_text()
    try:
        notes = [head["checkpoint"] for head in json.loads(text)["heads"]] if text[:1] == "{" else [text]
    except (ValueError, KeyError, TypeError):
        raise NotACheckpoint from None
    if not notes:
        raise NotACheckpoint
    return [Kept.from_note(note) for note in notes]


def _key_id(name: str, key: Ed25519PublicKey) -> bytes:
    return hashlib.sha256(name.encode() + b"\n" + _ED25519 + key.public_bytes_raw()).digest()[:4]


def _base64(value: bytes) -> str:
    return base64.b64encode(value).decode()

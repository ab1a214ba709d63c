"""Sealing: AES-256-GCM, a key for each person or copy, wrapped by a key for each organisation.

An organisation's key is derived from the service's sealing key and never
stored.  Whoever deletes a wrapped key has erased what it sealed.
"""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from uuid import UUID

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES = 32
_NONCE_BYTES = 12


def seal(key: bytes, plain: bytes, *, bound_to: str) -> bytes:
    """A fresh nonce (12 bytes), the ciphertext and its tag (16 bytes).

    What it is bound to is authenticated, not stored: the same words open it, and
    no sealed value can be moved to another row.
    """
    nonce = os.urandom(_NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, plain, bound_to.encode())


def unseal(key: bytes, sealed: bytes, *, bound_to: str) -> bytes:
    """The plain bytes; raises `cryptography.exceptions.InvalidTag` for another key, place or value."""
    return AESGCM(key).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], bound_to.encode())


@dataclass(frozen=True, slots=True)
class Keyring:
    """The keys that a service derives from its sealing key (32 bytes)."""

    sealing_key: bytes = field(repr=False)

    def of(self, organisation_id: UUID) -> bytes:
        """The organisation's key (HKDF-SHA256, 32 bytes)."""
        said = b"vardekedjor organisation\0" + organisation_id.bytes
        return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=said).derive(self.sealing_key)

    def new_key(self, *, organisation_id: UUID, owner: UUID) -> tuple[bytes, bytes]:
        """A random data key for the owner (a person, a copy), plain and wrapped by the organisation's key."""
        key = os.urandom(KEY_BYTES)
        return key, seal(self.of(organisation_id), key, bound_to=_wrapping(owner))

    def unwrap(self, wrapped: bytes, *, organisation_id: UUID, owner: UUID) -> bytes:
        """The owner's data key; raises `InvalidTag` for another organisation or owner."""
        return unseal(self.of(organisation_id), wrapped, bound_to=_wrapping(owner))


def _wrapping(owner: UUID) -> str:
    return f"key:{owner}"

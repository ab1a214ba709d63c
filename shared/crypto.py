"""Sealing: AES-256-GCM under random keys, each wrapped by a key of its organisation.

An organisation's keys are derived from the service's sealing key and never
stored.  Whoever deletes a wrapped key has erased what it sealed.
"""

from __future__ import annotations

import hmac
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import NamedTuple
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


def place(column: str, organisation_id: UUID | str, *row: object) -> str:
    """Where a sealed value stands: `table.column`, whose row it is, and the row."""
    return "|".join([column, str(organisation_id), *map(str, row)])


class Owner(NamedTuple):
    """Whose a data key is: what it is about (a person, a path), and the organisation that holds it."""

    subject: UUID
    organisation: UUID


class Wrapped(NamedTuple):
    """A data key as it is stored, and the version of the sealing key that opens it."""

    version: int
    key: bytes


@dataclass(frozen=True, slots=True)
class Keyring:
    """The sealing keys that live, by version (32 bytes each): the newest wraps, all of them unwrap."""

    sealing_keys: Mapping[int, bytes] = field(repr=False)

    @property
    def newest(self) -> int:
        """The version that wraps."""
        return max(self.sealing_keys)

    def newest_first(self) -> list[bytes]:
        """The sealing keys themselves."""
        return [self.sealing_keys[version] for version in sorted(self.sealing_keys, reverse=True)]

    def new_key(self, owner: Owner) -> Wrapped:
        """A random data key, wrapped."""
        return self._wrap(os.urandom(KEY_BYTES), owner)

    def unwrap(self, wrapped: Wrapped, owner: Owner) -> bytes:
        """The owner's data key.

        Raises `InvalidTag` for another owner or sealing key, `KeyError` for a version that lives no more.
        """
        key = self._of("organisation", wrapped.version, owner.organisation)
        return unseal(key, wrapped.key, bound_to=_wrapping(owner))

    def rewrap(self, wrapped: Wrapped, owner: Owner) -> Wrapped:
        """The same data key, wrapped by the newest sealing key."""
        return self._wrap(self.unwrap(wrapped, owner), owner)

    def blind(self, text: str, *, kind: str, organisation_id: UUID, version: int) -> bytes:
        """What a text is looked up by inside one organisation: HMAC-SHA256, the same nowhere else."""
        key = self._of("blind index", version, organisation_id)
        return hmac.digest(key, f"{kind}\0{text}".encode(), sha256)

    def of_organisation(self, organisation_id: UUID) -> bytes:
        """The key that wraps the organisation's keys now."""
        return self._of("organisation", self.newest, organisation_id)

    def _wrap(self, key: bytes, owner: Owner) -> Wrapped:
        by = self.of_organisation(owner.organisation)
        return Wrapped(self.newest, seal(by, key, bound_to=_wrapping(owner)))

    def _of(self, use: str, version: int, organisation_id: UUID) -> bytes:
        """The organisation's key for one use (HKDF-SHA256)."""
        said = f"vardekedjor {use}\0".encode() + organisation_id.bytes
        derived = HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=said)
        return derived.derive(self.sealing_keys[version])


def _wrapping(owner: Owner) -> str:
    return place("keys.wrapped", owner.organisation, owner.subject)

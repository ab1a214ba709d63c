"""Whether a command's sender saw the thing as it is."""

from __future__ import annotations

from typing import Protocol
from uuid import UUID

from shared.database import Transaction
from shared.errors import VersionStale

from ..store import rows


class Versioned(Protocol):
    """A thing that changes by versions."""

    @property
    def id(self) -> UUID: ...

    @property
    def version(self) -> int: ...


async def must_be_current(tx: Transaction, thing: Versioned, seen: int) -> None:
    """Raise ``VersionStale`` with the fields that changed, unless ``seen`` is the version now."""
    if thing.version != seen:
        changed = await rows.changed_since(tx.sql, thing.id, seen)
        raise VersionStale(changed=[*changed])

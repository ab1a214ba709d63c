"""An event in its envelope, and the row of the log that carries it.

One row has three faces: a row of the table ``log``, an entry of the Redis
stream (``wire``), and a CloudEvent in ``/log`` (``cloud_event``), which differ
in the payload's name alone: ``body`` in the stream, ``data`` in ``/log``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Self
from uuid import UUID

from pydantic_core import to_json

from . import chain


def instant(moment: datetime) -> str:
    """RFC 3339 in UTC with a Z and microseconds."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


class Envelope:
    """What is said about an event besides its body; each part is read from the row when it is asked for."""

    __slots__ = ("_said", "id", "seq", "stream")

    def __init__(self, stream: str, row: Row) -> None:
        self.stream, self.seq, self.id, self._said = stream, row.seq, row.event_id, row.content

    @property
    def type(self) -> str:
        kind: str = self._said["type"]
        return kind

    @property
    def traceparent(self) -> str | None:
        trace: str | None = self._said["traceparent"]
        return trace

    @property
    def subject(self) -> UUID:
        return UUID(self._said["subject"])

    @property
    def time(self) -> datetime:
        return datetime.fromisoformat(self._said["time"])

    @property
    def organisation_id(self) -> UUID | None:
        return _uuid(self._said["organisation"])

    @property
    def actor(self) -> str:
        actor: str = self._said["actor"]
        return actor

    @property
    def correlation_id(self) -> UUID:
        return UUID(self._said["correlationid"])

    @property
    def causation_id(self) -> UUID | None:
        return _uuid(self._said["causationid"])


# Not frozen: a frozen dataclass takes three times as long to make, and every event makes one.
@dataclass(slots=True)
class Row:
    """A row of a teller's log; ``content`` is the wire form of what can be erased."""

    seq: int
    epoch: int
    event_id: UUID
    content: Mapping[str, Any]
    salt: bytes | None
    digest: bytes
    hash: bytes
    signature: bytes | None

    @property
    def erased(self) -> bool:
        return self.salt is None

    def follows(self, previous: bytes) -> bool:
        """Whether the row's content and number hang on the hash before it."""
        if self.salt is not None and chain.digest_of(self.salt, self.content) != self.digest:
            return False
        return chain.hash_of(previous, self.seq, self.event_id, self.digest) == self.hash

    def envelope(self, stream: str) -> Envelope:
        """The envelope of a row that has not been erased."""
        return Envelope(stream, self)

    def wire(self, source: str) -> bytes:
        """The stream's JSON."""
        return to_json(self._said(source))

    def cloud_event(self, source: str) -> dict[str, Any]:
        """The row as a CloudEvent 1.0; absent attributes are left out, as the standard asks."""
        said = self._said(source)
        said["data"] = said.pop("body")
        return {name: value for name, value in said.items() if value is not None}

    def _said(self, source: str) -> dict[str, Any]:
        return {
            "specversion": "1.0",
            "id": str(self.event_id),
            "source": source,
            **self.content,
            "seq": self.seq,
            "epoch": self.epoch,
            "salt": _hex(self.salt),
            "digest": self.digest.hex(),
            "hash": self.hash.hex(),
            "signature": _hex(self.signature),
        }

    @classmethod
    def from_wire(cls, said: Mapping[str, Any]) -> Self:
        """A row from the stream's or ``/log``'s JSON; ``KeyError`` or ``ValueError`` for anything else."""
        content = {name: said.get(name) for name in chain.DIGESTED}
        if "data" in said:
            content["body"] = said["data"]
        # By place: every event that is heard comes by here.
        return cls(
            int(said["seq"]),
            int(said["epoch"]),
            UUID(said["id"]),
            content,
            _bytes(said.get("salt")),
            bytes.fromhex(said["digest"]),
            bytes.fromhex(said["hash"]),
            _bytes(said.get("signature")),
        )


def _uuid(text: str | None) -> UUID | None:
    return UUID(text) if text else None


def _hex(value: bytes | None) -> str | None:
    return value.hex() if value is not None else None


def _bytes(text: str | None) -> bytes | None:
    return bytes.fromhex(text) if text is not None else None

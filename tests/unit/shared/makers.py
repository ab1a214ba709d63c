"""Rows of a log, tokens and requests, as their makers make them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import replace
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from starlette.requests import Request

from shared import chain
from shared.chain import GENESIS, Head
from shared.envelope import Row

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
OTHER_KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(1, 33)))
STREAM = "events:organisations"
SOURCE = "/services/organisations"
SALT = bytes(range(16))


def an_id(number: int) -> UUID:
    """The same id for the same number."""
    return UUID(f"00000000-0000-7000-8000-{number:012x}")


def content(**changes: Any) -> dict[str, Any]:
    """What can be erased of a row."""
    return {
        "type": "pledge.signed.v1",
        "subject": str(an_id(1)),
        "time": "2026-05-11T10:00:00.000001Z",
        "organisation": str(an_id(1)),
        "actor": f"staff:{an_id(2)}",
        "correlationid": str(an_id(3)),
        "causationid": None,
        "traceparent": None,
        "body": {"organisation_id": str(an_id(1)), "staff_id": str(an_id(2)), "version": 1},
        **changes,
    }


def a_row(seq: int = 1, previous: bytes = GENESIS, *, key: Ed25519PrivateKey | None = None) -> Row:
    """A row after the hash before it; its head is signed if there is a key to sign it."""
    said = content(body={"version": seq})
    digest = chain.digest_of(SALT, said)
    row_hash = chain.hash_of(previous, seq, an_id(seq), digest)
    head = Head(stream=STREAM, epoch=1, seq=seq, hash=row_hash)
    return Row(seq, 1, an_id(seq), said, SALT, digest, row_hash, head.signed(key) if key else None)


def rows(count: int, *, signed: Collection[int], key: Ed25519PrivateKey = KEY) -> list[Row]:
    """A log from its first row, with the heads of some rows signed."""
    made: list[Row] = []
    for seq in range(1, count + 1):
        previous = made[-1].hash if made else GENESIS
        made.append(a_row(seq, previous, key=key if seq in signed else None))
    return made


def blanked(row: Row) -> Row:
    """The row after erasure."""
    return replace(row, salt=None, content=dict.fromkeys(chain.DIGESTED))


def a_post(body: bytes = b"{}", *, path: str = "/told", key: str | None = "once") -> Request:
    """A POST as it reaches a route."""

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    headers = [] if key is None else [(b"idempotency-key", key.encode())]
    scope = {"type": "http", "method": "POST", "path": path, "query_string": b"", "headers": headers}
    return Request({**scope, "scheme": "http", "server": ("localhost", 80)}, receive)


def answering(keys: Mapping[str, Any]) -> Callable[[], Awaitable[Mapping[str, Any]]]:
    """A fetch of these keys."""

    async def fetch() -> Mapping[str, Any]:
        return keys

    return fetch

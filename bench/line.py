"""One kept HTTP connection, so that asking costs the machine little beside answering."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self
from urllib.parse import urlsplit

from shared.ids import new_id


class Unanswered(Exception):  # noqa: N818 - what the request is, then
    """A service answered otherwise than the bench expects."""


@dataclass(slots=True)
class Line:
    """A connection to one service, for one request at a time."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    @classmethod
    async def to(cls, address: str) -> Self:
        """Connect to `http://host:port`."""
        found = urlsplit(address)
        return cls(*await asyncio.open_connection(found.hostname, found.port))

    async def post(
        self, path: str, body: Mapping[str, Any], *, token: str, version: int | None = None
    ) -> dict[str, Any]:
        """What a POST made or did; raises `Unanswered` for anything but a success."""
        match = "" if version is None else f'If-Match: "{version}"\r\n'
        return await self._ask("POST", path, json.dumps(body).encode(), f"{_bearer(token)}{match}")

    async def send(self, path: str, content: bytes, *, token: str) -> dict[str, Any]:
        """What a POST of something other than JSON made."""
        return await self._ask("POST", path, content, _bearer(token))

    async def get(self, path: str, *, token: str) -> dict[str, Any]:
        return await self._ask("GET", path, b"", _bearer(token))

    async def _ask(self, method: str, path: str, body: bytes, headers: str) -> dict[str, Any]:
        head = (
            f"{method} {path} HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(body)}\r\nIdempotency-Key: {new_id()}\r\n{headers}\r\n"
        )
        self.writer.write(head.encode() + body)
        answered = (await self.reader.readuntil(b"\r\n\r\n")).decode().lower()
        length = int(answered.partition("content-length: ")[2].partition("\r\n")[0])
        content = await self.reader.readexactly(length)
        if not answered.startswith("http/1.1 20"):
            raise Unanswered(f"{method} {path}: {content.decode()}")
        said: dict[str, Any] = json.loads(content)
        return said

    def close(self) -> None:
        self.writer.close()


def _bearer(token: str) -> str:
    return f"Authorization: Bearer {token}\r\n"

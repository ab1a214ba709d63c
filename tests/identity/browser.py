"""Somebody's browser, without a screen: it keeps cookies by host and goes where it is led."""

from __future__ import annotations

import html
import re
from collections import defaultdict
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urljoin, urlsplit
from uuid import uuid4

import httpx2
from starlette.types import ASGIApp

WEB = "http://web"


class Browser:
    """Before the pages, which run in this process, and before whatever listens on the loopback."""

    def __init__(self, web: ASGIApp) -> None:
        self.cookies: dict[str, dict[str, str]] = defaultdict(dict)
        self._web = httpx2.AsyncClient(transport=httpx2.ASGITransport(web), timeout=60)
        self._others = httpx2.AsyncClient(trust_env=False, timeout=60)

    async def close(self) -> None:
        await self._web.aclose()
        await self._others.aclose()

    @property
    def session(self) -> str | None:
        return self.cookies["web"].get("__Host-session")

    async def get(self, address: str) -> httpx2.Response:
        return await self._go("GET", address)

    async def post(self, address: str, **form: str) -> httpx2.Response:
        return await self._go("POST", address, data={"key": str(uuid4()), **form})

    async def _go(self, method: str, address: str, **more: Any) -> httpx2.Response:
        host = urlsplit(address).netloc
        client = self._web if host == "web" else self._others
        cookie = "; ".join(f"{name}={value}" for name, value in self.cookies[host].items())
        # Cookies are this browser's business: __Host- ones are not sent over http by any client.
        client.cookies.clear()
        headers = {"Cookie": cookie, "Sec-Fetch-Site": "same-origin"}
        answer = await client.request(method, address, headers=headers, **more)
        for said in answer.headers.get_list("Set-Cookie"):
            self._keep(host, said)
        return answer

    def _keep(self, host: str, said: str) -> None:
        for name, morsel in SimpleCookie(said).items():
            if morsel["max-age"] == "0" or not morsel.value:
                self.cookies[host].pop(name, None)
            else:
                self.cookies[host][name] = morsel.value

    async def led(self, answer: httpx2.Response) -> httpx2.Response:
        """Follow redirects, and stop before coming back to the pages."""
        while answer.is_redirect:
            address = urljoin(str(answer.request.url), answer.headers["Location"])
            if urlsplit(address).netloc == "web":
                break
            answer = await self.get(address)
        return answer

    async def vouched(self, login: str, *, at: str = "staden", by: str = "/logga-in/hos", **form: str) -> str:
        """Go to the provider, by a form, and be somebody there; the address by which one comes back."""
        page = await self.post(f"{WEB}{by}/{at}", **form)
        assert page.status_code == 200, page.text
        there = await self.led(await self.get(onward(page)))
        if not there.is_redirect:
            there = await self.led(await self.post(str(there.request.url), login=login))
        return there.headers["Location"]

    async def sign_in(self, login: str, **how: Any) -> httpx2.Response:
        return await self.get(await self.vouched(login, **how))


def onward(page: httpx2.Response) -> str:
    """Where a page leads by itself."""
    found = re.search(r'http-equiv="refresh" content="0; url=([^"]+)"', page.text)
    assert found, page.text
    return html.unescape(found.group(1))

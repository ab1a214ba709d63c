"""Calling the services over HTTP as a good client does."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from typing import Any, TypeVar

import httpx2

PATIENCE_S = 180
"""A generous end to every wait."""

OK, UNAVAILABLE = 200, 503

T = TypeVar("T")


class Api(AbstractContextManager["Api"]):
    """The services by their names; whoever calls is named by a login."""

    def __init__(self, services: Mapping[str, str], bootstrap_secret: str) -> None:
        self.services = services
        self._bootstrap_secret = bootstrap_secret
        self._http = httpx2.Client(timeout=PATIENCE_S, trust_env=False)

    def __exit__(self, *_: object) -> None:
        self._http.close()

    def call(
        self, service: str, method: str, path: str, login: str | None, body: Any = None, **more: Any
    ) -> httpx2.Response:
        """One request; ``version`` is what the caller has seen.  A login None knows the bootstrap secret."""
        headers = {
            "Authorization": f"Bearer {self._token(login)}",
            "Idempotency-Key": more.get("key") or secrets.token_hex(8),
        }
        if "version" in more:
            headers["If-Match"] = f'"{more["version"]}"'
        return self._http.request(method, self.services[service] + path, json=body, headers=headers)

    def bare(self, method: str, address: str, body: Any = None) -> httpx2.Response:
        """One request of nobody in particular."""
        return self._http.request(method, address, json=body)

    def get(self, service: str, path: str, login: str | None) -> dict[str, Any]:
        """What a GET that must succeed answers."""
        return _succeeded(self.call(service, "GET", path, login))

    def post(
        self, service: str, path: str, login: str | None, body: Any = None, **more: Any
    ) -> dict[str, Any]:
        """What a POST that must succeed answers."""
        return _succeeded(self.call(service, "POST", path, login, body or {}, **more))

    def settle(self) -> None:
        """Return when every log row is handled."""
        address = self.services["organisations"] + "/demo/settle"
        answer = eventually(lambda: self.bare("POST", address), lambda said: said.status_code != UNAVAILABLE)
        assert answer.status_code == OK, answer.text

    def _token(self, login: str | None) -> str:
        asked = {"login": login} if login else {"bootstrap": self._bootstrap_secret}
        answer = self.bare("POST", self.services["organisations"] + "/tokens", asked)
        token: str = _succeeded(answer)["access_token"]
        return token


def _succeeded(answer: httpx2.Response) -> dict[str, Any]:
    assert answer.is_success, answer.text
    said: dict[str, Any] = answer.json()
    return said


def eventually(look: Callable[[], T], expected: Callable[[T], bool]) -> T:
    """What is seen as soon as it is as expected; fails with what was seen last."""
    ends_at = time.monotonic() + PATIENCE_S
    seen = look()
    while not expected(seen):
        assert time.monotonic() < ends_at, seen
        time.sleep(0.1)
        seen = look()
    return seen

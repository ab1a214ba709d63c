"""Asking the services over HTTP, so that a broken seeding can be run again."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any, TypeVar
from uuid import NAMESPACE_URL, uuid5

import httpx2

from shared.events.base import Role

PATIENCE_S = 40.0
AT_ONCE = 6
"""So many ask at the same time where the order does not matter."""

T = TypeVar("T")
R = TypeVar("R")


class Unseeded(Exception):  # noqa: N818 - what the demo is, then
    """A service refused what the demo begins with."""


class Asking:
    """The services of one network, and the tokens of those who ask."""

    def __init__(self, services: Mapping[str, str]) -> None:
        self._services = services
        self._http = httpx2.Client(timeout=PATIENCE_S, trust_env=False)
        self._tokens: dict[str, str] = {}

    def close(self) -> None:
        self._http.close()

    def token(self, **by: str) -> str | None:
        """An access token by ``login`` or ``bootstrap``, or None where there is no such login yet."""
        answer = self._http.post(self._services["organisations"] + "/tokens", json=by)
        if answer.status_code == httpx2.codes.UNAUTHORIZED:
            return None
        token: str = _read(answer)["access_token"]
        return token

    def signed_in(self, login: str) -> str:
        """The token of somebody who can sign in."""
        if login not in self._tokens:
            token = self.token(login=login)
            if token is None:
                raise Unseeded(f"{login} cannot sign in")
            self._tokens[login] = token
        return self._tokens[login]

    def post(
        self, service: str, path: str, body: Mapping[str, Any], *, token: str, version: int | None = None
    ) -> dict[str, Any]:
        """What a POST made or did; asked again with the same body, it answers the same and does nothing."""
        asked = json.dumps([_claims(token)["sub"], path, body], sort_keys=True)
        headers = {
            "Authorization": f"Bearer {token}",
            "Idempotency-Key": f"demo-{uuid5(NAMESPACE_URL, asked)}",
        }
        if version is not None:
            headers["If-Match"] = f'"{version}"'
        return _read(self._http.post(self._services[service] + path, json=body, headers=headers))

    def patch(
        self, service: str, path: str, body: Mapping[str, Any], *, token: str, version: int
    ) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {token}", "If-Match": f'"{version}"'}
        return _read(self._http.patch(self._services[service] + path, json=body, headers=headers))

    def get(self, service: str, path: str, *, token: str) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {token}"}
        return _read(self._http.get(self._services[service] + path, headers=headers))

    def settle(self) -> None:
        """Wait until every service has handled what was told."""
        _read(self._http.post(self._services["organisations"] + "/demo/settle"))

    def move_clock(self, by: timedelta) -> None:
        """Move every service's clock, and wait until what is due then has been done."""
        moved = {"advance": by.total_seconds()}
        _read(self._http.post(self._services["organisations"] + "/demo/clock", json=moved))


def _read(answer: httpx2.Response) -> dict[str, Any]:
    if answer.is_error:
        raise Unseeded(f"{answer.request.method} {answer.request.url}: {answer.status_code} {answer.text}")
    thing: dict[str, Any] = answer.json()
    return thing


def who_is(login: str, token: str) -> dict[str, object]:
    """A login and whom it stands for, as its own token says."""
    claims = _claims(token)
    person = Role.PERSON in claims["roles"]
    return {
        "login": login,
        "roles": claims["roles"],
        "organisation_id": claims["org"],
        "team_id": claims["team"],
        "staff_id": None if person else claims["sub"],
        "person_id": claims["sub"] if person else None,
    }


def _claims(token: str) -> dict[str, Any]:
    body = token.split(".")[1]
    claims: dict[str, Any] = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    return claims


def at_once(ask: Callable[[T], R], things: Iterable[T]) -> list[R]:
    """Ask about several things at the same time; their answers, in the things' order."""
    with ThreadPoolExecutor(AT_ONCE) as lanes:
        return list(lanes.map(ask, things))

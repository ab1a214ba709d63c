"""Typed calls between services."""

from __future__ import annotations

import ssl
from collections.abc import Mapping
from functools import cache
from typing import Any

import httpx2

from .envelope import Row
from .errors import Unavailable
from .settings import CommonSettings
from .tokens import service_token


@cache
def authorities() -> ssl.SSLContext:
    """Whom a client trusts; read once, for reading them takes longer than many requests."""
    return httpx2.create_ssl_context(trust_env=False)


class ServiceClient:
    """Calls other services in this service's own name, or in a person's with her token."""

    def __init__(self, name: str, settings: CommonSettings) -> None:
        self._name, self._peers = name, settings.peers
        self._seed = settings.service_key.get_secret_value()
        self._http = httpx2.AsyncClient(verify=authorities(), timeout=settings.patience_s, trust_env=False)

    async def close(self) -> None:
        await self._http.aclose()

    async def call(  # noqa: PLR0913 - what a request is made of
        self,
        service: str,
        method: str,
        path: str,
        *,
        token: str | None = None,
        json: Any = None,
        headers: Mapping[str, str] | None = None,
    ) -> httpx2.Response:
        """One request; whatever the service answers.  Raises ``httpx2.HTTPError`` if it cannot be reached."""
        bearer = token or service_token(self._name, self._seed, service)
        asked = {"Authorization": f"Bearer {bearer}", **(headers or {})}
        return await self._http.request(method, self._peers[service] + path, json=json, headers=asked)

    async def get(self, service: str, path: str, *, token: str | None = None) -> Any:
        """The JSON of a GET; raises ``Unavailable`` for any answer but 200."""
        answer = await self.call(service, "GET", path, token=token)
        if answer.status_code != httpx2.codes.OK:
            raise Unavailable(service=service, answered=answer.status_code)
        return answer.json()

    async def jwks(self) -> Mapping[str, Any]:
        """The public keys of people's access tokens; needs no token itself."""
        try:
            answer = await self._http.get(self._peers["organisations"] + "/jwks")
            keys: Mapping[str, Any] = answer.raise_for_status().json()
        except httpx2.HTTPError as error:
            raise Unavailable from error
        return keys

    async def log(self, teller: str, after: int, limit: int) -> list[Row]:
        """Rows of a teller's log above a number."""
        page = await self.get(teller, f"/log?after={after}&limit={limit}")
        return [Row.from_wire(said) for said in page["items"]]

"""Who is at the door: access tokens of people, and the services' own.

People's tokens are minted by organisations and verified by its JWKS.  A service
vouches for itself with a token of 60 seconds, signed by the key whose public
half every service is told, so that delivery needs no other service.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from uuid import UUID

import httpx2
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, OKPKey
from joserfc.util import json_b64decode

from .actor import Actor, ActorKind, service_actor
from .errors import Unauthenticated, Unavailable
from .events.base import Role

ALGORITHM = "Ed25519"
TYPE = "at+jwt"
"""What says that a token is for access and nothing else (RFC 9068)."""

AUDIENCES = ("organisations", "referrals", "notifications", "tracing")
"""The services that a person's token may be for; each refuses one that does not name it."""

SERVICE_S = 60
REMEMBERED = 2000
JWKS_AGAIN_S = 10.0
"""How long an unknown key is unknown before organisations is asked again."""

JWKS_LAST_S = 300.0
"""How long keys are taken for live: one that was withdrawn opens nothing after that."""

SERVICE_KID = "service:"

FetchKeys = Callable[[], Awaitable[Mapping[str, Any]]]

_CURVE = {"kty": "OKP", "crv": "Ed25519"}


def _text(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def private_key(seed: bytes, kid: str) -> OKPKey:
    """An Ed25519 signing key from its 32-byte seed."""
    public = Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()
    return OKPKey.import_key(
        {"kty": "OKP", "crv": "Ed25519", "d": _text(seed), "x": _text(public), "kid": kid}
    )


def public_key(key: bytes, kid: str) -> OKPKey:
    """An Ed25519 verifying key from its 32 bytes."""
    return OKPKey.import_key({**_CURVE, "x": _text(key), "kid": kid})


def minted(key: OKPKey, claims: Mapping[str, Any], *, seconds: int) -> str:
    """A signed token that lasts so long."""
    at = int(time.time())
    return jwt.encode(
        {"alg": ALGORITHM, "kid": key.kid, "typ": TYPE},
        {**claims, "iat": at, "exp": at + seconds},
        key,
        algorithms=[ALGORITHM],
    )


def service_token(name: str, seed: bytes, audience: str) -> str:
    """The token by which one service calls another."""
    return minted(
        private_key(seed, f"service:{name}"), {"iss": name, "sub": name, "aud": audience}, seconds=SERVICE_S
    )


class Doorkeeper:
    """Turns bearer tokens into actors; verified tokens are remembered until they expire."""

    def __init__(
        self,
        service: str,
        service_keys: Mapping[str, bytes],
        fetch_jwks: Callable[[], Awaitable[Mapping[str, Any]]],
    ) -> None:
        self._service, self._fetch = service, fetch_jwks
        self._services = {
            f"service:{name}": public_key(key, f"service:{name}") for name, key in service_keys.items()
        }
        self._people: dict[str, OKPKey] = {}
        self._asked_at = self._renewed_at = float("-inf")
        self._asking = asyncio.Lock()
        self._known: dict[str, tuple[Actor, float]] = {}

    async def admit(self, authorization: str | None) -> Actor:
        """The actor of an ``Authorization`` header; raises ``Unauthenticated``."""
        scheme, _, token = (authorization or "").partition(" ")
        if scheme.lower() != "bearer" or not token:
            raise Unauthenticated
        await self._renew()
        actor, expires = self._known.get(token, (None, 0.0))
        if actor is None or expires <= time.time():
            actor = await self._verified(token)
        return actor

    async def _renew(self) -> None:
        """Ask for the keys again; while organisations is away those that are known still serve."""
        at = time.monotonic()
        is_fresh = at - self._asked_at < JWKS_LAST_S or at - self._renewed_at < JWKS_AGAIN_S
        if is_fresh or not self._people or self._asking.locked():
            return
        async with self._asking:
            self._renewed_at = at
            with contextlib.suppress(Unavailable, httpx2.HTTPError):
                await self._ask()

    async def _verified(self, token: str) -> Actor:
        try:
            kid = _kid(token)
            found = jwt.decode(token, await self._key(kid), algorithms=[ALGORITHM])
            claims = found.claims
            self._check(claims, kid)
            if found.header["typ"] != TYPE:
                raise Unauthenticated
            actor = _actor(claims, kid)
        except (JoseError, KeyError, ValueError, TypeError) as error:
            raise Unauthenticated from error
        if len(self._known) >= REMEMBERED:
            self._known.clear()
        self._known[token] = (actor, float(claims["exp"]))
        return actor

    async def _key(self, kid: str) -> OKPKey:
        if kid in self._services:
            return self._services[kid]
        if kid.startswith(SERVICE_KID):
            raise KeyError(kid)
        async with self._asking:
            if kid not in self._people and time.monotonic() - self._asked_at > JWKS_AGAIN_S:
                await self._ask()
        return self._people[kid]

    async def _ask(self) -> None:
        keys = KeySet.import_key_set(dict(await self._fetch()))  # type: ignore[arg-type]
        people = {str(key.kid): key for key in keys if isinstance(key, OKPKey)}
        if self._people.keys() - people.keys():
            self._known.clear()
        self._people, self._asked_at = people, time.monotonic()

    def _check(self, claims: Mapping[str, Any], kid: str) -> None:
        service = kid.startswith(SERVICE_KID)
        issuer = kid.removeprefix(SERVICE_KID) if service else "organisations"
        audience = [claims["aud"]] if service else _audience(claims["aud"])
        is_valid = claims.get("nbf", 0) <= time.time() < claims["exp"]
        if claims["iss"] != issuer or self._service not in audience or not is_valid:
            raise Unauthenticated


def _actor(claims: Mapping[str, Any], kid: str) -> Actor:
    if kid.startswith(SERVICE_KID):
        return service_actor(claims["iss"])
    return Actor(
        kind=ActorKind(claims["kind"]),
        id=UUID(claims["sub"]),
        organisation_id=UUID(claims["org"]) if claims.get("org") else None,
        team_id=UUID(claims["team"]) if claims.get("team") else None,
        roles=frozenset(Role(role) for role in claims["roles"]) - {Role.SERVICE},
        auth_time=int(claims["auth_time"]) if claims.get("auth_time") else None,
        acr=str(claims["acr"]) if claims.get("acr") else None,
        admission=UUID(claims["admission"]) if claims.get("admission") else None,
    )


def _audience(said: Any) -> list[Any]:
    """Whom a token is for: one service, or several (RFC 7519, 4.1.3)."""
    return said if isinstance(said, list) else [said]


def _kid(token: str) -> str:
    return str(json_b64decode(token.split(".", 1)[0].encode())["kid"])

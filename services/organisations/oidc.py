"""Asking an identity provider who somebody is: OpenID Connect's code flow, with PKCE.

What it answers is believed when every check of OpenID Connect Core 3.1.3.7 holds; anything
else is ``SignInFailed``, and why is told to nobody.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote_plus, urlencode

import httpx2
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from shared.clients import authorities
from shared.errors import Unavailable

from .domain.attempt import Proof, SignInFailed
from .domain.sign_in import Strength
from .providers import Provider, is_safe

ALGORITHMS = ["RS256", "PS256", "ES256", "Ed25519"]
"""Of an identity token's signature: asymmetric ones alone."""

SKEW_S = 30
OLDEST_S = 300
"""How long ago an identity token may have been made, and its bearer have shown who she is for a step-up."""

LASTS_S = 600.0
"""How long what a provider says of itself is remembered."""

AGAIN_S = 10.0

_JSON: TypeAdapter[dict[str, Any]] = TypeAdapter(dict[str, Any])


class Described(BaseModel):
    """What a provider says of itself (OpenID Connect Discovery 1.0)."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    end_session_endpoint: str | None = None
    token_endpoint_auth_methods_supported: list[str] = ["client_secret_basic"]
    authorization_response_iss_parameter_supported: bool = False


@dataclass(frozen=True, slots=True)
class Said:
    """What a verified identity token says of whom."""

    value: Any
    strength: Strength
    id_token: str


@dataclass
class Relying:
    """This installation, as one provider sees it: a client with an address to come back to.

    ``transport`` reaches a provider that runs in this process.
    """

    provider: Provider
    public_url: str
    demo: bool
    patience_s: float
    transport: httpx2.AsyncBaseTransport | None = None
    _described: Described | None = None
    _keys: KeySet | None = None
    _asked_at: dict[str, float] = field(default_factory=dict)

    @property
    def redirect_uri(self) -> str:
        """Where the provider sends people back to: one address for each provider (RFC 9700, 4.4.2)."""
        return f"{self.public_url}/logga-in/svar/{self.provider.name}"

    async def address(self, proof: Proof, *, step_up: bool) -> str:
        """Where somebody goes to say who she is."""
        asked = {
            "response_type": "code",
            "client_id": self.provider.client_id,
            "redirect_uri": self.redirect_uri,
            "scope": self.provider.scope,
            "state": proof.state,
            "nonce": proof.nonce,
            "code_challenge": proof.challenge,
            "code_challenge_method": "S256",
        }
        if step_up:
            asked |= {"prompt": "login", "max_age": "0", "acr_values": " ".join(self.provider.step_up)}
        return _with((await self._described_now()).authorization_endpoint, asked)

    async def way_out(self, id_token: str | None) -> str | None:
        """Where the provider's own session is ended (RP-Initiated Logout 1.0), if it can be."""
        end = (await self._described_now()).end_session_endpoint
        if end is None or not is_safe(end, demo=self.demo):
            return None
        back = f"{self.public_url}/logga-in"
        asked = {"client_id": self.provider.client_id, "post_logout_redirect_uri": back}
        return _with(end, asked | ({"id_token_hint": id_token} if id_token else {}))

    async def who(self, *, code: str, issuer: str | None, proof: Proof) -> Said:
        """Whom the code stands for; raises ``SignInFailed``, ``Unavailable``."""
        described = await self._described_now()
        expected = described.issuer if described.authorization_response_iss_parameter_supported else issuer
        # RFC 9207: a code from one provider is never shown to another.
        if expected != issuer or issuer not in {None, self.provider.issuer}:
            raise SignInFailed
        answer = await self._exchanged(described, code, proof)
        id_token = answer.get("id_token")
        if not isinstance(id_token, str):
            raise SignInFailed
        claims = await self._verified(described, id_token)
        self._check(claims, proof)
        return Said(claims.get(self.provider.claim), self._strength(claims), id_token)

    async def _exchanged(self, described: Described, code: str, proof: Proof) -> dict[str, Any]:
        given = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self.redirect_uri,
            "code_verifier": proof.verifier,
        }
        name, secret = self.provider.client_id, self.provider.client_secret.get_secret_value()
        by_header = "client_secret_basic" in described.token_endpoint_auth_methods_supported
        if not by_header:
            given |= {"client_id": name, "client_secret": secret}
        credentials = _basic(name, secret) if by_header else None
        answer = await self._ask("POST", described.token_endpoint, data=given, auth=credentials)
        if answer.status_code != httpx2.codes.OK:
            raise SignInFailed
        return _read(answer)

    async def _verified(self, described: Described, id_token: str) -> Mapping[str, Any]:
        for is_last in (False, True):
            keys = await self._keys_now(described, anew=is_last)
            try:
                return jwt.decode(id_token, keys, algorithms=ALGORITHMS).claims
            except (JoseError, ValueError, TypeError, KeyError) as error:
                if is_last:
                    raise SignInFailed from error
        raise SignInFailed

    def _check(self, claims: Mapping[str, Any], proof: Proof) -> None:
        now, name = time.time(), self.provider.client_id
        audience = claims.get("aud")
        several = isinstance(audience, list) and len(audience) > 1
        holds = (
            claims.get("iss") == self.provider.issuer,
            audience == name or (isinstance(audience, list) and name in audience),
            claims.get("azp", None if several else name) == name,
            claims.get("nonce") == proof.nonce,
            _seconds(claims.get("exp")) > now - SKEW_S,
            now - OLDEST_S < _seconds(claims.get("iat")) < now + SKEW_S,
        )
        if not all(holds):
            raise SignInFailed

    def _strength(self, claims: Mapping[str, Any]) -> Strength:
        at = _seconds(claims.get("auth_time"))
        if at > time.time() + SKEW_S:
            raise SignInFailed
        is_step_up = claims.get("acr") in self.provider.step_up and at > time.time() - OLDEST_S
        return Strength(at=int(at) if at else None, is_step_up=is_step_up)

    async def _described_now(self) -> Described:
        if self._described is None or self._is_old("described", LASTS_S):
            address = f"{self.provider.issuer.rstrip('/')}/.well-known/openid-configuration"
            said = self._understood(await self._read(address))
            places = (said.authorization_endpoint, said.token_endpoint, said.jwks_uri)
            if said.issuer != self.provider.issuer or not all(is_safe(one, demo=self.demo) for one in places):
                raise self._away()
            self._described, self._asked_at["described"] = said, time.monotonic()
        return self._described

    def _understood(self, said: dict[str, Any]) -> Described:
        try:
            return Described.model_validate(said)
        except ValidationError as error:
            raise self._away() from error

    def _away(self) -> Unavailable:
        return Unavailable(service=self.provider.name)

    async def _keys_now(self, described: Described, *, anew: bool) -> KeySet:
        if self._keys is None or self._is_old("keys", AGAIN_S if anew else LASTS_S):
            self._keys = self._imported(await self._read(described.jwks_uri))
            self._asked_at["keys"] = time.monotonic()
        return self._keys

    def _imported(self, said: dict[str, Any]) -> KeySet:
        try:
            return KeySet.import_key_set(said)  # type: ignore[arg-type]
        except (JoseError, ValueError, TypeError, KeyError) as error:
            raise self._away() from error

    def _is_old(self, what: str, lasts_s: float) -> bool:
        return time.monotonic() - self._asked_at.get(what, float("-inf")) > lasts_s

    async def _read(self, address: str) -> dict[str, Any]:
        answer = await self._ask("GET", address)
        if answer.status_code != httpx2.codes.OK:
            raise self._away()
        return _read(answer)

    async def _ask(self, method: str, address: str, **more: Any) -> httpx2.Response:
        try:
            async with httpx2.AsyncClient(
                verify=authorities(), timeout=self.patience_s, trust_env=False, transport=self.transport
            ) as http:
                return await http.request(method, address, **more)
        except httpx2.HTTPError as error:
            raise self._away() from error


def _with(address: str, asked: Mapping[str, str]) -> str:
    return f"{address}{'&' if '?' in address else '?'}{urlencode(asked)}"


def _basic(name: str, secret: str) -> httpx2.BasicAuth:
    """The client's credentials, each encoded as a form's are (RFC 6749, 2.3.1)."""
    return httpx2.BasicAuth(quote_plus(name), quote_plus(secret))


def _read(answer: httpx2.Response) -> dict[str, Any]:
    try:
        return _JSON.validate_json(answer.content)
    except ValidationError as error:
        raise SignInFailed from error


def _seconds(claim: Any) -> float:
    """A claim of seconds; one that is none lies in the farthest past."""
    return float(claim) if isinstance(claim, int | float) and not isinstance(claim, bool) else 0.0

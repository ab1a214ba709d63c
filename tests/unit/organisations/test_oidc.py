"""What is believed of an identity provider, and what is not."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import httpx2
import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey, RSAKey

from services.organisations.domain.attempt import Proof, SignInFailed
from services.organisations.oidc import OLDEST_S, SKEW_S, Relying
from services.organisations.providers import Provider
from shared.errors import Unavailable

ISSUER = "https://provider.example"
CLIENT = "vardekedjor"
KEY = ECKey.generate_key("P-256", {"kid": "one"})
SAME_NAME = ECKey.generate_key("P-256", {"kid": "one"})
RSA_KEY = RSAKey.generate_key(2048, {"kid": "two"})
PROOF = Proof("an attempt")
DESCRIBED = {
    "issuer": ISSUER,
    "authorization_endpoint": f"{ISSUER}/auth?tenant=1",
    "token_endpoint": f"{ISSUER}/token",
    "jwks_uri": f"{ISSUER}/keys",
    "end_session_endpoint": f"{ISSUER}/end",
    "authorization_response_iss_parameter_supported": True,
}


class Fake:
    """A provider that says what a test tells it to say."""

    def __init__(self, id_token: Any, **described: Any) -> None:
        self.id_token, self.described = id_token, {**DESCRIBED, **described}
        self.asked: list[httpx2.Request] = []
        self.keys: list[Any] = [KEY, RSA_KEY]
        self.status = 200

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        self.asked.append(request)
        if request.url.path == "/token":
            return httpx2.Response(self.status, json={"access_token": "x", "id_token": self.id_token})
        if request.url.path == "/keys":
            return httpx2.Response(200, json={"keys": [key.as_dict(private=False) for key in self.keys]})
        return httpx2.Response(200, json=self.described)

    def relying(self) -> Relying:
        provider = Provider.model_validate({
            "name": "staden",
            "label": "Staden",
            "issuer": ISSUER,
            "client_id": CLIENT,
            "client_secret": "hemlig: ja",
            "step_up": ["strong"],
        })  # fmt: skip
        return Relying(provider, "https://web.example", False, 5.0, httpx2.MockTransport(self))


def said(**changes: Any) -> dict[str, Any]:
    now = int(time.time())
    claims = {"iss": ISSUER, "aud": CLIENT, "sub": "anna", "nonce": PROOF.nonce, "iat": now, "exp": now + 60}
    return {name: value for name, value in (claims | changes).items() if value is not None}


def signed(claims: Mapping[str, Any], key: Any = KEY, alg: str = "ES256", **header: Any) -> str:
    return jwt.encode({"alg": alg, "kid": key.kid, **header}, dict(claims), key, algorithms=[alg])


def unsigned(claims: Mapping[str, Any]) -> str:
    parts = ({"alg": "none", "kid": "one"}, claims)
    return ".".join(
        [*(base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in parts), ""]
    )


async def who(id_token: Any, **described: Any) -> Any:
    return await Fake(id_token, **described).relying().who(code="a code", issuer=ISSUER, proof=PROOF)


@pytest.mark.parametrize("changes", [{}, {"aud": [CLIENT]}, {"aud": [CLIENT, "another"], "azp": CLIENT}])
async def test_whom_the_provider_names_is_believed(changes: dict[str, Any]) -> None:
    assert (await who(signed(said(**changes)))).value == "anna"
    assert (await who(signed(said(**changes), RSA_KEY, "RS256"))).value == "anna"


async def test_a_clock_that_goes_a_little_wrong_is_forgiven() -> None:
    assert (await who(signed(said(exp=int(time.time()) - SKEW_S + 20)))).value == "anna"


def with_another_sign(token: str) -> str:
    """The same, but for the first sign of its signature."""
    said, _, signature = token.rpartition(".")
    return f"{said}.{'B' if signature[0] == 'A' else 'A'}{signature[1:]}"


FALSE: dict[str, Callable[[], Any]] = {
    "another issuer": lambda: signed(said(iss="https://another.example")),
    "another nonce": lambda: signed(said(nonce=Proof("another attempt").nonce)),
    "no nonce": lambda: signed(said(nonce=None)),
    "another audience": lambda: signed(said(aud="another")),
    "several audiences and nobody whom it is for": lambda: signed(said(aud=[CLIENT, "another"])),
    "for another party": lambda: signed(said(azp="another")),
    "too late": lambda: signed(said(exp=int(time.time()) - SKEW_S)),
    "no end": lambda: signed(said(exp=None)),
    "an end that is no time": lambda: signed(said(exp="tomorrow")),
    "made long ago": lambda: signed(said(iat=int(time.time()) - OLDEST_S)),
    "made in the future": lambda: signed(said(iat=int(time.time()) + SKEW_S + 30)),
    "signed in in the future": lambda: signed(said(auth_time=int(time.time()) + SKEW_S + 30)),
    "another's key": lambda: signed(said(), SAME_NAME),
    "no signature": lambda: unsigned(said()),
    "a cut signature": lambda: signed(said()).rpartition(".")[0] + ".",
    "the public key as a secret": lambda: signed(
        said(), OctKey.import_key(json.dumps(KEY.as_dict(private=False)), {"kid": "one"}), "HS256"
    ),
    "one sign changed": lambda: with_another_sign(signed(said())),
    "no token": lambda: None,
    "words": lambda: "not a token",
    "a list": lambda: ["a", "b"],
}
"""Made when they are tried: a token lasts a minute, and a run of all tests does not."""


@pytest.mark.parametrize("made", FALSE.values(), ids=list(FALSE))
async def test_a_false_identity_token_is_refused(made: Callable[[], Any]) -> None:
    with pytest.raises(SignInFailed):
        await who(made())


async def test_a_code_that_the_provider_refuses_is_worth_nothing() -> None:
    fake = Fake(signed(said()))
    fake.status = 400

    with pytest.raises(SignInFailed):
        await fake.relying().who(code="a code", issuer=ISSUER, proof=PROOF)


@pytest.mark.parametrize(("says_so", "issuer"), [(True, None), (True, "https://evil.example"), (False, "x")])
async def test_a_code_of_another_provider_is_not_shown_to_this_one(
    issuer: str | None, *, says_so: bool
) -> None:
    fake = Fake(signed(said()), authorization_response_iss_parameter_supported=says_so)

    with pytest.raises(SignInFailed):
        await fake.relying().who(code="a code", issuer=issuer, proof=PROOF)

    assert [request.url.path for request in fake.asked] == ["/.well-known/openid-configuration"]


@pytest.mark.parametrize(
    "described",
    [
        {"issuer": "https://another.example"},
        {"token_endpoint": "http://provider.example/token"},
        {"jwks_uri": "ftp://provider.example/keys"},
        {"authorization_endpoint": None},
    ],
)
async def test_a_provider_that_describes_itself_wrongly_is_not_asked(described: dict[str, Any]) -> None:
    with pytest.raises(Unavailable):
        await who(signed(said()), **described)


async def test_the_code_goes_with_its_verifier_and_the_exact_address_to_come_back_to() -> None:
    fake = Fake(signed(said()))
    relying = fake.relying()

    there = urlsplit(await relying.address(PROOF, step_up=False))
    await relying.who(code="a code", issuer=ISSUER, proof=PROOF)

    asked = dict(parse_qsl(there.query))
    assert (there.path, asked.pop("tenant")) == ("/auth", "1")
    assert (asked["state"], asked["nonce"]) == (PROOF.state, PROOF.nonce)
    assert (asked["code_challenge"], asked["code_challenge_method"]) == (PROOF.challenge, "S256")
    sent = next(request for request in fake.asked if request.url.path == "/token")
    form = {name: values[0] for name, values in parse_qs(sent.content.decode()).items()}
    assert form == {
        "grant_type": "authorization_code",
        "code": "a code",
        "redirect_uri": "https://web.example/logga-in/svar/staden",
        "code_verifier": PROOF.verifier,
    }
    assert asked["redirect_uri"] == form["redirect_uri"]
    named = base64.b64decode(sent.headers["Authorization"].removeprefix("Basic ")).decode()
    assert named == "vardekedjor:hemlig%3A+ja"


async def test_the_providers_keys_are_asked_for_again_when_one_is_new() -> None:
    fake = Fake(signed(said()))
    fake.keys = [RSA_KEY]
    relying = fake.relying()
    with pytest.raises(SignInFailed):
        await relying.who(code="a code", issuer=ISSUER, proof=PROOF)

    fake.keys = [KEY]
    relying._asked_at["keys"] = float("-inf")  # noqa: SLF001 - as if ten seconds had gone by

    assert (await relying.who(code="a code", issuer=ISSUER, proof=PROOF)).value == "anna"


@pytest.mark.parametrize(
    ("claims", "strong"),
    [
        ({"acr": "strong", "auth_time": 0}, True),
        ({"acr": "weak", "auth_time": 0}, False),
        ({"auth_time": 0}, False),
        ({"acr": "strong"}, False),
        ({"acr": "strong", "auth_time": -OLDEST_S - 1}, False),
        ({"acr": ["strong"], "auth_time": 0}, False),
    ],
)
async def test_a_step_up_is_what_the_settings_call_one_and_just_now(
    claims: dict[str, Any], *, strong: bool
) -> None:
    ago = claims.pop("auth_time", None)
    at = int(time.time()) + ago if ago is not None else None

    found = await who(signed(said(**claims, auth_time=at)))

    assert (found.strength.is_step_up, found.strength.at) == (strong, at)


def test_all_of_an_attempt_follows_from_its_id_and_nothing_from_another_part() -> None:
    parts = {PROOF.state, PROOF.nonce, PROOF.verifier, PROOF.challenge, PROOF.id}

    assert len(parts) == 5
    assert all(len(part) == 43 for part in parts - {PROOF.id})
    assert not PROOF.is_answered_by(Proof("another").state)
    assert not PROOF.is_answered_by("")

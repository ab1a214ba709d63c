"""What a service accepts at its door: people's tokens by the published keys, services' by their own."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from joserfc import jwt
from joserfc.jwk import OctKey

from shared.actor import ActorKind
from shared.errors import Unauthenticated
from shared.events.base import Role
from shared.tokens import AUDIENCES, TYPE, Doorkeeper, minted, private_key, service_token

SEEDS = {"organisations": bytes([1]) * 32, "tracing": bytes([2]) * 32}
ISSUER = private_key(bytes([9]) * 32, "people-1")
STRANGER = bytes([7]) * 32
SOMEBODY = UUID("01900000-0000-7000-8000-00000000000a")
CLAIMS: dict[str, Any] = {
    "iss": "organisations",
    "aud": [*AUDIENCES],
    "sub": str(SOMEBODY),
    "kind": "staff",
    "org": str(SOMEBODY),
    "team": None,
    "roles": ["caseworker"],
}


def public(seed: bytes) -> bytes:
    return Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()


@pytest.fixture
def door() -> Doorkeeper:
    """The door of the organisations service."""

    async def jwks() -> Mapping[str, Any]:
        return {"keys": [ISSUER.as_dict(private=False)]}

    return Doorkeeper("organisations", {name: public(seed) for name, seed in SEEDS.items()}, jwks)


async def is_refused(door: Doorkeeper, token: str) -> bool:
    try:
        await door.admit(f"Bearer {token}")
    except Unauthenticated:
        return True
    return False


async def test_a_persons_token_opens_with_what_it_says(door: Doorkeeper) -> None:
    actor = await door.admit(f"Bearer {minted(ISSUER, CLAIMS, seconds=60)}")

    assert (actor.kind, actor.id, actor.roles) == (ActorKind.STAFF, SOMEBODY, frozenset({Role.CASEWORKER}))


async def test_a_service_opens_with_its_own_signature(door: Doorkeeper) -> None:
    actor = await door.admit(f"Bearer {service_token('tracing', SEEDS['tracing'], 'organisations')}")

    assert (actor.kind, actor.roles) == (ActorKind.SERVICE, frozenset({Role.SERVICE}))


FOR_TRACING = {"iss": "tracing", "sub": "tracing", "aud": "organisations"}
AS_TRACING = private_key(SEEDS["tracing"], "service:tracing")

FALSE: dict[str, Callable[[], str]] = {
    "a service by a stranger's key": lambda: service_token("tracing", STRANGER, "organisations"),
    "a service by another's key": lambda: service_token("tracing", SEEDS["organisations"], "organisations"),
    "a service for another's door": lambda: service_token("tracing", SEEDS["tracing"], "referrals"),
    "a service that nobody knows": lambda: service_token("astrology", STRANGER, "organisations"),
    "a service in another's name": lambda: minted(AS_TRACING, FOR_TRACING | {"iss": "referrals"}, seconds=60),
    "a service too late": lambda: minted(AS_TRACING, FOR_TRACING, seconds=-1),
    "a person by a service's key": lambda: minted(AS_TRACING, CLAIMS, seconds=60),
    "a person by a stranger's key": lambda: minted(private_key(STRANGER, "people-1"), CLAIMS, seconds=60),
    "a person by an unknown key": lambda: minted(private_key(STRANGER, "people-2"), CLAIMS, seconds=60),
    "a person for another audience": lambda: minted(ISSUER, CLAIMS | {"aud": "elsewhere"}, seconds=60),
    "a person of another issuer": lambda: minted(ISSUER, CLAIMS | {"iss": "referrals"}, seconds=60),
    "a person too late": lambda: minted(ISSUER, CLAIMS, seconds=-1),
    "a role that is none": lambda: minted(ISSUER, CLAIMS | {"roles": ["emperor"]}, seconds=60),
}
"""Made when they are tried, or each would be refused in the end for its age alone."""


@pytest.mark.parametrize("made", FALSE.values(), ids=list(FALSE))
async def test_a_false_token_is_refused(door: Doorkeeper, made: Callable[[], str]) -> None:
    assert await is_refused(door, made())


@pytest.mark.parametrize("left_out", ["exp", "aud", "iss", "sub", "kind", "roles"])
async def test_a_token_that_leaves_something_out_is_refused(door: Doorkeeper, left_out: str) -> None:
    claims = {**CLAIMS, "exp": int(time.time()) + 60}
    del claims[left_out]
    token = jwt.encode(
        {"alg": "Ed25519", "kid": "people-1", "typ": TYPE}, claims, ISSUER, algorithms=["Ed25519"]
    )

    assert await is_refused(door, token)


async def test_no_persons_token_makes_a_service(door: Doorkeeper) -> None:
    claims = CLAIMS | {"roles": ["caseworker", "service"]}

    actor = await door.admit(f"Bearer {minted(ISSUER, claims, seconds=60)}")

    assert actor.roles == {Role.CASEWORKER}


async def test_a_token_without_a_signature_is_refused(door: Doorkeeper) -> None:
    header, body, _ = minted(ISSUER, CLAIMS, seconds=60).split(".")
    none = (
        base64.urlsafe_b64encode(json.dumps({"alg": "none", "kid": "people-1", "typ": TYPE}).encode())
        .rstrip(b"=")
        .decode()
    )

    assert await is_refused(door, f"{none}.{body}.")
    assert await is_refused(door, f"{header}.{body}.")


async def test_the_public_key_does_not_serve_as_a_secret(door: Doorkeeper) -> None:
    secret = OctKey.import_key(public(bytes([9]) * 32))
    claims = {**CLAIMS, "exp": int(time.time()) + 60}
    token = jwt.encode({"alg": "HS256", "kid": "people-1", "typ": TYPE}, claims, secret, algorithms=["HS256"])

    assert await is_refused(door, token)


@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer ", "Basic abc", "Bearer abc", "Bearer a.b.c"])
async def test_what_is_no_token_is_refused(door: Doorkeeper, header: str | None) -> None:
    with pytest.raises(Unauthenticated):
        await door.admit(header)


async def test_a_remembered_token_ends_in_time(door: Doorkeeper, monkeypatch: pytest.MonkeyPatch) -> None:
    token = service_token("tracing", SEEDS["tracing"], "organisations")
    assert not await is_refused(door, token)

    later = time.time() + 61
    monkeypatch.setattr("shared.tokens.time.time", lambda: later)

    assert await is_refused(door, token)

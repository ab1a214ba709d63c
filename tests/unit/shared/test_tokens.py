"""Who is at the door, and who is not."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import Mapping
from itertools import count
from typing import Any

import httpx2
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from joserfc import jwt
from joserfc.jwk import OctKey, OKPKey

from shared.actor import ActorKind, service_actor
from shared.errors import Unauthenticated, Unavailable
from shared.events.base import Role
from shared.tokens import (
    ALGORITHM,
    AUDIENCES,
    JWKS_AGAIN_S,
    JWKS_LAST_S,
    TYPE,
    Doorkeeper,
    minted,
    private_key,
    public_key,
    service_token,
)
from tests.unit.shared.makers import an_id, answering

PEOPLES = private_key(bytes(range(32)), "people-1")
STRANGERS = private_key(bytes(range(1, 33)), "people-1")
TRACING = bytes(range(2, 34))
FORGED = bytes(range(3, 35))
PUBLIC_OF_TRACING = Ed25519PrivateKey.from_private_bytes(TRACING).public_key().public_bytes_raw()
WHO = {
    "iss": "organisations",
    "aud": [*AUDIENCES],
    "sub": str(an_id(1)),
    "kind": "staff",
    "org": str(an_id(2)),
    "team": str(an_id(3)),
    "roles": ["caseworker"],
}


def a_door(*people: OKPKey) -> Doorkeeper:
    """The door of referrals, which trusts these keys of people and the service tracing."""
    keys = {"keys": [key.as_dict(private=False) for key in people or (PEOPLES,)]}
    return Doorkeeper("referrals", {"tracing": PUBLIC_OF_TRACING}, answering(keys))


def a_token(*, key: OKPKey = PEOPLES, seconds: int = 60, **changes: Any) -> str:
    return minted(key, {**WHO, **changes}, seconds=seconds)


async def refused(token: str, door: Doorkeeper | None = None) -> bool:
    with pytest.raises(Unauthenticated):
        await (door or a_door()).admit(f"Bearer {token}")
    return True


async def test_a_member_of_staff_is_known_by_her_token() -> None:
    actor = await a_door().admit(f"Bearer {a_token()}")

    assert (actor.kind, actor.id) == (ActorKind.STAFF, an_id(1))
    assert (actor.organisation_id, actor.team_id) == (an_id(2), an_id(3))
    assert actor.roles == {Role.CASEWORKER}


async def test_the_scheme_is_read_without_regard_to_case() -> None:
    assert (await a_door().admit(f"bearer {a_token()}")).id == an_id(1)


@pytest.mark.parametrize("header", [None, "", "Bearer", "Bearer ", "Basic YTpi", "Bearer a.b.c", "Bearer é"])
async def test_no_token_is_no_entry(header: str | None) -> None:
    with pytest.raises(Unauthenticated):
        await a_door().admit(header)


@pytest.mark.parametrize(
    "changes",
    [
        {"seconds": -1},
        {"nbf": 2**40},
        {"aud": "another"},
        {"aud": ["organisations", "tracing"]},
        {"aud": []},
        {"aud": None},
        {"iss": "somebody"},
        {"kind": "ghost"},
        {"sub": "me"},
        {"org": "mine"},
        {"roles": ["king"]},
        {"key": STRANGERS},
    ],
    ids=lambda changes: next(iter(changes)),
)
async def test_a_token_that_is_not_right_is_refused(changes: dict[str, Any]) -> None:
    assert await refused(a_token(**changes))


@pytest.mark.parametrize("claim", ["iss", "aud", "sub", "kind", "roles"])
async def test_a_token_that_lacks_a_claim_is_refused(claim: str) -> None:
    claims = {name: value for name, value in WHO.items() if name != claim}

    assert await refused(minted(PEOPLES, claims, seconds=60))


async def test_a_token_without_an_end_is_refused() -> None:
    assert await refused(signed(WHO, typ=TYPE))


@pytest.mark.parametrize("header", [{}, {"typ": "JWT"}, {"typ": "logout+jwt"}])
async def test_a_token_of_another_type_is_refused(header: dict[str, str]) -> None:
    claims = {**WHO, "exp": 2**40}

    assert (await a_door().admit(f"Bearer {signed(claims, typ=TYPE)}")).id == an_id(1)
    assert await refused(signed(claims, **header))


def signed(claims: Mapping[str, Any], **header: str) -> str:
    return jwt.encode(
        {"alg": ALGORITHM, "kid": PEOPLES.kid, **header}, dict(claims), PEOPLES, algorithms=[ALGORITHM]
    )


async def test_the_public_key_is_no_password() -> None:
    secret = OctKey.import_key(json.dumps(PEOPLES.as_dict(private=False)))
    header = {"alg": "HS256", "kid": PEOPLES.kid, "typ": TYPE}

    assert await refused(jwt.encode(header, {**WHO, "exp": 2**40}, secret, algorithms=["HS256"]))


async def test_a_token_of_nobodys_algorithm_is_refused() -> None:
    parts = ({"alg": "none", "kid": PEOPLES.kid, "typ": TYPE}, {**WHO, "exp": 2**40})
    said = [base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in parts]

    assert await refused(".".join([*said, ""]))


async def test_nobody_is_a_service_by_saying_so() -> None:
    actor = await a_door().admit(f"Bearer {a_token(roles=['service', 'caseworker'])}")

    assert actor.roles == {Role.CASEWORKER}


async def test_a_service_vouches_for_itself() -> None:
    token = service_token("tracing", TRACING, "referrals")

    assert await a_door().admit(f"Bearer {token}") == service_actor("tracing")


async def test_a_services_token_is_for_one_service_alone() -> None:
    assert await refused(service_token("tracing", TRACING, "organisations"))


async def test_a_persons_token_may_be_for_one_service_or_for_several() -> None:
    door = a_door()

    for audience in ("referrals", ["tracing", "referrals"]):
        assert (await door.admit(f"Bearer {a_token(aud=audience)}")).id == an_id(1)


async def test_a_service_names_one_service_alone() -> None:
    claims = {"iss": "tracing", "sub": "tracing", "aud": [*AUDIENCES]}

    assert await refused(minted(private_key(TRACING, "service:tracing"), claims, seconds=60))


class Published:
    """Organisations, as far as its keys go: those it publishes now, or away."""

    def __init__(self, *keys: OKPKey) -> None:
        self.keys: tuple[OKPKey, ...] | None = keys

    async def __call__(self) -> Mapping[str, Any]:
        if self.keys is None:
            raise httpx2.ConnectError("refused")
        return {"keys": [key.as_dict(private=False) for key in self.keys]}


NEXT = private_key(bytes(range(4, 36)), "people-2")


async def test_a_key_is_changed_while_tokens_live(monkeypatch: pytest.MonkeyPatch) -> None:
    published, now = Published(PEOPLES), [1000.0]
    monkeypatch.setattr("shared.tokens.time.monotonic", lambda: now[0])
    door = Doorkeeper("referrals", {}, published)
    old, new = a_token(), a_token(key=NEXT)
    await door.admit(f"Bearer {old}")

    published.keys = (PEOPLES, NEXT)
    now[0] += JWKS_AGAIN_S + 1
    for token in (old, new):
        await door.admit(f"Bearer {token}")

    published.keys = (NEXT,)
    now[0] += JWKS_LAST_S
    assert await refused(old, door)
    await door.admit(f"Bearer {new}")


async def test_while_the_directory_is_away_the_keys_that_are_known_serve(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    published, now = Published(PEOPLES), [1000.0]
    monkeypatch.setattr("shared.tokens.time.monotonic", lambda: now[0])
    door = Doorkeeper("referrals", {}, published)
    await door.admit(f"Bearer {a_token()}")

    published.keys = None
    now[0] += 10 * JWKS_LAST_S

    assert (await door.admit(f"Bearer {a_token(jti='another')}")).id == an_id(1)


async def test_a_service_is_not_known_by_anothers_key() -> None:
    assert await refused(service_token("tracing", FORGED, "referrals"))


async def test_a_service_speaks_in_its_own_name_alone() -> None:
    key = private_key(TRACING, "service:tracing")
    claims = {"iss": "notifications", "sub": "notifications", "aud": "referrals"}

    assert await refused(minted(key, claims, seconds=60))


async def test_the_directory_cannot_make_a_service() -> None:
    planted = private_key(FORGED, "service:planted")
    door = a_door(PEOPLES, planted)
    await door.admit(f"Bearer {a_token()}")

    claims = {"iss": "planted", "sub": "planted", "aud": "referrals"}

    assert await refused(minted(planted, claims, seconds=60), door)


async def test_the_directory_is_not_asked_again_for_each_unknown_key() -> None:
    asked = count()

    async def fetch() -> Mapping[str, Any]:
        next(asked)
        return {"keys": [PEOPLES.as_dict(private=False)]}

    door = Doorkeeper("referrals", {}, fetch)
    for number in range(5):
        assert await refused(a_token(key=private_key(FORGED, f"unknown-{number}")), door)

    assert next(asked) == 1
    assert (await door.admit(f"Bearer {a_token()}")).id == an_id(1)


async def test_while_the_directory_is_being_asked_everybody_waits_for_its_answer() -> None:
    async def fetch() -> Mapping[str, Any]:
        await asyncio.sleep(0)
        return {"keys": [PEOPLES.as_dict(private=False)]}

    door = Doorkeeper("referrals", {}, fetch)
    tokens = [a_token(sub=str(an_id(number))) for number in range(20)]

    actors = await asyncio.gather(*(door.admit(f"Bearer {token}") for token in tokens))

    assert [actor.id for actor in actors] == [an_id(number) for number in range(20)]


async def test_while_the_directory_is_away_nobody_is_called_a_stranger() -> None:
    async def fetch() -> Mapping[str, Any]:
        raise httpx2.ConnectError("refused")

    door = Doorkeeper("referrals", {}, fetch)

    for _ in range(2):
        with pytest.raises((Unavailable, httpx2.HTTPError)):
            await door.admit(f"Bearer {a_token()}")


def test_a_verifying_key_is_the_public_half() -> None:
    key = public_key(PUBLIC_OF_TRACING, "service:tracing")

    assert not key.is_private
    assert key.thumbprint() == private_key(TRACING, "").thumbprint()

"""What is the same request, and what is another."""

from __future__ import annotations

import pytest

from shared.errors import KeyMissing
from shared.idempotency import Idempotency
from tests.unit.shared.makers import a_post, an_id

KEEPER = Idempotency(bytes(32))


@pytest.mark.parametrize("key", [None, "", "k" * 201], ids=["none", "empty", "too long"])
async def test_a_key_is_asked_for(key: str | None) -> None:
    with pytest.raises(KeyMissing):
        await KEEPER.attempt(a_post(key=key), an_id(1))


@pytest.mark.parametrize("key", ["k", "k" * 200])
async def test_a_key_of_a_fair_length_is_taken(key: str) -> None:
    assert key not in (await KEEPER.attempt(a_post(key=key), an_id(1))).key.split()


async def test_the_same_request_has_the_same_secrets_and_under_another_key_or_caller_others() -> None:
    once = await KEEPER.attempt(a_post(b'{"a": 1}', key="first"), an_id(1))
    again = await KEEPER.attempt(a_post(b'{"a": 1}', key="first"), an_id(1))
    second = await KEEPER.attempt(a_post(b'{"a": 1}', key="second"), an_id(1))
    another = await KEEPER.attempt(a_post(b'{"a": 1}', key="first"), an_id(2))

    assert once == again
    assert len({one.secrets for one in (once, second, another)}) == 3
    assert len({one.key for one in (once, second, another)}) == 3


@pytest.mark.parametrize(
    ("body", "path"), [(b'{"a": 2}', "/told"), (b'{"a": 1}', "/other"), (b"", '/told\n{"a": 1}')]
)
async def test_another_request_has_another_secret(body: bytes, path: str) -> None:
    once = await KEEPER.attempt(a_post(b'{"a": 1}'), an_id(1))

    assert once.secrets != (await KEEPER.attempt(a_post(body, path=path), an_id(1))).secrets


async def test_a_secret_cannot_be_made_without_the_services_key() -> None:
    ours = await KEEPER.attempt(a_post(), an_id(1))

    theirs = await Idempotency(bytes(31) + b"\1").attempt(a_post(), an_id(1))

    assert ours.secrets != theirs.secrets

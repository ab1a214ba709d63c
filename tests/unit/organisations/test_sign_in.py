"""Sessions, the bootstrap secret, and access tokens."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta

import pytest

from services.organisations.domain.sign_in import (
    ABSOLUTE_LIMIT,
    BOOTSTRAP,
    IDLE_LIMIT,
    Holder,
    NotSignedIn,
    Session,
    is_bootstrap,
)
from services.organisations.tokens import TokenKey
from shared.actor import Actor, ActorKind
from shared.events.base import Role
from shared.tokens import Doorkeeper
from tests.unit.organisations.makers import HERE, SOMEBODY, an_actor

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
HOLDER = Holder(kind=ActorKind.STAFF, id=SOMEBODY, organisation_id=HERE)
INSTANT = timedelta(microseconds=1)


def test_a_session_is_kept_under_its_digest_alone() -> None:
    session = Session.begin("a secret", holder=HOLDER, at=NOON)

    assert session.digest == hashlib.sha256(b"a secret").digest()


def test_a_session_in_use_goes_on() -> None:
    session = Session.begin("a secret", holder=HOLDER, at=NOON)

    used = session.use(at=NOON + IDLE_LIMIT - INSTANT)

    assert used.ends_at == NOON + 2 * IDLE_LIMIT - INSTANT


def test_an_idle_session_is_over() -> None:
    with pytest.raises(NotSignedIn):
        Session.begin("a secret", holder=HOLDER, at=NOON).use(at=NOON + IDLE_LIMIT)


def test_no_session_lasts_for_ever() -> None:
    busy = Session(
        digest=b"", holder=HOLDER, began_at=NOON, seen_at=NOON + ABSOLUTE_LIMIT - timedelta(minutes=1)
    )

    with pytest.raises(NotSignedIn):
        busy.use(at=NOON + ABSOLUTE_LIMIT)


@pytest.mark.parametrize(
    ("given", "secret", "known"),
    [("s3cret", "s3cret", True), ("s3cre", "s3cret", False), ("", "", False), ("å", "s3cret", False)],
)
def test_only_the_bootstrap_secret_is_the_bootstrap_secret(given: str, secret: str, *, known: bool) -> None:
    assert is_bootstrap(given, secret) is known


@pytest.mark.parametrize("actor", [BOOTSTRAP, an_actor(Role.CASEWORKER, Role.TEAM_LEAD)])
async def test_a_token_says_who_bears_it(actor: Actor) -> None:
    key = TokenKey.from_seed(b"1" * 32)

    async def jwks() -> dict[str, object]:
        return {"keys": [key.public()]}

    admitted = await Doorkeeper("referrals", {}, jwks).admit(f"Bearer {key.mint(actor, seconds=60)}")

    assert admitted == actor


def test_a_published_key_keeps_its_secret() -> None:
    assert set(TokenKey.from_seed(b"1" * 32).public()) == {"kty", "crv", "x", "kid", "use", "alg"}

"""The key that signs access tokens, and what they say (JWT, RFC 7519; Ed25519, RFC 9864)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Self
from uuid import UUID

from joserfc.jwk import OKPKey

from shared.actor import Actor
from shared.tokens import ALGORITHM, AUDIENCES, minted, private_key

ISSUER = "organisations"
TOKEN_LIFE_S = 600
BOOTSTRAP_LIFE_S = 300


def claims(actor: Actor, audience: str | None) -> dict[str, Any]:
    """What an access token says of its bearer, but for its times; it is for one service, or for all."""
    return {
        "iss": ISSUER,
        "aud": audience or [*AUDIENCES],
        "kind": actor.kind.value,
        "sub": str(actor.id),
        "org": _text(actor.organisation_id),
        "team": _text(actor.team_id),
        "roles": sorted(role.value for role in actor.roles),
        **({"admission": str(actor.admission)} if actor.admission else {}),
        **{name: value for name in ("auth_time", "acr") if (value := getattr(actor, name)) is not None},
    }


def _text(id: UUID | None) -> str | None:
    return str(id) if id is not None else None


@dataclass(frozen=True, slots=True)
class TokenKey:
    """An Ed25519 key; its name (``kid``) is its thumbprint (RFC 7638)."""

    key: OKPKey

    @classmethod
    def from_seed(cls, seed: bytes) -> Self:
        """The key of a seed of 32 bytes."""
        unnamed = private_key(seed, kid="")
        return cls(private_key(seed, kid=unnamed.thumbprint()))

    def mint(self, actor: Actor, *, seconds: int, audience: str | None = None) -> str:
        """An access token that lasts so long by the machine's clock, not by the demo's."""
        return minted(self.key, claims(actor, audience), seconds=seconds)

    def public(self) -> dict[str, Any]:
        """The public half as a JSON Web Key (RFC 7517)."""
        return {**self.key.as_dict(private=False), "use": "sig", "alg": ALGORITHM}

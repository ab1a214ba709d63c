"""The identity providers that an installation trusts, as its settings name them (OpenID Connect)."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Annotated, Any
from urllib.parse import urlsplit
from uuid import UUID

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, SecretStr
from pydantic_settings import NoDecode

from shared.actor import ActorKind

_LOGIN = re.compile(r"[A-Za-z0-9@._-]{1,100}")


class Provider(BaseModel):
    """Who vouches for people, for which of them, and how what it says becomes a login.

    The login is the value of ``claim``, followed by ``@realm`` if there is one.  ``organisations``,
    if any are named, are the only ones whose staff and persons it may vouch for.  ``step_up`` are
    the ``acr`` values with which somebody has shown anew, and strongly, who she is.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Annotated[str, Field(pattern=r"^[a-z0-9-]{1,40}$")]
    label: Annotated[str, Field(min_length=1, max_length=80)]
    issuer: str
    client_id: str
    client_secret: SecretStr
    claim: str = "sub"
    realm: Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]{1,40}$")] | None = None
    holders: frozenset[ActorKind] = frozenset({ActorKind.STAFF})
    organisations: frozenset[UUID] = frozenset()
    scope: Annotated[str, Field(pattern=r"^openid( |$)")] = "openid"
    step_up: tuple[str, ...] = ()

    def login_of(self, value: Any) -> str | None:
        """The login that a claim stands for; ``None`` if it can be nobody's, or another realm's."""
        if not isinstance(value, str) or not value or (self.realm and "@" in value):
            return None
        login = f"{value}@{self.realm}" if self.realm else value
        return login if _LOGIN.fullmatch(login) else None

    def may_vouch_for(self, kind: ActorKind, organisation_id: UUID) -> bool:
        return kind in self.holders and (not self.organisations or organisation_id in self.organisations)


def _from_json(value: Any) -> Any:
    return json.loads(value or "[]") if isinstance(value, str) else value


def _apart(providers: Sequence[Provider]) -> Sequence[Provider]:
    """No provider may vouch for a login of another's (ASVS 6.8.1)."""
    realms = [one.realm for one in providers]
    if len({one.name for one in providers}) != len(providers):
        raise ValueError("two providers have one name")
    if len(providers) > 1 and (None in realms or len({*realms}) != len(realms)):
        raise ValueError("of several providers each needs a realm of its own")
    return providers


Providers = Annotated[tuple[Provider, ...], NoDecode, BeforeValidator(_from_json), AfterValidator(_apart)]


def is_safe(address: Any, *, demo: bool) -> bool:
    """Whether secrets may be sent there: by https, or in a demo on this machine."""
    parts = urlsplit(address if isinstance(address, str) else "")
    is_here = parts.hostname in {"127.0.0.1", "localhost", "::1"}
    return bool(parts.hostname) and (parts.scheme == "https" or (demo and parts.scheme == "http" and is_here))

"""Signing in: who holds a login, and how long a session lasts."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, ClassVar, Self
from uuid import UUID

from shared.actor import STEP_UP, Actor, ActorKind
from shared.errors import Refused, Unauthenticated
from shared.events.base import Role

IDLE_LIMIT = timedelta(minutes=30)
ABSOLUTE_LIMIT = timedelta(hours=12)
CARD_LIMIT = timedelta(minutes=15)
"""How long a printed card keeps somebody in; the service that keeps persons counts it as well."""


class LoginTaken(Refused):
    """Somebody else has this login."""

    slug: ClassVar[str] = "login-taken"


class NotSignedIn(Unauthenticated):
    """Sign in again."""


BOOTSTRAP = Actor(
    kind=ActorKind.STAFF,
    id=UUID("00000000-0000-7000-8000-000000000001"),
    organisation_id=None,
    team_id=None,
    roles=frozenset({Role.NETWORK_ADMIN}),
)
"""Whoever knows the bootstrap secret: brings the first organisation in, and holds nothing else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """Whom a login or session stands for: a member of staff, or a person known by one organisation.

    Who came in ``by_admission``, by a card or an e-ID, stands under the admission's id: whose it is the
    service that keeps persons is asked each time, and this one never keeps.
    """

    kind: ActorKind
    id: UUID
    organisation_id: UUID
    by_admission: bool = False


def is_bootstrap(given: str, secret: str) -> bool:
    """Whether ``given`` is the bootstrap secret; nothing is, while there is none."""
    return bool(secret) and hmac.compare_digest(given.encode(), secret.encode())


def as_person(holder: Holder) -> Actor:
    """The actor that a person is: her own record and nothing else; or a card, which has no role at all."""
    return Actor(
        kind=holder.kind,
        id=holder.id,
        organisation_id=holder.organisation_id,
        team_id=None,
        roles=frozenset({Role.PERSON} if holder.kind is ActorKind.PERSON else ()),
        admission=holder.id if holder.by_admission else None,
    )


def digest_of(session: str) -> bytes:
    """The SHA-256 under which a session is stored: whoever reads the table cannot use what it says."""
    return hashlib.sha256(session.encode()).digest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Strength:
    """When somebody showed who she is (seconds since 1970, if anybody says), and whether by a step-up."""

    at: int | None = None
    is_step_up: bool = False

    def of(self, actor: Actor) -> Actor:
        """The actor, as strongly signed in as this."""
        return replace(actor, auth_time=self.at, acr=STEP_UP if self.is_step_up else None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """A signed-in browser; ``provider`` vouched for it, and its ``hint`` ends the provider's own session."""

    digest: bytes
    holder: Holder
    began_at: datetime
    seen_at: datetime
    strength: Strength = Strength()
    provider: str | None = None
    hint: bytes | None = None

    @classmethod
    def begin(cls, session: str, *, holder: Holder, at: datetime, **vouched: Any) -> Self:
        """Sign ``holder`` in under an opaque id of 256 bits."""
        return cls(digest=digest_of(session), holder=holder, began_at=at, seen_at=at, **vouched)

    @property
    def ends_at(self) -> datetime:
        """When it ends unless it is used before."""
        lasts = CARD_LIMIT if self.holder.kind is ActorKind.CARD else ABSOLUTE_LIMIT
        return min(self.seen_at + IDLE_LIMIT, self.began_at + lasts)

    def use(self, *, at: datetime) -> Self:
        """Go on; raises ``NotSignedIn`` when it lay idle, or lasted, too long."""
        if at >= self.ends_at:
            raise NotSignedIn
        return replace(self, seen_at=at)

"""An invitation: a secret by which an association comes in, once and within two weeks."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, ClassVar, Self
from uuid import UUID

from shared.errors import Refused
from shared.events.organisations import OrganisationKind

from .profile import LegalKind, Sector, demand_fit
from .sign_in import digest_of

LIFE = timedelta(days=14)


class InvitationOver(Refused):
    """The invitation has been used or revoked, or its time is up: ask for a new one."""

    slug: ClassVar[str] = "invitation-over"


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """Who is invited, as what, and what came of it; what it promises in law is the network's word."""

    id: UUID
    digest: bytes
    name: str
    kind: OrganisationKind
    sector: Sector | None
    legal_kind: LegalKind | None
    provides_social_services: bool
    invited_by: UUID
    made_at: datetime
    expires_at: datetime
    used_at: datetime | None = None
    organisation_id: UUID | None = None
    revoked_at: datetime | None = None

    @property
    def version(self) -> int:
        """It changes once, by being used or revoked."""
        return 1 if self.used_at is None and self.revoked_at is None else 2

    @classmethod
    def make(cls, secret: str, *, at: datetime, **said: Any) -> Self:
        """Invite under an opaque secret of 256 bits; raises ``Invalid`` for what no organisation is."""
        new = cls(digest=digest_of(secret), made_at=at, expires_at=at + LIFE, **said)
        demand_fit(new.kind, new.legal_kind)
        return new

    @property
    def profile(self) -> dict[str, Any]:
        """What the organisation that it makes is, besides its kind."""
        return {
            "sector": self.sector,
            "legal_kind": self.legal_kind,
            "provides_social_services": self.provides_social_services,
        }

    def use(self, *, organisation_id: UUID, at: datetime) -> Self:
        """Let the organisation come in by it; raises ``InvitationOver`` the second time, or too late."""
        self._must_stand(at)
        return replace(self, used_at=at, organisation_id=organisation_id)

    def revoke(self, *, at: datetime) -> Self:
        """Let nobody come in by it any more; raises ``InvitationOver`` when nobody can."""
        self._must_stand(at)
        return replace(self, revoked_at=at)

    def _must_stand(self, at: datetime) -> None:
        if self.used_at is not None or self.revoked_at is not None or at >= self.expires_at:
            raise InvitationOver

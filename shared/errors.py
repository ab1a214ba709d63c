"""Refusals: a rule said no, and somebody may act on it.

Everything that is not a ``Refused`` is a fault of ours or of the machines.
The docstring of a refusal is the sentence its user reads.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from pydantic import JsonValue

Members = Mapping[str, JsonValue]
"""What a problem document says beside what each says (RFC 9457)."""


class Refused(Exception):  # noqa: N818 - a refusal is a noun of the trade, not an error
    """That cannot be done."""

    status: ClassVar[int] = 409
    slug: ClassVar[str] = "refused"
    example: ClassVar[Members] = {}
    """Members of its own that the problem document may have, as an example."""

    def __init__(self, **members: JsonValue) -> None:
        """Carry the members that the problem document adds, for example ``fields``."""
        super().__init__(self.slug)
        self.members = members

    @property
    def sentence(self) -> str:
        """The refusal in words to the user."""
        return (type(self).__doc__ or "").strip()

    def document(self) -> dict[str, JsonValue]:
        """The refusal as a problem document (RFC 9457)."""
        return {
            "type": f"/problems/{self.slug}",
            "title": self.slug.replace("-", " ").capitalize(),
            "status": self.status,
            "detail": self.sentence,
            **self.members,
        }

    @classmethod
    def example_document(cls) -> dict[str, JsonValue]:
        return cls(**cls.example).document()


class Unauthenticated(Refused):
    """Sign in first."""

    status = 401
    slug = "unauthenticated"
    challenge: ClassVar[str] = "Bearer"
    """What the answer says of how to (RFC 6750)."""


class RoleMissing(Refused):
    """Your role may not do this."""

    status = 403
    slug = "role-missing"


class NotYourSide(Refused):
    """This is for the other side of the hand-over to do."""

    status = 403
    slug = "not-your-side"


class NotFound(Refused):
    """There is nothing here that you can see."""

    status = 404
    slug = "not-found"


class KeyMissing(Refused):
    """Send an Idempotency-Key, so that trying again can do no harm."""

    status = 400
    slug = "key-missing"


class VersionMissing(Refused):
    """Send the version you saw in If-Match."""

    status = 428
    slug = "version-missing"


class VersionStale(Refused):
    """Somebody else has changed this since you saw it."""

    status = 412
    slug = "version-stale"
    example: ClassVar[Members] = {"changed": [{"command": "accept", "state": "accepted"}]}


class TooLarge(Refused):
    """The request is larger than is taken here."""

    status = 413
    slug = "too-large"
    example: ClassVar[Members] = {"most_bytes": 262144}


class Invalid(Refused):
    """Some of what was sent cannot be read."""

    status = 422
    slug = "invalid"
    example: ClassVar[Members] = {"errors": [{"field": "items.0.value", "message": "Field required"}]}


class KeyReused(Refused):
    """This Idempotency-Key was used for another request."""

    status = 422
    slug = "key-reused"


class RateLimited(Refused):
    """Too many requests; wait a little."""

    status = 429
    slug = "rate-limited"
    # The one where days are counted, the other where seconds are.
    example: ClassVar[Members] = {"again_on": "2026-12-01", "again_in_s": 60}


class Unavailable(Refused):
    """The service cannot answer just now; nothing was changed by a request that was refused so."""

    status = 503
    slug = "unavailable"
    example: ClassVar[Members] = {"service": "referrals"}

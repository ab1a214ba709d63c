"""A sign-in that has begun at an identity provider and has yet to come back."""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar, Self

from shared.errors import Refused, Unauthenticated

from .sign_in import Strength, digest_of

ATTEMPT_LIFE = timedelta(minutes=10)


class SignInFailed(Unauthenticated):
    """The sign-in could not be completed; begin again."""

    slug: ClassVar[str] = "sign-in-failed"


class LoginUnknown(Refused):
    """Nobody here has this login; ask your administrator, or whoever refers you, to add it."""

    status = 403
    slug: ClassVar[str] = "login-unknown"


class CodeOver(Refused):
    """The code is not right, has been used, or its time is up. Ask your caseworker for a new one."""

    status = 403
    slug: ClassVar[str] = "code-over"


class StepUpNotMet(Refused):
    """The provider did not ask who you are anew, or not strongly enough."""

    status = 403
    slug: ClassVar[str] = "step-up-not-met"


@dataclass(frozen=True, slots=True)
class Proof:
    """What ties an attempt to its browser, its answer and its code.

    All of it follows from the attempt's id (256 bits), which only the browser keeps: whoever
    reads our table finds nothing to go on with.
    """

    id: str

    @property
    def state(self) -> str:
        return self._derived("state")

    @property
    def nonce(self) -> str:
        return self._derived("nonce")

    @property
    def verifier(self) -> str:
        """The secret of RFC 7636; 43 signs."""
        return self._derived("verifier")

    @property
    def challenge(self) -> str:
        return _text(hashlib.sha256(self.verifier.encode()).digest())

    def is_answered_by(self, state: str) -> bool:
        return hmac.compare_digest(self.state.encode(), state.encode())

    def _derived(self, what: str) -> str:
        return _text(hmac.digest(self.id.encode(), what.encode(), "sha256"))


def _text(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """A begun sign-in, as it is kept: once, for some minutes, under a digest.

    A code that ties the e-ID to a person is sealed by a key that only the browser's id gives.
    """

    digest: bytes
    provider: str
    is_step_up: bool
    began_at: datetime
    sealed_code: bytes | None = None

    @classmethod
    def begin(
        cls, id: str, *, provider: str, step_up: bool, at: datetime, sealed_code: bytes | None = None
    ) -> Self:
        return cls(
            digest=digest_of(id),
            provider=provider,
            is_step_up=step_up,
            began_at=at,
            sealed_code=sealed_code,
        )

    def must_live(self, *, at: datetime) -> None:
        """Raise ``SignInFailed`` when it took too long."""
        if at >= self.began_at + ATTEMPT_LIFE:
            raise SignInFailed

    def must_be_met(self, strength: Strength) -> None:
        """Raise ``StepUpNotMet`` when the attempt was for more than was shown."""
        if self.is_step_up and not strength.is_step_up:
            raise StepUpNotMet

"""What lets a person in to her own side: a printed card that shows status alone, or her e-ID.

Each begins with a code that her caseworker gives her; it is used once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import ClassVar, Self
from uuid import UUID

from shared.errors import Refused


class AdmissionKind(StrEnum):
    """The ways in."""

    STATUS_CARD = "status_card"
    E_ID = "e_id"


CODE_LIFE: Mapping[AdmissionKind, timedelta] = {
    AdmissionKind.STATUS_CARD: timedelta(days=14),
    AdmissionKind.E_ID: timedelta(hours=1),
}
"""How long a code may be used: a card is taken home, an e-ID is tied at the meeting."""

STATUS_LASTS = timedelta(minutes=15)
"""How long a card shows anything, from its one use on."""


class CodeOver(Refused):
    """The code is not right, has been used, or its time is up. Ask your caseworker for a new one."""

    status = 403
    slug: ClassVar[str] = "code-over"


@dataclass(frozen=True, slots=True, kw_only=True)
class Admission:
    """A way in of one person; it is used at most once, and what has ended stays ended."""

    id: UUID
    organisation_id: UUID
    person_id: UUID
    kind: AdmissionKind
    made_at: datetime
    made_by: UUID
    expires_at: datetime
    used_at: datetime | None = None
    ended_at: datetime | None = None

    def use(self, kind: AdmissionKind, *, at: datetime) -> Self:
        """Take the code for what it was given for; raises `CodeOver` the second time, too late, or ended."""
        is_fresh = self.used_at is None and self.ended_at is None and at < self.expires_at
        if kind is not self.kind or not is_fresh:
            raise CodeOver
        return replace(self, used_at=at)

    def lets_in(self, *, at: datetime) -> bool:
        """Whether whoever came by it may see anything now."""
        if self.used_at is None or self.ended_at is not None:
            return False
        return self.kind is AdmissionKind.E_ID or at < self.used_at + STATUS_LASTS

    def end(self, *, at: datetime) -> Self:
        """Take it back; one that has ended stays as it ended."""
        return self if self.ended_at is not None else replace(self, ended_at=at)

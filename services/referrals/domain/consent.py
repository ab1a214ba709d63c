"""A consent: one edge that the person said yes or no to, and its end."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from typing import Self
from uuid import UUID

from shared.events.base import ItemField
from shared.events.consents import (
    ConsentExpired,
    ConsentExpiring,
    ConsentGiven,
    ConsentKind,
    ConsentNarrowed,
    ConsentRefused,
    ConsentRenewed,
    ConsentWithdrawn,
)

from .refusals import ConsentHasEnded, PersonSaidNo
from .working_days import STOCKHOLM, local_date

DEFAULT_DAYS = 90
MOST_DAYS = 365
"""R-13: three months unless said otherwise, never more than a year."""
NOTICE_DAYS = (14, 7, 1)
"""R-13: so many days before a consent's end those concerned are told of it."""


class Answer(StrEnum):
    """What the person said; a no is a full answer."""

    YES = "yes"
    NO = "no"


class Ending(StrEnum):
    """How a consent came to its end."""

    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    REPLACED = "replaced"
    RENEWED = "renewed"
    UNUSED = "unused"


class Way(StrEnum):
    """How a consent was given (R-10)."""

    SPOKEN = "spoken"
    WRITTEN = "written"
    E_ID = "e_id"
    OWN_DEVICE = "own_device"


class Giver(StrEnum):
    """Who said it."""

    PERSON = "person"
    GUARDIAN = "guardian"


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenBy:
    """One who was asked, and when she answered."""

    who: Giver
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What shows that the person was asked rightly: the exact text, how, by whom (R-10)."""

    text_version: int
    text_sha256: str
    language: str
    given_how: Way
    given_by: tuple[GivenBy, ...]
    asked_by: UUID
    interpreter: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Narrowed:
    """What was taken back of a consent at one of its versions; these are only ever added to."""

    version: int
    dropped: frozenset[ItemField]
    valid_until: datetime
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonsAnswer:
    """What one person answered to one kind of consent; its end is set once."""

    id: UUID
    kind: ConsentKind
    answer: Answer
    path_id: UUID
    from_organisation_id: UUID
    fields: frozenset[ItemField]
    purpose: str
    conditions: tuple[str, ...]
    valid_from: datetime
    valid_until: datetime
    proof: Proof
    version: int = 1
    ended_at: datetime | None = None
    ended_how: Ending | None = None

    def is_live(self, at: datetime) -> bool:
        """Whether it is a yes that holds at this instant."""
        said_yes = self.answer is Answer.YES and self.ended_at is None
        return said_yes and self.valid_from <= at < self.valid_until

    def replace(self, at: datetime) -> Self:
        """Make room for a newer answer."""
        return self.end(Ending.REPLACED, at)

    def narrow(
        self, at: datetime, *, dropped: frozenset[ItemField], until: datetime
    ) -> tuple[Self, Narrowed]:
        """Take back some items or some of the time; also what is written down of it."""
        narrower = replace(self, fields=self.fields - dropped, valid_until=until, version=self.version + 1)
        return narrower, Narrowed(version=narrower.version, dropped=dropped, valid_until=until, at=at)

    def end(self, how: Ending, at: datetime) -> Self:
        """Set the end; raises `ConsentHasEnded` or, for a no, `PersonSaidNo`."""
        if self.answer is Answer.NO:
            raise PersonSaidNo
        if self.ended_at is not None:
            raise ConsentHasEnded(kind=str(self.kind), ended_how=str(self.ended_how))
        return replace(self, ended_at=at, ended_how=how, version=self.version + 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent(PersonsAnswer):
    """What she answered about one referral; `offer_id` is the offer that she was asked about before it."""

    referral_id: UUID
    to_organisation_id: UUID
    to_team_id: UUID
    renews: UUID | None = None
    offer_id: UUID | None = None

    def is_for(self, *, organisation_id: UUID, team_id: UUID) -> bool:
        """Whether this is the receiver that the person was asked about."""
        return (self.to_organisation_id, self.to_team_id) == (organisation_id, team_id)

    def given(self) -> ConsentGiven | ConsentRefused:
        """The event of its answer."""
        if self.answer is Answer.NO:
            return ConsentRefused(
                path_id=self.path_id,
                consent_id=self.id,
                kind=self.kind,
                referral_id=self.referral_id,
                from_organisation_id=self.from_organisation_id,
                to_organisation_id=self.to_organisation_id,
            )
        fields = tuple(sorted(self.fields))
        return ConsentGiven(**self._about(), kind=self.kind, fields=fields, valid_until=self.valid_until)

    def withdraw(self, at: datetime) -> tuple[Self, ConsentWithdrawn]:
        """Take it back; nobody is asked why.  Raises `ConsentHasEnded` or, for a no, `PersonSaidNo`."""
        return self.end(Ending.WITHDRAWN, at), ConsentWithdrawn(**self._about(), kind=self.kind)

    def expire(self, at: datetime) -> tuple[Self, ConsentExpired]:
        """Let its time run out."""
        return self.end(Ending.EXPIRED, at), ConsentExpired(**self._about(), kind=self.kind)

    def notices_after(self, at: datetime) -> dict[int, datetime]:
        """When notice of its end is due, by the days before it; not what is due by now already."""
        due = {days: self.valid_until - timedelta(days=days) for days in NOTICE_DAYS}
        return {days: due_at for days, due_at in due.items() if due_at > at}

    def expiring(self, days: int, *, from_team_id: UUID, from_staff_id: UUID) -> ConsentExpiring:
        """The event that it runs out in so many days."""
        return ConsentExpiring(
            **self._about(),
            kind=self.kind,
            from_team_id=from_team_id,
            from_staff_id=from_staff_id,
            valid_until=self.valid_until,
            days=days,
        )

    def renew(self, at: datetime, *, consent_id: UUID, until: datetime, proof: Proof) -> tuple[Self, Self]:
        """Let a new yes to the same take this one's place: this one, ended, and the new one."""
        new = replace(
            self,
            id=consent_id,
            valid_from=at,
            valid_until=until,
            proof=proof,
            version=1,
            renews=self.id,
            offer_id=None,
        )
        return self.end(Ending.RENEWED, at), new

    def narrowed(self, by: Narrowed) -> ConsentNarrowed:
        """The event of a narrowing."""
        dropped = tuple(sorted(by.dropped))
        return ConsentNarrowed(**self._about(), kind=self.kind, dropped=dropped, valid_until=by.valid_until)

    def renewed(self) -> ConsentRenewed:
        """The event of a consent that renews another."""
        assert self.renews is not None  # noqa: S101 - it renews one
        return ConsentRenewed(
            **self._about(), renewed_id=self.renews, kind=self.kind, valid_until=self.valid_until
        )

    def _about(self) -> dict[str, UUID]:
        return {
            "path_id": self.path_id,
            "consent_id": self.id,
            "referral_id": self.referral_id,
            "from_organisation_id": self.from_organisation_id,
            "to_organisation_id": self.to_organisation_id,
            "to_team_id": self.to_team_id,
        }


def end_of(day: date) -> datetime:
    """The instant at which a Swedish day is over (UTC)."""
    return datetime.combine(day + timedelta(days=1), time(), STOCKHOLM).astimezone(UTC)


def default_end(at: datetime) -> datetime:
    """The end of a consent that names none."""
    return end_of(local_date(at) + timedelta(days=DEFAULT_DAYS))


def latest_end(at: datetime) -> datetime:
    """The latest end that a consent given now may have."""
    return end_of(local_date(at) + timedelta(days=MOST_DAYS))

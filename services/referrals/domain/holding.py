"""What one receiver holds, what of it it may read no more, and what it says that it did with that."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from typing import Self
from uuid import UUID

from shared.actor import Actor
from shared.errors import NotYourSide
from shared.events.base import ItemField, Role
from shared.events.consents import ConsentKind, DisclosureAnswered, DisclosureUnanswered, Receipt

from .consent import PersonsAnswer, end_of
from .refusals import AnswerStands, SharingGoesOn
from .working_days import local_date, working_days_after

Fields = frozenset[ItemField]

ESCALATES_AFTER: Mapping[int, int] = {1: 3, 2: 5, 3: 7}
"""After how many working days of silence who hears of it: the team again, its lead, the sender's side."""

_STRICTNESS = {Receipt.KEPT_BY_LAW: 0, Receipt.LOCKED: 1, Receipt.DELETED: 2}


@dataclass(frozen=True, slots=True, kw_only=True)
class Lock:
    """That some fields may be read no more, since when, by which consent's end or narrowing."""

    id: UUID
    consent_id: UUID
    fields: Fields
    was_opened: bool
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a holder said that it did with some fields; the ground is that of what is kept by law."""

    id: UUID
    fields: Fields
    answer: Receipt
    ground: str | None
    at: datetime
    by_staff_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """The copy that one receiver holds; `locks` and `receipts` are in the order of time."""

    id: UUID
    referral_id: UUID
    path_id: UUID
    consent_id: UUID
    processing_consent_id: UUID | None
    from_organisation_id: UUID
    from_team_id: UUID
    to_organisation_id: UUID
    to_team_id: UUID
    fields: Fields
    processing_fields: Fields
    opened_at: datetime | None
    locked_at: datetime | None
    locks: tuple[Lock, ...] = ()
    receipts: tuple[Said, ...] = ()

    @property
    def locked(self) -> Fields:
        """What may be read no more."""
        return Fields().union(*(lock.fields for lock in self.locks))

    @property
    def owed(self) -> Fields:
        """What must still be answered for; what was never opened need not be."""
        read = Fields().union(*(lock.fields for lock in self.locks if lock.was_opened))
        return read.difference(*(said.fields for said in self.receipts))

    @property
    def owed_since(self) -> datetime | None:
        return min(
            (lock.at for lock in self.locks if lock.was_opened and lock.fields & self.owed), default=None
        )

    def under(self, consent: PersonsAnswer) -> Fields:
        """What of the copy rests on a consent."""
        if consent.kind is ConsentKind.SECRECY_RELEASE:
            return self.fields
        return self.processing_fields if consent.id == self.processing_consent_id else Fields()

    def lock(self, fields: Fields, *, consent_id: UUID, lock_id: UUID, at: datetime) -> Lock | None:
        """The lock of those fields that are not locked yet, if there are any."""
        fresh = (fields & self.fields) - self.locked
        opened = self.opened_at is not None
        return (
            Lock(id=lock_id, consent_id=consent_id, fields=fresh, was_opened=opened, at=at) if fresh else None
        )

    def answer(
        self, answer: Receipt, ground: str | None, *, by: Actor, said_id: UUID, at: datetime
    ) -> tuple[Self, Said, DisclosureAnswered]:
        """Answer for what is not answered for yet, or else more strictly for what is."""
        by.must_be(Role.RECIPIENT, Role.TEAM_LEAD)
        if (by.organisation_id, by.team_id) != (self.to_organisation_id, self.to_team_id):
            raise NotYourSide
        if not self.locks:
            raise SharingGoesOn
        fields = self._to_answer(answer)
        if not fields:
            raise AnswerStands
        said = Said(id=said_id, fields=fields, answer=answer, ground=ground, at=at, by_staff_id=by.id)
        event = DisclosureAnswered(**self._about(), consent_id=self.consent_id, answer=answer)
        return replace(self, receipts=(*self.receipts, said)), said, event

    def silence(self, lock: Lock, stage: int) -> DisclosureUnanswered | None:
        """What is told of a lock that is still not answered for; nothing of one that is."""
        if not lock.fields & self.owed:
            return None
        about = self._about() | {"from_team_id": self.from_team_id}
        return DisclosureUnanswered(**about, consent_id=lock.consent_id, stage=stage)

    def answer_for(self, fields: Fields) -> Receipt | None:
        """The least strict answer for the locked of these fields; none while one is owed.

        What was never opened counts as locked without being answered for.
        """
        locked = fields & self.locked
        if not locked or locked & self.owed:
            return None
        said = (self._standing(field) for field in locked)
        return min((one.answer if one else Receipt.LOCKED for one in said), key=_STRICTNESS.__getitem__)

    def last_said(self, fields: Fields) -> Said | None:
        """The newest answer that concerns any of these fields."""
        return next((said for said in reversed(self.receipts) if said.fields & fields), None)

    def locked_since(self, fields: Fields) -> datetime | None:
        """Since when none of these fields may be read."""
        if not fields or not fields <= self.locked:
            return self.locked_at
        return max(lock.at for lock in self.locks if lock.fields & fields)

    def _to_answer(self, answer: Receipt) -> Fields:
        unanswered = self.locked.difference(*(said.fields for said in self.receipts))
        return unanswered or Fields(
            field
            for field in self.locked
            if (said := self._standing(field)) and _STRICTNESS[said.answer] < _STRICTNESS[answer]
        )

    def _standing(self, field: ItemField) -> Said | None:
        return self.last_said(Fields({field}))

    def _about(self) -> dict[str, UUID]:
        return {
            "path_id": self.path_id,
            "disclosure_id": self.id,
            "referral_id": self.referral_id,
            "from_organisation_id": self.from_organisation_id,
            "to_organisation_id": self.to_organisation_id,
            "to_team_id": self.to_team_id,
        }


def escalations(at: datetime) -> dict[int, datetime]:
    """When the silence about a lock set now is told, by stage: at the end of a Swedish working day (UTC)."""
    days = list(islice(working_days_after(local_date(at)), max(ESCALATES_AFTER.values())))
    return {stage: end_of(days[number - 1]) for stage, number in ESCALATES_AFTER.items()}

"""A need and its verbs: each gives the next state and the event, or refuses."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from typing import Any, Self
from uuid import UUID

from shared.actor import Actor, ActorKind
from shared.errors import Invalid
from shared.events.base import Area, NeedCode, Theme, Urgency
from shared.events.paths import (
    Closing,
    NeedAnswered,
    NeedClosed,
    NeedParked,
    NeedReopened,
    NeedStated,
    NeedUnparked,
    TransferOffered,
)

from .need_transitions import HOMES, ROLE_OF, NeedCommand, NeedSide, NeedSides, NeedState, illegal, step
from .refusals import NeedBusy
from .transitions import State
from .working_days import STOCKHOLM, local_date

CLOCK: NeedSides = frozenset({NeedSide.CLOCK})
EFFECT: NeedSides = frozenset({NeedSide.EFFECT})

BEGUN = frozenset({State.ACTIVE, State.PAUSED})
"""The states of a referral in which its receiver answers for the need."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenReferral:
    """The one referral of a need that is under way."""

    id: UUID
    state: State
    to_organisation_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One turn in a need's life."""

    version: int
    at: datetime
    command: NeedCommand
    by_side: NeedSide
    by_organisation_id: UUID | None
    state: NeedState


@dataclass(frozen=True, slots=True, kw_only=True)
class Need:
    """One thing that must be solved on the path; `turns` are those taken since it was loaded.

    `transfer_id` is the transfer by which it came to this home, `said_no_at` when the person said a no to
    it, or to its step, that stands.
    """

    id: UUID
    home_organisation_id: UUID
    team_id: UUID
    path_id: UUID
    step_id: UUID | None = None
    person_id: UUID
    code: NeedCode
    theme: Theme
    area: Area
    urgency: Urgency
    state: NeedState = NeedState.OPEN
    parked_until: date | None = None
    closed_as: Closing | None = None
    open_referral: OpenReferral | None = None
    open_offer_id: UUID | None = None
    said_no_at: datetime | None = None
    version: int = 0
    transfer_id: UUID | None = None
    created_at: datetime
    turns: tuple[Turn, ...] = ()

    @property
    def open_referral_id(self) -> UUID | None:
        return self.open_referral.id if self.open_referral else None

    @property
    def is_busy(self) -> bool:
        """Whether a hand-over of it is under way, or offered to teams of which one may claim it."""
        return self.open_referral is not None or self.open_offer_id is not None

    @property
    def accountable_organisation_id(self) -> UUID:
        """Who answers for the need now: the receiver once they have met, otherwise its home."""
        if self.open_referral and self.open_referral.state in BEGUN:
            return self.open_referral.to_organisation_id
        return self.home_organisation_id

    @property
    def unparks_at(self) -> datetime | None:
        """The instant at which the day begins, in Sweden, until which it is parked (UTC)."""
        if self.parked_until is None:
            return None
        return datetime.combine(self.parked_until, time(), STOCKHOLM).astimezone(UTC)

    def sides_of(self, actor: Actor) -> NeedSides:
        """The sides on which the actor meets this need.

        A person reaches her own needs alone: the store gives her no other.
        """
        if actor.kind is ActorKind.PERSON:
            return frozenset({NeedSide.PERSON})
        if (actor.organisation_id, actor.team_id) != (self.home_organisation_id, self.team_id):
            return frozenset()
        return frozenset(side for side in HOMES if ROLE_OF[side] in actor.roles)

    def stated(self) -> tuple[Self, NeedStated]:
        """Begin its life at its home."""
        begun = self._turned(NeedCommand.STATE, NeedSide.HOME, self.created_at, to=NeedState.OPEN)
        said = {name: getattr(self, name) for name in ("code", "theme", "area", "urgency")}
        return begun, NeedStated(**self._about(), **said)

    def park(self, by: NeedSides, at: datetime, *, until: date) -> tuple[Self, NeedParked]:
        """Set it aside until a Swedish date; raises `Invalid` for a date that does not lie ahead."""
        parked = self._move(NeedCommand.PARK, by, at, parked_until=until)
        if until <= local_date(at):
            raise Invalid(errors=[{"field": "until", "message": "must lie ahead"}])
        return parked, NeedParked(**self._about(), until=until)

    def unpark(self, by: NeedSides, at: datetime) -> tuple[Self, NeedUnparked]:
        unparked = self._move(NeedCommand.UNPARK, by, at, parked_until=None)
        return unparked, NeedUnparked(**self._about(), team_id=self.team_id)

    def answer(self, at: datetime) -> tuple[Self, NeedAnswered]:
        """Take note that a referral of it was completed."""
        answered = self._move(NeedCommand.ANSWER, EFFECT, at, parked_until=None)
        return answered, NeedAnswered(**self._about())

    def close(self, by: NeedSides, at: datetime, *, how: Closing) -> tuple[Self, NeedClosed]:
        closed = self._move(NeedCommand.CLOSE, by, at, closed_as=how)
        return closed, NeedClosed(**self._about(), how=how)

    def reopen(self, by: NeedSides, at: datetime) -> tuple[Self, NeedReopened]:
        reopened = self._move(NeedCommand.REOPEN, by, at, closed_as=None)
        return reopened, NeedReopened(**self._about())

    def transfer(self, by: NeedSides, at: datetime, *, to: UUID) -> tuple[Self, TransferOffered]:
        """Ask another organisation to be its home; raises `Invalid` for the home itself."""
        offered = self._move(NeedCommand.TRANSFER, by, at)
        if to == self.home_organisation_id:
            raise Invalid(errors=[{"field": "organisation_id", "message": "is the need's home already"}])
        return offered, TransferOffered(**self._about(), to_organisation_id=to)

    def move(self, at: datetime) -> tuple[Self, NeedClosed]:
        """Be done with it here, because another organisation has taken it over."""
        moved = self._move(NeedCommand.MOVE, EFFECT, at, closed_as=Closing.MOVED, parked_until=None)
        return moved, NeedClosed(**self._about(), how=Closing.MOVED)

    def _move(self, command: NeedCommand, by: NeedSides, at: datetime, **changes: Any) -> Self:
        row = step(command, self.state, by)
        if row.free and self.is_busy:
            raise NeedBusy
        return self._turned(command, min(row.by & by), at, to=row.to or self.state, **changes)

    def _turned(
        self, command: NeedCommand, side: NeedSide, at: datetime, *, to: NeedState, **changes: Any
    ) -> Self:
        version = self.version + 1
        turn = Turn(
            version=version,
            at=at,
            command=command,
            by_side=side,
            by_organisation_id=self.home_organisation_id if side in HOMES else None,
            state=to,
        )
        return replace(self, state=to, version=version, turns=(*self.turns, turn), **changes)

    def _about(self) -> dict[str, UUID]:
        return {
            "path_id": self.path_id,
            "need_id": self.id,
            "organisation_id": self.home_organisation_id,
        }


def demand_referable(state: NeedState) -> None:
    """Raise `IllegalForNeed` for what is set aside or done with: it is taken up again first."""
    if state in {NeedState.PARKED, NeedState.CLOSED}:
        raise illegal(state, HOMES)

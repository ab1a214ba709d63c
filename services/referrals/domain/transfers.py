"""A transfer: a need is offered to another organisation, which takes it over or does not."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Self
from uuid import UUID

from shared.actor import Actor
from shared.errors import NotYourSide
from shared.events.base import Role
from shared.events.paths import NeedTransferred, TransferRecalled, TransferRefused

from .refusals import IllegalForTransfer

ROLES = (Role.CASEWORKER, Role.TEAM_LEAD)
"""Who may answer an offer, and who may take it back."""


class TransferState(StrEnum):
    """What became of the offer."""

    OFFERED = "offered"
    TAKEN = "taken"
    REFUSED = "refused"
    RECALLED = "recalled"


class TransferCommand(StrEnum):
    """What may be done about an offer that has no answer yet."""

    TAKE = "take"
    REFUSE = "refuse"
    RECALL = "recall"


_OF_THE_ASKED = (TransferCommand.TAKE, TransferCommand.REFUSE)
_OF_THE_HOME = (TransferCommand.RECALL,)


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer:
    """An offer of one need to one organisation; its answer is given once.

    `taken_need_id` is the need that the new home wrote down: known in its own tenant alone (R-01).
    """

    id: UUID
    need_id: UUID
    path_id: UUID
    from_organisation_id: UUID
    from_team_id: UUID
    to_organisation_id: UUID
    state: TransferState = TransferState.OFFERED
    version: int = 1
    offered_at: datetime
    decided_at: datetime | None = None
    taken_need_id: UUID | None = None

    def allowed(self, actor: Actor) -> list[TransferCommand]:
        """What the actor may do about it now."""
        if self.state is not TransferState.OFFERED:
            return []
        return list(self._of(actor))

    def permit(self, command: TransferCommand, actor: Actor) -> None:
        """Raise `RoleMissing` for other roles, `NotYourSide` for what the other side does."""
        actor.must_be(*ROLES)
        if command not in self._of(actor):
            raise NotYourSide

    def take(self, at: datetime) -> tuple[Self, NeedTransferred]:
        """Become the need's home."""
        taken = self._decided(TransferState.TAKEN, at)
        return taken, NeedTransferred(
            path_id=self.path_id,
            need_id=self.need_id,
            organisation_id=self.to_organisation_id,
            from_organisation_id=self.from_organisation_id,
        )

    def refuse(self, at: datetime) -> tuple[Self, TransferRefused]:
        return self._decided(TransferState.REFUSED, at), TransferRefused(**self._about())

    def recall(self, at: datetime) -> tuple[Self, TransferRecalled]:
        return self._decided(TransferState.RECALLED, at), TransferRecalled(**self._about())

    def _of(self, actor: Actor) -> tuple[TransferCommand, ...]:
        if not actor.has(*ROLES):
            return ()
        if actor.organisation_id == self.to_organisation_id:
            return _OF_THE_ASKED
        home = (self.from_organisation_id, self.from_team_id)
        return _OF_THE_HOME if (actor.organisation_id, actor.team_id) == home else ()

    def _decided(self, to: TransferState, at: datetime) -> Self:
        if self.state is not TransferState.OFFERED:
            raise IllegalForTransfer(state=str(self.state), allowed=[])
        return replace(self, state=to, decided_at=at, version=self.version + 1)

    def _about(self) -> dict[str, UUID]:
        return {
            "path_id": self.path_id,
            "need_id": self.need_id,
            "organisation_id": self.from_organisation_id,
            "to_organisation_id": self.to_organisation_id,
        }

"""What stands about a referral, who meets it on which side, and how it takes a step."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Self
from uuid import UUID

from shared.actor import Actor, ActorKind
from shared.events.base import ItemField
from shared.events.referrals import Party

from .card import Card
from .timeline import Step
from .transitions import RECEIVERS, ROLE_OF, SENDERS, STAYING, Command, Goes, Side, State, allowed, step

Sides = frozenset[Side]
_PARTIES = {Party.SENDER: SENDERS, Party.RECEIVER: RECEIVERS, Party.PERSON: frozenset({Side.PERSON})}


def party_of(side: Side) -> Party | None:
    """The party that a side belongs to; the clock and effects belong to none."""
    return next((party for party, sides in _PARTIES.items() if side in sides), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What stands about a referral; `steps` are those taken since it was loaded.

    `since` is the version at which it came into its state, `asked_from` and `ended_from` the states that
    an answer and a reopening lead back to, `days_left` the working days that a question left the receiver.
    """

    id: UUID
    code: str
    version: int = 0
    state: State = State.DRAFT
    since: int = 0
    path_id: UUID
    need_id: UUID
    offering_id: UUID
    from_organisation_id: UUID
    from_team_id: UUID
    from_staff_id: UUID
    to_organisation_id: UUID
    to_team_id: UUID
    to_staff_id: UUID | None = None
    card: Card
    fields: frozenset[ItemField]
    consent_id: UUID | None = None
    consent_ids: tuple[UUID, ...] = ()
    sent_at: datetime | None = None
    opened_at: datetime | None = None
    answer_by: datetime | None = None
    first_contact_by: date | None = None
    review_on: date | None = None
    resume_on: date | None = None
    parent_id: UUID | None = None
    asked_from: State | None = None
    days_left: int | None = None
    last_contact_at: datetime | None = None
    reminded_at: datetime | None = None
    ended_from: State | None = None
    ended_by: Party | None = None
    ended_at: datetime | None = None
    created_at: datetime
    changed_at: datetime
    steps: tuple[Step, ...] = ()

    def sides_of(self, actor: Actor) -> Sides:
        """The sides on which the actor meets this referral.

        A person reaches her own referrals alone: the store gives her no other.
        """
        if actor.kind is ActorKind.PERSON:
            return frozenset({Side.PERSON})
        sides: set[Side] = set()
        place = (actor.organisation_id, actor.team_id)
        if place == (self.from_organisation_id, self.from_team_id):
            sides |= SENDERS if actor.id == self.from_staff_id else SENDERS - {Side.SENDER_HOLDER}
        if self.sent_at and place == (self.to_organisation_id, self.to_team_id):
            sides |= RECEIVERS if actor.id == self.to_staff_id else RECEIVERS - {Side.RECEIVER_HOLDER}
        return frozenset(side for side in sides if ROLE_OF[side] in actor.roles)

    def allowed(self, by: Sides) -> list[Command]:
        """The commands that somebody on these sides may give now; only who ended it may take that back."""
        reopens = self.ended_by is not None and by & _PARTIES[self.ended_by]
        return [one for one in allowed(self.state, by) if one is not Command.REOPEN or reopens]

    def move(self, command: Command, by: Sides, at: datetime, **changes: Any) -> Self:
        """Take the command's row of the table; raises `IllegalCommand` where there is none."""
        row = step(command, self.state, by)
        return self.stepped(command, min(row.by & by), at, to=self._leads(row.to), **changes)

    def stepped(self, command: Command, side: Side, at: datetime, *, to: State, **changes: Any) -> Self:
        """Take a step of the timeline, with what it changes."""
        version = self.version + 1
        since = self.since if command in STAYING else version
        moved = replace(self, state=to, version=version, since=since, changed_at=at, **changes)
        taken = Step(
            version=version,
            at=at,
            command=command,
            by_side=side,
            by_organisation_id=self._organisation_of(side),
            state=to,
            is_shared=moved.sent_at is not None,
        )
        return replace(moved, steps=(*self.steps, taken))

    def _organisation_of(self, side: Side) -> UUID | None:
        """The organisation that a side acts for; the person, the clock and an effect act for none."""
        if side in SENDERS:
            return self.from_organisation_id
        return self.to_organisation_id if side in RECEIVERS else None

    def _leads(self, to: State | Goes) -> State:
        back = {Goes.SAME: self.state, Goes.ASKED_FROM: self.asked_from, Goes.ENDED_FROM: self.ended_from}
        state = to if isinstance(to, State) else back[to]
        assert state is not None  # noqa: S101 - whoever asked or ended wrote it down
        return state

    def about(self) -> dict[str, UUID]:
        return {
            "path_id": self.path_id,
            "referral_id": self.id,
            "need_id": self.need_id,
            "from_organisation_id": self.from_organisation_id,
            "from_team_id": self.from_team_id,
            "from_staff_id": self.from_staff_id,
            "to_organisation_id": self.to_organisation_id,
            "to_team_id": self.to_team_id,
        }

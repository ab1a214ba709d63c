"""An open offer: a need is shown to a few teams as a card, and the first that claims it gets the referral."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, Self
from uuid import UUID

from pydantic import JsonValue

from shared.actor import Actor
from shared.errors import Invalid, NotYourSide, RoleMissing
from shared.events.base import ItemField, Role, Urgency
from shared.events.offers import (
    OfferClosed,
    OfferClosing,
    OfferDiscarded,
    OfferDrafted,
    OfferOpened,
    TeamAsked,
)

from .disclosure import Item
from .gate import Receiver, named
from .profiles import PROFILES
from .refusals import IllegalForOffer, ItemsNotAllowed
from .working_days import last_second, local_date, working_day

FEWEST_TEAMS, MOST_TEAMS = 2, 5
OPEN_DAYS = 3
"""The Swedish working days for which it is open."""


class OfferState(StrEnum):
    """Where an offer is in its life."""

    DRAFT = "draft"
    DISCARDED = "discarded"
    OPEN = "open"
    CLAIMED = "claimed"
    RECALLED = "recalled"
    EXPIRED = "expired"
    CONSENT_LOST = "consent_lost"


class Standing(StrEnum):
    """How an offer stands to a team that was asked: it is not told who won, nor why it closed."""

    OPEN = "open"
    CLAIMED = "claimed"
    CLOSED = "closed"


class OfferCommand(StrEnum):
    """What somebody, the clock or an effect may do to an offer."""

    DRAFT = "draft"
    DISCARD = "discard"
    OPEN = "open"
    CLAIM = "claim"
    RECALL = "recall"
    EXPIRE = "expire"
    LOSE_CONSENT = "lose_consent"


class OfferSide(StrEnum):
    """In what part somebody meets an offer."""

    SENDER = "sender"
    TEAM = "team"
    CLOCK = "clock"
    EFFECT = "effect"


OfferSides = frozenset[OfferSide]
ROLE_OF = {OfferSide.SENDER: Role.CASEWORKER, OfferSide.TEAM: Role.RECIPIENT}

_S, _C = OfferState, OfferCommand
TABLE: Mapping[OfferCommand, tuple[OfferState | None, OfferSide, OfferState]] = {
    _C.DRAFT: (None, OfferSide.SENDER, _S.DRAFT),
    _C.DISCARD: (_S.DRAFT, OfferSide.SENDER, _S.DISCARDED),
    _C.OPEN: (_S.DRAFT, OfferSide.SENDER, _S.OPEN),
    _C.CLAIM: (_S.OPEN, OfferSide.TEAM, _S.CLAIMED),
    _C.RECALL: (_S.OPEN, OfferSide.SENDER, _S.RECALLED),
    _C.EXPIRE: (_S.OPEN, OfferSide.CLOCK, _S.EXPIRED),
    _C.LOSE_CONSENT: (_S.OPEN, OfferSide.EFFECT, _S.CONSENT_LOST),
}
"""The one table of an offer's life: from which state, by whom, to which state."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferedTeam:
    """A team that is asked, for one of its offerings."""

    organisation_id: UUID
    team_id: UUID
    offering_id: UUID

    def asked(self) -> TeamAsked:
        return TeamAsked(organisation_id=self.organisation_id, team_id=self.team_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """One offer of one need to a few teams; they are named when it is drafted, and never changed."""

    id: UUID
    version: int = 0
    state: OfferState = OfferState.DRAFT
    path_id: UUID
    need_id: UUID
    from_organisation_id: UUID
    from_team_id: UUID
    from_staff_id: UUID
    urgency: Urgency
    teams: tuple[OfferedTeam, ...]
    fields: frozenset[ItemField]
    consent_ids: tuple[UUID, ...] = ()
    opened_at: datetime | None = None
    closes_at: datetime | None = None
    closed_at: datetime | None = None
    referral_id: UUID | None = None
    created_at: datetime

    def draft(self) -> tuple[Self, OfferDrafted]:
        """Begin it; no team sees it."""
        drafted = self._to(OfferCommand.DRAFT)
        return drafted, OfferDrafted(**self._about(), teams=self._asked(), urgency=self.urgency)

    def discard(self) -> tuple[Self, OfferDiscarded]:
        return self._move(OfferCommand.DISCARD), OfferDiscarded(**self._about())

    def demand_draft(self) -> None:
        """Raise `IllegalForOffer` for what the teams have seen already."""
        self._move(OfferCommand.OPEN)

    def open(self, at: datetime, *, until: datetime) -> tuple[Self, OfferOpened]:
        """Show it to the teams for three Swedish working days, and never past the consent's end."""
        closes_at = min(last_second(working_day(local_date(at), OPEN_DAYS)), until)
        opened = self._move(OfferCommand.OPEN, opened_at=at, closes_at=closes_at)
        return opened, OfferOpened(
            **self._about(), teams=self._asked(), urgency=self.urgency, closes_at=closes_at
        )

    def claim(self, at: datetime, *, referral_id: UUID) -> Self:
        """Give it to the one team; by the clock's time, though the clock may not have rung yet."""
        self.demand_open(at)
        return self._move(OfferCommand.CLAIM, closed_at=at, referral_id=referral_id)

    def recall(self, at: datetime) -> tuple[Self, OfferClosed]:
        return self._closed(OfferCommand.RECALL, OfferClosing.RECALLED, at)

    def expire(self, at: datetime) -> tuple[Self, OfferClosed]:
        return self._closed(OfferCommand.EXPIRE, OfferClosing.EXPIRED, at)

    def lose_consent(self, at: datetime) -> tuple[Self, OfferClosed]:
        return self._closed(OfferCommand.LOSE_CONSENT, OfferClosing.CONSENT_LOST, at)

    def shorten(self, until: datetime) -> Self:
        """Be open no longer than the consent, which has been made shorter."""
        if self.closes_at is None or self.closes_at <= until:
            return self
        return replace(self, closes_at=until, version=self.version + 1)

    def demand_open(self, at: datetime) -> None:
        """Raise `IllegalForOffer` to a team that comes too late, in the words of what it sees."""
        if not is_open(closes_at=self.closes_at, closed_at=self.closed_at, at=at):
            raise IllegalForOffer(state=str(Standing.CLOSED), allowed=[])

    def team(self, organisation_id: UUID, team_id: UUID) -> OfferedTeam:
        """One of the teams that are asked."""
        place = (organisation_id, team_id)
        return next(one for one in self.teams if (one.organisation_id, one.team_id) == place)

    def others(self, winner: OfferedTeam) -> tuple[TeamAsked, ...]:
        """The teams that did not get it."""
        return tuple(one.asked() for one in self.teams if one != winner)

    def sides_of(self, actor: Actor) -> OfferSides:
        """The sides on which its sender's staff, or a team's, meet it."""
        opened = self.opened_at is not None
        asked = {one.team_id for one in self.teams if one.organisation_id == actor.organisation_id}
        meeting = Meeting(
            from_organisation_id=self.from_organisation_id,
            from_team_id=self.from_team_id,
            teams=frozenset(asked if opened else ()),
        )
        return meeting.sides_of(actor)

    def allowed(self, sides: OfferSides) -> list[OfferCommand]:
        """The commands that somebody on these sides may give now, in the table's order."""
        return [one for one, (start, by, _) in TABLE.items() if start is self.state and by in sides]

    def _closed(self, command: OfferCommand, why: OfferClosing, at: datetime) -> tuple[Self, OfferClosed]:
        closed = self._move(command, closed_at=at)
        return closed, OfferClosed(**self._about(), teams=self._asked(), reason=why)

    def _move(self, command: OfferCommand, **changes: Any) -> Self:
        start, by, _ = TABLE[command]
        if start is not self.state:
            instead: list[JsonValue] = [str(one) for one in self.allowed(OfferSides({by}))]
            raise IllegalForOffer(state=str(self.state), allowed=instead)
        return self._to(command, **changes)

    def _to(self, command: OfferCommand, **changes: Any) -> Self:
        return replace(self, state=TABLE[command][2], version=self.version + 1, **changes)

    def _asked(self) -> tuple[TeamAsked, ...]:
        return tuple(one.asked() for one in self.teams)

    def _about(self) -> dict[str, UUID]:
        return {
            "path_id": self.path_id,
            "offer_id": self.id,
            "need_id": self.need_id,
            "from_organisation_id": self.from_organisation_id,
            "from_team_id": self.from_team_id,
            "from_staff_id": self.from_staff_id,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    """Whose an offer is, and which teams it has been opened to, as far as a tenant may know."""

    from_organisation_id: UUID
    from_team_id: UUID | None
    teams: frozenset[UUID]

    def sides_of(self, actor: Actor) -> OfferSides:
        """The sides on which the actor meets it."""
        sides: set[OfferSide] = set()
        if (actor.organisation_id, actor.team_id) == (self.from_organisation_id, self.from_team_id):
            sides.add(OfferSide.SENDER)
        if actor.team_id in self.teams:
            sides.add(OfferSide.TEAM)
        return OfferSides(side for side in sides if ROLE_OF[side] in actor.roles)


def is_open(*, closes_at: datetime | None, closed_at: datetime | None, at: datetime) -> bool:
    """Whether the teams may claim it now."""
    return closes_at is not None and closed_at is None and at < closes_at


def roles_of(command: OfferCommand) -> list[Role]:
    """The roles that may ever give the command."""
    by = TABLE[command][1]
    return [ROLE_OF[by]] if by in ROLE_OF else []


def permit(command: OfferCommand, sides: OfferSides, roles: frozenset[Role]) -> None:
    """Raise `RoleMissing` if no such role ever may, `NotYourSide` if another team must."""
    if TABLE[command][1] in sides:
        return
    if roles.isdisjoint(roles_of(command)):
        raise RoleMissing
    raise NotYourSide


def given_to(receiver: Receiver, items: Iterable[Item]) -> tuple[Item, ...]:
    """What of an offer's items one of its teams would get: what its offering needs and it may have.

    The person is asked about all of them, and each team gets only its own (GDPR 5.1 c).
    """
    fit = receiver.offering.required_fields & PROFILES[receiver.kind]
    return tuple(item for item in items if item.field in fit)


def demand_possible(items: Iterable[Item], receivers: Iterable[Receiver]) -> None:
    """Raise `Invalid`, naming each item that none of the teams may ever have."""
    possible = frozenset[ItemField]().union(*(PROFILES[one.kind] for one in receivers))
    errors: list[JsonValue] = [
        {"field": f"items.{nth}.field", "message": "may not be given to any of these teams"}
        for nth, item in enumerate(items)
        if item.field not in possible
    ]
    if errors:
        raise Invalid(errors=errors)


def demand_needed(items: Iterable[Item], receivers: Iterable[Receiver]) -> None:
    """Raise `ItemsNotAllowed` for items that none of the teams would get."""
    told = tuple(items)
    given = {item.field for one in receivers for item in given_to(one, told)}
    if outside := {item.field for item in told} - given:
        raise ItemsNotAllowed(fields=named(outside))

"""What referrals tells of paths: their steps, their needs, and signposts."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from uuid import UUID

from .base import Area, Event, NeedCode, Theme, Urgency


class Closing(StrEnum):
    """As what a need was closed."""

    MET = "met"
    UNMET = "unmet"
    NO_LONGER_WANTED = "no_longer_wanted"
    MOVED = "moved"


class PathEvent(Event):
    """Something that happened on one person's path."""

    subject_field = "path_id"
    path_id: UUID


class PathOpened(PathEvent, type="path.opened.v1"):
    """A path began at its home organisation."""

    organisation_id: UUID


class NeedStated(PathEvent, type="need.stated.v1"):
    """A need was written down; the organisation is its home."""

    need_id: UUID
    organisation_id: UUID
    code: NeedCode
    theme: Theme
    area: Area
    urgency: Urgency


class StepPlanned(PathEvent, type="step.planned.v1"):
    """A step was put on the path: what it is to solve, and the steps that it waits for."""

    step_id: UUID
    organisation_id: UUID
    code: NeedCode
    after: tuple[UUID, ...]
    template_version: int | None


class StepReady(PathEvent, type="step.ready.v1"):
    """What a step waited for has come about: it may begin."""

    step_id: UUID
    organisation_id: UUID
    team_id: UUID


class OwnNoEvent(PathEvent):
    """Something about the person's own no to a part of her path; the organisation is its home.

    Without a step it is a need that is no step's; without a need it is a step that has not begun.
    """

    step_id: UUID | None
    need_id: UUID | None
    organisation_id: UUID
    team_id: UUID


class StepRefused(OwnNoEvent, type="step.refused.v1"):
    """The person said no to it; nobody asks why, and until she takes that back nobody is asked for it."""


class StepWanted(OwnNoEvent, type="step.wanted.v1"):
    """The person took her no back."""


class NeedEvent(PathEvent):
    """Something that happened to one need; the organisation is its home."""

    need_id: UUID
    organisation_id: UUID


class NeedParked(NeedEvent, type="need.parked.v1"):
    """A need was set aside until a day."""

    until: date


class NeedUnparked(NeedEvent, type="need.unparked.v1"):
    """A need that was set aside is open again, by hand or because its day came."""

    team_id: UUID


class NeedAnswered(NeedEvent, type="need.answered.v1"):
    """A hand-over of the need was completed: the provider's word, until others have said theirs."""


class NeedClosed(NeedEvent, type="need.closed.v1"):
    """A need is done with."""

    how: Closing


class NeedReopened(NeedEvent, type="need.reopened.v1"):
    """A need that was answered or closed is open again."""


class TransferOffered(NeedEvent, type="need.transfer_offered.v1"):
    """Another organisation is asked to be the need's home; until it says yes the old home stays."""

    to_organisation_id: UUID


class TransferRefused(NeedEvent, type="need.transfer_refused.v1"):
    """The organisation that was asked will not be the need's home."""

    to_organisation_id: UUID


class TransferRecalled(NeedEvent, type="need.transfer_recalled.v1"):
    """The need's home has taken its offer back."""

    to_organisation_id: UUID


class NeedTransferred(NeedEvent, type="need.transferred.v1"):
    """The need has a new home, which is the event's organisation."""

    from_organisation_id: UUID


class SignpostGiven(NeedEvent, type="signpost.given.v1"):
    """The person was shown an open door; nothing about her has left."""

    signpost_id: UUID
    offering_id: UUID

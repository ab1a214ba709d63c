"""What notifications tells: that somebody has been told."""

from __future__ import annotations

from uuid import UUID

from .base import Event


class PathNoticeStored(Event, type="notice.stored_of_path.v1"):
    """A notice about a path, and no hand-over of it, stands in the recipients' list."""

    subject_field = "path_id"
    path_id: UUID
    notice_id: UUID
    organisation_id: UUID


class NoticeStored(Event, type="notice.stored.v1"):
    """A notice stands in the recipients' list."""

    subject_field = "path_id"
    path_id: UUID
    notice_id: UUID
    organisation_id: UUID
    referral_id: UUID

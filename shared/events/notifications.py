"""What notifications tells: that somebody has been told."""

from __future__ import annotations

from uuid import UUID

from .base import Event


class NoticeStored(Event, type="notice.stored.v1"):
    """A notice stands in the recipients' list."""

    subject_field = "path_id"
    path_id: UUID
    notice_id: UUID
    organisation_id: UUID
    referral_id: UUID


class OfferNoticeStored(Event, type="notice.offer_stored.v1"):
    """A notice about an open offer stands in the recipients' list."""

    subject_field = "path_id"
    path_id: UUID
    notice_id: UUID
    organisation_id: UUID
    offer_id: UUID

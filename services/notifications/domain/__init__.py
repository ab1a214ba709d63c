"""Who is told what, and how a notice looks; no I/O."""

from .notice import Address, Notice, NoticeKind
from .told import (
    TEXT_KEYS,
    WHAT_IS_TOLD,
    Recipient,
    TellingEvent,
    Told,
    address_of,
    told_about,
    urgency_of,
)

__all__ = [
    "TEXT_KEYS",
    "WHAT_IS_TOLD",
    "Address",
    "Notice",
    "NoticeKind",
    "Recipient",
    "TellingEvent",
    "Told",
    "address_of",
    "told_about",
    "urgency_of",
]

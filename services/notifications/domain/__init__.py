"""Who is told what, and how a notice looks; no I/O."""

from .excused import EXCUSED
from .notice import Address, Notice, NoticeKind
from .recipients import TellingEvent
from .told import WHAT_IS_TOLD, Told, told_about, urgency_of

__all__ = [
    "EXCUSED",
    "WHAT_IS_TOLD",
    "Address",
    "Notice",
    "NoticeKind",
    "TellingEvent",
    "Told",
    "told_about",
    "urgency_of",
]

"""A referral: what stands about it, and its verbs.  Each gives the next state and the event, or refuses."""

from __future__ import annotations

from dataclasses import dataclass

from .answering import Answering
from .record import Sides
from .sending import Sending
from .working import Working


@dataclass(frozen=True, slots=True, kw_only=True)
class Referral(Sending, Answering, Working):
    """One hand-over of one need to one service."""


__all__ = ["Referral", "Sides"]

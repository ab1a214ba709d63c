"""Where a referral stands, in as few words as can be said to whoever holds a card.

Neither receiver, need, offering nor why: a card may be read by somebody close to her.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from .transitions import State


class Stage(StrEnum):
    """How far a referral has come."""

    PREPARING = "preparing"
    WAITING = "waiting"
    WAITING_LIST = "waiting_list"
    ACCEPTED = "accepted"
    UNDER_WAY = "under_way"
    PAUSED = "paused"
    OVER = "over"


class Ball(StrEnum):
    """Who owes the next step."""

    SENDER = "sender"
    RECEIVER = "receiver"
    NOBODY = "nobody"


STATUS: Mapping[State, tuple[Stage, Ball]] = {
    State.DRAFT: (Stage.PREPARING, Ball.SENDER),
    State.QUEUED: (Stage.PREPARING, Ball.SENDER),
    State.SENT: (Stage.WAITING, Ball.RECEIVER),
    State.OPENED: (Stage.WAITING, Ball.RECEIVER),
    State.INFO_REQUESTED: (Stage.WAITING, Ball.SENDER),
    State.WAITLISTED: (Stage.WAITING_LIST, Ball.RECEIVER),
    State.ACCEPTED: (Stage.ACCEPTED, Ball.RECEIVER),
    State.ACTIVE: (Stage.UNDER_WAY, Ball.RECEIVER),
    State.PAUSED: (Stage.PAUSED, Ball.RECEIVER),
    State.COMPLETED: (Stage.OVER, Ball.NOBODY),
    **dict.fromkeys(
        (
            State.ENDED, State.DECLINED, State.FORWARDED, State.RECALLED, State.EXPIRED, State.CONSENT_LOST,
        ),
        (Stage.OVER, Ball.SENDER),
    ),
}  # fmt: skip
"""What a state is to her; of what was thrown away or made in error a card says nothing.

Whatever ended without an answer is the sender's: her next step is owed by who works with her.
"""

"""Showing anew, and strongly, who one is, before what is most sensitive: reading logs, breaking glass.

A route asks for it by ``dependencies=[stepped_up(Role.LOG_REVIEWER)]``, or a command by the
function; the token says when and how its bearer signed in (RFC 9470).
"""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any, ClassVar

from fastapi import Depends

from .actor import STEP_UP, Actor
from .errors import Members, Unauthenticated
from .events.base import Role
from .http import Caller

FRESH = timedelta(minutes=5)


class StepUpNeeded(Unauthenticated):
    """Show anew who you are; it holds for five minutes."""

    slug = "step-up-needed"
    challenge = (
        'Bearer error="insufficient_user_authentication", '
        f'acr_values="{STEP_UP}", max_age={int(FRESH.total_seconds())}'
    )
    example: ClassVar[Members] = {"acr_values": STEP_UP, "max_age": int(FRESH.total_seconds())}


def must_have_stepped_up(actor: Actor, *, at: float) -> None:
    """Refuse whoever has not shown who she is in the last five minutes; ``at`` in seconds since 1970."""
    age_s = at - actor.auth_time if actor.auth_time is not None else FRESH.total_seconds()
    if actor.acr != STEP_UP or age_s >= FRESH.total_seconds():
        raise StepUpNeeded(**StepUpNeeded.example)


def stepped_up(*roles: Role) -> Any:
    """What a route depends on that only these roles may use, and only after a step-up."""

    async def check(caller: Caller) -> None:
        caller.must_be(*roles)
        must_have_stepped_up(caller, at=time.time())

    return Depends(check)

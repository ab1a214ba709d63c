"""What the routes share: texts and their limits, the keys, and pages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Annotated, Any, Protocol, TypeVar
from uuid import UUID

from fastapi import Depends, Request
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from shared.errors import Refused
from shared.events.base import Role
from shared.http import IfMatch, Page, for_roles
from shared.vault import Keys as RequestsKeys

from ..commands.begin import Target
from ..domain.consent import end_of
from ..domain.refusals import (
    ConsentExpired,
    ConsentHasEnded,
    ConsentMissing,
    GateClosed,
    IllegalCommand,
    PersonSaidNo,
)
from ..store.rows import Slice

Name = Annotated[str, Field(min_length=1, max_length=200, examples=["Amina"])]
Words = Annotated[str, Field(min_length=1, max_length=600, examples=["I en liten grupp, om det går."])]
"""Free text is short, so that it says what is needed and no more (R-15)."""
Until = AwareDatetime | date
"""An instant, or a Swedish date, which is meant to its end."""


class Seen(BaseModel):
    """Base of what is answered."""

    model_config = ConfigDict(frozen=True, from_attributes=True)


async def _keys(request: Request) -> RequestsKeys:
    keys: RequestsKeys = request.app.state.vault.keys()
    return keys


Keys = Annotated[RequestsKeys, Depends(_keys)]


async def _target(referral_id: UUID, version: IfMatch) -> Target:
    return Target(id=referral_id, seen=version)


Aim = Annotated[Target, Depends(_target)]
"""The referral that a command is for, at the version that its giver saw."""


GATE = tuple(GateClosed.__subclasses__())
LIVE = (ConsentMissing, PersonSaidNo, ConsentHasEnded, ConsentExpired)
"""How what rests on a consent refuses."""


def for_command(roles: Iterable[Role], *refuses: type[Refused]) -> dict[str, Any]:
    """The roles that a command is for, and how it refuses beyond its state."""
    return for_roles(*roles, refuses=(IllegalCommand, *refuses))


class _Identified(Protocol):
    @property
    def id(self) -> UUID: ...


S = TypeVar("S", bound=_Identified)


def page(items: Sequence[S], part: Slice) -> Page[S]:
    """A page, with the cursor of the next if there may be one."""
    return Page(items=list(items), next=str(items[-1].id) if len(items) == part.limit else None)


def instant(until: datetime | date | None) -> datetime | None:
    """The instant that an end is meant as."""
    if until is None or isinstance(until, datetime):
        return until
    return end_of(until)

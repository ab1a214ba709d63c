"""What the routes share: texts and their limits, the keys, and pages."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Protocol, TypeVar
from uuid import UUID

from fastapi import Depends, Request
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from shared.crypto import Keyring
from shared.http import Body, IfMatch, Page

from ..commands.begin import Target
from ..domain.consent import end_of
from ..store.rows import Slice

Name = Annotated[str, Field(min_length=1, max_length=200)]
Words = Annotated[str, Field(min_length=1, max_length=600)]
"""Free text is short, so that it says what is needed and no more (R-15)."""
Until = AwareDatetime | date
"""An instant, or a Swedish date, which is meant to its end."""


class Seen(BaseModel):
    """Base of what is answered."""

    model_config = ConfigDict(frozen=True, from_attributes=True)


class Nothing(Body):
    """A command that says nothing more."""


def _keyring(request: Request) -> Keyring:
    return Keyring(request.app.state.settings.sealing_key.get_secret_value())


Keys = Annotated[Keyring, Depends(_keyring)]


def _target(referral_id: UUID, version: IfMatch) -> Target:
    return Target(id=referral_id, seen=version)


Aim = Annotated[Target, Depends(_target)]
"""The referral that a command is for, at the version that its giver saw."""


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

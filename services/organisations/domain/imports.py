"""An import: another's directory, sent, read and checked, shown, and only then written, or put away."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar, Self
from uuid import UUID

from shared.actor import Actor
from shared.errors import Members, Refused
from shared.events.base import Role

IMPORTS = (Role.ORGANISATION_ADMIN, Role.COORDINATOR, Role.NETWORK_ADMIN)
"""Who may read a directory in: each into the own organisation alone."""

SHOWN = 20
"""So many of its services are shown before it is confirmed."""


class State(StrEnum):
    """Where an import is."""

    READING = "reading"
    CHECKING = "checking"
    UNREADABLE = "unreadable"
    PREVIEWED = "previewed"
    WRITING = "writing"
    WRITTEN = "written"
    DISCARDED = "discarded"


class ImportNotReady(Refused):
    """The import is not there yet, or past it."""

    slug = "import-not-ready"
    example: ClassVar[Members] = {"state": "checking"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Import:
    """One directory that was sent; ``bad`` rows have a fault of their own, ``left_out`` belong to such.

    ``published`` and ``changed``: how many offerings it makes or alters; as counted so far.
    """

    organisation_id: UUID
    id: UUID
    team_id: UUID
    state: State
    form: str
    made_by: UUID
    made_at: datetime
    package: dict[str, Any] | None = None
    rows: int = 0
    checked: int = 0
    bad: int = 0
    left_out: int = 0
    published: int = 0
    changed: int = 0
    sample: tuple[dict[str, Any], ...] = ()
    written_at: datetime | None = None
    version: int = 1

    @property
    def good(self) -> int:
        """Rows without a fault that belong to nothing bad; so far as they have been checked."""
        return self.checked - self.bad - self.left_out

    def became(self, state: State, **said: Any) -> Self:
        return replace(self, state=state, version=self.version + 1, **said)

    def grew(self, **said: Any) -> Self:
        """The same, further on its way."""
        return replace(self, **said)

    def confirm(self) -> Self:
        """Let it be written; raises ``ImportNotReady`` unless it was shown and something is good."""
        if self.state is not State.PREVIEWED or self.good == 0:
            raise ImportNotReady(state=self.state)
        return self.became(State.WRITING)

    def discard(self) -> Self:
        """Put it away; raises ``ImportNotReady`` for what is being written or was."""
        if self.state in {State.WRITING, State.WRITTEN, State.DISCARDED}:
            raise ImportNotReady(state=self.state)
        return self.became(State.DISCARDED)


def must_import(actor: Actor) -> None:
    actor.must_be(*IMPORTS)

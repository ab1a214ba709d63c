"""What a service does on the events that it hears."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from pydantic import ValidationError

from .database import Transaction
from .envelope import Row
from .events import Event, LogVoid
from .faults import code_of
from .parking import UNKNOWN_TYPE

Reaction = Callable[[Transaction, Any], Awaitable[None]]
Reactions = Mapping[type[Event], Reaction]


@dataclass(frozen=True)
class Hearing:
    """What a service does on one teller's events; each type is in exactly one of the two."""

    reactions: Reactions
    excused: Mapping[type[Event], str]

    @cached_property
    def types(self) -> Mapping[str, type[Event]]:
        """The event types that the code knows, by name."""
        known: tuple[type[Event], ...] = (*self.reactions, *self.excused, LogVoid)
        return {event.type: event for event in known}

    async def react(self, tx: Transaction, row: Row, stream: str) -> str | None:
        """Do what the event causes; the reason why its very words cannot be understood, if they cannot."""
        kind = self.types.get(row.content["type"])
        if kind is None:
            return UNKNOWN_TYPE
        if kind not in self.reactions:
            return None
        try:
            event = kind.model_validate(row.content["body"])
        except ValidationError as error:
            return code_of(error)
        tx.react_to(row.envelope(stream))
        await self.reactions[kind](tx, event)
        return None

"""The published language: every event that any service tells."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType, ModuleType

from . import notifications, organisations, referrals
from .base import Event, LogVoid


def _told_in(module: ModuleType) -> Iterator[type[Event]]:
    for member in vars(module).values():
        if isinstance(member, type) and issubclass(member, Event) and "type" in vars(member):
            yield member


TOLD_BY: Mapping[str, tuple[type[Event], ...]] = MappingProxyType(
    {
        "organisations": tuple(_told_in(organisations)),
        "referrals": tuple(_told_in(referrals)),
        "notifications": tuple(_told_in(notifications)),
    }
)
"""The telling services, each with its events; its stream is ``events:<service>``."""

EVERY_EVENT: tuple[type[Event], ...] = tuple(event for events in TOLD_BY.values() for event in events)

__all__ = ["EVERY_EVENT", "TOLD_BY", "Event", "LogVoid"]

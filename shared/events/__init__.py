"""The published language: every event that any service tells."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType, ModuleType

from . import consents, notifications, offers, organisations, outcomes, paths, referrals
from .base import Event, LogVoid


def _told_in(module: ModuleType) -> Iterator[type[Event]]:
    for member in vars(module).values():
        is_event = isinstance(member, type) and issubclass(member, Event) and "type" in vars(member)
        if is_event and member.__module__ == module.__name__:
            yield member


TOLD_BY: Mapping[str, tuple[type[Event], ...]] = MappingProxyType(
    {
        "organisations": tuple(_told_in(organisations)),
        "referrals": (
            *_told_in(paths),
            *_told_in(consents),
            *_told_in(referrals),
            *_told_in(offers),
            *_told_in(outcomes),
        ),
        "notifications": tuple(_told_in(notifications)),
    }
)
"""The telling services, each with its events; its stream is ``events:<service>``."""

EVERY_EVENT: tuple[type[Event], ...] = tuple(event for events in TOLD_BY.values() for event in events)

__all__ = ["EVERY_EVENT", "TOLD_BY", "Event", "LogVoid"]

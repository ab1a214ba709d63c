"""Who hears what: each service's reactions and excuses, taken from its ``SERVICE``."""

from __future__ import annotations

import importlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from deploy.keys import RECORDED
from shared.events import TOLD_BY, Event, LogVoid
from shared.events.organisations import (
    OfferingConfirmationDue,
    OfferingErrorReported,
    SearchMissed,
    SubstituteNamed,
    SubstituteReleased,
    TeamChanged,
)

if TYPE_CHECKING:
    from shared.service import Service

UNHEARD: Mapping[type[Event], str] = {
    **dict.fromkeys(
        (TeamChanged, SubstituteNamed, SubstituteReleased),
        "It is there for whoever sends notices and wants to reach somebody on duty.",
    ),
    LogVoid: "It only keeps the numbers whole: there is nothing to do about an event that is lost.",
    OfferingConfirmationDue: "The list of what is due is asked for over HTTP; the log says when it began.",
    OfferingErrorReported: "The list of reports is asked for over HTTP; the log says when each was made.",
    SearchMissed: "A gap of the network: the log keeps it until the gaps are gathered.",
}
"""The events that no service reacts to, each with the reason."""


def service_of(name: str) -> Service:
    """One service as its ``main`` puts it together; nothing is connected."""
    found: Service = importlib.import_module(f"services.{name}.main").SERVICE
    return found


def services() -> list[Service]:
    return [service_of(name) for name in RECORDED]


@dataclass(frozen=True, slots=True)
class Heard:
    """What the services do about one event: the name of the effect, or the excuse."""

    effects: dict[str, str] = field(default_factory=dict)
    excuses: dict[str, str] = field(default_factory=dict)


def what_is_heard(listening: Iterable[Service]) -> dict[type[Event], Heard]:
    """Every event that somebody tells, with what each listening service makes of it."""
    told: dict[type[Event], Heard] = {event: Heard() for events in TOLD_BY.values() for event in events}
    told[LogVoid] = Heard()
    for listener in listening:
        for hearing in listener.hears.values():
            for event, reaction in hearing.reactions.items():
                told[event].effects[listener.name] = reaction.__name__
            for event, reason in hearing.excused.items():
                told[event].excuses[listener.name] = reason
    return told


Told = Mapping[str, Iterable[type[Event]]]


def unsettled(listening: Sequence[Service], told: Told = TOLD_BY) -> list[str]:
    """What a service that hears a stream neither hears nor excuses, or both; and what nobody hears."""
    faults = [fault for service in listening for fault in _unsettled_by(service, told)]
    settled = {event for one in listening for hearing in one.hears.values() for event in hearing.reactions}
    settled |= UNHEARD.keys()
    unheard = {event.type for events in told.values() for event in events if event not in settled}
    return faults + [f"nobody hears {name}" for name in sorted(unheard)]


def _unsettled_by(service: Service, told: Told) -> Iterator[str]:
    for stream, hearing in service.hears.items():
        heard, excused, events = set(hearing.reactions), set(hearing.excused), set(told[stream])
        yield from (f"{service.name} hears and excuses {event.type}" for event in heard & excused)
        yield from (f"{service.name} forgot {event.type}" for event in events - heard - excused)
        yield from (f"{service.name} waits in vain for {event.type}" for event in (heard | excused) - events)

"""Every event is heard by somebody, and each service that hears its stream hears it or says why not."""

from __future__ import annotations

from uuid import UUID

import pytest

from deploy.documents.hearings import UNHEARD, service_of, services, unsettled
from deploy.keys import RECORDED
from shared.database import Transaction
from shared.events import TOLD_BY, Event
from shared.hearing import Hearing
from shared.service import Service


class SongSung(Event, type="song.sung.v1"):
    """A song was sung."""

    subject_field = "song_id"
    song_id: UUID


class SongHummed(Event, type="song.hummed.v1"):
    """A song was hummed."""

    subject_field = "song_id"
    song_id: UUID


async def applaud(tx: Transaction, event: Event) -> None:
    """A reaction."""


TOLD = {"choir": (SongSung, SongHummed)}


def a_listener(hearing: Hearing) -> Service:
    """A service that hears the choir."""
    return Service(name="audience", routers=[], hears={"choir": hearing})


def test_every_event_is_heard_or_excused() -> None:
    assert unsettled(services()) == []


@pytest.mark.parametrize("service", RECORDED)
def test_every_excuse_is_a_sentence(service: str) -> None:
    excuses = [
        reason for hearing in service_of(service).hears.values() for reason in hearing.excused.values()
    ]

    assert [reason for reason in [*excuses, *UNHEARD.values()] if not reason.endswith(".")] == []


def test_every_stream_is_that_of_a_teller() -> None:
    heard = {stream for service in services() for stream in service.hears}

    assert heard == TOLD_BY.keys()


def test_a_settled_listener_has_no_fault() -> None:
    listener = a_listener(Hearing({SongSung: applaud, SongHummed: applaud}, {}))

    assert unsettled([listener], TOLD) == []


@pytest.mark.parametrize(
    ("hearing", "fault"),
    [
        (Hearing({SongSung: applaud}, {}), "audience forgot song.hummed.v1"),
        (
            Hearing({SongSung: applaud}, {SongSung: "Loud.", SongHummed: "Soft."}),
            "audience hears and excuses song.sung.v1",
        ),
        (Hearing({SongSung: applaud}, {SongHummed: "Soft."}), "nobody hears song.hummed.v1"),
    ],
)
def test_a_forgotten_event_is_noticed(hearing: Hearing, fault: str) -> None:
    assert fault in unsettled([a_listener(hearing)], TOLD)


def test_a_listener_that_waits_for_what_is_never_told_is_noticed() -> None:
    listener = a_listener(Hearing({SongSung: applaud}, {SongHummed: "Soft."}))

    assert "audience waits in vain for song.hummed.v1" in unsettled([listener], {"choir": (SongSung,)})

"""How the streams stand: heads, positions, and how far behind each listener is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from .report import Report


@dataclass(frozen=True, slots=True, kw_only=True)
class ListenerState:
    """One listener of a stream; ``lag`` is in events, unknown while the teller is away."""

    service: str
    position: int
    lag: int | None
    parked: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamState:
    """One stream with its listeners; the teller's own figures are unknown while it is away."""

    stream: str
    teller: str
    head: int | None
    untold: int | None
    listeners: tuple[ListenerState, ...]


def streams_now(tellers: Mapping[str, str], reports: Mapping[str, Report | None]) -> tuple[StreamState, ...]:
    """Every stream of ``tellers`` (stream to service), from what each service reports; ``None`` is away."""
    return tuple(_stream(stream, teller, reports) for stream, teller in tellers.items())


def _stream(stream: str, teller: str, reports: Mapping[str, Report | None]) -> StreamState:
    own = reports.get(teller)
    head = own.heads.get(stream) if own else None
    return StreamState(
        stream=stream,
        teller=teller,
        head=head,
        untold=own.untold if own else None,
        listeners=tuple(_listeners(stream, head, reports)),
    )


def _listeners(
    stream: str, head: int | None, reports: Mapping[str, Report | None]
) -> Iterator[ListenerState]:
    for service, report in sorted(reports.items()):
        if report is None or stream not in report.hears:
            continue
        position = report.positions[stream].seq if stream in report.positions else 0
        yield ListenerState(
            service=service,
            position=position,
            lag=None if head is None else max(0, head - position),
            parked=sum(event.stream == stream for event in report.parked),
        )

"""What a step's fate is, and how the streams stand; no I/O."""

from .fate import Handled, HopSeen, Standing, Step, TracedStep, standing_by_hops, traced
from .operations import ListenerState, StreamState, streams_now
from .report import ParkedEvent, Position, Report

__all__ = [
    "Handled",
    "HopSeen",
    "ListenerState",
    "ParkedEvent",
    "Position",
    "Report",
    "Standing",
    "Step",
    "StreamState",
    "TracedStep",
    "standing_by_hops",
    "streams_now",
    "traced",
]

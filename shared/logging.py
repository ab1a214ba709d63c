"""One line for each request and event, on standard output; JSON unless a person looks.

Only what is known is written: a key that is not, or a value that does not look as that key's do, is left
out, so that no name and no number of a person reaches a log by a mistake.
"""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Iterator, Mapping
from traceback import walk_tb
from types import TracebackType
from typing import Any

import structlog

_WORD = re.compile(r"[a-z][a-z_-]{0,40}")
_TYPE = re.compile(r"[a-z]+\.[a-z_]+\.v\d+")

KNOWN: Mapping[str, re.Pattern[str]] = {
    "event": re.compile(r"[a-z_]+(\.[a-z_]+)*"),
    "level": re.compile("debug|info|warning|error|critical"),
    "timestamp": re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z"),
    "service": re.compile(r"(organisations|referrals|notifications|tracing|web)(-worker)?"),
    "error": re.compile(r"\w+( [A-Z0-9]{5})?"),
    "stream": re.compile(r"[a-z]+:[a-z_]+"),
    "reason": re.compile(
        r"[a-z]+:[a-z_]+: (\d+ subjects parked within a minute|the log (does not follow from|forks at) \d+)"
        r"|(events:[a-z]+|the log) ends at \d+, (and had|the log at) \d+"
        r"|events:[a-z]+ differs from the log at \d+"
    ),
    "event_type": _TYPE,
    "method": re.compile("[A-Z]{3,7}"),
    "route": re.compile(r"(/[a-z0-9_.{}:-]*)+|unknown"),
    "kind": _WORD,
    "refusal": _WORD,
}
"""Keys whose values are text, and how that text looks: constants of the code, and nothing that was sent."""

NUMBERS = frozenset({"status", "ms", "seq", "after", "head"})
"""Keys whose values are numbers."""

_LIBRARY = ("_record", "_from_structlog")
"""What structlog itself keeps beside a line of the standard library's, and takes away again."""


def configure(service: str) -> None:
    """Set up structlog once for a process; the standard library's loggers join in."""
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        known_only,
    ]
    look: structlog.typing.Processor = structlog.processors.JSONRenderer()
    if sys.stdout.isatty():
        look = structlog.dev.ConsoleRenderer()
    structlog.configure(
        processors=[*shared, look],
        logger_factory=structlog.PrintLoggerFactory(),
        cache_logger_on_first_use=True,
    )
    structlog.contextvars.bind_contextvars(service=service)
    formatter = structlog.stdlib.ProcessorFormatter(foreign_pre_chain=[_foreign, *shared], processor=look)
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(formatter)
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.WARNING)


def known_only(_: Any, __: str, said: structlog.typing.EventDict) -> structlog.typing.EventDict:
    """Leave out every key that is not known and every value that does not look as it should."""
    error = said.pop("exc_info", None)
    kept = {key: value for key, value in said.items() if key in _LIBRARY or _is_known(key, value)}
    if len(kept) < len(said):
        kept["left_out"] = len(said) - len(kept)
    if error:
        kept["trace"] = list(_trace(error if isinstance(error, BaseException) else sys.exc_info()[1]))
    return kept


def _is_known(key: str, value: Any) -> bool:
    if key in NUMBERS:
        return isinstance(value, int | float)
    looks = KNOWN.get(key)
    if looks is None or not isinstance(value, str) or not looks.fullmatch(value):
        return False
    return key != "error" or value.partition(" ")[0] in _errors(BaseException)


def _errors(base: type[BaseException]) -> Iterator[str]:
    """The names of all errors that there are: whatever else is said to be one is somebody's words."""
    yield base.__name__
    for one in base.__subclasses__():
        yield from _errors(one)


def _trace(error: BaseException | None) -> Iterator[str]:
    """The errors and where they arose, without their texts, which may quote values."""
    while error is not None:
        yield type(error).__name__
        yield from _frames(error.__traceback__)
        error = error.__cause__ or error.__context__


def _frames(traceback: TracebackType | None) -> Iterator[str]:
    for frame, line in walk_tb(traceback):
        yield f"{frame.f_globals.get('__name__')}:{line} {frame.f_code.co_name}"


def _foreign(_: Any, __: str, said: structlog.typing.EventDict) -> structlog.typing.EventDict:
    """A library's line: by whom, and where its error arose; its words may hold anything."""
    record: logging.LogRecord = said["_record"]
    error = record.exc_info[1] if record.exc_info else None
    return {"event": f"library.{record.name.lower()}", "exc_info": error} | {
        key: said[key] for key in _LIBRARY
    }

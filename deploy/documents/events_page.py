"""``docs/events.md``: every event in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from inspect import cleandoc

from shared.events import TOLD_BY, Event, LogVoid

from .hearings import UNHEARD, Heard, services, what_is_heard
from .shapes import shapes_of

HEAD = """# Events

Generated from the code by `python -m deploy.documents`; a stale page is red.

An event tells that something has happened.
It carries ids, times, enumerations and numbers, never a name, a contact or free text.
A telling service writes on its own stream, `events:<service>`, and answers the same rows at `/log`.
A new optional field keeps the version in the type; any other change is a new version beside the old one.
Each service that hears a stream either reacts to an event or is excused from it, with the reason.

Around each event stands its envelope, a CloudEvent 1.0:
`id`, `source`, `type`, `subject`, `time` and `specversion`,
with `correlationid`, `causationid`, `traceparent`, `actor` and `organisation`,
and the row's place in the log: `seq`, `epoch`, `hash`, `digest`, `salt` and `signature`.
The event itself is `body` in the stream and `data` in `/log`.
"""


def page() -> str:
    """The whole page."""
    return "\n".join(_lines()) + "\n"


def _lines() -> Iterator[str]:
    done = what_is_heard(services())
    yield HEAD
    for teller, events in TOLD_BY.items():
        yield f"## Told by {teller}\n"
        for event in events:
            yield from _about(event, done[event])
    yield "## Told in every stream\n"
    yield from _about(LogVoid, done[LogVoid])


def _about(event: type[Event], done: Heard) -> Iterator[str]:
    yield f"### `{event.type}`\n"
    yield cleandoc(event.__doc__ or "").replace("``", "`") + "\n"
    yield from _table("field", "shape", ((f"`{name}`", _words(shape)) for name, shape in shapes_of(event)))
    yield f"The subject is `{event.subject_field}`.\n"
    yield from (f"- heard by **{name}**: {effect.replace('_', ' ')}" for name, effect in done.effects.items())
    yield from (f"- excused is {name}: {reason}" for name, reason in done.excuses.items())
    if event in UNHEARD:
        yield f"- heard by nobody: {UNHEARD[event]}"
    yield ""


def _table(left: str, right: str, rows: Iterable[tuple[str, str]]) -> Iterator[str]:
    yield f"| {left} | {right} |\n| --- | --- |"
    yield from (f"| {one} | {other} |" for one, other in rows)
    yield ""


def _words(shape: str) -> str:
    """``list(one-of(a,b))?`` as a reader would say it."""
    if shape.endswith("?"):
        return f"{_words(shape[:-1])}, or none"
    if shape.startswith("list("):
        return f"list of {_words(shape[5:-1])}"
    if shape.startswith("{"):
        return f"`{shape}`"
    if shape.startswith("one-of("):
        return ", ".join(f"`{value}`" for value in shape[7:-1].split(","))
    return shape

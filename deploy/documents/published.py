"""What has been promised about each event: its JSON schema, and the list of released fields.

The schemas follow the code.  ``RELEASED`` does not: it holds a line per field
and is only ever added to, so that a changed shape stays red even where the
class and its schema were changed together.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from shared.events import TOLD_BY, Event, LogVoid

from .json_text import as_json
from .shapes import shapes_of

FOLDER = "tests/contract/published"
RELEASED = f"{FOLDER}/RELEASED"

TELLERS: Mapping[type[Event], str] = {
    LogVoid: "any",
    **{event: teller for teller, events in TOLD_BY.items() for event in events},
}
"""Every event with the service that tells it."""


def schemas() -> Iterator[tuple[str, str]]:
    """The path and the text of each event's JSON schema."""
    for event in TELLERS:
        schema = {"$id": f"urn:vardekedjor:event:{event.type}", **event.model_json_schema()}
        yield f"{FOLDER}/{event.type}.json", as_json(schema)


def promises(tellers: Mapping[type[Event], str] = TELLERS) -> list[str]:
    """A line per event (its teller and subject) and per field (whether it is always there, and its shape)."""
    lines = []
    for event, teller in tellers.items():
        lines.append(f"{event.type} * told-by:{teller} subject:{event.subject_field}")
        for name, shape in shapes_of(event):
            always = "required" if event.model_fields[name].is_required() else "optional"
            lines.append(f"{event.type} {name} {always} {shape}")
    return sorted(lines)


def broken(released: Iterable[str], promised: Iterable[str]) -> list[str]:
    """The lines that a released type lost, and the required fields that it gained."""
    before, now = set(released), set(promised)
    types = {line.split()[0] for line in before}
    gained = [line for line in now - before if line.split()[0] in types and line.split()[2] != "optional"]
    return sorted(before - now) + sorted(set(gained))


def grown(released: Iterable[str], promised: Iterable[str]) -> str:
    """The text of ``RELEASED`` with what is new in it."""
    return "".join(f"{line}\n" for line in sorted({*released, *promised}))

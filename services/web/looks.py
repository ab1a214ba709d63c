"""How things look: the templates, and how times and codes are written in them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from . import directory_words, sentences, words

TEMPLATES = Path(__file__).parent / "templates"
HERE = ZoneInfo("Europe/Stockholm")
MONTHS = [
    "januari",
    "februari",
    "mars",
    "april",
    "maj",
    "juni",
    "juli",
    "augusti",
    "september",
    "oktober",
    "november",
    "december",
]
DAYS = ["måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag", "söndag"]

NOTHING = Markup("\N{EN DASH}")


def day(when: date | datetime | None) -> Markup:
    """A day in words, for example "fredag 27 november 2026"."""
    if when is None:
        return NOTHING
    local = when.astimezone(HERE).date() if isinstance(when, datetime) else when
    text = f"{DAYS[local.weekday()]} {local.day} {MONTHS[local.month - 1]} {local.year}"
    return _time(local.isoformat(), text)


def days_ago(days: int | None) -> str:
    """How long ago something was said, for example "för 9 dagar sedan"."""
    if days is None:
        return NOTHING
    return {0: "i dag", 1: "i går"}.get(days, f"för {days} dagar sedan")


def moment(when: datetime | None) -> Markup:
    """A day and a time of day in words."""
    if when is None:
        return NOTHING
    local = when.astimezone(HERE)
    text = f"{local.day} {MONTHS[local.month - 1]} {local.year} kl. {local:%H.%M}"
    return _time(_machine(when), text)


def instant(when: datetime | None) -> Markup:
    """A time of day to the millisecond, for those who follow what the services do."""
    if when is None:
        return NOTHING
    local = when.astimezone(HERE)
    return _time(_machine(when), f"{local:%Y-%m-%d %H.%M.%S},{local.microsecond // 1000:03d}")


def clock(when: datetime, since: datetime) -> Markup:
    """A time of day to the millisecond; with its day when that is not the day of ``since``."""
    local = when.astimezone(HERE)
    if local.date() != since.astimezone(HERE).date():
        return instant(when)
    return _time(_machine(when), f"{local:%H.%M.%S},{local.microsecond // 1000:03d}")


def _machine(when: datetime) -> str:
    return when.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _time(machine: str, text: str) -> Markup:
    # The direction is fixed, or a date inside Arabic text comes out reversed.
    return Markup('<time datetime="{}"><bdi>{}</bdi></time>').format(machine, text)


class Looks:
    """The templates with everything they may use."""

    def __init__(self, address_of: Callable[[str], str]) -> None:
        """Take where a named file is served."""
        self._templates = Environment(
            loader=FileSystemLoader(TEMPLATES),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.filters |= {"day": day, "moment": moment, "instant": instant, "clock": clock}
        self._templates.filters["days_ago"] = days_ago
        self._templates.globals |= {"asset": address_of, "words": words, "sentences": sentences}
        self._templates.globals["directory"] = directory_words

    def render(self, template: str, shown: Mapping[str, Any]) -> str:
        """The template's text; a name that it lacks is an error, never an empty place."""
        return self._templates.get_template(template).render(shown)

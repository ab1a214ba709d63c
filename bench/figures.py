"""Figures of several runs, and the page that shows them beside their limits."""

from __future__ import annotations

import os
import platform
import statistics
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the table; `beside` says the limit and how the median stands to it."""

    name: str
    label: str
    unit: str
    beside: Callable[[Figures, float], tuple[str, str]] = lambda _, __: ("", "")


@dataclass(slots=True)
class Figures:
    """Every run's values, by name."""

    runs: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))

    def add(self, values: Mapping[str, float]) -> None:
        for name, value in values.items():
            self.runs[name].append(value)

    def median(self, name: str) -> float:
        return statistics.median(self.runs[name])

    def table(self, lines: Iterable[Entry]) -> list[str]:
        head = [
            "| figure | median | least | most | limit | ratio |",
            "| --- | ---: | ---: | ---: | --- | ---: |",
        ]
        return head + [self._row(line) for line in lines if self.runs.get(line.name)]

    def _row(self, line: Entry) -> str:
        values, median = self.runs[line.name], self.median(line.name)
        limit, ratio = line.beside(self, median)
        shown = [f"{_number(value)} {line.unit}".strip() for value in (median, min(values), max(values))]
        return "| " + " | ".join([line.label, *shown, limit, ratio]) + " |"


def at_least(goal: float) -> Callable[[Figures, float], tuple[str, str]]:
    return lambda _, median: (f"at least {_number(goal)}", f"{median / goal:.2f}")


def at_most(goal: float) -> Callable[[Figures, float], tuple[str, str]]:
    return lambda _, median: (f"at most {_number(goal)}", f"{median / goal:.2f}")


def times(other: str, label: str, most: float | None = None) -> Callable[[Figures, float], tuple[str, str]]:
    """Beside another figure of the same run, and the most times it may be."""
    bound = f"at most {most:g} times {label}" if most else label
    return lambda figures, median: (bound, f"{median / figures.median(other):.2f}")


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def machine(versions: Mapping[str, str]) -> str:
    """What the figures were taken on."""
    cpu = next((line for line in _cpu_info() if line.startswith("model name")), "").partition(": ")[2]
    load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    parts = [
        f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC",
        f"{os.cpu_count()} cores of {cpu or platform.machine()}",
        f"{platform.system()}, Python {platform.python_version()}",
        *(f"{name} {version}" for name, version in versions.items()),
        f"load of the machine at the end {load}",
    ]
    return "; ".join(parts) + "."


def _cpu_info() -> Sequence[str]:
    file = Path("/proc/cpuinfo")
    return file.read_text().splitlines() if file.exists() else []

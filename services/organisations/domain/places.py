"""The city's areas and the network's themes, with their names on screen."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from shared.events.base import Area, Theme


class Cluster(StrEnum):
    """The two clusters of areas."""

    NORTH = "norr"
    SOUTH = "söder"


@dataclass(frozen=True, slots=True)
class NamedArea:
    """A city area (stadsområde) as its people call it."""

    code: Area
    name: str
    cluster: Cluster


@dataclass(frozen=True, slots=True)
class NamedTheme:
    """A theme of Hållbart Helsingborg."""

    code: Theme
    name: str


AREAS = (
    NamedArea(Area.FREDRIKSDAL, "Fredriksdal", Cluster.NORTH),
    NamedArea(Area.DROTTNINGHOG, "Drottninghög", Cluster.NORTH),
    NamedArea(Area.DALHEM, "Dalhem", Cluster.NORTH),
    NamedArea(Area.SODER, "Söder", Cluster.SOUTH),
    NamedArea(Area.HOGABORG, "Högaborg", Cluster.SOUTH),
    NamedArea(Area.NARLUNDA, "Närlunda", Cluster.SOUTH),
    NamedArea(Area.PLANTERINGEN, "Planteringen", Cluster.SOUTH),
)

THEMES = (
    NamedTheme(Theme.NEIGHBOURHOOD, "närområde"),
    NamedTheme(Theme.PARENTS, "föräldrar"),
    NamedTheme(Theme.SCHOOL, "skola"),
    NamedTheme(Theme.INDIVIDUAL, "individ och kamrater"),
)

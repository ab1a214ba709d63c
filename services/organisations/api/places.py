"""Areas and themes."""

from __future__ import annotations

from fastapi import APIRouter

from shared.events.base import Area, Theme
from shared.http import Page, Route

from ..domain.places import AREAS, THEMES, Cluster
from .shapes import Seen

router = APIRouter(route_class=Route, tags=["places"])


class AreaSeen(Seen):
    code: Area
    name: str
    cluster: Cluster


class ThemeSeen(Seen):
    code: Theme
    name: str


@router.get("/areas")
async def areas() -> Page[AreaSeen]:
    """The city's areas, cluster by cluster."""
    return Page(items=[*map(AreaSeen.model_validate, AREAS)], next=None)


@router.get("/themes")
async def themes() -> Page[ThemeSeen]:
    """The network's themes."""
    return Page(items=[*map(ThemeSeen.model_validate, THEMES)], next=None)

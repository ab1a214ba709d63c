"""The catalogue of value chains, one file per chain and version; a new version is a new file."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any
from uuid import UUID

from shared.errors import NotFound
from shared.events.base import NeedCode, Theme

from ..domain.steps import Awaited
from ..domain.templates import Template, TemplateStep

_FOLDER = Path(__file__).parent


@lru_cache
def catalogue() -> Mapping[UUID, Template]:
    """The newest version of each chain, by id."""
    return newest(read(file) for file in sorted(_FOLDER.glob("*.toml")))


def template_of(template_id: UUID) -> Template:
    """The newest version; raises `NotFound`."""
    if template_id not in catalogue():
        raise NotFound
    return catalogue()[template_id]


def newest(templates: Iterable[Template]) -> Mapping[UUID, Template]:
    """The highest version of each."""
    return {one.id: one for one in sorted(templates, key=lambda one: one.version)}


def read(file: Path) -> Template:
    """The chain that a file describes."""
    said = tomllib.loads(file.read_text(encoding="utf-8"))
    steps = tuple(_step(key, step) for key, step in said["steps"].items())
    return Template(id=UUID(said["id"]), version=said["version"], names=said["names"], steps=steps)


def _step(key: str, said: dict[str, Any]) -> TemplateStep:
    return TemplateStep(
        key=key,
        code=NeedCode(said["code"]),
        theme=Theme(said["theme"]),
        names=said["names"],
        after={one: Awaited(outcome) for one, outcome in said.get("after", {}).items()},
    )

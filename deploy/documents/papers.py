"""All generated papers: what they should say, what is stale, and writing them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from . import asyncapi, events_page, fields_page, grants_page, life_page, openapi, published, roles_page

ROOT = Path(__file__).parents[2]
FOLDERS = (published.FOLDER, openapi.FOLDER)
"""Folders that hold generated papers only."""


def papers(root: Path = ROOT) -> Iterator[tuple[str, str]]:
    """The path, from the root, and the text of every generated paper."""
    yield from published.schemas()
    yield published.RELEASED, published.grown(released(root), published.promises())
    yield "docs/events.md", events_page.page()
    yield "docs/asyncapi.json", asyncapi.document()
    yield "docs/roles.md", roles_page.page()
    yield "docs/referral-life.md", life_page.page()
    yield "docs/grants.md", grants_page.page()
    yield "docs/fields.md", fields_page.page()
    yield from openapi.documents()


def released(root: Path = ROOT) -> list[str]:
    """The lines that were promised before."""
    file = root / published.RELEASED
    return file.read_text().splitlines() if file.exists() else []


def broken_promises(root: Path = ROOT) -> list[str]:
    return published.broken(released(root), published.promises())


def stale(root: Path = ROOT) -> list[str]:
    """The papers that differ from the code, are missing, or should not be there; nothing is written."""
    wanted = dict(papers(root))
    present = {str(file.relative_to(root)) for folder in FOLDERS for file in (root / folder).glob("*")}
    differing = {path for path, text in wanted.items() if _text_of(root / path) != text}
    return sorted(differing | (present - wanted.keys()))


def write(root: Path = ROOT) -> list[str]:
    """Put every stale paper right, and say which."""
    wanted, found = dict(papers(root)), stale(root)
    for path in found:
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        if path in wanted:
            file.write_text(wanted[path])
        else:
            file.unlink()
    return found


def _text_of(file: Path) -> str | None:
    return file.read_text() if file.exists() else None

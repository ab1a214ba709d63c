"""What one receiver gets: items in their canonical bytes, the same in the preview and in the frozen copy."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass

from shared.events.base import ItemClass, ItemField


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One thing about the person, and why the receiver needs it."""

    field: ItemField
    item_class: ItemClass
    value: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """What a draft holds: the items, and a message to the sender's own team, which never travels."""

    items: tuple[Item, ...]
    message: str | None = None

    @property
    def fields(self) -> frozenset[ItemField]:
        return frozenset(item.field for item in self.items)


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """The items as the receiver reads them; `content` is their canonical JSON in UTF-8."""

    items: tuple[Item, ...]
    content: bytes

    @property
    def sha256(self) -> str:
        """SHA-256 of the content, in hexadecimal."""
        return hashlib.sha256(self.content).hexdigest()


def packaged(items: Iterable[Item]) -> Package:
    """Put the items in canonical order and bytes; the preview and the disclosure are made here alone."""
    ordered = tuple(sorted(items, key=lambda item: item.field))
    return Package(items=ordered, content=_canonical([asdict(item) for item in ordered]))


def parts(package: Package) -> list[tuple[ItemField | None, bytes]]:
    """The pieces that a package is sealed in: one for each item's field, or, without items, the whole."""
    return [(item.field, packaged([item]).content) for item in package.items] or [(None, package.content)]


def joined(pieces: Iterable[bytes]) -> Package:
    """The package of those pieces that may be read."""
    return packaged(as_item(said) for piece in pieces for said in json.loads(piece))


def as_item(said: dict[str, str]) -> Item:
    """An item from its JSON."""
    return Item(
        field=ItemField(said["field"]),
        item_class=ItemClass(said["item_class"]),
        value=said["value"],
        why=said["why"],
    )


def _canonical(items: list[dict[str, str]]) -> bytes:
    return json.dumps(items, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()

"""What is asked for of the text that the person is to be shown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from shared.events.consents import ConsentKind

from ..store.consents import About
from ..texts import Language


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which text is wanted."""

    kind: ConsentKind
    about: About
    language: Language
    until: datetime | None

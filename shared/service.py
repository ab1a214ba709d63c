"""What a service is made of, declared in its ``main.py``."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from fastapi import APIRouter, FastAPI

from .chains import Books
from .database import Transaction
from .events import TOLD_BY
from .hearing import Hearing
from .hops import Hop
from .idempotency import Withheld, nothing_withheld
from .log import Teller
from .settings import CommonSettings
from .timers import Rings
from .vault import Vault

KeepHops = Callable[[Transaction, Sequence[Hop]], Awaitable[None]]
Background = Callable[[FastAPI], Coroutine[Any, Any, None]]


def _nothing_rings(_: Vault) -> Rings:
    return {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """A service with a record: its routes, whom it hears, what rings.

    ``projections`` are the tables that a rebuild empties and fills again from
    the logs; ``background`` runs in the API process for as long as it lives;
    ``withheld`` says which kept answers may be given again no more; ``books``
    are the chains of what it wrote down once and for all; ``larger`` the paths whose
    bodies may have more bytes than others, and how many; ``hears_at_leisure`` and
    ``tells_at_leisure`` let many events come together where nobody waits.
    """

    name: str
    routers: Sequence[APIRouter]
    hears: Mapping[str, Hearing] = field(default_factory=dict)
    rings: Callable[[Vault], Rings] = _nothing_rings
    projections: Sequence[str] = ()
    keep_hops: KeepHops | None = None
    background: Background | None = None
    withheld: Withheld = nothing_withheld
    books: Books | None = None
    hears_at_leisure: bool = False
    tells_at_leisure: bool = False
    larger: Mapping[str, int] = field(default_factory=dict)

    @property
    def tells(self) -> bool:
        return self.name in TOLD_BY

    def teller(self, settings: CommonSettings) -> Teller:
        """The service as a teller, with the key that signs its heads."""
        seed = settings.service_key.get_secret_value()
        return Teller(self.name, Ed25519PrivateKey.from_private_bytes(seed))

"""All randomness of a run, drawn from keys: the same thing done again has the same ids and nonces.

A key says what is being done (a command, the reaction to an event) and how often that has been committed
before.  So a try that failed leaves no trace in the bytes of the next, and what is done twice shows.
"""

from __future__ import annotations

import hashlib
import os
import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from unittest.mock import patch

from shared import ids


class Chance:
    """The ids' source and the system's random bytes, both turned to the key of what is done next."""

    def __init__(self) -> None:
        self._bytes = random.Random(0)  # noqa: S311 - reproducible on purpose

    def turn_to(self, *key: object, at: datetime) -> None:
        """From here on everything random is the key's; ids are made at this time."""
        number = int.from_bytes(hashlib.sha256(repr(key).encode()).digest()[:8])
        ids.seed(number, at)
        self._bytes.seed(number)

    @contextmanager
    def rules(self) -> Iterator[None]:
        """Salts, keys and nonces come from here meanwhile; the product has no switch for them."""
        with patch.object(os, "urandom", self._bytes.randbytes):
            try:
                yield
            finally:
                ids.seed(None)

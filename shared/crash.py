"""Named places where a process can be made to die, for the fault tests.

``CRASH_AT=relay.numbered`` kills the process there; ``CRASH_AT=relay.numbered#3``
at the third time.  ``CRASH_LOG`` names a file that gets a line for every hit, so
that a test whose crash never happened can call itself void.
"""

from __future__ import annotations

import os
import signal
from itertools import count
from pathlib import Path

_name, _, _nth = os.environ.get("CRASH_AT", "").partition("#")
_times = count(1)


def point(name: str) -> None:
    """Die here if this is the named place and its turn has come; else do nothing."""
    if name != _name or next(_times) != int(_nth or 1):
        return
    if log := os.environ.get("CRASH_LOG"):
        with Path(log).open("a", encoding="ascii") as hits:
            hits.write(f"{name}\n")
    os.kill(os.getpid(), signal.SIGKILL)

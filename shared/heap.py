"""What a process is made of is never garbage."""

from __future__ import annotations

import gc
from typing import TypeVar

T = TypeVar("T")


def kept(app: T) -> T:
    """The application, left out of the collector's rounds with all that was imported for it.

    A full round looks at every object and stops the process meanwhile: some 150,000 objects of
    modules, models and routes for a tenth of a second or more, again and again, and finds nothing.
    """
    gc.collect()
    gc.freeze()
    return app

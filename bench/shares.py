"""Which part of the code the processor's time goes to, by looking a thousand times a CPU second."""

from __future__ import annotations

import signal
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import PurePath
from types import CodeType, FrameType

EVERY_S = 0.001
REST = "the loop and the rest"

Place = tuple[str, str]
"""A file's name and a function in it; an empty function is all of the file."""

DELIVERY: Mapping[Place, str] = {
    ("chain.py", "digest_of"): "hashing",
    ("chain.py", "hash_of"): "hashing",
    ("chain.py", "signed"): "signing",
    ("log.py", "number"): "numbering",
    ("log.py", "head"): "numbering",
    ("log.py", "append"): "numbering",
    ("relay.py", "_add"): "copying",
    ("envelope.py", "wire"): "copying",
    ("streams.py", "add"): "copying",
    ("relay.py", ""): "numbering",
    ("subscription.py", "bring"): "reading",
    ("streams.py", "row_of"): "reading",
    ("stream_subscriber.py", ""): "reading",
    ("verify.py", ""): "verifying",
    ("main.py", "model_validate"): "validating",
    ("envelope.py", "envelope"): "validating",
    ("pipeline.py", "keep"): "reaction",
    ("position.py", ""): "position and commit",
    ("parking.py", "subjects"): "position and commit",
    ("_pipeline_async.py", "__aexit__"): "waiting for the effects",
    ("database.py", "flush"): "reaction",
    ("database.py", "act_for"): "reaction",
    ("handling.py", ""): "position and commit",
    ("listener.py", ""): "reading",
}
"""The parts of relay and listener, by where their time is spent."""


class Shares:
    """Counts the looks that fell into each part; a look belongs to the innermost frame that is known."""

    def __init__(self, parts: Mapping[Place, str]) -> None:
        self._parts = parts
        self._known: dict[CodeType, str | None] = {}
        self.looks: Counter[str] = Counter()

    @contextmanager
    def watched(self) -> Iterator[None]:
        before = signal.signal(signal.SIGPROF, self._look)
        signal.setitimer(signal.ITIMER_PROF, EVERY_S, EVERY_S)
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
            signal.signal(signal.SIGPROF, before)

    def _look(self, _: int, frame: FrameType | None) -> None:
        self.looks[self._part_of(frame)] += 1

    def _part_of(self, frame: FrameType | None) -> str:
        while frame is not None:
            code, frame = frame.f_code, frame.f_back
            if code not in self._known:
                file = PurePath(code.co_filename).name
                self._known[code] = self._parts.get((file, code.co_name)) or self._parts.get((file, ""))
            if part := self._known[code]:
                return part
        return REST

    def listed(self) -> list[tuple[str, float]]:
        """Each part and its share of the looks, the greatest first."""
        return [(part, looks / self.looks.total()) for part, looks in self.looks.most_common()]

"""A model of the streams' server, which can lose, hide and hold back what it was told.

It answers the few commands of the relay (`tests/faults/simulation/test_stream.py` asks a real server the
same).  Whoever reads gets entries as XREAD gives them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from redis.exceptions import ConnectionError as Lost
from redis.exceptions import ResponseError

Fields = Mapping[bytes, bytes]
Entries = Sequence[tuple[int, Fields]]

TOO_SMALL = "The ID specified in XADD is equal or smaller than the target stream top item"


@dataclass
class Stream:
    """One stream: its entries by number, and its last generated number, which outlives them."""

    entries: dict[int, Fields] = field(default_factory=dict)
    last: int = 0

    def add(self, seq: int, fields: Fields) -> None:
        if seq <= self.last:
            raise ResponseError(TOO_SMALL)
        self.entries[seq], self.last = fields, seq

    def after(self, seq: int, count: int) -> list[tuple[int, Fields]]:
        """What XREAD gives whoever has read up to a number."""
        return [(one, self.entries[one]) for one in sorted(self.entries) if one > seq][:count]

    def lose_after(self, seq: int) -> None:
        """The server came back without what it was told last."""
        self.entries = {one: said for one, said in self.entries.items() if one <= seq}
        self.last = seq


class Streams:
    """The server, as `redis.asyncio.Redis` would reach it."""

    def __init__(self) -> None:
        self._streams: defaultdict[str, Stream] = defaultdict(Stream)
        self.refuses = 0
        """So many commands find nobody there."""
        self.takes: int | None = None
        """So many entries are still taken before the connection is lost."""
        self.connection_pool = self

    def __getitem__(self, name: str) -> Stream:
        return self._streams[name]

    def flush(self) -> None:
        """Lose everything."""
        self._streams.clear()

    def delete(self, name: str) -> None:
        self._streams.pop(name, None)

    def _answer(self) -> None:
        if self.refuses:
            self.refuses -= 1
            raise Lost

    # What the relay asks

    async def xinfo_stream(self, name: str) -> Mapping[str, Any]:
        self._answer()
        if name not in self._streams:
            raise ResponseError("no such key")
        return {"last-generated-id": f"{self._streams[name].last}-0".encode()}

    async def xrevrange(self, name: str, *, count: int) -> Sequence[tuple[bytes, Fields]]:
        self._answer()
        entries = self._streams[name].entries if name in self._streams else {}
        return [(f"{seq}-0".encode(), entries[seq]) for seq in sorted(entries, reverse=True)[:count]]

    async def get_connection(self) -> _Connection:
        self._answer()
        return _Connection(self)

    async def release(self, _: _Connection) -> None:
        """Nothing is kept open."""

    def take(self, name: str, entry_id: str, fields: Fields) -> None:
        """One XADD."""
        if self.takes is not None:
            if self.takes == 0:
                self.takes = None
                raise Lost
            self.takes -= 1
        self._streams[name].add(int(entry_id.partition("-")[0]), fields)


@dataclass
class _Connection:
    """A connection on which commands travel together: what follows a lost connection is not done."""

    _server: Streams
    _answers: list[ResponseError | Lost | None] = field(default_factory=list)

    def pack_commands(self, commands: Iterable[Sequence[Any]]) -> list[Sequence[Any]]:
        return list(commands)

    async def send_packed_command(self, commands: Sequence[Sequence[Any]]) -> None:
        for _, name, entry_id, *said in commands:
            words = [word.encode() if isinstance(word, str) else word for word in said]
            try:
                self._server.take(name, entry_id, dict(zip(words[::2], words[1::2], strict=True)))
                self._answers.append(None)
            except ResponseError as refusal:
                self._answers.append(refusal)
            except Lost as lost:
                self._answers.append(lost)
                return

    async def read_response(self, timeout: float) -> None:  # noqa: ASYNC109 - the library's own signature
        del timeout
        if (error := self._answers.pop(0)) is not None:
            raise error

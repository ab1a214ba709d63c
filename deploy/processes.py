"""Starts the processes of the topology, keeps them running, and ends them."""

import os
import signal
import threading
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Self

from deploy.spawning import Ends, Spawned, log_end, spawn
from deploy.topology import ROOT, Process

_FIRST_PAUSE_S, _LONGEST_PAUSE_S, _STEADY_S = 0.1, 60.0, 10.0
_TRIES = 5
# An orphan has lost its database too, and nothing of value: it does not need to say goodbye.
_ENDS = Ends(signal.SIGTERM, signal.SIGKILL)
_PASSED_ON = ("PATH", "HOME", "TMPDIR", "LANG")


class ProcessFailed(RuntimeError):  # noqa: N818 - a noun in the trade
    """A process did not become ready; the text carries the end of its log."""


@dataclass(slots=True)
class _Kept:
    process: Process
    log: Path
    spawned: Spawned | None = None
    wanted: bool = False
    started_at: float = 0
    failures: int = 0
    due_at: float | None = field(default=None)


class Processes(AbstractContextManager["Processes"]):
    """The running processes by name; a dead one is started again, as `restart: unless-stopped` does."""

    def __init__(self, placed: Sequence[Process], logs: Path) -> None:
        """Nothing is started yet; each process writes to `<logs>/<name>.log`."""
        logs.mkdir(parents=True, exist_ok=True)
        self.restarts = True
        self._kept = {process.name: _Kept(process, logs / f"{process.name}.log") for process in placed}
        self._lock = threading.RLock()
        self._ended = threading.Event()
        self._tending = threading.Thread(target=self._tend_until_ended, daemon=True)

    def __enter__(self) -> Self:
        """Start them all, without waiting for them to be ready."""
        for name in self._kept:
            self.start(name)
        self._tending.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._tending.join()
        running = [kept.spawned for kept in self._kept.values() if kept.spawned and kept.spawned.runs]
        for spawned in running:
            spawned.ask_to_stop()
        for spawned in running:
            spawned.stop()

    @property
    def names(self) -> list[str]:
        return list(self._kept)

    def address(self, name: str) -> str:
        return self._kept[name].process.address

    def pid(self, name: str) -> int | None:
        """Its number while it runs."""
        spawned = self._kept[name].spawned
        return spawned.pid if spawned and spawned.runs else None

    def start(self, name: str, **environment: str) -> None:
        """Start a stopped process; the environment given is added for this start alone."""
        with self._lock:
            kept = self._kept[name]
            kept.wanted, kept.failures, kept.due_at = True, 0, None
            _start(kept, environment)

    def stop(self, name: str) -> None:
        """Stop a process; it stays down until it is started."""
        with self._lock:
            self._kept[name].wanted = False
            if spawned := self._kept[name].spawned:
                spawned.stop()

    def kill(self, name: str) -> None:
        """`kill -9`; it comes back unless restarts are suspended."""
        with self._lock:
            if spawned := self._kept[name].spawned:
                spawned.kill()

    @contextmanager
    def without_restarts(self) -> Iterator[None]:
        """What dies in here stays dead until the end of it."""
        self.restarts = False
        try:
            yield
        finally:
            self.restarts = True

    def wait_ready(self, names: Iterable[str] | None = None, *, within_s: float = 300) -> None:
        """Return when each of them, all by default, answers that it is ready; raises ProcessFailed."""
        ends_at = time.monotonic() + within_s
        for name in self.names if names is None else names:
            kept = self._kept[name]
            # Somebody else might answer at the port of a process that could not take it.
            while self.pid(name) is None or not _is_ready(kept.process):
                if time.monotonic() > ends_at or kept.failures >= _TRIES:
                    raise ProcessFailed(f"{name} did not become ready:\n{log_end(kept.log)}")
                time.sleep(0.05)

    def _tend_until_ended(self) -> None:
        while not self._ended.wait(0.1):
            with self._lock:
                for kept in self._kept.values():
                    if self.restarts and kept.wanted:
                        _tend(kept)


def _tend(kept: _Kept) -> None:
    """Start a dead process again after a pause that doubles while it keeps dying early."""
    now = time.monotonic()
    if kept.spawned is None or kept.spawned.runs:
        return
    if kept.due_at is None:
        kept.failures = 1 if now - kept.started_at > _STEADY_S else kept.failures + 1
        kept.due_at = now + min(_FIRST_PAUSE_S * 2 ** (kept.failures - 1), _LONGEST_PAUSE_S)
    if now >= kept.due_at:
        kept.due_at = None
        _start(kept, {})


def _start(kept: _Kept, extra: Mapping[str, str]) -> None:
    base = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    ours = base | {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1"}
    environment = ours | dict(kept.process.environment) | dict(extra)
    kept.started_at = time.monotonic()
    kept.spawned = spawn(kept.process.command, environment=environment, log=kept.log, ends=_ENDS)


def _is_ready(process: Process) -> bool:
    connection = HTTPConnection("127.0.0.1", process.port, timeout=2)
    try:
        connection.request("GET", "/health/ready")
        return connection.getresponse().status == 200  # noqa: PLR2004 - OK
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()

"""What PostgreSQL and Valkey have in common when they are started from wheels."""

import importlib.util
import os
import random
import socket
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, suppress
from pathlib import Path

from deploy.spawning import Spawned

START_WITHIN_S = 60.0


class StartError(RuntimeError):
    """A server did not start; the text carries the end of its own log."""


class Server(ABC):
    """One server over one folder; it keeps its port while this object lives."""

    def __init__(self, folder: Path, secrets: Mapping[str, str], *, durable: bool) -> None:
        self.folder = folder
        self.port = free_port()
        self._secrets = secrets
        self._durable = durable
        self._server: Spawned | None = None

    @property
    @abstractmethod
    def url(self) -> str:
        """The address for the login that may do everything."""

    @abstractmethod
    def start(self) -> None:
        """Start and wait until it answers; raises StartError."""

    @property
    def pid(self) -> int | None:
        return self._server.pid if self._server else None

    @property
    def runs(self) -> bool:
        return self._server is not None and self._server.runs

    def stop(self) -> None:
        """Stop as at the end of a day: connections are ended, everything is on disk."""
        if self._server:
            self._server.stop()
            self._server = None

    def kill(self) -> None:
        """`kill -9`; returns when the process is gone."""
        if self._server:
            self._server.kill()
            self._server = None


def find_program(package: str, pattern: str) -> Path:
    """A program inside an installed wheel; the package's Python code is not run."""
    found = importlib.util.find_spec(package)
    folders = (found and found.submodule_search_locations) or []
    for folder in folders:
        for program in Path(folder).glob(pattern):
            return program
    raise StartError(f"The wheel {package} holds no {pattern}.")


def free_port() -> int:
    """A port nobody listens at."""
    return free_ports(1)[0]


def free_ports(number: int) -> list[int]:
    """So many different ones, all below those that outgoing connections are given."""
    # An outgoing connection to a stopped server's port could otherwise be given that very port.
    with ExitStack() as held:
        ports: list[int] = []
        while len(ports) < number:
            port = random.randint(15_000, 32_000)  # noqa: S311 - no secret
            trial = held.enter_context(socket.socket())
            with suppress(OSError):
                trial.bind(("127.0.0.1", port))
                ports.append(port)
        return ports


def environment() -> dict[str, str]:
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", "TZ": "UTC"}


def polls(server: Spawned) -> Iterator[None]:
    """Comes round while the server runs and there is time."""
    ends_at = time.monotonic() + START_WITHIN_S
    while server.runs and time.monotonic() < ends_at:
        yield
        time.sleep(0.005)


def log_since(log: Path, start: int) -> str:
    """What a log holds from this byte on, at most its last 2,000 characters."""
    return log.read_bytes()[start:].decode(errors="replace")[-2_000:]


def log_size(log: Path) -> int:
    return log.stat().st_size if log.exists() else 0

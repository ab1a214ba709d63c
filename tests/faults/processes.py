"""The probe's processes: started, killed, started again by id."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

from deploy.embedded import Servers
from deploy.embedded_server import free_port

SCHEMAS = {"teller": "organisations", "hearer": "notifications"}


@dataclass
class Processes:
    """Three processes: the teller's API and worker, the hearer's worker (and more of each if asked)."""

    servers: Servers
    database: str
    folder: Path
    ports: dict[str, int] = field(default_factory=dict)
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def address(self, schema: str) -> str:
        """The database as seen in one of the two schemas."""
        secret = self.servers.secrets["POSTGRES_PASSWORD"]
        address = self.servers.postgres.address_of("postgres", secret, self.database)
        return f"{address}?options=-csearch_path%3D{schema}"

    def start(self, name: str, **environment: str) -> None:
        """Start ``teller_api``, ``teller_worker`` or ``hearer_worker`` (a suffix ``.2`` makes another)."""
        app = name.partition(".")[0]
        port = self.ports.setdefault(name, free_port())
        self.ports.setdefault("teller_api", free_port())
        log = (self.folder / f"{name}.log").open("ab")
        command = [sys.executable, "-m", "uvicorn", f"tests.faults.probe:{app}", "--port", str(port)]
        everything = {**os.environ, **self._environment(app), **environment}
        self.processes[name] = subprocess.Popen(command, env=everything, stdout=log, stderr=log)
        log.close()

    def _environment(self, app: str) -> dict[str, str]:
        schema = app.partition("_")[0]
        secret, service = self.servers.secrets, SCHEMAS[schema].upper()
        teller = f"http://127.0.0.1:{self.ports['teller_api']}"
        return {
            "DATABASE_URL": self.address(schema),
            "REDIS_URL": self.servers.redis.address_of(service.lower(), secret[f"{service}_REDIS_PASSWORD"]),
            "SERVICE_KEY": secret[f"{service}_SERVICE_KEY"],
            "SERVICE_KEYS": secret["SERVICE_KEYS"],
            "SEALING_KEY": secret[f"{service}_SEALING_KEY"],
            "PEERS": f"organisations={teller}",
            "UVICORN_ACCESS_LOG": "false",
            "UVICORN_LOG_LEVEL": "warning",
            "CURE": str(self.folder / "cure"),
            "CRASH_LOG": str(self.folder / "crashes"),
        }

    def kill(self, name: str) -> None:
        """End a process as a power cut would."""
        process = self.processes.pop(name)
        process.kill()
        process.wait()

    def restart_the_dead(self, **environment: str) -> int:
        """Start again what has died by itself, as the supervisor would; how many had."""
        dead = [name for name, process in self.processes.items() if process.poll() is not None]
        for name in dead:
            self.start(name, **environment)
        return len(dead)

    def crashes(self) -> list[str]:
        """The named crash points that were really hit."""
        hits = self.folder / "crashes"
        return hits.read_text().split() if hits.exists() else []

    def logged(self, name: str) -> str:
        return (self.folder / f"{name}.log").read_text()

    def end(self) -> None:
        """End every process."""
        for name in list(self.processes):
            self.kill(name)

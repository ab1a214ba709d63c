"""PostgreSQL 18 and Valkey 9 from their wheels, on 127.0.0.1, for the demo and for tests.

They are real servers with our own launcher: they end with the process that started them, never run as
root, and keep their data in one folder between starts.
"""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Self

from deploy import embedded_postgres, embedded_redis, keys


class Servers(AbstractContextManager["Servers"]):
    """Both servers over one folder, started on entering and stopped on leaving."""

    def __init__(self, folder: Path, *, durable: bool, secrets: Mapping[str, str] | None = None) -> None:
        """Nothing is started yet.

        `durable`: a committed row and a told entry outlive a power cut (the demo); tests do without.
        `secrets`: names and values as `deploy.keys.make` gives them; those kept in the folder if None.
        """
        folder.mkdir(parents=True, exist_ok=True)
        self.secrets = dict(secrets or keys.kept(folder / "secrets.env"))
        self.postgres = embedded_postgres.Postgres(folder / "postgres", self.secrets, durable=durable)
        self.redis = embedded_redis.Redis(folder / "redis", self.secrets, durable=durable)

    def __enter__(self) -> Self:
        self.postgres.start()
        try:
            self.redis.start()
        except BaseException:
            self.postgres.stop()
            raise
        return self

    def start_ended(self) -> list[str]:
        """Start again what has ended by itself or was killed; the names."""
        servers = {"PostgreSQL": self.postgres, "Valkey": self.redis}
        ended = [name for name, server in servers.items() if not server.runs]
        for name in ended:
            servers[name].start()
        return ended

    def __exit__(self, *_: object) -> None:
        self.redis.stop()
        self.postgres.stop()

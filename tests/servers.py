"""Where the tests' servers come from: addresses given, else Docker, else the embedded ones.

Servers that are given must be for tests alone, and for one run at a time: every stream is deleted, and the
services' roles and logins get passwords of the run.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from secrets import token_hex
from string import Template
from typing import Protocol, Self
from urllib.parse import quote, unquote, urlsplit

import pytest
from redis import Redis

from deploy import embedded, keys

USERS = Path(__file__).parent.parent / "deploy" / "redis" / "users.acl"
DOCKER_SOCKET = "unix:///var/run/docker.sock"
PING = b"GET /_ping HTTP/1.0\r\nHost: docker\r\n\r\n"


class PostgresServer(Protocol):
    @property
    def url(self) -> str: ...

    def address_of(self, user: str, password: str, database: str) -> str: ...


class RedisServer(Protocol):
    @property
    def url(self) -> str: ...

    def address_of(self, user: str, password: str) -> str: ...


class Servers(Protocol):
    """What a test may ask of its servers, wherever they come from."""

    @property
    def secrets(self) -> Mapping[str, str]: ...

    @property
    def postgres(self) -> PostgresServer: ...

    @property
    def redis(self) -> RedisServer: ...


class Kind(StrEnum):
    URL = "url"
    DOCKER = "docker"
    EMBEDDED = "embedded"


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Which servers, and why these."""

    kind: Kind
    why: str
    postgres_url: str = ""
    redis_url: str = ""

    def start(self, folder: Path) -> AbstractContextManager[Servers]:
        """`folder`: where the embedded servers keep their data, which is not durable."""
        match self.kind:
            case Kind.URL:
                return Given(self.postgres_url, self.redis_url)
            case Kind.DOCKER:
                return contained()
            case Kind.EMBEDDED:
                return embedded.Servers(folder, durable=False)


def choose(environment: Mapping[str, str], ping: Callable[[], bool]) -> Choice:
    """The servers for this environment; `ping` says whether a Docker engine answers.

    TEST_SERVERS forces a kind; auto, the default, takes the first that is possible.
    Raises UsageError when what is forced, or begun by giving one address of two, is not possible.
    """
    forced = environment.get("TEST_SERVERS", "auto")
    if forced not in {"auto", *Kind}:
        raise pytest.UsageError(f"TEST_SERVERS={forced} is none of auto, {', '.join(Kind)}")
    if forced == Kind.EMBEDDED:
        return Choice(kind=Kind.EMBEDDED, why="forced")
    names = ("TEST_POSTGRES_URL", "TEST_REDIS_URL")
    if forced == Kind.URL or (forced == "auto" and any(environment.get(name) for name in names)):
        return _by_url(*(environment.get(name, "") for name in names))
    if ping():
        return Choice(kind=Kind.DOCKER, why="an engine answers")
    if forced == Kind.DOCKER:
        raise pytest.UsageError("TEST_SERVERS=docker, but no Docker engine answers; is DOCKER_HOST right?")
    return Choice(kind=Kind.EMBEDDED, why="no address is given and no Docker engine answers")


def _by_url(postgres_url: str, redis_url: str) -> Choice:
    postgres, redis = urlsplit(postgres_url), urlsplit(redis_url)
    # Tests sign in as this superuser to look behind the services' walls.
    if postgres.scheme != "postgresql" or postgres.username != "postgres" or postgres.query:
        raise pytest.UsageError("TEST_POSTGRES_URL must be postgresql://postgres:password@host:port/postgres")
    if redis.scheme not in {"redis", "rediss"} or not redis.hostname or redis.query:
        raise pytest.UsageError("TEST_REDIS_URL must be redis://user:password@host:port/0")
    why = f"{_host(postgres_url)} and {_host(redis_url)} are given"
    return Choice(kind=Kind.URL, why=why, postgres_url=postgres_url, redis_url=redis_url)


def docker_answers(address: str | None = None) -> bool:
    """Whether an engine answers `/_ping` within a second; `address` as in DOCKER_HOST, unix:// or tcp://."""
    scheme, _, place = (address or os.environ.get("DOCKER_HOST") or DOCKER_SOCKET).partition("://")
    try:
        with _connected(scheme, place) as connection:
            connection.sendall(PING)
            return connection.recv(64).split()[1:2] == [b"200"]
    except (OSError, ValueError):
        return False


def _connected(scheme: str, place: str) -> socket.socket:
    if scheme == "tcp":
        host, _, port = place.rpartition(":")
        return socket.create_connection((host, int(port)), timeout=1)
    if scheme != "unix":
        raise ValueError(scheme)
    connection = socket.socket(socket.AF_UNIX)
    connection.settimeout(1)
    try:
        connection.connect(place)
    except OSError:
        connection.close()
        raise
    return connection


class Given(AbstractContextManager["Given"]):
    """Servers that run already; on entering, Redis gets the services' logins."""

    def __init__(self, postgres_url: str, redis_url: str) -> None:
        self.postgres, self.redis = _GivenPostgres(postgres_url), _GivenRedis(redis_url)
        known = {"POSTGRES_PASSWORD": _password(postgres_url), "REDIS_PASSWORD": _password(redis_url)}
        self.secrets = keys.make(known)

    def __enter__(self) -> Self:
        with Redis.from_url(self.redis.url) as redis:
            for line in Template(USERS.read_text()).substitute(self.secrets).splitlines():
                _, user, *rules = line.split()
                # The operator's own logins stay as they are: one of them is ours at this moment.
                if user in keys.RECORDED:
                    redis.execute_command("ACL SETUSER", user, "reset", *rules)
        return self

    def __exit__(self, *_: object) -> None:
        """The servers are not ours to stop."""


class _GivenPostgres:
    def __init__(self, url: str) -> None:
        self._place = _host(url)
        database = urlsplit(url).path.strip("/") or "postgres"
        self.url = self.address_of("postgres", _password(url), database)

    def address_of(self, user: str, password: str, database: str) -> str:
        return f"postgresql://{user}:{quote(password, safe='')}@{self._place}/{database}"


class _GivenRedis:
    def __init__(self, url: str) -> None:
        self.url = url
        self._scheme, self._place = urlsplit(url).scheme, _host(url)

    def address_of(self, user: str, password: str) -> str:
        return f"{self._scheme}://{user}:{quote(password, safe='')}@{self._place}/0"


def _host(url: str) -> str:
    return urlsplit(url).netloc.rpartition("@")[2]


def _password(url: str) -> str:
    return unquote(urlsplit(url).password or "")


@contextmanager
def contained() -> Iterator[Given]:
    """Production's images in containers, with production's settings but for durability."""
    # They ask for an engine when made, and are slow to import: not before Docker is chosen.
    from testcontainers.community.postgres import PostgresContainer  # noqa: PLC0415
    from testcontainers.community.redis import RedisContainer  # noqa: PLC0415

    # Stands on redis-server's command line, where a word of base64 may look like an option.
    password = token_hex(16)
    locale = "--locale-provider=builtin --builtin-locale=C.UTF-8 --locale=C --encoding=UTF8"
    settings = ("max_connections=200", "timezone=UTC", "fsync=off", "synchronous_commit=off")
    postgres = PostgresContainer(
        "postgres:18", username="postgres", password=password, dbname="postgres", driver=None
    )
    postgres.with_env("POSTGRES_INITDB_ARGS", locale)
    postgres.with_command(["postgres", *(word for setting in settings for word in ("-c", setting))])
    redis = RedisContainer("redis:8", password=password)
    with postgres, redis:
        place = f"{redis.get_container_host_ip()}:{redis.get_exposed_port(6379)}"
        redis_url = f"redis://default:{password}@{place}/0"
        with Given(postgres.get_connection_url(), redis_url) as given:
            yield given

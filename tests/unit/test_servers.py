"""Which servers the tests take, and how an engine is asked for."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.servers import Kind, choose, docker_answers

POSTGRES = {"TEST_POSTGRES_URL": "postgresql://postgres:p%40ss@db:5432/postgres"}
REDIS = {"TEST_REDIS_URL": "redis://admin:word@streams:6379/0"}
BOTH = POSTGRES | REDIS

Engine = Callable[[bytes | None], str]


def answer(listening: socket.socket, said: bytes | None) -> None:
    connection, _ = listening.accept()
    with connection:
        connection.recv(1024)
        if said is None:
            # Until the one who asked has gone.
            connection.recv(1)
        else:
            connection.sendall(said)


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """Listens at the address it gives and says this to the first who asks; None: is silent."""
    listening = socket.socket(socket.AF_UNIX)
    threads = []

    def listen(said: bytes | None) -> str:
        listening.bind(str(tmp_path / "engine"))
        listening.listen()
        threads.append(threading.Thread(target=answer, args=(listening, said)))
        threads[0].start()
        return f"unix://{tmp_path}/engine"

    yield listen
    for thread in threads:
        thread.join(timeout=5)
    listening.close()


@pytest.mark.parametrize(
    ("said", "answers"),
    [
        (b"HTTP/1.1 200 OK\r\nApi-Version: 1.51\r\n\r\nOK", True),
        (b"HTTP/1.1 500 Internal Server Error\r\n\r\n", False),
        (b"", False),
    ],
)
def test_an_engine_answers_when_it_says_200(engine: Engine, said: bytes, *, answers: bool) -> None:
    assert docker_answers(engine(said)) is answers


def test_a_silent_engine_is_given_one_second(engine: Engine) -> None:
    began = time.monotonic()

    assert not docker_answers(engine(None))
    assert 0.9 < time.monotonic() - began < 3


@pytest.mark.parametrize("scheme", ["unix://", "ssh://", "tcp://", ""])
def test_where_nobody_listens_no_engine_answers(tmp_path: Path, scheme: str) -> None:
    assert not docker_answers(f"{scheme}{tmp_path}/nothing")


def test_the_engine_is_the_one_of_docker_host(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_HOST", engine(b"HTTP/1.1 200 OK\r\n\r\nOK"))

    assert docker_answers()


@pytest.mark.parametrize(
    ("environment", "docker", "kind"),
    [
        ({}, True, Kind.DOCKER),
        ({}, False, Kind.EMBEDDED),
        (BOTH, True, Kind.URL),
        (BOTH, False, Kind.URL),
        ({"TEST_SERVERS": "auto", **BOTH}, True, Kind.URL),
        ({"TEST_SERVERS": "url", **BOTH}, True, Kind.URL),
        ({"TEST_SERVERS": "docker", **BOTH}, True, Kind.DOCKER),
        ({"TEST_SERVERS": "embedded", **BOTH}, True, Kind.EMBEDDED),
        ({"TEST_SERVERS": "embedded"}, False, Kind.EMBEDDED),
    ],
)
def test_addresses_come_before_docker_before_embedded(
    environment: dict[str, str], kind: Kind, *, docker: bool
) -> None:
    assert choose(environment, lambda: docker).kind is kind


@pytest.mark.parametrize(
    ("environment", "complaint"),
    [
        ({"TEST_SERVERS": "url"}, "TEST_POSTGRES_URL"),
        ({"TEST_SERVERS": "url", **POSTGRES}, "TEST_REDIS_URL"),
        (POSTGRES, "TEST_REDIS_URL"),
        (REDIS, "TEST_POSTGRES_URL"),
        ({"TEST_POSTGRES_URL": "postgresql://someone@db/postgres", **REDIS}, "postgresql://postgres:"),
        ({"TEST_SERVERS": "docker", **BOTH}, "no Docker engine answers"),
        ({"TEST_SERVERS": "podman"}, "none of auto, url, docker, embedded"),
    ],
)
def test_what_is_asked_for_and_impossible_is_an_error(environment: dict[str, str], complaint: str) -> None:
    with pytest.raises(pytest.UsageError, match=complaint):
        choose(environment, lambda: False)


def test_no_password_is_printed() -> None:
    chosen = choose(BOTH, lambda: False)

    assert chosen.why == "db:5432 and streams:6379 are given"


def test_testcontainers_has_what_the_docker_branch_imports() -> None:
    from testcontainers.community.postgres import PostgresContainer  # noqa: PLC0415
    from testcontainers.community.redis import RedisContainer  # noqa: PLC0415

    assert hasattr(PostgresContainer, "get_connection_url")
    assert hasattr(RedisContainer, "get_exposed_port")

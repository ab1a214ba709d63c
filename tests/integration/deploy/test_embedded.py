"""The servers from wheels: they keep data, come back, end with us, and are nobody's but ours."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import psycopg
import pytest
from redis import Redis

from deploy import keys, spawning
from deploy.embedded import Servers
from deploy.embedded_server import StartError


def eventually_gone(pids: list[int]) -> bool:
    ends_at = time.monotonic() + 120
    while any(spawning.is_alive(pid) for pid in pids) and time.monotonic() < ends_at:
        time.sleep(0.02)
    return not any(spawning.is_alive(pid) for pid in pids)


def write(servers: Servers, word: str) -> None:
    with psycopg.connect(servers.postgres.url) as sql:
        sql.execute("create table if not exists words (word text)")
        sql.execute("insert into words values (%s)", [word])
    with Redis.from_url(servers.redis.url) as redis:
        redis.xadd("events:words", {"word": word})


def words(servers: Servers) -> tuple[list[str], int]:
    """The words in PostgreSQL, and how many in the stream."""
    with psycopg.connect(servers.postgres.url) as sql:
        kept = [row[0] for row in sql.execute("select word from words order by word")]
    with Redis.from_url(servers.redis.url) as redis:
        return kept, redis.xlen("events:words")


def test_data_is_kept_from_start_to_start(tmp_path: Path) -> None:
    with Servers(tmp_path, durable=True) as servers:
        write(servers, "a")

    with Servers(tmp_path, durable=True) as servers:
        assert words(servers) == (["a"], 1)


def test_a_killed_server_comes_back_at_its_address_with_everything(own_servers: Servers) -> None:
    write(own_servers, "b")
    addresses = own_servers.postgres.url, own_servers.redis.url

    for server in (own_servers.postgres, own_servers.redis):
        server.kill()
        assert not server.runs
        server.start()

    assert "b" in words(own_servers)[0]
    assert (own_servers.postgres.url, own_servers.redis.url) == addresses


def test_what_ended_by_itself_is_started_again(own_servers: Servers) -> None:
    assert own_servers.start_ended() == []
    redis = own_servers.redis.pid
    assert redis

    os.kill(redis, signal.SIGKILL)
    while own_servers.redis.runs:
        time.sleep(0.01)

    assert own_servers.start_ended() == ["Valkey"]
    assert own_servers.redis.runs


def test_an_older_copy_of_the_folder_can_be_put_back(tmp_path: Path) -> None:
    with Servers(tmp_path / "servers", durable=False) as servers:
        write(servers, "early")
        servers.postgres.stop()
        shutil.copytree(servers.postgres.folder, tmp_path / "older")
        servers.postgres.start()
        write(servers, "late")
        servers.postgres.kill()
        shutil.rmtree(servers.postgres.folder)
        shutil.copytree(tmp_path / "older", servers.postgres.folder)
        servers.postgres.start()

        assert words(servers)[0] == ["early"]


def test_a_number_left_by_a_killed_server_stops_no_start(own_servers: Servers) -> None:
    own_servers.postgres.kill()
    left = own_servers.postgres.folder / "postmaster.pid"
    lines = left.read_text().splitlines()
    left.write_text("\n".join([str(os.getpid()), *lines[1:]]))

    own_servers.postgres.start()

    assert own_servers.postgres.runs


@pytest.mark.parametrize("thread", ["main", "other"])
def test_a_killed_parent_leaves_no_server(
    tmp_path: Path, support: Path, repository: Path, thread: str
) -> None:
    command: list[str | Path] = [sys.executable, support / "hold_servers.py", tmp_path, thread]
    environment = os.environ | {"PYTHONPATH": str(repository)}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as parent:
        assert parent.stdout
        pids = [int(word) for word in parent.stdout.readline().split()]
        assert len(pids) == 2
        assert all(spawning.is_alive(pid) for pid in pids)
        parent.kill()

    assert eventually_gone(pids)


def test_nothing_listens_beyond_the_loopback(own_servers: Servers) -> None:
    for pid in (own_servers.postgres.pid, own_servers.redis.pid):
        listening = [seen for seen in psutil.Process(pid).net_connections() if seen.status == "LISTEN"]
        assert [seen.laddr.ip for seen in listening] == ["127.0.0.1"]


def test_a_wrong_password_opens_nothing(own_servers: Servers) -> None:
    address = own_servers.postgres.address_of("postgres", "guessed", "postgres")

    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(address)


def test_the_database_sorts_by_bytes_on_every_machine(own_servers: Servers) -> None:
    with psycopg.connect(own_servers.postgres.url) as sql:
        row = sql.execute(
            "select datlocprovider, datlocale, pg_encoding_to_char(encoding), current_setting('fsync')"
            " from pg_database where datname = 'template1'"
        ).fetchone()

    assert row == ("b", "C.UTF-8", "UTF8", "on")


def test_a_server_that_cannot_start_says_why(tmp_path: Path) -> None:
    servers = Servers(tmp_path, durable=False)
    servers.postgres.folder.mkdir(mode=0o700)
    (servers.postgres.folder / "PG_VERSION").write_text("7\n")

    with pytest.raises(StartError, match=r"PostgreSQL did not start:\n.*(version 7|postgresql.conf)"):
        servers.postgres.start()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has to become nobody")
def test_root_becomes_nobody_even_without_a_namespace(
    tmp_path: Path, support: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # tmp_path is closed to everybody but root, as root's own home is.
    monkeypatch.setattr(spawning, "GUARD", support / "refused_namespace.py")

    with Servers(tmp_path, durable=False, secrets=keys.make()) as servers:
        assert servers.postgres.pid
        assert psutil.Process(servers.postgres.pid).username() == "nobody"
        write(servers, "c")
    monkeypatch.undo()

    with Servers(tmp_path, durable=False, secrets=servers.secrets) as servers:
        assert words(servers)[0] == ["c"]

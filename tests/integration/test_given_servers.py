"""Servers taken by their addresses serve as well as those that are started for the tests."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest
from redis import Redis
from redis.exceptions import AuthenticationError, NoPermissionError

from deploy import embedded
from deploy.keys import RECORDED
from deploy.migrate import migrate
from tests.servers import Given, choose


@pytest.fixture(scope="module")
def given(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Given]:
    """Servers that know nothing of the run but what their addresses say, migrated."""
    with embedded.Servers(tmp_path_factory.mktemp("given"), durable=False) as running:
        addresses = {"TEST_POSTGRES_URL": running.postgres.url, "TEST_REDIS_URL": running.redis.url}
        chosen = choose({"TEST_SERVERS": "url", **addresses}, lambda: False)
        with Given(chosen.postgres_url, chosen.redis_url) as servers:
            passwords = {name: servers.secrets[f"{name.upper()}_DB_PASSWORD"] for name in RECORDED}
            migrate(servers.postgres.url, passwords)
            yield servers


@pytest.mark.parametrize("service", RECORDED)
def test_each_service_signs_in_to_postgres(given: Given, service: str) -> None:
    password = given.secrets[f"{service.upper()}_DB_PASSWORD"]

    with psycopg.connect(given.postgres.address_of(service, password, "postgres")) as sql:
        row = sql.execute("select current_user, current_schema()").fetchone()

    assert row == (service, service)


@pytest.mark.parametrize("service", RECORDED)
def test_each_service_tells_on_its_own_stream_alone(given: Given, service: str) -> None:
    other = next(name for name in RECORDED if name != service)
    password = given.secrets[f"{service.upper()}_REDIS_PASSWORD"]

    with Redis.from_url(given.redis.address_of(service, password)) as redis:
        told = redis.xadd(f"events:{service}", {"type": "told"})

        assert told
        with pytest.raises(NoPermissionError):
            redis.xadd(f"events:{other}", {"type": "told"})


def test_the_superusers_password_is_the_one_given(given: Given) -> None:
    secret = given.secrets["POSTGRES_PASSWORD"]

    with psycopg.connect(given.postgres.address_of("postgres", secret, "postgres")) as sql:
        row = sql.execute("select rolsuper from pg_roles where rolname = current_user").fetchone()

    assert row == (True,)


def test_each_run_makes_the_logins_its_own(given: Given) -> None:
    earlier, password = Given(given.postgres.url, given.redis.url), "TRACING_REDIS_PASSWORD"
    addresses = [
        servers.redis.address_of("tracing", servers.secrets[password]) for servers in (earlier, given)
    ]

    with earlier, given, Redis.from_url(addresses[0]) as old, Redis.from_url(addresses[1]) as new:
        assert new.ping()
        with pytest.raises(AuthenticationError):
            old.ping()

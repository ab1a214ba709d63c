"""One installation on this machine: servers, secrets, tables and processes over a data folder."""

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from deploy import keys, topology
from deploy.data_folder import DataFolder, write_json
from deploy.embedded import Servers
from deploy.embedded_server import free_ports
from deploy.processes import Processes

DATABASE, KEYS_DATABASE = "vardekedjor", "vardekedjor_keys"
Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Installation:
    """A running installation."""

    servers: Servers
    processes: Processes
    services: Mapping[str, str]
    """The base address of each service's API, and of web."""


@contextmanager
def installed(
    folder: DataFolder, *, web_port: int, durable: bool = True, progress: Progress = lambda _: None
) -> Iterator[Installation]:
    """Everything running and ready; all of it ends on leaving, or with this process.

    `progress` is told each thing that is done.  Raises StartError or ProcessFailed.
    """
    secrets = keys.kept(folder.secrets)
    with Servers(folder.servers, durable=durable, secrets=secrets) as servers:
        progress("PostgreSQL and Valkey answer")
        prepare(servers)
        progress("the tables are up to date")
        ports = _ports(servers, web_port)
        write_json(folder.ports, ports)
        with Processes(placed(secrets, ports), folder.logs) as processes:
            for name in processes.names:
                processes.wait_ready([name])
                progress(f"{name} is ready")
            yield Installation(servers, processes, _services(processes, web_port))


def placed(secrets: Mapping[str, str], ports: Mapping[str, int]) -> list[topology.Process]:
    """The processes of a demo with these secrets and ports."""
    values = {**os.environ, **secrets, "DEMO": "1", "PUBLIC_URL": f"http://localhost:{ports['web']}"}
    return topology.place(topology.read(values), ports)


def prepare(servers: Servers) -> dict[str, list[str]]:
    """Databases, roles and tables; the names of the migrations applied now, by service."""
    # A second's work to import: whoever is refused before this is told at once.
    from deploy.migrate import create_database, migrate, migrate_keys  # noqa: PLC0415

    admin_urls = []
    for name in (DATABASE, KEYS_DATABASE):
        create_database(servers.postgres.url, name)
        admin_urls.append(servers.postgres.address_of("postgres", servers.secrets["POSTGRES_PASSWORD"], name))
    passwords = {service: servers.secrets[f"{service.upper()}_DB_PASSWORD"] for service in keys.RECORDED}
    applied = {"keys": migrate_keys(admin_urls[1], servers.secrets["KEYS_DB_PASSWORD"])}
    return applied | migrate(admin_urls[0], passwords, demo=True)


def _ports(servers: Servers, web_port: int) -> dict[str, int]:
    names = topology.our_processes(topology.read(servers.secrets))
    ports = dict(zip(names, free_ports(len(names)), strict=True))
    return ports | {"web": web_port, "postgres": servers.postgres.port, "redis": servers.redis.port}


def _services(processes: Processes, web_port: int) -> dict[str, str]:
    apis = {service: processes.address(f"{service}-api") for service in keys.RECORDED}
    # Browsers take a __Host- cookie without TLS from this name alone.
    return apis | {"web": f"http://localhost:{web_port}"}

"""Reads `docker-compose.yml`, the one description of what runs, for starting the same without Docker."""

import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parent.parent
COMPOSE = ROOT / "docker-compose.yml"
IMAGE = "vardekedjor"
"""The image of our own processes; everything else in the file is a server."""

_LOOPBACK = "127.0.0.1"
_VARIABLE = re.compile(r"\$(?:(?P<escaped>\$)|\{(?P<name>\w+)(?:(?P<rule>:?[-?])(?P<word>[^}]*))?\})")


class ValueMissing(LookupError):  # noqa: N818 - a noun in the trade
    """A value that the file requires was not given."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Process:
    """One process to start: its command and its whole environment, for 127.0.0.1."""

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str]
    port: int

    @property
    def address(self) -> str:
        return f"http://{_LOOPBACK}:{self.port}"


def read(values: Mapping[str, str], file: Path = COMPOSE) -> dict[str, Any]:
    """The file with every ${NAME} filled in as Compose does it; raises ValueMissing."""
    described: dict[str, Any] = _fill(yaml.safe_load(file.read_text()), values)
    return described


def our_processes(described: Mapping[str, Any]) -> list[str]:
    """The names of the processes that stay: our own, without the one that runs once."""
    services = described["services"]
    once = {
        awaited
        for service in services.values()
        for awaited, rule in service.get("depends_on", {}).items()
        if rule["condition"] == "service_completed_successfully"
    }
    return [name for name, service in services.items() if service["image"] == IMAGE and name not in once]


def place(described: Mapping[str, Any], ports: Mapping[str, int]) -> list[Process]:
    """Our processes on 127.0.0.1.

    `ports`: the port there of each of them and of each server, by its name in the file; every
    `name:port` of an address in an environment is replaced by it.
    """
    hosts = re.compile(rf"(?<=[/@])({'|'.join(map(re.escape, ports))}):\d+(?=[/,]|$)")

    def here(value: str) -> str:
        return hosts.sub(lambda found: f"{_LOOPBACK}:{ports[found[1]]}", value)

    placed = []
    for name in our_processes(described):
        service = described["services"][name]
        environment = {key: here(str(value)) for key, value in service["environment"].items()}
        at = {"UVICORN_HOST": _LOOPBACK, "UVICORN_PORT": str(ports[name])}
        command = _command(service["command"])
        placed.append(Process(name=name, command=command, environment=environment | at, port=ports[name]))
    return placed


def _command(words: list[str]) -> tuple[str, ...]:
    program, *rest = words
    return (sys.executable, *rest) if program == "python" else (sys.executable, "-m", program, *rest)


def _fill(node: Any, values: Mapping[str, str]) -> Any:
    if isinstance(node, dict):
        return {key: _fill(value, values) for key, value in node.items()}
    if isinstance(node, list):
        return [_fill(value, values) for value in node]
    if isinstance(node, str):
        return _VARIABLE.sub(lambda found: _value(found, values), node)
    return node


def _value(found: re.Match[str], values: Mapping[str, str]) -> str:
    """`:` takes an empty value for a missing one; `-` gives another, `?` refuses."""
    if found["escaped"]:
        return "$"
    value = values.get(found["name"])
    rule = found["rule"] or ""
    if value or (value is not None and not rule.startswith(":")):
        return value
    if rule.endswith("?"):
        raise ValueMissing(f"{found['name']} is not set: {found['word'] or 'see python3 dev.py secrets'}")
    return found["word"] or ""

"""Every process of `docker-compose.yml` is there and well, and a demo's clock can be moved."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from deploy import topology
from deploy.installation import Installation
from deploy.processes import Processes
from tests.e2e.api import Api
from tests.e2e.network import Network

APIS = ("organisations", "referrals", "notifications", "tracing")
SERVICES = (*APIS, "web")
ANSWERING = (*(f"{service}-api" for service in APIS), "web")
ROUTES: tuple[tuple[str, dict[str, Any] | None], ...] = (("clock", {"advance": "PT1H"}), ("settle", None))


@pytest.mark.parametrize("path", ["/health/live", "/health/ready", "/metrics"])
def test_every_process_is_well(installation: Installation, api: Api, path: str) -> None:
    named = topology.our_processes(topology.read(installation.servers.secrets))

    answers = {name: api.bare("GET", installation.processes.address(name) + path) for name in named}

    assert {name: answer.status_code for name, answer in answers.items()} == dict.fromkeys(named, 200)
    assert len(named) == 9


@pytest.mark.parametrize("service", SERVICES)
def test_any_service_answers_when_all_is_handled(api: Api, network: Network, service: str) -> None:
    answer = api.bare("POST", f"{api.services[service]}/demo/settle")

    assert answer.status_code == 200, answer.text


@pytest.mark.parametrize("service", SERVICES)
def test_any_service_moves_every_clock(api: Api, network: Network, service: str) -> None:
    before = clocks(api, network)

    answer = api.bare("POST", f"{api.services[service]}/demo/clock", {"advance": "PT1H"})

    assert answer.status_code == 200, answer.text
    moved = [after - at for after, at in zip(clocks(api, network), before, strict=True)]
    assert min(moved) >= timedelta(hours=1)
    assert max(moved) < timedelta(hours=2)


def clocks(api: Api, network: Network) -> list[datetime]:
    """The time at the two services that show it in an answer."""
    login = network.first.caseworker.login
    session = api.bare("POST", api.services["organisations"] + "/sessions", {"login": login}).json()
    person = {"given_name": "A", "family_name": "B", "birth_year": 1990, "language": "sv"}
    made = api.post("referrals", "/persons", login, {**person, "protected_identity": "no"})
    return [datetime.fromisoformat(said) for said in (session["ends_at"], made["created_at"])]


def test_without_a_demo_nobody_moves_a_clock(processes: Processes, api: Api) -> None:
    for name in ANSWERING:
        processes.stop(name)
        processes.start(name, DEMO="0")
    processes.wait_ready(ANSWERING)

    answers = {
        f"{name} {route}": api.bare("POST", f"{processes.address(name)}/demo/{route}", body).status_code
        for name in ANSWERING
        for route, body in ROUTES
    }

    assert answers == dict.fromkeys(answers, 404)
    for name in ANSWERING:
        processes.stop(name)

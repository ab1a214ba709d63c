"""Whatever is sent to any route, by its own, by others, by who administers: no fault, nothing foreign.

The requests are made up by schemathesis from each service's OpenAPI, half of them against its rules.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any

import pytest
import schemathesis
from httpx2 import Response
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import Case, GenerationMode
from schemathesis.core.result import Ok

from deploy.documents.openapi import api_of
from deploy.keys import RECORDED
from tests.integration.walls.lives import Life, Lives
from tests.integration.walls.test_foreign_ids import UUID_TEXT, thing

LONG = bool(os.environ.get("LONG"))
EXAMPLES = 100 if LONG else 1
MODES = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
SEED = 20261122
ENDLESS = "/notifications/live"

Request = Case[Any]


def cases(service: str) -> Iterator[Request]:
    """Requests for each route, the same ones in every run; of each mode, or else of either in turn."""
    routes = schemathesis.openapi.from_dict(api_of(service).openapi()).get_all_operations()
    for nth, found in enumerate(routes):
        assert isinstance(found, Ok)
        operation = found.ok()
        if operation.path != ENDLESS:
            for mode in MODES if LONG else MODES[nth % 2 :][:1]:
                yield from drawn(operation, mode)


def drawn(operation: Any, mode: GenerationMode) -> list[Request]:
    made: list[Request] = []

    @seed(SEED)
    @settings(
        max_examples=EXAMPLES, phases=[Phase.generate], database=None, suppress_health_check=list(HealthCheck)
    )
    @given(operation.as_strategy(mode))
    def draw(case: Request) -> None:
        made.append(case)

    # A route that asks for nothing cannot be asked wrongly.
    with suppress(Unsatisfiable):
        draw()
    return made


async def sent(lives: Lives, service: str, case: Request, token: str) -> Response:
    """As the case has it, but for what would stop it at the door."""
    request = case.as_transport_kwargs(base_url=lives.network.peers[service])
    known = {"Authorization": f"Bearer {token}", "Idempotency-Key": case.id, "If-Match": '"1"'}
    headers = {k: v for k, v in request.pop("headers").items() if k.lower() not in DROPPED} | known
    body = {
        {"data": "content"}.get(name, name): request[name] for name in ("json", "data") if name in request
    }
    return await lives.network.http.request(
        request["method"], request["url"], params=request.get("params"), headers=headers, **body
    )


DROPPED = {"authorization", "idempotency-key", "if-match", "connection", "content-length"}


def aimed(case: Request, things: Mapping[str, str]) -> Request:
    """The same request about something that exists."""
    real = {name: thing(things, name) for name in case.path_parameters}
    case.path_parameters = {**case.path_parameters, **real}
    return case


def askers(lives: Lives, service: str) -> Iterator[tuple[str, Life]]:
    """Own organisation, other organisation, who administers; each with the life whose ids are tried."""
    tokens = lives.ours.tokens()
    yield tokens["home"], lives.ours
    yield tokens["home"], lives.theirs
    # In the directory they may change whatever organisation.
    yield tokens["network"], lives.ours if service == "organisations" else lives.theirs


@pytest.mark.parametrize("service", RECORDED)
async def test_no_fault_and_nothing_foreign(lives: Lives, service: str) -> None:
    secret, before = lives.secrets(lives.theirs), lives.state(lives.theirs)
    wrong, tried = [], 0
    for case in cases(service):
        for token, life in askers(lives, service):
            answer = await sent(lives, service, aimed(case, lives.things(life, service)), token)
            tried += 1
            foreign = secret.intersection(UUID_TEXT.findall(answer.text))
            if answer.status_code >= 500 or (foreign and service != "tracing"):
                wrong.append(f"{answer.status_code} {sorted(foreign)}: {case.as_curl_command()}")

    assert wrong == [], f"seed {SEED}"
    assert tried > len(lives.ours.tokens())
    assert lives.state(lives.theirs) == before

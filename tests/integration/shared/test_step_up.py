"""A route that asks for a step-up, and how it says so."""

from __future__ import annotations

import time
from typing import Any

import pytest

from shared.actor import STEP_UP
from shared.events.base import Role
from shared.ids import new_id
from shared.step_up import FRESH
from shared.tokens import AUDIENCES, minted
from tests.integration.shared.probe import Probe, problem
from tests.network import Network, signing_key

LONG_AGO_S = int(FRESH.total_seconds())


def a_token(network: Network, role: Role, **more: Any) -> str:
    claims = {"iss": "organisations", "aud": [*AUDIENCES], "kind": "staff", "sub": str(new_id())}
    return minted(signing_key(network.servers), claims | {"roles": [role], **more}, seconds=600)


@pytest.mark.parametrize(
    ("more", "is_shown"),
    [
        ({}, False),
        ({"acr": STEP_UP, "auth_time": -LONG_AGO_S}, False),
        ({"acr": "weak", "auth_time": 0}, False),
        ({"acr": STEP_UP, "auth_time": 0}, True),
    ],
)
async def test_the_logs_are_shown_after_a_step_up_alone(
    probe: Probe, network: Network, more: dict[str, Any], *, is_shown: bool
) -> None:
    if "auth_time" in more:
        more = more | {"auth_time": int(time.time()) + more["auth_time"]}

    answer = await probe.call("GET", "/secrets", token=a_token(network, Role.LOG_REVIEWER, **more))

    if is_shown:
        assert (answer.status_code, answer.json()) == (200, {"shown": True})
        return
    assert problem(answer) == (401, "step-up-needed")
    assert answer.headers["WWW-Authenticate"] == (
        'Bearer error="insufficient_user_authentication", acr_values="step-up", max_age=300'
    )


async def test_a_role_that_may_not_is_not_asked_to_step_up(probe: Probe, network: Network) -> None:
    answer = await probe.call("GET", "/secrets", token=a_token(network, Role.CASEWORKER))

    assert problem(answer) == (403, "role-missing")

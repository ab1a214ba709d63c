"""What is told and what is handled are two things: a process is stopped or killed between them."""

from __future__ import annotations

import time

import pytest

from deploy.processes import Processes
from tests.e2e.api import Api, eventually
from tests.e2e.network import Network
from tests.e2e.story import Story, handled_by

SENT = "referral.sent.v1"
AWAY_S = 3


@pytest.fixture
def story(api: Api, network: Network) -> Story:
    return Story(api, network.first, network.second)


def test_the_trace_knows_who_has_not_handled_it_yet(story: Story, processes: Processes) -> None:
    processes.stop("notifications-worker")
    story.play_until_sent()
    told = eventually(story.trace, lambda steps: "tracing" in handled_by(steps.get(SENT)))

    ends_at = time.monotonic() + AWAY_S
    while time.monotonic() < ends_at:
        assert "notifications" not in handled_by(told[SENT])
        assert told[SENT]["waiting"] == ["notifications"]
        told = story.trace()
    assert story.notices(story.receiver.recipient.login) == []

    processes.start("notifications-worker")
    handled = eventually(story.trace, lambda steps: "notifications" in handled_by(steps[SENT]))
    assert handled[SENT]["waiting"] == []
    assert story.notices(story.receiver.recipient.login) == ["referral_sent"]


@pytest.mark.parametrize("name", ["referrals-worker", "notifications-worker", "tracing-worker"])
def test_a_killed_worker_comes_back_and_delivery_goes_on(
    story: Story, processes: Processes, name: str
) -> None:
    killed = processes.pid(name)

    processes.kill(name)
    story.play_until_sent()

    eventually(story.trace, lambda steps: {"notifications", "tracing"} <= handled_by(steps.get(SENT)))
    assert story.notices(story.receiver.recipient.login) == ["referral_sent"]
    processes.wait_ready([name])
    assert processes.pid(name) not in {None, killed}


def test_a_killed_api_comes_back_with_everything_it_answered(story: Story, processes: Processes) -> None:
    story.play_until_sent()

    processes.kill("referrals-api")
    processes.wait_ready(["referrals-api"])

    assert story.id in story.inbox()
    story.open()
    assert len(story.read("/disclosure").json()["items"]) == 3

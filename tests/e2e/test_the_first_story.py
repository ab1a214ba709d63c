"""The first referral travels, from each of two organisations to the other."""

from __future__ import annotations

import json
from operator import itemgetter
from typing import Any

import httpx2
import pytest

from shared.ids import new_id
from tests.e2e.api import Api, eventually
from tests.e2e.network import Network
from tests.e2e.story import Story, handled_by

READS = ("", "/card", "/disclosure", "/timeline", "/preview")
LISTENERS = {"notifications", "tracing"}


@pytest.fixture(params=["there", "and back"])
def story(request: pytest.FixtureRequest, api: Api, network: Network) -> Story:
    """A referral of the one organisation to the other, and then crosswise."""
    both = [network.first, network.second]
    sender, receiver = both if request.param == "there" else reversed(both)
    return Story(api, sender, receiver)


by_field = itemgetter("field")


def seen(answer: httpx2.Response) -> tuple[int, bytes, dict[str, str]]:
    """What a stranger can see of an answer; the date and the request's id are always new."""
    headers = {
        name: value for name, value in answer.headers.items() if name not in {"date", "x-correlation-id"}
    }
    return answer.status_code, answer.content, headers


def test_a_referral_is_sent_opened_and_accepted(story: Story) -> None:
    story.draft()
    assert story.read().status_code == 404, "the receiver knows nothing of a draft"
    story.consent()
    story.send()

    assert story.id in story.inbox()
    assert story.read("/disclosure").status_code == 409
    story.open()
    disclosure = story.read("/disclosure").json()
    story.accept()

    assert sorted(disclosure["items"], key=by_field) == story.person.items
    assert story.referral["state"] == "accepted"
    assert story.referral["to_staff_id"] == story.receiver.recipient.id


def test_both_sides_are_told(story: Story) -> None:
    story.play_until_sent()
    eventually(lambda: story.notices(story.receiver.recipient.login), lambda kinds: "referral_sent" in kinds)
    story.open()
    story.accept()

    eventually(
        lambda: story.notices(story.sender.caseworker.login), lambda kinds: "referral_accepted" in kinds
    )


def test_the_trace_shows_when_and_by_whom_it_was_handled_and_no_name(story: Story) -> None:
    story.play_until_sent()
    story.open()
    story.accept()

    def all_handled(steps: dict[str, dict[str, Any]]) -> bool:
        return (
            handled_by(steps.get("referral.sent.v1")) & handled_by(steps.get("referral.accepted.v1"))
            >= LISTENERS
        )

    steps = eventually(story.trace, all_handled)

    words = json.dumps(steps, ensure_ascii=False)
    person, sides = story.person, (story.sender, story.receiver)
    names = [person.given_name, person.family_name, person.phone, *sides[0].names, *sides[1].names]
    assert [name for name in names if name in words] == []
    assert steps["referral.sent.v1"]["by_organisation_id"] == story.sender.organisation_id
    assert steps["referral.accepted.v1"]["by_organisation_id"] == story.receiver.organisation_id
    assert steps["referral.sent.v1"]["told_at"] < steps["referral.accepted.v1"]["told_at"]


def test_after_a_withdrawal_the_very_next_read_is_refused_and_the_trace_says_so(story: Story) -> None:
    story.play_until_sent()
    story.open()
    assert story.read("/disclosure").status_code == 200

    story.withdraw()
    refused = story.read("/disclosure")

    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/consent-ended")
    assert story.person.given_name not in refused.text
    eventually(
        story.trace,
        lambda steps: {"consent.withdrawn.v1", "referral.consent_lost.v1"} <= steps.keys(),
    )
    eventually(lambda: story.notices(story.receiver.recipient.login), lambda kinds: "sharing_ended" in kinds)


@pytest.mark.parametrize("withdrawn", [False, True], ids=["living", "withdrawn"])
def test_to_a_stranger_it_is_as_if_it_were_not(
    api: Api,
    network: Network,
    withdrawn: bool,  # noqa: FBT001 - a parameter
) -> None:
    story = Story(api, network.first, network.second)
    story.play_until_sent()
    story.open()
    if withdrawn:
        story.withdraw()

    for stranger in (network.stranger.caseworker.login, network.stranger.recipient.login):
        for what in READS:
            foreign = story.read(what, stranger)
            unknown = api.call("referrals", "GET", f"/referrals/{new_id()}{what}", stranger)
            assert seen(foreign) == seen(unknown), what


def test_a_person_who_was_not_referred_is_unknown_to_the_other_side(api: Api, network: Network) -> None:
    story = Story(api, network.first, network.second)
    story.draft()

    assert story.read().status_code == 404
    assert story.id not in story.inbox()
    assert story.person.given_name not in story.read("", network.second.recipient.login).text

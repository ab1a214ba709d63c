"""Notices of the whole life of a referral reach the side that they are for, and no other."""

from __future__ import annotations

from shared.events.base import Role
from shared.events.referrals import Party, Stage
from tests.integration.notifications.telling import Referral, tell
from tests.network import Network


async def kinds(network: Network, token: str) -> list[str]:
    """What the reader has been told, by the alphabet: notices of one millisecond have no order."""
    answer = await network.call("notifications", "GET", "/notifications", token=token)
    assert answer.status_code == 200, answer.text
    return sorted(notice["kind"] for notice in answer.json()["items"])


async def test_a_silence_reaches_the_side_that_owes_and_then_the_sender(
    network: Network, referral: Referral, club_token: str, city_token: str
) -> None:
    async with network.delivered():
        await tell(
            network,
            referral,
            *(referral.overdue(Party.RECEIVER, stage) for stage in (Stage.REMINDER, Stage.TEAM_LEAD)),
        )
    assert await kinds(network, club_token) == ["referral_due", "referral_late"]
    assert await kinds(network, city_token) == []

    async with network.delivered():
        await tell(network, referral, referral.overdue(Party.RECEIVER, Stage.COORDINATOR))
    assert await kinds(network, club_token) == ["referral_due", "referral_late"]
    assert await kinds(network, city_token) == ["referral_stalled"]


async def test_the_sending_team_s_lead_reads_that_its_own_side_is_late(
    network: Network, referral: Referral, club_token: str
) -> None:
    lead = network.token(Role.TEAM_LEAD, org=referral.city, team=referral.city_team)

    async with network.delivered():
        await tell(network, referral, referral.overdue(Party.SENDER, Stage.TEAM_LEAD))

    assert await kinds(network, lead) == ["referral_late"]
    assert await kinds(network, club_token) == []


async def test_what_one_side_reopened_the_other_side_is_told(
    network: Network, referral: Referral, club_token: str, city_token: str
) -> None:
    async with network.delivered():
        await tell(network, referral, referral.reopened(Party.RECEIVER))
    assert (await kinds(network, city_token), await kinds(network, club_token)) == (["referral_reopened"], [])

    async with network.delivered():
        await tell(network, referral, referral.reopened(Party.SENDER))
    assert await kinds(network, city_token) == ["referral_reopened"]
    assert await kinds(network, club_token) == ["referral_reopened"]


async def test_what_was_made_in_error_is_told_only_to_a_team_that_knew_of_it(
    network: Network, referral: Referral, club_token: str
) -> None:
    another = Referral(club=referral.club, club_team=referral.club_team)
    async with network.delivered():
        await tell(network, referral, referral.marked_in_error())
        await tell(network, another, another.sent(), another.marked_in_error())

    assert await kinds(network, club_token) == ["referral_sent", "sharing_ended"]


async def test_her_own_no_is_told_to_her_home_without_a_referral(
    network: Network, referral: Referral, club_token: str
) -> None:
    colleague = network.token(Role.CASEWORKER, org=referral.city, team=referral.city_team)
    async with network.delivered():
        await tell(network, referral, *referral.own_no())

    answer = await network.call("notifications", "GET", "/notifications", token=colleague)

    told = {(one["kind"], one["referral_id"], one["path_id"]) for one in answer.json()["items"]}
    path = str(referral.path_id)
    assert told == {("step_refused", None, path), ("step_wanted", None, path)}
    assert await kinds(network, club_token) == []

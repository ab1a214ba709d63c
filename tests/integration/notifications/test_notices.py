"""Who finds which notice in the list, and what can be done with it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import psycopg
from psycopg.rows import dict_row

from deploy.embedded import Servers
from shared.events.base import Role, Urgency
from shared.ids import new_id
from tests.integration.notifications.telling import Referral, tell
from tests.network import Network


async def notices(network: Network, token: str, query: str = "") -> list[dict[str, Any]]:
    answer = await network.call("notifications", "GET", f"/notifications{query}", token=token)
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


def as_superuser(servers: Servers, network: Network) -> psycopg.Connection[dict[str, Any]]:
    address = servers.postgres.address_of("postgres", servers.secrets["POSTGRES_PASSWORD"], network.database)
    return psycopg.connect(address, autocommit=True, row_factory=dict_row)


async def test_the_receiving_team_is_told_of_a_referral_and_nobody_else(
    network: Network, referral: Referral, club_token: str, city_token: str
) -> None:
    other_team = network.token(Role.RECIPIENT, org=referral.club, team=new_id())
    same_team_elsewhere = network.token(Role.RECIPIENT, org=new_id(), team=referral.club_team)

    async with network.delivered():
        await tell(network, referral, referral.sent(Urgency.URGENT))

    [notice] = await notices(network, club_token)
    told = {
        name: notice[name] for name in ("kind", "text_key", "urgency", "referral_id", "path_id", "read_at")
    }
    assert told == {
        "kind": "referral_sent",
        "text_key": "notice.referral_sent",
        "urgency": "urgent",
        "referral_id": str(referral.id),
        "path_id": str(referral.path_id),
        "read_at": None,
    }
    for token in (city_token, other_team, same_team_elsewhere):
        assert await notices(network, token) == []


async def test_the_caseworker_who_sent_is_told_that_it_was_accepted(
    network: Network, referral: Referral, city_token: str
) -> None:
    colleague = network.token(Role.CASEWORKER, org=referral.city, team=referral.city_team)

    async with network.delivered():
        await tell(network, referral, referral.sent(), referral.accepted())

    assert [notice["kind"] for notice in await notices(network, city_token)] == ["referral_accepted"]
    assert await notices(network, colleague) == []


async def test_both_sides_are_told_that_a_hand_over_has_ended_and_neither_why(
    network: Network, referral: Referral, club_token: str, city_token: str
) -> None:
    async with network.delivered():
        await tell(network, referral, referral.sent())
    async with network.delivered():
        await tell(network, referral, referral.consent_withdrawn(), referral.consent_lost())

    at_the_club = {notice["kind"] for notice in await notices(network, club_token)}
    assert at_the_club == {"referral_sent", "referral_ended", "sharing_ended"}
    assert [notice["kind"] for notice in await notices(network, city_token)] == ["referral_ended"]


async def test_a_team_does_not_learn_of_a_referral_that_never_reached_it(
    network: Network, referral: Referral, club_token: str, city_token: str
) -> None:
    async with network.delivered():
        await tell(network, referral, referral.consent_withdrawn(), referral.consent_lost())

    assert await notices(network, club_token) == []
    assert [notice["kind"] for notice in await notices(network, city_token)] == ["referral_ended"]


async def test_each_notice_is_told_once_even_if_the_listener_is_set_back(
    network: Network, servers: Servers, referral: Referral, club_token: str
) -> None:
    async with network.delivered():
        await tell(network, referral, referral.sent())
    before = await notices(network, club_token)

    await network.stop_worker("notifications")
    with as_superuser(servers, network) as admin:
        admin.execute("update notifications.positions set seq = 0, hash = decode(repeat('00', 32), 'hex')")
    network.start_worker("notifications")
    await network.settle()

    assert await notices(network, club_token) == before
    with as_superuser(servers, network) as admin:
        told = admin.execute("select body from notifications.log").fetchall()
    assert [row["body"]["notice_id"] for row in told] == [before[0]["id"]]


async def test_a_notice_about_an_old_event_is_stored_and_not_sent(
    network: Network, servers: Servers, referral: Referral, club_token: str
) -> None:
    await network.stop_worker("notifications")
    await tell(network, referral, referral.sent())
    with as_superuser(servers, network) as admin:
        admin.execute("update notifications.clock set shift = interval '61 minutes'")
    network.start_worker("notifications")
    await network.settle()

    assert [notice["kind"] for notice in await notices(network, club_token)] == ["referral_sent"]
    with as_superuser(servers, network) as admin:
        assert admin.execute("select live from notifications.notices").fetchall() == [{"live": False}]
        assert admin.execute("select from notifications.live_notices").fetchall() == []


async def test_the_newest_comes_first_and_pages_follow_without_repeating(
    network: Network, referral: Referral, club_token: str
) -> None:
    for _ in range(5):
        another = Referral(club=referral.club, club_team=referral.club_team)
        async with network.delivered():
            await tell(network, another, another.sent())
    everything = await notices(network, club_token)

    seen, after = [], ""
    while True:
        page = (
            await network.call("notifications", "GET", f"/notifications?limit=2{after}", token=club_token)
        ).json()
        seen += page["items"]
        if page["next"] is None:
            break
        after = f"&after={page['next']}"

    assert seen == everything
    assert [notice["at"] for notice in seen] == sorted((notice["at"] for notice in seen), reverse=True)


async def test_a_notice_is_read_once_for_the_whole_team(
    network: Network, referral: Referral, club_token: str
) -> None:
    colleague = network.token(Role.TEAM_LEAD, org=referral.club, team=referral.club_team)
    async with network.delivered():
        await tell(network, referral, referral.sent())
    [notice] = await notices(network, club_token)
    path = f"/notifications/{notice['id']}/read"

    first = await network.call("notifications", "POST", path, token=club_token)
    again = await network.call("notifications", "POST", path, token=colleague)

    assert (first.status_code, again.status_code) == (200, 200)
    assert first.json()["read_at"] is not None
    assert again.json() == first.json()
    assert await notices(network, colleague, "?unread=true") == []
    count = await network.call("notifications", "GET", "/notifications/count", token=colleague)
    assert count.json() == {"unread": 0}


async def test_another_s_notice_answers_as_an_unknown_one(
    network: Network, referral: Referral, club_token: str, city_token: str
) -> None:
    async with network.delivered():
        await tell(network, referral, referral.sent())
    [notice] = await notices(network, club_token)

    foreign = await network.call(
        "notifications", "POST", f"/notifications/{notice['id']}/read", token=city_token
    )
    unknown = await network.call("notifications", "POST", f"/notifications/{new_id()}/read", token=city_token)

    assert foreign.status_code == unknown.status_code == 404
    assert foreign.json() == unknown.json()
    assert (await notices(network, club_token))[0]["read_at"] is None


async def test_the_database_itself_shows_an_organisation_its_own_notices_alone(
    network: Network, servers: Servers, referral: Referral
) -> None:
    async with network.delivered():
        await tell(network, referral, referral.sent(), referral.accepted())

    def seen_by(organisation: UUID | None) -> list[str]:
        with psycopg.connect(network.settings("notifications").database_url) as service:
            service.execute("select set_config('app.org', %s, true)", [str(organisation or "")])
            return [row[0] for row in service.execute("select kind from notices")]

    assert seen_by(referral.club) == ["referral_sent"]
    assert seen_by(referral.city) == ["referral_accepted"]
    assert seen_by(None) == []


async def test_a_person_or_a_stranger_is_no_reader_of_notices(network: Network) -> None:
    person = network.token(Role.PERSON, kind="person")

    for path in ("/notifications", "/notifications/count", "/notifications/live"):
        refused = await network.call("notifications", "GET", path, token=person)
        unknown = await network.call("notifications", "GET", path, token="none")

        assert (refused.status_code, refused.json()["type"]) == (403, "/problems/role-missing")
        assert (unknown.status_code, unknown.json()["type"]) == (401, "/problems/unauthenticated")

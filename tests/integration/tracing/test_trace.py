"""One path's trace: what was told, and which service has handled it when."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import psycopg
from psycopg.rows import dict_row
from redis import Redis

from deploy.embedded import Servers
from shared.events.base import Role
from shared.hops import STREAM as HOPS
from shared.hops import Hop
from shared.ids import new_id
from tests.conftest import StartNetwork
from tests.integration.notifications.telling import Referral, tell
from tests.integration.tracing.asking import Step, by, handled_at, trace, trace_when
from tests.network import Network

STEP_FIELDS = {"seq", "stream", "type", "told_at", "by_organisation_id", "handled", "waiting"}


def is_handled_by_all(steps: list[Step]) -> bool:
    return bool(steps) and all(
        not step["waiting"] and step["handled"] and all(each["at"] for each in step["handled"])
        for step in steps
    )


async def test_a_trace_tells_in_order_what_was_told_and_who_has_handled_it_when(
    network: Network, referral: Referral, admin_token: str
) -> None:
    other = Referral()
    await tell(network, other, other.sent())
    async with network.delivered():
        await tell(network, referral, referral.path_opened(), referral.sent())
        await tell(network, referral, referral.accepted())

    steps = await trace_when(network, referral.path_id, admin_token, is_handled_by_all)

    referrals = [step for step in steps if step["stream"] == "events:referrals"]
    assert [step["type"] for step in referrals] == [
        "path.opened.v1",
        "referral.sent.v1",
        "referral.accepted.v1",
    ]
    assert [step["type"] for step in steps].count("notice.stored.v1") == 2
    assert [step["told_at"] for step in steps] == sorted(step["told_at"] for step in steps)
    for step in referrals:
        assert step["by_organisation_id"] == str(referral.city)
        assert [each["service"] for each in step["handled"]] == ["notifications", "tracing"]
        assert all(each["at"] >= step["told_at"] and not each["parked"] for each in step["handled"])


async def test_a_trace_says_nothing_of_anybody(
    network: Network, referral: Referral, admin_token: str
) -> None:
    async with network.delivered():
        await tell(network, referral, referral.sent())

    for step in await trace(network, referral.path_id, admin_token):
        assert step.keys() == STEP_FIELDS
        assert str(referral.caseworker) not in str(step)
        assert datetime.fromisoformat(step["told_at"]).utcoffset() is not None
        assert step["told_at"].endswith("Z")


async def test_what_is_told_is_not_handled_before_it_has_been(
    network: Network, referral: Referral, admin_token: str
) -> None:
    await network.stop_worker("notifications")
    await tell(network, referral, referral.sent())

    [step] = await trace_when(
        network,
        referral.path_id,
        admin_token,
        lambda steps: [step["waiting"] for step in steps] == [["notifications"]],
    )
    assert (step["type"], by(step, "notifications")) == ("referral.sent.v1", None)

    network.start_worker("notifications")
    steps = await trace_when(network, referral.path_id, admin_token, is_handled_by_all)
    told, handled = steps[0]["told_at"], handled_at(steps[0], "notifications")
    assert handled is not None
    assert handled > told


async def test_a_parked_step_shows_until_a_redrive_has_handled_it(
    network: Network, servers: Servers, referral: Referral, admin_token: str
) -> None:
    address = servers.postgres.address_of("postgres", servers.secrets["POSTGRES_PASSWORD"], network.database)
    with psycopg.connect(address, autocommit=True) as superuser:
        superuser.execute(
            "alter table notifications.notices add constraint poison check (kind <> 'referral_sent')"
        )
        async with network.delivered():
            await tell(network, referral, referral.sent(), referral.accepted())

        steps = await trace_when(
            network, referral.path_id, admin_token, lambda steps: len(steps) == 2 and not steps[0]["waiting"]
        )
        assert [by(step, "notifications") for step in steps] == [
            {"service": "notifications", "at": None, "parked": True}
        ] * 2

        superuser.execute("alter table notifications.notices drop constraint poison")
    redrive = f"/operations/parked/notifications/{referral.path_id}/redrive"
    answer = await network.call("tracing", "POST", redrive, token=admin_token)
    assert (answer.status_code, answer.json()) == (200, {"left": 0})
    await network.settle()

    steps = await trace_when(network, referral.path_id, admin_token, is_handled_by_all)
    assert len(steps) == 4


async def test_of_a_service_that_is_away_the_trace_says_what_its_hops_know(
    start_network: StartNetwork, servers: Servers, referral: Referral
) -> None:
    network = await start_network()
    network.peers["notifications"] = "http://127.0.0.1:9"
    await network.start(["referrals", "tracing"])
    token = network.token(Role.NETWORK_ADMIN)
    async with network.delivered():
        await tell(network, referral, referral.sent(), referral.accepted())
    [first, second] = await trace(network, referral.path_id, token)
    assert (first["waiting"], second["waiting"]) == ([], [])

    at = datetime.fromisoformat(first["told_at"])
    with Redis.from_url(servers.redis.url) as redis:
        redis.xadd(HOPS, Hop("notifications", first["stream"], 1, first["seq"], at).fields())

    [first, second] = await trace_when(
        network,
        referral.path_id,
        token,
        lambda steps: bool(steps) and by(steps[0], "notifications") is not None,
    )
    assert handled_at(first, "notifications") == first["told_at"]
    assert second["waiting"] == ["notifications"]


async def test_pages_of_a_trace_follow_without_repeating(
    network: Network, referral: Referral, admin_token: str
) -> None:
    async with network.delivered():
        await tell(network, referral, referral.path_opened(), referral.sent(), referral.accepted())
    everything = await trace(network, referral.path_id, admin_token)

    seen, after = [], ""
    while True:
        path = f"/paths/{referral.path_id}/trace?limit=2{after}"
        page = (await network.call("tracing", "GET", path, token=admin_token)).json()
        seen += [(step["stream"], step["seq"]) for step in page["items"]]
        if page["next"] is None:
            break
        after = f"&after={page['next']}"

    assert seen == [(step["stream"], step["seq"]) for step in everything]


async def test_a_party_of_the_path_gets_the_answer_for_an_unknown_one(
    network: Network, referral: Referral, admin_token: str
) -> None:
    async with network.delivered():
        await tell(network, referral, referral.sent())
    party = network.token(Role.CASEWORKER, id=referral.caseworker, org=referral.city, team=referral.city_team)
    person = network.token(Role.PERSON, kind="person")

    async def asked(path_id: UUID, token: str) -> tuple[int, object]:
        answer = await network.call("tracing", "GET", f"/paths/{path_id}/trace", token=token)
        return answer.status_code, answer.json()

    unknown = await asked(new_id(), admin_token)
    assert unknown[0] == 404
    assert await asked(referral.path_id, party) == unknown
    assert await asked(referral.path_id, person) == unknown
    assert (await asked(referral.path_id, "none"))[0] == 401


async def test_a_coordinator_of_any_organisation_sees_traces(network: Network, referral: Referral) -> None:
    async with network.delivered():
        await tell(network, referral, referral.sent())

    assert await trace(network, referral.path_id, network.token(Role.COORDINATOR, org=new_id()))


async def test_the_paths_are_listed_with_the_latest_activity_first(
    network: Network, admin_token: str
) -> None:
    first, second = Referral(), Referral()
    async with network.delivered():
        await tell(network, first, first.path_opened())
        await tell(network, second, second.path_opened())
        await tell(network, first, first.sent())

    listed = (await network.call("tracing", "GET", "/paths?limit=1", token=admin_token)).json()
    rest = (await network.call("tracing", "GET", f"/paths?after={listed['next']}", token=admin_token)).json()

    assert [path["path_id"] for path in listed["items"] + rest["items"]] == [
        str(first.path_id),
        str(second.path_id),
    ]
    assert rest["items"][0] == {
        "path_id": str(second.path_id),
        "first_at": rest["items"][0]["last_at"],
        "last_at": rest["items"][0]["last_at"],
        "steps": 1,
        "by_organisation_id": str(second.city),
    }
    # Opened, sent, and the receiver's notice.
    assert listed["items"][0]["steps"] == 3


async def test_a_trace_made_again_from_the_logs_is_the_same(
    network: Network, servers: Servers, referral: Referral
) -> None:
    async with network.delivered():
        await tell(network, referral, referral.sent(), referral.accepted())
    address = servers.postgres.address_of("postgres", servers.secrets["POSTGRES_PASSWORD"], network.database)

    with psycopg.connect(address, autocommit=True, row_factory=dict_row) as superuser:
        every_step = "select * from tracing.steps order by stream, seq"
        before = superuser.execute(every_step).fetchall()
        await network.stop_worker("tracing")
        superuser.execute("delete from tracing.steps")
        superuser.execute("update tracing.positions set seq = 0, hash = decode(repeat('00', 32), 'hex')")
        network.start_worker("tracing")
        await network.settle()
        after = superuser.execute(every_step).fetchall()

    assert len(before) == 4
    assert after == before

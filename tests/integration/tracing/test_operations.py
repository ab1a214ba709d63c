"""How the streams stand, as the network's admin sees it."""

from __future__ import annotations

from shared.events.base import Role
from shared.ids import new_id
from tests.conftest import StartNetwork
from tests.integration.notifications.telling import Referral, tell
from tests.network import Network


async def test_operations_shows_heads_positions_and_lag(
    network: Network, referral: Referral, admin_token: str
) -> None:
    await network.stop_worker("notifications")
    async with network.delivered():
        await tell(network, referral, referral.sent(), referral.accepted())

    shown = (await network.call("tracing", "GET", "/operations", token=admin_token)).json()

    [referrals] = [stream for stream in shown["streams"] if stream["stream"] == "events:referrals"]
    assert (referrals["teller"], referrals["head"], referrals["untold"]) == ("referrals", 2, 0)
    assert referrals["listeners"] == [
        {"service": "notifications", "position": 0, "lag": 2, "parked": 0},
        {"service": "tracing", "position": 2, "lag": 0, "parked": 0},
    ]
    assert shown["parked"] == []
    assert shown["away"] == ["organisations"]


async def test_a_redrive_answers_what_the_service_answers_and_404_where_there_is_none(
    network: Network, admin_token: str
) -> None:
    idle, unknown = f"/operations/parked/notifications/{new_id()}", f"/operations/parked/web/{new_id()}"

    answer = await network.call("tracing", "POST", f"{idle}/redrive", token=admin_token)
    none = await network.call("tracing", "POST", f"{unknown}/redrive", token=admin_token)

    assert (answer.status_code, answer.json()) == (200, {"left": 0})
    assert none.status_code == 404


async def test_a_redrive_at_a_service_that_is_away_can_be_tried_again(start_network: StartNetwork) -> None:
    network = await start_network()
    network.peers["notifications"] = "http://127.0.0.1:9"
    await network.start(["tracing"])
    path = f"/operations/parked/notifications/{new_id()}/redrive"

    answer = await network.call("tracing", "POST", path, token=network.token(Role.NETWORK_ADMIN))

    assert (answer.status_code, answer.json()["type"]) == (503, "/problems/unavailable")


async def test_operations_are_for_the_network_s_admin_and_flows_for_coordinators_too(
    network: Network,
) -> None:
    coordinator, caseworker = network.token(Role.COORDINATOR), network.token(Role.CASEWORKER, org=new_id())
    redrive = f"/operations/parked/notifications/{new_id()}/redrive"

    for token, method, path, status in (
        (coordinator, "GET", "/paths", 200),
        (coordinator, "GET", "/operations", 403),
        (coordinator, "POST", redrive, 403),
        (caseworker, "GET", "/paths", 403),
        (caseworker, "GET", "/operations", 403),
    ):
        answer = await network.call("tracing", method, path, token=token)

        assert answer.status_code == status, path

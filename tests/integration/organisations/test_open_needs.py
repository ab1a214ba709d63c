"""A home does not rest while it has needs; what is written in the same moment is seen by who can help."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from services.organisations.main import SERVICE
from shared.actor import service_actor
from shared.database import Database
from shared.events.base import Area, NeedCode, Theme, Urgency
from shared.events.paths import NeedStated
from shared.ids import new_id
from shared.rebuild import rebuild
from tests.conftest import StartNetwork
from tests.integration.organisations.directory import Directory, House, Member
from tests.integration.referrals.world import person_body
from tests.network import Network

NEED = {"code": "language", "theme": "individual", "area": "B041", "urgency": "normal"}


@pytest.fixture
async def network(start_network: StartNetwork) -> Network:
    return await start_network("organisations", "referrals")


class Home:
    """An organisation that writes needs down, and rests."""

    def __init__(self, directory: Directory, house: House, caseworker: Member) -> None:
        self._directory, self._network = directory, directory.network
        self.house, self._caseworker = house, caseworker

    async def ask(self, path: str, body: dict[str, Any], **more: Any) -> Any:
        token = self._caseworker.token
        answer = await self._network.call("referrals", "POST", path, token=token, json=body, **more)
        return answer.status_code, answer.json()

    async def a_path(self) -> str:
        _, person = await self.ask("/persons", person_body())
        _, path = await self.ask("/paths", {"person_id": person["id"], "goal": "Eget jobb"})
        return str(path["id"])

    async def rest(self, status: str) -> tuple[int, dict[str, Any]]:
        """Ask to pause, close or open again, once everybody has heard everything."""
        await self._network.settle()
        path, token = f"/organisations/{self.house.id}", self.house.admin.token
        version = (await self._directory.get(path, token)).json()["version"]
        answer = await self._directory.patch(path, token, version=version, status=status)
        await self._network.settle()
        return answer.status_code, answer.json()


@pytest.fixture
async def home(network: Network) -> Home:
    directory = Directory(network)
    house = await directory.a_house("social_services")
    caseworker = await directory.a_member(house.admin.token, house.id, "caseworker", team_id=house.team_id)
    await network.settle()
    return Home(directory, house, caseworker)


async def test_a_home_rests_once_its_needs_are_seen_to_and_then_takes_none(home: Home) -> None:
    path_id = await home.a_path()
    _, need = await home.ask("/needs", {"path_id": path_id, **NEED})

    refused = await home.rest("closed")
    done = {"as": "met", "sentence": "Du har fått det du behövde."}
    _, closed = await home.ask(f"/needs/{need['id']}/close", done, version=need["version"])
    rests = await home.rest("paused")
    late = await home.ask("/needs", {"path_id": path_id, **NEED})
    again = await home.ask(
        f"/needs/{need['id']}/reopen", {"reason": "Inte klart."}, version=closed["version"]
    )

    assert (refused[0], refused[1]["type"], refused[1]["needs"]) == (409, "/problems/needs-open", 1)
    assert (rests[0], rests[1]["status"]) == (200, "paused")
    assert [(status, body["type"]) for status, body in (late, again)] == [(409, "/problems/home-rests")] * 2
    assert (await home.rest("active"))[0] == 200
    assert (await home.ask("/needs", {"path_id": path_id, **NEED}))[0] == 201


async def test_what_was_written_in_the_same_moment_is_seen_and_a_rebuild_sees_the_same(
    home: Home, network: Network
) -> None:
    directory = Directory(network)
    assert (await home.rest("paused"))[0] == 200
    await state(network, UUID(home.house.id))
    await network.settle()

    token = await directory.operator()
    seen = await directory.listed("/organisations/left-needs", token)
    live = await directory.rows("select * from open_needs order by need_id")
    own = await directory.get("/organisations/left-needs", home.house.admin.token)
    database = Database.of(network.settings("organisations"))
    await database.open()
    await rebuild(SERVICE, database)
    await database.close()
    await network.settle()

    assert seen == [{"organisation_id": home.house.id, "status": "paused", "needs": 1}]
    assert own.status_code == 403
    assert len(live) == 1
    assert await directory.rows("select * from open_needs order by need_id") == live


async def state(network: Network, organisation_id: UUID) -> None:
    """What referrals tells of a need whose home it does not know to rest."""
    said = NeedStated(
        path_id=new_id(),
        need_id=new_id(),
        organisation_id=organisation_id,
        code=NeedCode.LANGUAGE,
        theme=Theme.INDIVIDUAL,
        area=Area.SODER,
        urgency=Urgency.NORMAL,
    )
    database = Database.of(network.settings("referrals"))
    await database.open()
    async with database.transaction(service_actor("referrals")) as tx:
        await tx.act_for(organisation_id)
        await tx.lock(said.path_id)
        await tx.tell(said)
    await database.close()

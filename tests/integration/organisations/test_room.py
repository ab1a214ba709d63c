"""Whether there is room: what receivers answer, and places that are held while a person is asked."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID

import pytest

from services.organisations.main import SERVICE
from shared.actor import service_actor
from shared.database import Database
from shared.events.referrals import DeclineReason, ReferralAccepted, ReferralDeclined, ReferralSent
from shared.ids import new_id
from shared.rebuild import rebuild
from tests.conftest import StartNetwork
from tests.integration.notifications.telling import Referral
from tests.integration.organisations.directory import Directory, House, Member
from tests.network import Network

PLACES = 3


@pytest.fixture
async def network(start_network: StartNetwork) -> Network:
    return await start_network("organisations", "referrals")


class Room:
    """An offering with some places, and those who want them."""

    def __init__(self, directory: Directory, house: House, offering: dict[str, Any]) -> None:
        self.directory, self.house, self.offering = directory, house, offering
        self.path = f"/offerings/{offering['id']}"

    async def seen(self) -> dict[str, Any]:
        """How the offering stands in a search."""
        token = await self.directory.token(login=self.house.admin.login)
        (found,) = await self.directory.listed("/offerings?need=language", token)
        return found

    async def hold(self, by: Member, **body: Any) -> Any:
        return await self.directory.post(f"{self.path}/holds", by.token, **body)

    async def hears(self, *answers: tuple[type[Any], dict[str, Any]]) -> None:
        """Each answer of a referral to the offering, as referrals tells it."""
        database = Database.of(self.directory.network.settings("referrals"))
        await database.open()
        for event, said in answers:
            referral = Referral()
            about = {**referral.sides, "offering_id": self.offering["id"], **said}
            async with database.transaction(service_actor("referrals")) as tx:
                await tx.act_for(referral.city)
                await tx.lock(referral.path_id)
                await tx.tell(event.model_validate(about))
        await database.close()
        await self.directory.network.settle()


@pytest.fixture
async def room(network: Network) -> Room:
    directory = Directory(network)
    house = await directory.a_house()
    offering = await directory.an_offering(house, capacity={"available": PLACES, "maximum": 12})
    return Room(directory, house, offering)


async def caseworkers(directory: Directory, count: int) -> list[Member]:
    city = await directory.a_house("social_services")
    token = city.admin.token
    return [
        await directory.a_member(token, city.id, "caseworker", team_id=city.team_id) for _ in range(count)
    ]


def full(**said: Any) -> tuple[type[Any], dict[str, Any]]:
    return ReferralDeclined, {"reason": DeclineReason.NO_CAPACITY, **said}


YES = (ReferralAccepted, {"to_staff_id": new_id(), "first_contact_by": "2026-06-01"})


async def test_a_place_is_held_by_one_and_never_more_places_than_there_are(room: Room) -> None:
    them = await caseworkers(room.directory, PLACES + 3)

    answers = await asyncio.gather(*(room.hold(one) for one in them))

    won = [one for one, answer in zip(them, answers, strict=True) if answer.status_code == 201]
    lost = [answer.json()["type"] for answer in answers if answer.status_code != 201]
    assert (len(won), lost) == (PLACES, ["/problems/no-place-to-hold"] * 3)
    found = await room.seen()
    assert (found["held"], found["rank"]["places"], found["capacity"]["available"]) == (3, "held", 3)
    assert (await room.hold(won[0])).json()["type"] == "/problems/held-already"
    assert (await room.hold(room.house.admin)).status_code == 403

    held = [answer.json() for answer in answers if answer.status_code == 201]
    own = await room.directory.listed("/holds", won[0].token)
    assert {one["id"] for one in own} == {one["id"] for one in held}
    foreign = await room.directory.get(f"/holds/{held[0]['id']}", room.house.admin.token)
    assert foreign.status_code in {403, 404}
    await must_end_in_every_way(room, won, {one["staff_id"]: one for one in held})


async def must_end_in_every_way(room: Room, won: list[Member], held: dict[str, dict[str, Any]]) -> None:
    """By hand, by what it was for, and by the clock."""
    by_hand, sends, _ = won
    released = await room.directory.command(
        f"/holds/{held[by_hand.id]['id']}/release", by_hand.token, version=1
    )
    assert released.status_code == 200, released.text
    assert (await room.seen())["held"] == 2
    sent = {
        "from_organisation_id": held[sends.id]["organisation_id"],
        "from_staff_id": UUID(sends.id),
        "urgency": "normal",
        "answer_by": "2026-06-01T12:00:00Z",
    }
    await room.hears((ReferralSent, sent))
    assert (await room.seen())["held"] == 1
    await room.directory.advance(hours=2)
    assert (await room.seen())["held"] == 0


async def test_what_receivers_answer_goes_before_what_is_said_and_a_rebuild_sees_the_same(
    room: Room,
) -> None:
    await room.hears(full())
    doubted = await room.seen()
    await room.hears(full(places_left=0))
    counted = await room.seen()
    await room.hears((ReferralDeclined, {"reason": DeclineReason.AGE}), *[YES] * 2, full())
    await room.directory.patch(room.path, room.house.admin.token, version=1, capacity={"available": 2})
    stated = await room.seen()
    await room.hears(full())
    habit = await room.seen()

    assert (doubted["capacity"]["doubted"], doubted["rank"]["places"]) == (True, "unknown")
    assert (counted["capacity"]["available"], counted["rank"]["places"]) == (0, "full")
    assert (stated["capacity"]["available"], stated["rank"]["places"]) == (2, "full"), "3 of 5 were a no"
    assert (habit["observed"], habit["rank"]["places"]) == ("full", "full")
    assert habit["observed_said"].startswith("De senaste svaren")

    rows = "select * from answers order by event_id"
    live = await room.directory.rows(rows)
    database = Database.of(room.directory.network.settings("organisations"))
    await database.open()
    await rebuild(SERVICE, database)
    await database.close()
    await room.directory.network.settle()
    assert len(live) == 6
    assert await room.directory.rows(rows) == live

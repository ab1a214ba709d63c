"""The same on the pages and where people sign in: whoever is locked stands on no page of theirs.

Beside her goes a control who is not locked, and must be found on the pages of who works with her.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from uuid import UUID

import pytest
from starlette.routing import Route

from services.web.main import AREAS, create_web
from shared.events.base import Role
from shared.events.organisations import OrganisationKind
from tests.conftest import StartNetwork
from tests.identity.browser import WEB, Browser
from tests.integration.organisations.directory import Directory
from tests.integration.organisations.directory import Member as Login
from tests.integration.organisations.test_identity import web_settings
from tests.integration.referrals.protecting import Kept, locked
from tests.integration.referrals.test_admissions import redeemed
from tests.integration.referrals.world import Member, World
from tests.integration.walls import search
from tests.integration.walls.test_canary import CANARY, CONTROL, Places, a_life, found
from tests.keys import keys_of

UNENDING = {"/aviseringar/live"}


class Town:
    """All services and the pages, with two houses of the directory that hand people over."""

    def __init__(self, directory: Directory) -> None:
        self.directory, self.world = directory, World(directory.network)
        self.logins: dict[str, Login] = {}

    async def settle_in(self) -> None:
        directory, world = self.directory, self.world
        home, other = await directory.a_house("social_services"), await directory.a_house()
        offered = await directory.an_offering(other)
        for who, house, role in (("caseworker", home, "caseworker"), ("colleague", home, "caseworker"),
                                 ("recipient", other, "recipient")):  # fmt: skip
            team = {"team_id": house.team_id}
            self.logins[who] = await directory.a_member(house.admin.token, house.id, role, **team)
        await directory.network.settle()
        world.sender = Member(
            kind=OrganisationKind.SOCIAL_SERVICES, role=Role.CASEWORKER, organisation_id=UUID(home.id),
            team_id=UUID(home.team_id), staff_id=UUID(self.logins["caseworker"].id),
        )  # fmt: skip
        world.association = Member(
            kind=OrganisationKind.ASSOCIATION, role=Role.RECIPIENT, organisation_id=UUID(other.id),
            team_id=UUID(other.team_id), staff_id=UUID(self.logins["recipient"].id),
            offering_id=UUID(offered["id"]),
        )  # fmt: skip
        world.members = (world.sender, world.association, world.housing, world.stranger)
        world.agreed = world.agreement()
        await world.settle_in()

    async def session(self, who: str) -> str:
        http, login = self.directory.network.http, self.logins[who].login
        begun = await http.post(f"{self.directory.address}/sessions", json={"login": login})
        session: str = begun.json()["id"]
        return session


@pytest.fixture
async def town(start_network: StartNetwork) -> AsyncIterator[Town]:
    town = Town(Directory(await start_network("organisations", "referrals", "notifications", "tracing")))
    await town.settle_in()
    yield town
    await town.world.database.close()


async def test_a_locked_person_is_on_no_page_nor_where_people_sign_in(
    town: Town, capfd: pytest.CaptureFixture[str]
) -> None:
    world = town.world
    canary, control = await a_life(world, CANARY), await a_life(world, CONTROL)
    for kept in (canary, control):
        await a_used_card(world, kept)
    await locked(world, canary)
    await world.network.settle()

    async with AsyncExitStack() as stack:
        web = create_web(web_settings(town.directory))
        await stack.enter_async_context(web.router.lifespan_context(web))
        browser = Browser(web)
        stack.push_async_callback(browser.close)
        seen = {}
        for who in (*town.logins, None):
            browser.cookies["web"] = {"__Host-session": await town.session(who)} if who else {}
            seen[who] = await every_page(browser, canary, control)
    stored = [*everything(world), ("logs", "".join(capfd.readouterr()).encode())]

    for who, places in seen.items():
        assert found(CANARY, places) == {}, who
    assert found(CANARY + CONTROL, stored) == {}
    assert set(found(CONTROL, seen["caseworker"])) >= {
        "/overlamningar/{referral_id}", "/personer/{person_id}/inloggning",
    }  # fmt: skip
    assert set(found(CONTROL, seen["recipient"])) == {"/inkorg/{referral_id}"}
    assert found(CONTROL, seen[None]) == {}
    assert {name for name, _ in stored} >= {"organisations.sessions", "keys.keys", "referrals.admissions"}


async def a_used_card(world: World, kept: Kept) -> None:
    made = await world.post(f"/persons/{kept.id}/admissions", world.sender, {"kind": "status_card"})
    assert (await redeemed(world, made["kind"], made["code"])).status_code == 200


async def every_page(browser: Browser, *kept: Kept) -> Places:
    """Every page that one looks at, about each of these, for each of the referrals."""
    paths = sorted({
        route.path for area in AREAS for route in area.router.routes
        if isinstance(route, Route) and "GET" in (route.methods or ())
    } - UNENDING)  # fmt: skip
    read = []
    for path in paths:
        said = b""
        for each in kept if "{" in path else kept[:1]:
            ids = {name: one[0] for name, one in each.ids.items()}
            others = dict.fromkeys(("address", "provider", "slug", "service", "notice_id"), "x")
            for referral_id in each.ids["referral_id"] if "{referral_id}" in path else [""]:
                address = path.replace(":path", "").format(**{**others, **ids, "referral_id": referral_id})
                answer = await browser.get(f"{WEB}{address}")
                assert answer.status_code < 500, path
                said += answer.content + repr(answer.headers).encode()
        read.append((path, said))
    return read


def everything(world: World) -> Places:
    """What stands in the record, in the keys' database and in the streams."""
    servers, database = world.network.servers, world.network.database
    base = servers.postgres.url.rpartition("/")[0]
    keys = [
        (f"keys.{name.partition('.')[2]}", said)
        for name, said in search.tables(f"{base}/{keys_of(database)}")
    ]
    return [*search.tables(f"{base}/{database}"), *keys, *search.redis(servers.redis.url)]

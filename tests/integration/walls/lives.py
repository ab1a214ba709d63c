"""Something of everything that an organisation can have, made through the services as its staff would."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import cache
from typing import Any, LiteralString
from uuid import UUID

import psycopg
from httpx2 import Response
from psycopg import sql
from psycopg.rows import namedtuple_row

from deploy.keys import RECORDED
from shared.events.base import Role
from tests.integration.organisations import directories
from tests.integration.organisations.directory import Directory, House
from tests.integration.referrals import homes, offering
from tests.integration.referrals.test_own_no import of_step
from tests.integration.referrals.test_signposts import a_door
from tests.integration.referrals.test_steps import a_step
from tests.integration.referrals.world import Member, World
from tests.integration.walls.routes import Request
from tests.integration.walls.tenants import READ_BY_ALL, Connection, Table, tables, walled
from tests.network import Network

ROLES = {
    "home": (Role.CASEWORKER, Role.TEAM_LEAD),
    "receiver": (Role.RECIPIENT, Role.TEAM_LEAD),
    "house": (Role.CASEWORKER, Role.TEAM_LEAD),
    "own": (Role.ORGANISATION_ADMIN, Role.LOG_REVIEWER, Role.PROTECTED_STAFF),
    "network": (Role.COORDINATOR, Role.NETWORK_ADMIN),
}
"""The roles of those who ask: who sends, who receives, the receiver's own caseworkers, and the rest."""


class Life:
    """Organisations that work together, with people, paths and all that came of them."""

    def __init__(self, network: Network) -> None:
        self.world, self.directory = World(network), Directory(network)
        self.person_id, self.house = "", House(id="", team_id="", admin=None)  # type: ignore[arg-type]

    async def live(self) -> None:
        await self.world.settle_in()
        self.house = await self.directory.a_house()
        offered = await self.directory.an_offering(self.house)
        wrong = f"/offerings/{offered['id']}/error-reports"
        await self.directory.made(wrong, self.house.admin.token, kind="wrong_hours")
        await self.directory.made("/pledges", self.house.admin.token, version=1)
        await self._hold(offered["id"])
        await self._away()
        await self._imported()
        active = await self.world.an_active_referral()
        path = await self.world.get(f"/paths/{active['path_id']}", self.world.sender)
        self.person_id = path["person_id"]
        await self._her_own_side(path)
        await self._ended(active)
        await self._handed_on()

    async def _hold(self, offering_id: str) -> None:
        house, directory = self.house, self.directory
        team = {"team_id": house.team_id}
        caseworker = await directory.a_member(house.admin.token, house.id, "caseworker", **team)
        await directory.made(f"/offerings/{offering_id}/holds", caseworker.token)

    async def _imported(self) -> None:
        """A directory that was read in, with a row that is wrong."""
        sent = directories.zipped(directories.services(3, bad=1))
        await directories.imported(self.directory, self.house, sent)

    async def _away(self) -> None:
        house, directory = self.house, self.directory
        away = await directory.a_member(house.admin.token, house.id, "recipient")
        days = {"substitute_id": house.admin.id, "valid_until": "2099-01-01"}
        await directory.made("/substitutions", away.token, **days)

    async def _her_own_side(self, path: Mapping[str, Any]) -> None:
        world, her = self.world, self.world.person_token(self.person_id)
        step = await a_step(world, dict(path))
        await world.post(of_step(step), her, {})
        await world.post("/me/ratings", her, {"domain": "housing", "step": 2, "words": "Trångt."})
        let_in = f"/persons/{self.person_id}/admissions"
        await world.post(let_in, world.sender, {"kind": "status_card"})

    async def _ended(self, active: dict[str, Any]) -> None:
        outcome = {"outcome": "met", "sentence": "Du har fått det du behövde."}
        done = await self.world.done(active, "complete", self.world.association, outcome)
        said = {"voice": "sender", "met": "met"}
        await self.world.post(f"/referrals/{done['id']}/outcomes", self.world.sender, said)

    async def _handed_on(self) -> None:
        """A transfer that waits for its answer, a signpost, an open offer, and a referral that is read."""
        world = self.world
        await homes.an_offer(world)
        others = await offering.more_members(world, 2)
        await offering.an_open_offer(world, *others)
        opened = await world.an_opened_referral()
        await world.get(f"/referrals/{opened['id']}/disclosure", world.association)
        await self._signpost()

    async def _signpost(self) -> None:
        door, need = await a_door(self.world), await self.world.a_need()
        body = {"need_id": need["id"], "offering_id": door}
        await self.world.post("/signposts", self.world.sender, body)

    def tokens(self) -> dict[str, str]:
        """Everybody who could ask: each side's staff, those who administer, the person herself."""
        world, house = self.world, self.house
        members = {name: world.token(self._member(name), *roles) for name, roles in ROLES.items()}
        who = {"id": house.admin.id, "org": house.id, "team": house.team_id}
        admin = world.network.token(Role.ORGANISATION_ADMIN, **who)
        return {**members, "admin": admin, "person": world.person_token(self.person_id)}

    def _member(self, name: str) -> Member:
        return self.world.association if name in {"receiver", "house"} else self.world.sender

    def roles(self, name: str) -> frozenset[Role]:
        """The roles of one of those who ask."""
        return frozenset(ROLES.get(name, (Role.PERSON if name == "person" else Role.ORGANISATION_ADMIN,)))

    def organisations(self) -> list[UUID]:
        return [one.organisation_id for one in self.world.members] + [UUID(self.house.id)]


@dataclass(frozen=True, slots=True)
class Lives:
    """Two circles of organisations that have nothing to do with each other."""

    network: Network
    admin: Connection
    ours: Life
    theirs: Life

    def things(self, life: Life, service: str) -> Mapping[str, str]:
        """The newest id of each kind of thing that these organisations have, by table.

        What tracing is asked about is a path of referrals'.
        """
        return things(self, life, service)

    def secrets(self, life: Life) -> frozenset[str]:
        """The ids that only these organisations may know: of all behind a wall that is not public."""
        behind = [one for one in walled(self.admin) if one.name not in READ_BY_ALL.get(one.service, {})]
        return frozenset(one for table in behind for one in ids(self.admin, table, life))

    def state(self, life: Life) -> dict[str, str]:
        """A digest of all that stands behind the walls of these organisations."""
        return {str(table): one_digest(self.admin, table, life) for table in walled(self.admin)}

    async def asked(self, request: Request, token: str, version: int = 1) -> Response:
        called = (request.service, request.method, request.address)
        return await self.network.call(*called, token=token, json=request.body, version=version)


@cache
def things(lives: Lives, life: Life, service: str) -> Mapping[str, str]:
    where = {service, "referrals"} if service == "tracing" else {service}
    found = [
        (table, ids(lives.admin, table, life)) for table in tables(lives.admin) if table.service in where
    ]
    return {table.name: max(known) for table, known in found if known}


def ids(admin: Connection, table: Table, life: Life) -> list[str]:
    """The ids of the rows of a life's organisations; none if the table has no such column."""
    has_one = "select from pg_attribute where attrelid = %s::regclass and attname = 'id' and attnum > 0"
    if not admin.execute(has_one, [str(table)]).rowcount:
        return []
    rows = admin.execute(of("select id::text from {} where {} = any (%s)", table), [life.organisations()])
    return [row.id for row in rows]


def one_digest(admin: Connection, table: Table, life: Life) -> str:
    query = "select md5(string_agg(t::text, ',' order by t::text)) as it from {} t where {} = any (%s)"
    digests = [str(row.it) for row in admin.execute(of(query, table), [life.organisations()])]
    return digests[0]


def of(query: LiteralString, table: Table) -> sql.Composed:
    return sql.SQL(query).format(sql.Identifier(table.service, table.name), sql.Identifier(table.tenant))


@asynccontextmanager
async def two_lives(network: Network) -> AsyncIterator[Lives]:
    """Both lived, and all that they told heard, in services that then only answer."""
    await network.start(RECORDED)
    ours, theirs = Life(network), Life(network)
    for life in (ours, theirs):
        await life.live()
    await network.settle()
    for service in RECORDED:
        await network.stop_worker(service)
    address = network.servers.postgres.url.rpartition("/")[0] + f"/{network.database}"
    with psycopg.connect(address, autocommit=True, row_factory=namedtuple_row) as admin:
        yield Lives(network, admin, ours, theirs)
    for life in (ours, theirs):
        await life.world.database.close()

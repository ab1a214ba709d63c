"""What a test asks of the directory, and an organisation for it to ask about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx2
import psycopg
from psycopg.rows import dict_row

from shared.ids import new_id
from tests.network import Network


@dataclass(frozen=True, kw_only=True)
class Member:
    """A member of staff who can sign in."""

    id: str
    login: str
    token: str


@dataclass(frozen=True, kw_only=True)
class House:
    """An organisation with one team and its administrator."""

    id: str
    team_id: str
    admin: Member


class Directory:
    """The organisations service, asked over HTTP."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self.address = network.peers["organisations"]

    async def operator(self) -> str:
        """The token of whoever knows the bootstrap secret."""
        secret = self.network.servers.secrets["BOOTSTRAP_SECRET"]
        return await self.token(bootstrap=secret)

    async def token(self, **by: str) -> str:
        answer = await self.network.http.post(f"{self.address}/tokens", json=by)
        token: str = answer.raise_for_status().json()["access_token"]
        return token

    async def get(self, path: str, token: str) -> httpx2.Response:
        return await self.network.call("organisations", "GET", path, token=token)

    async def listed(self, path: str, token: str) -> list[dict[str, Any]]:
        """The first page of a list."""
        items: list[dict[str, Any]] = (await self.get(path, token)).raise_for_status().json()["items"]
        return items

    async def post(self, path: str, token: str, *, key: str | None = None, **body: Any) -> httpx2.Response:
        return await self.network.call("organisations", "POST", path, token=token, json=body, key=key)

    async def command(self, path: str, token: str, *, version: int) -> httpx2.Response:
        """A command that needs no words, on something that was seen."""
        return await self.network.call("organisations", "POST", path, token=token, json={}, version=version)

    async def patch(self, path: str, token: str, *, version: int | None, **body: Any) -> httpx2.Response:
        """``version`` None: without If-Match."""
        seen = {} if version is None else {"version": version}
        return await self.network.call("organisations", "PATCH", path, token=token, json=body, **seen)

    async def made(self, path: str, token: str, **body: Any) -> dict[str, Any]:
        """What a POST that must succeed has made."""
        answer = await self.post(path, token, **body)
        assert answer.status_code == 201, answer.text
        thing: dict[str, Any] = answer.json()
        return thing

    async def a_member(self, token: str, organisation_id: str, *roles: str, **said: Any) -> Member:
        login = f"login-{new_id()}"
        body = {"organisation_id": organisation_id, "name": "Amina H.", "roles": [*roles], "login": login}
        staff = await self.made("/staff", token, **body | said)
        return Member(id=staff["id"], login=login, token=await self.token(login=login))

    async def a_house(self, kind: str = "association") -> House:
        operator = await self.operator()
        organisation = await self.made("/organisations", operator, name=f"Huset {new_id()}", kind=kind)
        team = await self.made("/teams", operator, organisation_id=organisation["id"], name="Mottagningen")
        admin = await self.a_member(operator, organisation["id"], "organisation_admin")
        return House(id=organisation["id"], team_id=team["id"], admin=admin)

    async def an_offering(self, house: House, **said: Any) -> dict[str, Any]:
        return await self.made("/offerings", house.admin.token, **an_offering(house) | said)

    async def told(self) -> list[dict[str, Any]]:
        """Every event told, in order, once delivery is quiet."""
        await self.network.settle()
        return await self.rows("select type, subject, actor, body from log order by seq")

    async def advance(self, **by: float) -> None:
        """Move the clock forward and wait until what is then due has rung."""
        address = self.network.settings("organisations").database_url
        async with await psycopg.AsyncConnection.connect(address) as sql:
            await sql.execute("update clock set shift = shift + %s", [timedelta(**by)])
        await self.network.settle()

    async def rows(self, query: str) -> list[dict[str, Any]]:
        address = self.network.settings("organisations").database_url
        async with await psycopg.AsyncConnection.connect(address, row_factory=dict_row) as sql:
            return await (await sql.execute(query.encode())).fetchall()


def an_offering(house: House) -> dict[str, Any]:
    """A body for POST /offerings."""
    return {
        "organisation_id": house.id,
        "team_id": house.team_id,
        "name": "Språkcafé",
        "kind": "unassessed",
        "needs": ["language"],
        "themes": ["neighbourhood"],
        "areas": ["B041"],
        "languages": ["sv", "ar"],
        "age_from": 18,
        "age_to": None,
        "required_fields": [
            {"field": "phone", "class": "contact", "why": "Vi ringer dig om första träffen."}
        ],
        "capacity": {"available": 3, "maximum": 12},
        "answer_promise_days": 3,
    }

"""A running installation on durable servers, and drafts in it that only wait to be sent."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import psycopg
from psycopg.rows import DictRow, dict_row

from deploy import demo_data, keys
from deploy.data_folder import DataFolder
from deploy.demo_data import story
from deploy.demo_data.asking import Asking
from deploy.demo_data.network import PLEDGE
from deploy.embedded import Servers
from deploy.embedded_server import free_port
from deploy.installation import DATABASE, Installation, installed

from .line import Line

LANES = 8
"""Connections at once."""

SENDER, RECEIVER = story.CASEWORKER, story.RECIPIENT

_COUNTED = (
    "alter system set shared_preload_libraries = 'pg_stat_statements'",
    "alter system set pg_stat_statements.max = 10000",
    "alter system set track_commit_timestamp = on",
)

Thing = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Town:
    """The installation, who asks in it, and the offering that all referrals go to."""

    installation: Installation
    tokens: Mapping[str, str]
    receiver_id: str
    offering: Thing
    admin_url: str

    @property
    def servers(self) -> Servers:
        return self.installation.servers

    def rows(self, query: str, *values: Any) -> list[DictRow]:
        """Ask the database as its superuser."""
        with psycopg.connect(self.admin_url, autocommit=True, row_factory=dict_row) as sql:
            return sql.execute(query, values).fetchall()

    def execute(self, statement: str) -> None:
        """Do something to the database as its superuser."""
        with psycopg.connect(self.admin_url, autocommit=True) as sql:
            sql.execute(statement.encode())

    def renewed(self) -> Town:
        """The same with new access tokens: they live for minutes only."""
        return replace(self, tokens=_tokens(self.installation))

    def settle(self) -> None:
        """Wait until every service has handled what was told."""
        ask = Asking(self.installation.services)
        try:
            ask.settle()
        finally:
            ask.close()


@contextmanager
def built(folder: Path) -> Iterator[Town]:
    """Servers that count statements and keep each commit's time, the processes, and who takes part."""
    data = DataFolder(folder)
    folder.mkdir(parents=True, exist_ok=True)
    _prepare_to_count(data)
    with installed(data, web_port=free_port()) as installation:
        secrets = installation.servers.secrets
        demo_data.seed(installation.services, bootstrap_secret=secrets["BOOTSTRAP_SECRET"], empty=True)
        admin = installation.servers.postgres.address_of("postgres", secrets["POSTGRES_PASSWORD"], DATABASE)
        with psycopg.connect(admin, autocommit=True) as sql:
            sql.execute("create extension if not exists pg_stat_statements")
        yield _town(installation, admin)


def _prepare_to_count(data: DataFolder) -> None:
    with (
        Servers(data.servers, durable=True, secrets=keys.kept(data.secrets)) as servers,
        psycopg.connect(servers.postgres.url, autocommit=True) as sql,
    ):
        for setting in _COUNTED:
            sql.execute(setting)


def _tokens(installation: Installation) -> Mapping[str, str]:
    ask = Asking(installation.services)
    try:
        return {login: ask.signed_in(login) for login in (SENDER, RECEIVER)}
    finally:
        ask.close()


def _town(installation: Installation, admin: str) -> Town:
    tokens = _tokens(installation)
    ask = Asking(installation.services)
    try:
        offerings = ask.get("organisations", "/offerings?limit=200", token=tokens[SENDER])["items"]
        staff = ask.get("organisations", "/staff?limit=200", token=tokens[RECEIVER])["items"]
    finally:
        ask.close()
    (offering,) = (one for one in offerings if one["name"] == "Språkcafé")
    (receiver,) = (one for one in staff if one["login"] == RECEIVER)
    return Town(installation, tokens, receiver["id"], offering, admin)


async def in_lanes(town: Town, work: Callable[[Line, int], Awaitable[None]], count: int) -> None:
    """Do the work for each number below the count, on several connections to referrals at once."""
    numbers = iter(range(count))

    async def lane() -> None:
        line = await Line.to(town.installation.services["referrals"])
        try:
            for number in numbers:
                await work(line, number)
        finally:
            line.close()

    async with asyncio.TaskGroup() as lanes:
        for _ in range(LANES):
            lanes.create_task(lane())


async def drafts(town: Town, count: int) -> Sequence[Thing]:
    """Referrals of persons of their own, with everything but the sending done."""
    made: list[Thing] = []

    async def draft(line: Line, _: int) -> None:
        made.append(await _draft(town, line))

    await in_lanes(town, draft, count)
    return made


async def _draft(town: Town, line: Line) -> Thing:
    token, told = town.tokens[SENDER], story.SAMIRA
    person = await line.post("/persons", told.body(), token=token)
    path = await line.post("/paths", {"person_id": person["id"], "goal": told.goal}, token=token)
    need = await line.post("/needs", {**told.need, "path_id": path["id"]}, token=token)
    referral = await line.post("/referrals", _contents(town, need), token=token)
    wanted = f"kind=secrecy_release&referral_id={referral['id']}&language=sv"
    shown = await line.get(f"/consent-texts?{wanted}", token=token)
    await line.post("/consents", _consent(town, referral, shown), token=token)
    return referral


def _contents(town: Town, need: Thing) -> Thing:
    values = {"given_name": "Samira", "phone": "070-174 06 05", "language": "ar"}
    required = town.offering["required_fields"]
    items = [one | {"value": values[one["field"]]} for one in required]
    team = town.offering["team_id"]
    return {"need_id": need["id"], "offering_id": town.offering["id"], "team_id": team, "items": items}


def _consent(town: Town, referral: Thing, shown: Thing) -> Thing:
    return {
        "kind": "secrecy_release",
        "referral_id": referral["id"],
        "answer": "yes",
        "fields": [required["field"] for required in town.offering["required_fields"]],
        "purpose": "Att få komma till språkcaféet.",
        "language": "sv",
        "text_version": shown["text_version"],
        "text_sha256": shown["text_sha256"],
        "given_how": "spoken",
        "given_by": [{"who": "person"}],
    }


async def hand_over(town: Town, line: Line, referral: Thing) -> None:
    """Send, open and accept."""
    for command in ("send", "open", "accept"):
        referral = await give(town, line, referral, command)


async def give(town: Town, line: Line, referral: Thing, command: str) -> Thing:
    """Give one command; the referral after it."""
    bodies: dict[str, Thing] = {
        "send": {},
        "open": {"conditions_accepted": True, "pledge_version": PLEDGE},
        "accept": {"staff_id": town.receiver_id, "first_contact_by": referral["created_at"][:10]},
    }
    token = town.tokens[SENDER if command == "send" else RECEIVER]
    path = f"/referrals/{referral['id']}/{command}"
    return await line.post(path, bodies[command], token=token, version=referral["version"])

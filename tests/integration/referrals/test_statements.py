"""What a hand-over costs the database: counted, not timed."""

from __future__ import annotations

import re
from typing import Any

import psycopg
import pytest

from tests.conftest import StartNetwork
from tests.integration.referrals.world import OPEN, World

HAND_OVERS = 40
MOST_STATEMENTS, MOST_COMMITS = 25, 4
"""Of a hand-over, its notifications and its trace included."""

_WRITES = re.compile(r"\b(insert|update|delete)\b")
_LOCKS = re.compile(r"for (no key )?update|on conflict \(id\) do update set id = excluded.id where false")


class Counted:
    """What every connection of this process has executed and committed since it was made.

    `writing` are the statements of transactions that wrote something, `commits` those transactions.  A
    statement on the keys is a transaction of its own; each is counted.
    """

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.statements: list[str] = []
        self.writing: list[str] = []
        self.of_keys: list[str] = []
        self.commits = 0
        self._open: dict[Any, list[str]] = {}
        execute, commit = psycopg.AsyncCursor.execute, psycopg.AsyncConnection.commit

        async def executed(cursor: Any, query: Any, *rest: Any, **more: Any) -> Any:
            self._execute(cursor.connection, str(query))
            return await execute(cursor, query, *rest, **more)

        async def committed(connection: Any) -> None:
            self._commit(connection)
            await commit(connection)

        monkeypatch.setattr(psycopg.AsyncCursor, "execute", executed)
        monkeypatch.setattr(psycopg.AsyncConnection, "commit", committed)

    def _execute(self, connection: Any, query: str) -> None:
        self.statements.append(query)
        if connection.info.user == "keys":
            self.of_keys.append(query)
            self.writing.append(query)
            self.commits += bool(_WRITES.search(query))
            return
        self._open.setdefault(connection, []).append(query)

    def _commit(self, connection: Any) -> None:
        done = self._open.pop(connection, [])
        if any(_WRITES.search(_LOCKS.sub("", query)) for query in done):
            self.commits += 1
            self.writing += [query for query in done if query != "begin"]


async def test_a_handover_takes_few_statements(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    draft = await world.a_draft()
    await world.a_consent(draft)
    counted = Counted(monkeypatch)

    sent = await world.done(draft, "send", world.sender)
    opened = await world.done(sent, "open", world.association, OPEN)
    await world.done(opened, "accept", world.association, world.accepting())

    assert 12 < len(counted.writing) <= 17 + len(counted.of_keys), "\n".join(counted.writing)
    assert counted.commits == len(counted.of_keys) == 3


async def test_delivery_adds_little_to_a_handover_where_batches_fill(
    start_network: StartNetwork, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Send, open and accept with their notices and their trace."""
    network = await start_network("referrals", "notifications", "tracing")
    world = World(network)
    await world.settle_in()
    # After a start each listener is careful with its first batch.
    await world.an_accepted_referral()
    drafts = [await world.a_draft() for _ in range(HAND_OVERS)]
    for draft in drafts:
        await world.a_consent(draft)
    await network.settle()
    counted = Counted(monkeypatch)

    async with world.untold():
        for draft in drafts:
            sent = await world.done(draft, "send", world.sender)
            opened = await world.done(sent, "open", world.association, OPEN)
            await world.done(opened, "accept", world.association, world.accepting())
    await network.settle()

    assert 3 < counted.commits / HAND_OVERS <= MOST_COMMITS
    assert 12 < len(counted.writing) / HAND_OVERS <= MOST_STATEMENTS
    await world.database.close()


async def test_a_path_of_many_referrals_is_one_query(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    need = await world.a_need()
    few = await world.a_draft(await world.a_need())
    drafts = []
    for _ in range(30):
        drafts.append(await world.a_draft(need))
        await world.done(drafts[-1], "discard", world.sender)
    counted = Counted(monkeypatch)

    async def listed(path_id: str) -> tuple[list[str], int]:
        counted.statements.clear()
        page = await world.get(f"/referrals?path_id={path_id}&limit=200", world.sender)
        return [one["id"] for one in page["items"]], len(counted.statements)

    assert await listed(few["path_id"]) == ([few["id"]], asked := 3)
    assert await listed(need["path_id"]) == ([one["id"] for one in reversed(drafts)], asked)


async def test_a_path_shows_its_parts_to_who_may_see_them(world: World) -> None:
    sent, other = await world.a_sent_referral(), await world.a_sent_referral()
    draft = await world.a_draft()
    await world.done(other, "recall", world.sender, {"reason": "other"})

    async def listed(path_id: str, query: str, member: Any) -> list[str]:
        page = await world.get(f"/referrals?path_id={path_id}{query}", member)
        return [one["id"] for one in page["items"]]

    for query in ("", "&box=in"):
        assert await listed(sent["path_id"], query, world.association) == [sent["id"]]
    assert await listed(sent["path_id"], "&state=recalled", world.sender) == []
    assert await listed(draft["path_id"], "&box=out", world.sender) == [draft["id"]]
    for member in (world.association, world.stranger):
        assert await listed(draft["path_id"], "", member) == []

"""What a hand-over costs the database: counted, not timed."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest

from tests.integration.referrals.world import OPEN, World

MOST_STATEMENTS, MOST_COMMITS = 25, 6


class Counted:
    """What every connection of this process has executed and committed since it was made."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.statements: list[str] = []
        self.commits = 0
        execute, commit = psycopg.AsyncCursor.execute, psycopg.AsyncConnection.commit

        async def executed(cursor: Any, query: Any, *rest: Any, **more: Any) -> Any:
            self.statements.append(str(query))
            return await execute(cursor, query, *rest, **more)

        async def committed(connection: Any) -> None:
            self.commits += 1
            await commit(connection)

        monkeypatch.setattr(psycopg.AsyncCursor, "execute", executed)
        monkeypatch.setattr(psycopg.AsyncConnection, "commit", committed)


async def test_a_handover_takes_few_statements(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    draft = await world.a_draft()
    await world.a_consent(draft)
    counted = Counted(monkeypatch)

    sent = await world.done(draft, "send", world.sender)
    opened = await world.done(sent, "open", world.association, OPEN)
    await world.done(opened, "accept", world.association, world.accepting())

    assert 15 < len(counted.statements) <= MOST_STATEMENTS, "\n".join(counted.statements)
    assert 3 <= counted.commits <= MOST_COMMITS


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

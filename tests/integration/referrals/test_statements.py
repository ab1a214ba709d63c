"""What a hand-over costs the database: counted, not timed."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest

from tests.integration.referrals.world import OPEN, World

MOST_STATEMENTS, MOST_COMMITS = 25, 6


async def test_a_handover_takes_few_statements(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    draft = await world.a_draft()
    await world.a_consent(draft)
    asked: list[str] = []
    execute, commit = psycopg.AsyncCursor.execute, psycopg.AsyncConnection.commit

    async def counted(self: Any, query: Any, *rest: Any, **more: Any) -> Any:
        asked.append(str(query))
        return await execute(self, query, *rest, **more)

    commits: list[Any] = []

    async def committed(self: Any) -> None:
        commits.append(self)
        await commit(self)

    monkeypatch.setattr(psycopg.AsyncCursor, "execute", counted)
    monkeypatch.setattr(psycopg.AsyncConnection, "commit", committed)
    sent = await world.done(draft, "send", world.sender)
    opened = await world.done(sent, "open", world.association, OPEN)
    await world.done(opened, "accept", world.association, world.accepting())

    assert 15 < len(asked) <= MOST_STATEMENTS, "\n".join(asked)
    assert 3 <= len(commits) <= MOST_COMMITS

"""What this process asks of its databases, in order."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest


class Asked:
    """The statements that were executed since they were last taken."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._statements: list[str] = []
        execute = psycopg.AsyncCursor.execute

        async def executed(cursor: Any, query: Any, *rest: Any, **more: Any) -> Any:
            self._statements.append(str(query))
            return await execute(cursor, query, *rest, **more)

        monkeypatch.setattr(psycopg.AsyncCursor, "execute", executed)

    def taken(self) -> list[str]:
        taken, self._statements = self._statements, []
        return taken

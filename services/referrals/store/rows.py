"""What every module of the store needs: one row or not found, and sealed JSON."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from psycopg.rows import DictRow

from shared.actor import Actor, ActorKind
from shared.crypto import seal, unseal
from shared.database import Connection
from shared.errors import NotFound


@dataclass(frozen=True, slots=True)
class Slice:
    """The part of a list that is asked for, newest first: below a cursor, at most so many."""

    after: UUID | None
    limit: int


Values = Mapping[str, Any] | Sequence[Any]


SEEN = "not is_hidden(%(id)s)"
"""Asked for every id that a query is given, so that the time of an answer does not tell whether somebody
is hidden: the policies ask only where there is a row."""


async def one(sql: Connection, query: str, values: Values) -> DictRow:
    """The row; raises `NotFound`, alike for what does not exist and what the tenant may not see."""
    row = await (await sql.execute(query, values)).fetchone()
    if row is None:
        raise NotFound
    return row


async def many(sql: Connection, query: str, values: Values) -> list[DictRow]:
    return await (await sql.execute(query, values)).fetchall()


def person_behind(actor: Actor) -> UUID | None:
    """The person that a query must keep to, if it is she who asks."""
    return actor.id if actor.kind is ActorKind.PERSON else None


def sealed_json(key: bytes, said: Any, *, bound_to: str) -> bytes:
    return seal(key, json.dumps(said, ensure_ascii=False).encode(), bound_to=bound_to)


def unsealed_json(key: bytes, sealed: bytes, *, bound_to: str) -> Any:
    return json.loads(unseal(key, sealed, bound_to=bound_to))

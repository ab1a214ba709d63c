"""The same key and body again gives the same answer and no second effect.

The answer is kept sealed for seven days for each organisation: it may hold what
only its reader may see.  What opens it is the client's own key and request,
which are not kept: no backup opens the answer about somebody who is erased.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from .crypto import place, seal, unseal
from .database import STANDING, Database, Transaction, standing
from .errors import KeyMissing, KeyReused, NotFound

KEPT = "7 days"
LONGEST = 200

# Sets the tenant and the actor in the same round trip.
_OPEN = f"""
select {STANDING}, kept.fingerprint, kept.answer
from (select) as one left join idempotency kept on kept.caller = %s and kept.key = %s
"""  # noqa: S608 - constant text

_KEEP = """
insert into idempotency (caller, key, fingerprint, answer, at)
select caller, key, decode(fingerprint, 'hex'), decode(answer, 'hex'), app_now()
from jsonb_to_recordset(%s) as kept (caller uuid, key text, fingerprint text, answer text)
"""


_ID = re.compile(rb"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")

Withheld = Callable[[Transaction, Sequence[UUID]], Awaitable[bool]]
"""Whether any of the ids that a kept answer names may be shown to the caller no more."""


async def nothing_withheld(_tx: Transaction, _ids: Sequence[UUID]) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Attempt:
    """One POST: whose, under which key (its hash), and what only this very request knows.

    A secret for each sealing key that lives, the newest first.
    """

    caller: UUID
    key: str
    secrets: tuple[bytes, ...]

    @property
    def newest(self) -> bytes:
        return self.secrets[0]


class Idempotency:
    """Keeps and replays answers for one service."""

    def __init__(self, *sealing_keys: bytes, withheld: Withheld = nothing_withheld) -> None:
        """The sealing keys that live, the newest first."""
        self._keys, self._withheld = sealing_keys, withheld

    async def attempt(self, request: Request, caller: UUID) -> Attempt:
        """What is being tried; raises ``KeyMissing``."""
        key = request.headers.get("Idempotency-Key", "")
        if not 0 < len(key) <= LONGEST:
            raise KeyMissing
        name = hashlib.sha256(f"{caller}\n{key}".encode()).hexdigest()
        asked = f"{name}\n{key}\n{request.url.path}\n".encode() + await request.body()
        return Attempt(caller, name, tuple(hmac.digest(one, asked, "sha256") for one in self._keys))

    async def open(self, tx: Transaction, attempt: Attempt) -> Response | None:
        """Set the tenant; the answer of an earlier attempt, if there was one.

        Raises ``KeyReused``, and ``NotFound`` for an answer about what may be shown no more.
        """
        values = (*standing(tx.actor, tx.actor.organisation_id), attempt.caller, attempt.key)
        row = await (await tx.sql.execute(_OPEN, values)).fetchone()
        if row is None or row["answer"] is None:
            return None
        for secret in attempt.secrets:
            if hmac.compare_digest(row["fingerprint"], _fingerprint(secret)):
                return await self._given_again(tx, _unsealed(row["answer"], secret, attempt))
        raise KeyReused

    async def _given_again(self, tx: Transaction, answer: Response) -> Response:
        if await self._withheld(tx, [UUID(one.decode()) for one in _ID.findall(bytes(answer.body))]):
            raise NotFound
        return answer

    def keep(self, tx: Transaction, attempt: Attempt, response: Response) -> None:
        """Keep the answer in the transaction of its effect; a rival's is a unique violation."""
        row = {
            "caller": attempt.caller,
            "key": attempt.key,
            "fingerprint": _fingerprint(attempt.newest).hex(),
            "answer": _sealed(response, attempt).hex(),
        }
        tx.gather(_KEEP, row)


def _sealed(response: Response, attempt: Attempt) -> bytes:
    headers = {name: value for name, value in response.headers.items() if name != "content-length"}
    answer = [response.status_code, headers, bytes(response.body).decode()]
    return seal(_opener(attempt.newest), json.dumps(answer).encode(), bound_to=_bound(attempt))


def _unsealed(sealed: bytes, secret: bytes, attempt: Attempt) -> Response:
    plain = unseal(_opener(secret), sealed, bound_to=_bound(attempt))
    status, headers, body = json.loads(plain)
    return Response(body, status, headers)


def _fingerprint(secret: bytes) -> bytes:
    return hmac.digest(secret, b"fingerprint", "sha256")


def _opener(secret: bytes) -> bytes:
    return hmac.digest(secret, b"answer", "sha256")


def _bound(attempt: Attempt) -> str:
    return place("idempotency.answer", attempt.caller, attempt.key)


async def forget_old(database: Database) -> None:
    """Drop answers older than seven days."""
    async with database.connection() as sql:
        await sql.execute("delete from idempotency where at < (select app_now()) - %s::interval", [KEPT])

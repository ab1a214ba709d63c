"""Sign-ins that have begun at a provider: each is taken once."""

from __future__ import annotations

from datetime import datetime

from shared.database import Connection

from ..domain.attempt import ATTEMPT_LIFE, Attempt, SignInFailed
from . import rows


async def add(sql: Connection, attempt: Attempt) -> None:
    await sql.execute(
        "insert into sign_ins (digest, provider, is_step_up, began_at, sealed_code)"
        " values (%s, %s, %s, %s, %s)",
        (attempt.digest, attempt.provider, attempt.is_step_up, attempt.began_at, attempt.sealed_code),
    )


async def take(sql: Connection, digest: bytes) -> Attempt:
    """The attempt, which nobody can take again; raises ``SignInFailed`` for none."""
    row = await rows.first(sql, "delete from sign_ins where digest = %s returning *", digest)
    if row is None:
        raise SignInFailed
    return Attempt(**row)


async def forget_old(sql: Connection, at: datetime) -> None:
    """Drop those that nobody can complete any more."""
    await sql.execute("delete from sign_ins where began_at <= %s", (at - ATTEMPT_LIFE,))

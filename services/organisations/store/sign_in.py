"""Logins and sessions: asked before anybody's organisation is known."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from psycopg.rows import DictRow

from shared.actor import ActorKind
from shared.database import Connection

from ..domain.sign_in import ABSOLUTE_LIMIT, IDLE_LIMIT, Holder, LoginTaken, NotSignedIn, Session, Strength
from . import rows


def _as_holder(row: DictRow) -> Holder:
    return Holder(
        kind=ActorKind(row["kind"]),
        id=row["holder_id"],
        organisation_id=row["organisation_id"],
        by_admission=row.get("by_admission", False),
    )


async def holder_of(sql: Connection, login: str) -> Holder:
    """Whom a login stands for, or ``NotSignedIn``."""
    row = await rows.first(sql, "select * from logins where login = %s", login)
    if row is None:
        raise NotSignedIn
    return _as_holder(row)


async def login_of(sql: Connection, holder: Holder) -> str | None:
    """The login somebody has, if any."""
    row = await rows.first(
        sql,
        "select login from logins where organisation_id = %s and kind = %s and holder_id = %s",
        holder.organisation_id,
        holder.kind,
        holder.id,
    )
    return row["login"] if row is not None else None


async def give_login(sql: Connection, login: str, holder: Holder) -> None:
    """Let ``login`` stand for ``holder``; raises ``LoginTaken`` when either has another already."""
    row = await rows.first(
        sql,
        "insert into logins (login, kind, holder_id, organisation_id) values (%s, %s, %s, %s)"
        " on conflict do nothing returning login",
        login,
        holder.kind,
        holder.id,
        holder.organisation_id,
    )
    if row is None:
        raise LoginTaken


async def add(sql: Connection, session: Session) -> None:
    await sql.execute(
        "insert into sessions (digest, kind, holder_id, organisation_id, began_at, seen_at,"
        " provider, authenticated_at, is_step_up, hint, by_admission)"
        " values (%s, %s, %s, %s, %s, %s, %s, to_timestamp(%s), %s, %s, %s)",
        (
            session.digest,
            session.holder.kind,
            session.holder.id,
            session.holder.organisation_id,
            session.began_at,
            session.seen_at,
            session.provider,
            session.strength.at,
            session.strength.is_step_up,
            session.hint,
            session.holder.by_admission,
        ),
    )


async def load(sql: Connection, digest: bytes) -> Session:
    """The session, locked until the end, or ``NotSignedIn``."""
    row = await rows.first(sql, "select * from sessions where digest = %s for update", digest)
    if row is None:
        raise NotSignedIn
    at = row["authenticated_at"]
    return Session(
        digest=digest,
        holder=_as_holder(row),
        began_at=row["began_at"],
        seen_at=row["seen_at"],
        strength=Strength(at=at and int(at.timestamp()), is_step_up=row["is_step_up"]),
        provider=row["provider"],
        hint=row["hint"],
    )


async def save(sql: Connection, session: Session) -> None:
    await sql.execute("update sessions set seen_at = %s where digest = %s", (session.seen_at, session.digest))


async def end(sql: Connection, digest: bytes) -> None:
    await sql.execute("delete from sessions where digest = %s", (digest,))


async def end_those_of(sql: Connection, admission_id: UUID) -> None:
    """End what somebody began by an admission that lets nobody in any more."""
    await sql.execute("delete from sessions where by_admission and holder_id = %s", (admission_id,))


async def keep_or_end(sql: Connection, staff_id: UUID, *, active: bool) -> None:
    """End the sessions of a member of staff who leaves, and note it for as long as a token may live."""
    await sql.execute(
        "delete from departures where staff_id = %s or at < app_now() - interval '1 day'", (staff_id,)
    )
    if not active:
        await sql.execute("delete from sessions where kind = 'staff' and holder_id = %s", (staff_id,))
        await sql.execute("insert into departures (staff_id, at) values (%s, app_now())", (staff_id,))


async def end_those_over(sql: Connection, at: datetime) -> None:
    """Forget the sessions that nobody can use any more."""
    await sql.execute(
        "delete from sessions where seen_at <= %s or began_at <= %s", (at - IDLE_LIMIT, at - ABSOLUTE_LIMIT)
    )

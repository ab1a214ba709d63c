"""The notices' SQL."""

from __future__ import annotations

from uuid import UUID

from shared.actor import Actor
from shared.database import Connection, Transaction
from shared.errors import NotFound

from .domain import Notice, NoticeKind

# One statement for all notices of a batch and tenant.
_ADD = """
with stored as (
    insert into notices (
        id, org_id, team_id, staff_id, event_id, kind, urgency, referral_id, offer_id, path_id, live
    )
    select id, org, team, staff, event, kind, urgency, referral, offer, path,
        told_at > app_now() - interval '1 hour'
    from jsonb_to_recordset(%s) as notice (
        id uuid, org uuid, team uuid, staff uuid, event uuid, kind text, urgency text, referral uuid,
        offer uuid, path uuid, told_at timestamptz
    )
    on conflict do nothing
    returning id, org_id, team_id, staff_id, kind, live
)
insert into live_notices (notice_id, org_id, team_id, staff_id, kind)
select id, org_id, team_id, staff_id, kind from stored where live
"""

_KNOWN = """
select from notices where org_id = %s and team_id = %s and referral_id = %s and kind = any (%s) limit 1
"""

MINE = "(staff_id = %(staff)s or team_id = %(team)s)"
"""The notices of one member of staff: her own and her team's; row-level security adds the organisation."""

_READ = f"""
update notices set read_at = coalesce(read_at, app_now()) where id = %(id)s and {MINE} returning id
"""  # noqa: S608 - constant text


def add(tx: Transaction, notice: Notice, *, without_path: bool = False) -> None:
    """Store a notice, and put it on the live list unless its event is older than an hour.

    Without the path it leads to nobody.
    The second notice of an event to the same address and of the same kind is none.
    """
    values = {
        "id": notice.id,
        "org": notice.to.organisation_id,
        "team": notice.to.team_id,
        "staff": notice.to.staff_id,
        "event": notice.event_id,
        "kind": notice.kind,
        "urgency": notice.urgency,
        "referral": notice.referral_id,
        "offer": notice.offer_id,
        "path": None if without_path else notice.path_id,
        "told_at": notice.told_at,
    }
    tx.gather(_ADD, values, tenant=notice.to.organisation_id)


async def knows(tx: Transaction, notice: Notice) -> bool:
    """Whether the notice's team has been told that it has the referral."""
    await tx.flush()
    await tx.act_for(notice.to.organisation_id)
    got = [NoticeKind.REFERRAL_SENT, NoticeKind.OFFER_WON]
    known = (notice.to.organisation_id, notice.to.team_id, notice.referral_id, got)
    return await (await tx.sql.execute(_KNOWN, known)).fetchone() is not None


async def mark_read(sql: Connection, notice_id: UUID, *, reader: Actor) -> None:
    """Note when a notice was first read; ``NotFound`` unless it is the reader's."""
    values = {"id": notice_id, "staff": reader.id, "team": reader.team_id}
    if await (await sql.execute(_READ, values)).fetchone() is None:
        raise NotFound

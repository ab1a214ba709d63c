"""Why a receiver could not take a person on, under the path's key at its home: both sides read it."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from shared.crypto import Owner, place
from shared.database import Connection
from shared.events.referrals import DeclineReason
from shared.vault import Keys

from ..domain.referral import Referral
from ..domain.timeline import Decline
from . import rows

_ADD = """
insert into referral_answers (
    referral_id, from_organisation_id, to_organisation_id, at, reason, offering_id, sealed
) values (%s, %s, %s, %s, %s, %s, %s)
"""

_LAST = """
select a.*, r.path_id from referral_answers a join referrals r on r.id = a.referral_id
where a.referral_id = %s order by a.at desc limit 1
"""


async def add(sql: Connection, referral: Referral, said: Decline, *, at: datetime, keys: Keys) -> None:
    words = {"sentence": said.sentence, "text": said.text}
    home = Owner(referral.path_id, referral.from_organisation_id)
    sealed = rows.sealed_json(await keys.read(home), words, bound_to=_place(home, referral.id, at))
    parties = [referral.from_organisation_id, referral.to_organisation_id]
    await sql.execute(_ADD, [referral.id, *parties, at, said.reason, said.offering_id, sealed])


async def load(sql: Connection, referral_id: UUID, keys: Keys) -> Decline:
    row = await rows.one(sql, _LAST, [referral_id])
    home = Owner(row["path_id"], row["from_organisation_id"])
    bound_to = _place(home, referral_id, row["at"])
    words = rows.unsealed_json(await keys.read(home), row["sealed"], bound_to=bound_to)
    return Decline(reason=DeclineReason(row["reason"]), offering_id=row["offering_id"], **words)


def _place(home: Owner, referral_id: UUID, at: datetime) -> str:
    return place("referral_answers.sealed", home.organisation, referral_id, at.astimezone(UTC).isoformat())

"""Why a receiver could not take a person on, sealed under the sender's key: both sides read it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from shared.crypto import Keyring
from shared.database import Connection
from shared.events.referrals import DeclineReason

from ..domain.referral import Referral
from ..domain.timeline import Decline
from . import rows

_ADD = """
insert into referral_answers (
    referral_id, from_organisation_id, to_organisation_id, at, reason, offering_id, sealed
) values (%s, %s, %s, %s, %s, %s, %s)
"""

_LAST = "select * from referral_answers where referral_id = %s order by at desc limit 1"


async def add(sql: Connection, referral: Referral, said: Decline, *, at: datetime, keys: Keyring) -> None:
    words = {"sentence": said.sentence, "text": said.text}
    sealed = rows.sealed_json(keys.of(referral.from_organisation_id), words, bound_to=_place(referral.id))
    parties = [referral.from_organisation_id, referral.to_organisation_id]
    await sql.execute(_ADD, [referral.id, *parties, at, said.reason, said.offering_id, sealed])


async def load(sql: Connection, referral_id: UUID, keys: Keyring) -> Decline:
    row = await rows.one(sql, _LAST, [referral_id])
    key = keys.of(row["from_organisation_id"])
    words = rows.unsealed_json(key, row["sealed"], bound_to=_place(referral_id))
    return Decline(reason=DeclineReason(row["reason"]), offering_id=row["offering_id"], **words)


def _place(referral_id: UUID) -> str:
    return f"answer:{referral_id}"

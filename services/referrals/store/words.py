"""What was said at the steps of a referral, under the path's key at its home: both sides read it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from psycopg.rows import DictRow

from shared.crypto import Owner, place
from shared.database import Connection
from shared.vault import Keys

from ..domain.referral import Referral
from . import rows

Words = Mapping[str, str]
"""By what they are: `question`, `text`, `sentence`, `reason`, `way`."""

_ADD = """
insert into referral_words (referral_id, version, from_organisation_id, to_organisation_id, sealed)
values (%s, %s, %s, %s, %s)
"""

_SAID = """
select w.version, w.from_organisation_id, w.sealed, r.path_id
from referral_words w join referrals r on r.id = w.referral_id where w.referral_id = %s order by w.version
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """The words of the step that made a version."""

    version: int
    words: Words


async def add(sql: Connection, referral: Referral, words: Words, keys: Keys) -> None:
    """Keep what was said at the referral's last step."""
    home = Owner(referral.path_id, referral.from_organisation_id)
    parties = [referral.from_organisation_id, referral.to_organisation_id]
    bound_to = _place(home, referral.id, referral.version)
    sealed = rows.sealed_json(await keys.read(home), dict(words), bound_to=bound_to)
    await sql.execute(_ADD, [referral.id, referral.version, *parties, sealed])


async def load(sql: Connection, referral_id: UUID, keys: Keys) -> list[Said]:
    """All that was said, oldest first."""
    return [await _as_said(row, referral_id, keys) for row in await rows.many(sql, _SAID, [referral_id])]


async def _as_said(row: DictRow, referral_id: UUID, keys: Keys) -> Said:
    home, version = Owner(row["path_id"], row["from_organisation_id"]), row["version"]
    bound_to = _place(home, referral_id, version)
    return Said(
        version=version,
        words=rows.unsealed_json(await keys.read(home), row["sealed"], bound_to=bound_to),
    )


def _place(home: Owner, referral_id: UUID, version: int) -> str:
    return place("referral_words.sealed", home.organisation, referral_id, version)

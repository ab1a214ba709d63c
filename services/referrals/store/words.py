"""What was said at the steps of a referral, sealed under the sender's key: both sides read it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from shared.crypto import Keyring
from shared.database import Connection

from ..domain.referral import Referral
from . import rows

Words = Mapping[str, str]
"""By what they are: `question`, `text`, `sentence`, `reason`, `way`."""

_ADD = """
insert into referral_words (referral_id, version, from_organisation_id, to_organisation_id, sealed)
values (%s, %s, %s, %s, %s)
"""

_SAID = """
select version, from_organisation_id, sealed from referral_words where referral_id = %s order by version
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """The words of the step that made a version."""

    version: int
    words: Words


async def add(sql: Connection, referral: Referral, words: Words, keys: Keyring) -> None:
    """Keep what was said at the referral's last step."""
    key, place = keys.of(referral.from_organisation_id), _place(referral.id, referral.version)
    parties = [referral.from_organisation_id, referral.to_organisation_id]
    sealed = rows.sealed_json(key, dict(words), bound_to=place)
    await sql.execute(_ADD, [referral.id, referral.version, *parties, sealed])


async def load(sql: Connection, referral_id: UUID, keys: Keyring) -> list[Said]:
    """All that was said, oldest first."""
    return [
        Said(
            version=row["version"],
            words=rows.unsealed_json(
                keys.of(row["from_organisation_id"]),
                row["sealed"],
                bound_to=_place(referral_id, row["version"]),
            ),
        )
        for row in await rows.many(sql, _SAID, [referral_id])
    ]


def _place(referral_id: UUID, version: int) -> str:
    return f"words:{referral_id}:{version}"

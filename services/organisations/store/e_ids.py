"""Which e-ID an admission is for: asked by keyed digests, before anybody's organisation is known."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from psycopg.rows import DictRow

from shared.database import Connection

from . import rows

# One e-ID has one admission in each organisation, and an admission one e-ID: the newest.
_TIE = """
insert into e_ids (digest, organisation_id, admission_id, linked_at) values (%s, %s, %s, app_now())
on conflict (digest, organisation_id) do update
set admission_id = excluded.admission_id, linked_at = excluded.linked_at
"""

_RENEW = "update e_ids set digest = %s where admission_id = %s"


async def tie(sql: Connection, digest: bytes, *, organisation_id: UUID, admission_id: UUID) -> None:
    """Let an e-ID be the way in to an admission."""
    await sql.execute(_TIE, (digest, organisation_id, admission_id))


async def newest(sql: Connection, digests: Sequence[bytes]) -> DictRow | None:
    """The admission that an e-ID was tied to last; of older digests the first takes the place."""
    query = "select * from e_ids where digest = any (%s) order by linked_at desc limit 1"
    found = await rows.first(sql, query, list(digests))
    if found is not None and found["digest"] != digests[0]:
        await sql.execute(_RENEW, (digests[0], found["admission_id"]))
    return found


async def untie(sql: Connection, admission_id: UUID) -> None:
    """Forget the e-ID of an admission that lets nobody in any more."""
    await sql.execute("delete from e_ids where admission_id = %s", (admission_id,))

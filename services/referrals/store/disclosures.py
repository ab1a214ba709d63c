"""The frozen copies: what one receiver holds, sealed under the path's key at that receiver."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from psycopg.rows import DictRow

from shared.crypto import Owner, place, seal, unseal
from shared.database import Connection
from shared.errors import NotFound
from shared.ids import new_id
from shared.vault import Keys

from ..domain.beside import processed
from ..domain.consent import Consent
from ..domain.disclosure import Package, joined, parts
from . import rows
from .items import Departure

_ADD = """
with header as (
    insert into disclosures (
        id, referral_id, consent_id, from_organisation_id, to_organisation_id, to_team_id, receiver_kind,
        fields, sha256, made_at, processing_consent_id, processing_fields
    ) values (
        %(id)s, %(referral)s, %(consent)s, %(sender)s, %(receiver)s, %(team)s, %(kind)s, %(fields)s,
        %(sha256)s, %(at)s, %(processing)s, %(processed)s
    )
)
insert into disclosure_items (disclosure_id, from_organisation_id, field, sealed)
select %(id)s, %(sender)s, part.field, part.sealed
from unnest(%(parts)s::text[], %(sealed)s::bytea[]) as part (field, sealed)
"""

# What the read gate of row-level security does not let through is not there.
_READ = """
select d.id, coalesce(d.made_under, d.consent_id) as made_under, d.to_organisation_id, d.sha256, i.field,
    i.sealed, r.path_id
from disclosures d join referrals r on r.id = d.referral_id
left join disclosure_items i on i.disclosure_id = d.id
where d.locked_at is null and d.id = (
    select id from disclosures where referral_id = %s order by id desc limit 1
)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Disclosure:
    """What may be read of one frozen copy; the hash is of all that was disclosed."""

    id: UUID
    package: Package
    sha256: str


async def add(  # noqa: PLR0913 - what leaves, the two that it rests on, and when
    sql: Connection,
    departure: Departure,
    *,
    release: Consent,
    processing: Consent | None,
    at: datetime,
    keys: Keys,
) -> None:
    """Freeze the package for the receiver, bound to this release and no other.

    What is sensitive rests on the consent to processing too, where the receiver needs one.
    """
    package, receiver = departure.package, departure.receiver
    disclosure_id = new_id()
    holder = Owner(release.path_id, receiver.organisation_id)
    key, of_copy = await keys.read(holder), (disclosure_id, release.id)
    pieces = [
        (field, seal(key, piece, bound_to=_place(holder, *of_copy, field))) for field, piece in parts(package)
    ]
    values = {
        "id": disclosure_id,
        "referral": release.referral_id,
        "consent": release.id,
        "sender": release.from_organisation_id,
        "receiver": receiver.organisation_id,
        "team": receiver.team_id,
        "kind": receiver.kind,
        "fields": sorted(item.field for item in package.items),
        "sha256": package.sha256,
        "at": at,
        "processing": processing.id if processing else None,
        "processed": sorted(processed(package.items, receiver)),
        "parts": [field for field, _ in pieces],
        "sealed": [sealed for _, sealed in pieces],
    }
    await sql.execute(_ADD, values)


async def read(sql: Connection, referral_id: UUID, keys: Keys) -> Disclosure:
    """The copy that the tenant may read now; raises `NotFound` when the gate of the database is closed."""
    found = await rows.many(sql, _READ, [referral_id])
    if not found:
        raise NotFound
    await keys.hold([_holder(row) for row in found])
    package = joined(_unsealed(row, keys) for row in found if row["sealed"])
    return Disclosure(id=found[0]["id"], package=package, sha256=found[0]["sha256"])


def _unsealed(row: DictRow, keys: Keys) -> bytes:
    bound_to = _place(_holder(row), row["id"], row["made_under"], row["field"])
    return unseal(keys.of(_holder(row)), row["sealed"], bound_to=bound_to)


def _holder(row: DictRow) -> Owner:
    return Owner(row["path_id"], row["to_organisation_id"])


def _place(holder: Owner, disclosure_id: UUID, made_under: UUID, field: str | None) -> str:
    row = (disclosure_id, made_under, field or "")
    return place("disclosure_items.sealed", holder.organisation, *row)

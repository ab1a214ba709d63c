"""The frozen copies: what one receiver holds, sealed with a key that only its own key opens."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from psycopg.rows import DictRow

from shared.crypto import Keyring, seal, unseal
from shared.database import Connection
from shared.errors import NotFound
from shared.ids import new_id

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
insert into disclosure_items (disclosure_id, from_organisation_id, field, wrapped, sealed)
select %(id)s, %(sender)s, part.field, %(wrapped)s, part.sealed
from unnest(%(parts)s::text[], %(sealed)s::bytea[]) as part (field, sealed)
"""

# What the read gate of row-level security does not let through is not there.
_READ = """
select d.id, coalesce(d.made_under, d.consent_id) as made_under, d.to_organisation_id, d.sha256, i.field,
    i.wrapped, i.sealed
from disclosures d left join disclosure_items i on i.disclosure_id = d.id
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
    keys: Keyring,
) -> None:
    """Freeze the package for the receiver, bound to this release and no other.

    What is sensitive rests on the consent to processing too, where the receiver needs one.
    """
    package, receiver = departure.package, departure.receiver
    disclosure_id = new_id()
    key, wrapped = keys.new_key(organisation_id=receiver.organisation_id, owner=disclosure_id)
    pieces = [
        (field, seal(key, piece, bound_to=_place(disclosure_id, release.id, receiver.organisation_id, field)))
        for field, piece in parts(package)
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
        "wrapped": wrapped,
        "parts": [field for field, _ in pieces],
        "sealed": [sealed for _, sealed in pieces],
    }
    await sql.execute(_ADD, values)


async def read(sql: Connection, referral_id: UUID, keys: Keyring) -> Disclosure:
    """The copy that the tenant may read now; raises `NotFound` when the gate of the database is closed."""
    found = await rows.many(sql, _READ, [referral_id])
    if not found:
        raise NotFound
    package = joined(_unsealed(row, keys) for row in found if row["sealed"])
    return Disclosure(id=found[0]["id"], package=package, sha256=found[0]["sha256"])


def _unsealed(row: DictRow, keys: Keyring) -> bytes:
    key = keys.unwrap(row["wrapped"], organisation_id=row["to_organisation_id"], owner=row["id"])
    place = _place(row["id"], row["made_under"], row["to_organisation_id"], row["field"])
    return unseal(key, row["sealed"], bound_to=place)


def _place(disclosure_id: UUID, made_under: UUID, receiver: UUID, field: str | None) -> str:
    whole = f"disclosure:{disclosure_id}:{made_under}:{receiver}"
    return f"{whole}:{field}" if field else whole

"""The frozen copies: what one receiver holds, sealed with a key that only its own key opens."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shared.crypto import Keyring, seal, unseal
from shared.database import Connection
from shared.ids import new_id

from ..domain.consent import Consent
from ..domain.disclosure import Package, unpacked
from . import rows
from .items import Departure

_ADD = """
with header as (
    insert into disclosures (
        id, referral_id, consent_id, from_organisation_id, to_organisation_id, to_team_id, receiver_kind,
        fields, sha256, made_at
    ) values (
        %(id)s, %(referral)s, %(consent)s, %(sender)s, %(receiver)s, %(team)s, %(kind)s, %(fields)s,
        %(sha256)s, %(at)s
    )
)
insert into disclosure_items (disclosure_id, from_organisation_id, wrapped, sealed)
values (%(id)s, %(sender)s, %(wrapped)s, %(sealed)s)
"""

# What the read gate of row-level security does not let through is not there.
_READ = """
select d.id, coalesce(d.made_under, d.consent_id) as made_under, d.to_organisation_id, i.wrapped, i.sealed
from disclosures d join disclosure_items i on i.disclosure_id = d.id
where d.referral_id = %s order by d.id desc limit 1
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Disclosure:
    """One frozen copy, unsealed."""

    id: UUID
    package: Package


async def add(
    sql: Connection, departure: Departure, *, release: Consent, at: datetime, keys: Keyring
) -> None:
    """Freeze the package for the receiver, bound to this release and no other."""
    package, receiver = departure.package, departure.receiver
    disclosure_id = new_id()
    key, wrapped = keys.new_key(organisation_id=receiver.organisation_id, owner=disclosure_id)
    place = _place(disclosure_id, release.id, receiver.organisation_id)
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
        "wrapped": wrapped,
        "sealed": seal(key, package.content, bound_to=place),
    }
    await sql.execute(_ADD, values)


async def read(sql: Connection, referral_id: UUID, keys: Keyring) -> Disclosure:
    """The copy that the tenant may read now; raises `NotFound` when the gate of the database is closed."""
    row = await rows.one(sql, _READ, [referral_id])
    key = keys.unwrap(row["wrapped"], organisation_id=row["to_organisation_id"], owner=row["id"])
    place = _place(row["id"], row["made_under"], row["to_organisation_id"])
    package = unpacked(unseal(key, row["sealed"], bound_to=place))
    return Disclosure(id=row["id"], package=package)


def _place(disclosure_id: UUID, made_under: UUID, receiver: UUID) -> str:
    return f"disclosure:{disclosure_id}:{made_under}:{receiver}"

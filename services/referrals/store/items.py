"""The sender's own items, sealed under the person's key, and what the gate judges beside the release."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date, datetime
from uuid import UUID

from psycopg.rows import DictRow

from shared.crypto import Owner, place
from shared.database import Connection
from shared.vault import Keys

from ..domain.beside import Beside, pass_beside
from ..domain.consent import Consent
from ..domain.disclosure import Contents, Package, as_item, packaged
from ..domain.gate import Receiver
from ..domain.need_transitions import NeedState
from ..domain.own_noes import demand_wanted
from ..domain.referral import Referral
from ..domain.transitions import OPEN_STATES
from . import consents, directory, rows

_KEEP = """
insert into referral_items (referral_id, org_id, sealed) values (%s, %s, %s)
on conflict (org_id, referral_id) do update set sealed = excluded.sealed
"""

_SEALED = "i.sealed, r.path_id, r.from_organisation_id"
_FROM = "from referrals r join referral_items i on i.referral_id = r.id"

_DEPARTURE = f"""
select {_SEALED}, {directory.RECEIVER}, to_jsonb(b) as processing, to_jsonb(p) as participation, exists (
    select from referrals other
    where other.from_organisation_id = r.from_organisation_id and other.need_id = r.need_id
        and other.id <> r.id and other.state = any (%(open)s)
) or exists (
    select from offers f
    where f.from_organisation_id = r.from_organisation_id and f.need_id = r.need_id and f.state = 'open'
) as need_is_busy, (
    select n.state from needs n where n.org_id = r.from_organisation_id and n.id = r.need_id
) as need_state, (
    select x.said_at from own_noes x join needs n
        on n.org_id = x.org_id and coalesce(n.step_id, n.id) = coalesce(x.step_id, x.need_id)
    where n.org_id = r.from_organisation_id and n.id = r.need_id and x.taken_back_at is null
) as said_no_at
{_FROM}
join offerings o on o.id = r.offering_id join organisations g on g.id = r.to_organisation_id
cross join lateral (
    select r.from_organisation_id as sender, r.to_organisation_id as receiver, r.to_team_id as team
) as edge
{consents.NEWEST.format(kind="processing_consent", name="b")}
{consents.NEWEST.format(kind="participation", name="p")}
where r.id = %(id)s
"""  # noqa: S608 - made of constants alone


@dataclass(frozen=True, slots=True, kw_only=True)
class Departure:
    """What would leave, to whom, and whether the need is handed over or offered besides."""

    package: Package
    receiver: Receiver
    need_is_busy: bool
    need_state: NeedState
    said_no_at: datetime | None
    beside: Beside

    def pass_beside(self, at: datetime) -> Consent | None:
        """The consent under which the receiver may keep what is sensitive; raises why nothing may leave."""
        demand_wanted(self.said_no_at)
        return pass_beside(self.beside, self.package.items, receiver=self.receiver, at=at)


async def keep(sql: Connection, referral: Referral, contents: Contents, keys: Keys) -> None:
    """Write the draft's items and message, over what was there."""
    home = Owner(referral.path_id, referral.from_organisation_id)
    sealed = sealed_contents(await keys.read(home), contents, bound_to=_place(referral.id, home))
    await sql.execute(_KEEP, [referral.id, referral.from_organisation_id, sealed])


def sealed_contents(key: bytes, contents: Contents, *, bound_to: str) -> bytes:
    """The contents, sealed under the key of the path at its home."""
    said = {"items": [asdict(item) for item in contents.items], "message": contents.message}
    return rows.sealed_json(key, said, bound_to=bound_to)


async def load(sql: Connection, referral_id: UUID, keys: Keys) -> Contents:
    """The sender's items and message; to the receiver's tenant they do not exist."""
    row = await rows.one(sql, f"select {_SEALED} {_FROM} where r.id = %s", [referral_id])
    return await _contents(referral_id, row, keys)


async def departure(sql: Connection, referral_id: UUID, *, today: date, keys: Keys) -> Departure:
    """All that the gate judges, in one statement, read under the path's lock."""
    row = await rows.one(sql, _DEPARTURE, {"id": referral_id, "today": today, "open": sorted(OPEN_STATES)})
    contents = await _contents(referral_id, row, keys)
    return Departure(
        package=packaged(contents.items),
        receiver=directory.as_receiver(row),
        need_is_busy=row["need_is_busy"],
        need_state=NeedState(row["need_state"]),
        said_no_at=row["said_no_at"],
        beside=Beside(
            processing=consents.from_json(row["processing"], keys) if row["processing"] else None,
            participation=consents.from_json(row["participation"], keys) if row["participation"] else None,
        ),
    )


async def _contents(referral_id: UUID, row: DictRow, keys: Keys) -> Contents:
    home = Owner(row["path_id"], row["from_organisation_id"])
    return unsealed(await keys.read(home), row["sealed"], bound_to=_place(referral_id, home))


def unsealed(key: bytes, sealed: bytes, *, bound_to: str) -> Contents:
    """The contents, under the key of the path at its home."""
    said = rows.unsealed_json(key, sealed, bound_to=bound_to)
    return Contents(items=tuple(map(as_item, said["items"])), message=said["message"])


def _place(referral_id: UUID, home: Owner) -> str:
    return place("referral_items.sealed", home.organisation, referral_id)

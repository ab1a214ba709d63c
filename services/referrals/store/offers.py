"""Open offers, and what they hold, at their sender's."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg.rows import DictRow
from psycopg.types.json import Jsonb

from shared.actor import Actor
from shared.crypto import Owner, place
from shared.database import Connection, Transaction
from shared.errors import NotFound
from shared.events.base import ItemField, Urgency
from shared.timers import Timer, cancel_timers, set_timers
from shared.vault import Keys

from ..domain.disclosure import Contents
from ..domain.offers import Meeting, Offer, OfferedTeam, OfferState
from . import items, rows
from .rows import Slice

CLOSE = "offer_close"
"""The timer that closes an offer which nobody claims."""

PATH_OF = f"select path_id as id from offers where id = %(id)s and {rows.SEEN}"  # noqa: S608 - constants

_MET = """
select t.from_organisation_id,
    (
        select sending_team(o.path_id, o.from_team_id) from offers o where o.id = t.offer_id
    ) as from_team_id,
    array_agg(t.team_id) filter (where t.organisation_id = %(org)s and t.opened_at is not null) as teams
from offer_teams t where t.offer_id = %(id)s and (%(person)s::uuid is null or exists (
    select from offers o join paths a on a.id = o.path_id where o.id = t.offer_id and a.person_id = %(person)s
))
group by t.from_organisation_id, t.offer_id
"""

_OFFERS = """
select o.*, sending_team(o.path_id, o.from_team_id) as from_team_id, (
    select jsonb_agg(to_jsonb(t) order by t.nth) from offer_teams t
    where t.from_organisation_id = o.from_organisation_id and t.offer_id = o.id
) as teams, (
    select coalesce(array_agg(c.id order by c.id), '{}') from consents c
    where c.from_organisation_id = o.from_organisation_id and c.offer_id = o.id
) as consent_ids
from offers o
where (%(person)s::uuid is null or exists (
    select from paths a where a.id = o.path_id and a.person_id = %(person)s
))
"""

_ADD = """
with offer as (
    insert into offers (
        id, from_organisation_id, from_team_id, from_staff_id, path_id, need_id, urgency, state, version,
        fields, sealed, created_at
    ) values (
        %(id)s, %(from_organisation_id)s, %(from_team_id)s, %(from_staff_id)s, %(path_id)s, %(need_id)s,
        %(urgency)s, %(state)s, %(version)s, %(fields)s, %(sealed)s, %(created_at)s
    )
)
insert into offer_teams (offer_id, from_organisation_id, nth, organisation_id, team_id, offering_id, version)
select %(id)s, %(from_organisation_id)s, t.nth, t.organisation_id, t.team_id, t.offering_id, %(version)s
from jsonb_to_recordset(%(teams)s) as t (nth int, organisation_id uuid, team_id uuid, offering_id uuid)
"""

_SAVE = """
with offer as (
    update offers set
        state = %(state)s, version = %(version)s, opened_at = %(opened_at)s, closes_at = %(closes_at)s,
        closed_at = %(closed_at)s, referral_id = %(referral_id)s
    where id = %(id)s
)
update offer_teams set
    version = %(version)s, opened_at = %(opened_at)s, closes_at = %(closes_at)s, closed_at = %(closed_at)s,
    referral_id = case when team_id = %(winner)s then %(referral_id)s::uuid end
where from_organisation_id = %(from_organisation_id)s and offer_id = %(id)s
"""

_HELD = "select o.sealed, o.path_id, o.from_organisation_id from offers o where o.id = %s"


async def met(sql: Connection, offer_id: UUID, actor: Actor) -> Meeting:
    """How the caller may meet an offer; raises `NotFound` for what the tenant may not know of."""
    values = {"id": offer_id, "org": actor.organisation_id, "person": rows.person_behind(actor)}
    row = await rows.one(sql, _MET, values)
    return Meeting(
        from_organisation_id=row["from_organisation_id"],
        from_team_id=row["from_team_id"],
        teams=frozenset(row["teams"] or ()),
    )


async def lock(tx: Transaction, offer_id: UUID) -> datetime:
    """Lock the offer's path, in its sender's tenant; the time once it is held."""
    locked = await tx.lock_found(PATH_OF, {"id": offer_id})
    if locked is None:
        raise NotFound
    return locked[1]


async def load(sql: Connection, offer_id: UUID, *, actor: Actor) -> Offer:
    """The offer, in its sender's tenant."""
    values = {"id": offer_id, "person": rows.person_behind(actor)}
    return _as_offer(await rows.one(sql, f"{_OFFERS} and o.id = %(id)s", values))


async def listed(sql: Connection, part: Slice, *, organisation_id: UUID, team_id: UUID) -> list[Offer]:
    """The offers that a team has made, newest first."""
    query = f"""{_OFFERS} and o.from_organisation_id = %(org)s and o.from_team_id = %(team)s
        and (%(after)s::uuid is null or o.id < %(after)s) order by o.id desc limit %(limit)s"""
    values = {"person": None, "org": organisation_id, "team": team_id, **asdict(part)}
    return [_as_offer(row) for row in await rows.many(sql, query, values)]


async def add(sql: Connection, offer: Offer, contents: Contents, keys: Keys) -> None:
    """Write a new offer, its teams, and what it holds, sealed under the path's key."""
    home = Owner(offer.path_id, offer.from_organisation_id)
    sealed = items.sealed_contents(await keys.read(home), contents, bound_to=_place(offer.id, home))
    teams = [
        {"nth": nth, **{name: str(value) for name, value in asdict(team).items()}}
        for nth, team in enumerate(offer.teams, start=1)
    ]
    await sql.execute(_ADD, {**_values(offer), "sealed": sealed, "teams": Jsonb(teams)})


async def save(tx: Transaction, offer: Offer, *, winner: OfferedTeam | None = None) -> None:
    """Write how far it has come, with its clock."""
    values = {**_values(offer), "winner": winner.team_id if winner else None}
    await tx.sql.execute(_SAVE, values)
    if offer.state is OfferState.OPEN and offer.closes_at is not None:
        timer = Timer(CLOSE, offer.closes_at, offer.version)
        await set_timers(tx, owner=offer.id, subject=offer.path_id, timers=[timer])
    else:
        await cancel_timers(tx, owner=offer.id)


async def contents(sql: Connection, offer_id: UUID, keys: Keys) -> Contents:
    """The items and the message, in the sender's tenant."""
    row = await rows.one(sql, _HELD, [offer_id])
    home = Owner(row["path_id"], row["from_organisation_id"])
    return items.unsealed(await keys.read(home), row["sealed"], bound_to=_place(offer_id, home))


async def teams_of(sql: Connection, offer_ids: list[UUID]) -> dict[UUID, list[OfferedTeam]]:
    """The teams that each offer names, as its sender sees them."""
    query = "select * from offer_teams where offer_id = any (%s) order by offer_id, nth"
    found: dict[UUID, list[OfferedTeam]] = {one: [] for one in offer_ids}
    for row in await rows.many(sql, query, [offer_ids]):
        found[row["offer_id"]].append(OfferedTeam(**{name: row[name] for name in _TEAM}))
    return found


_TEAM = ("organisation_id", "team_id", "offering_id")
_SAME = (
    "id", "version", "path_id", "need_id", "from_organisation_id", "from_team_id", "from_staff_id",
    "opened_at", "closes_at", "closed_at", "referral_id", "created_at",
)  # fmt: skip


def _values(offer: Offer) -> dict[str, Any]:
    named = {name: getattr(offer, name) for name in (*_SAME, "state", "urgency")}
    return {**named, "fields": sorted(offer.fields)}


def _as_offer(row: DictRow) -> Offer:
    teams = (OfferedTeam(**{name: UUID(team[name]) for name in _TEAM}) for team in row["teams"])
    return Offer(
        **{name: row[name] for name in _SAME},
        state=OfferState(row["state"]),
        urgency=Urgency(row["urgency"]),
        teams=tuple(teams),
        fields=frozenset(map(ItemField, row["fields"])),
        consent_ids=tuple(row["consent_ids"]),
    )


def _place(offer_id: UUID, home: Owner) -> str:
    return place("offers.sealed", home.organisation, offer_id)

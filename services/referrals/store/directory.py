"""Our copy of who takes part: written by the reactions, read by the gate."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from psycopg.rows import DictRow
from psycopg.types.json import Jsonb

from shared.database import Connection
from shared.events.base import ItemClass, ItemField
from shared.events.organisations import (
    AgreementConcluded,
    EligibilityRule,
    OfferingChanged,
    OfferingKind,
    OfferingPublished,
    OfferingStatus,
    OrganisationChanged,
    OrganisationKind,
    OrganisationRegistered,
    OrganisationStatus,
    PledgeSigned,
    StaffAppointed,
    StaffChanged,
)

from ..domain.colleague import Colleague
from ..domain.eligibility import Eligibility
from ..domain.gate import Offering, Receiver
from ..domain.refusals import HomeRests, ReceiverClosed
from . import rows

_OFFERING_OF = """
o.id as offering_id, o.organisation_id as offering_organisation_id, o.team_id as offering_team_id,
o.kind as offering_kind, o.status as offering_status, o.required_fields, o.sensitive as offering_sensitive
"""

RECEIVER = f"""
{_OFFERING_OF}, edge.receiver as receiver_id, edge.team as receiver_team_id,
g.kind as receiver_kind, g.status as receiver_status, g.most_at_once as receiver_most_at_once,
edge.sender = edge.receiver or exists (
    select from agreements
    where parties @> array[edge.sender, edge.receiver] and not ended
        and kind is distinct from 'data_protection'
        and valid_from <= %(today)s and coalesce(valid_until, %(today)s) >= %(today)s
) as agreed
"""  # noqa: S608 - made of constants alone
"""What a receiver is made from: `o` is its offering, `g` its organisation, `edge` who sends to whom."""

_OFFERED = f"""
select {RECEIVER}
from offerings o join organisations g on g.id = o.organisation_id
cross join lateral (
    select %(sender)s::uuid as sender, o.organisation_id as receiver, o.team_id as team
) as edge
where o.id = %(offering)s
"""  # noqa: S608 - made of constants alone

_REFERRED_TO = f"""
select {_OFFERING_OF} from referrals r join offerings o on o.id = r.offering_id where r.id = %s
"""  # noqa: S608 - made of constants alone

_ELIGIBILITY = """
select coalesce(r.eligibility_version, o.eligibility_version) as version,
    coalesce(r.eligibility, o.eligibility) as rules, r.eligibility is not null as frozen
from referrals r join offerings o on o.id = r.offering_id where r.id = %s
"""

PLEDGED = """
select max(version) from pledges
where staff_id = s.id
    and (valid_until is null or valid_until >= (select app_now() at time zone 'Europe/Stockholm')::date)
"""
"""The newest version of the pledge that binds `s`, a member of staff, today (R-44)."""

_COLLEAGUE = f"""
select s.id, s.organisation_id, s.team_id, s.active, coalesce(({PLEDGED}), 0) as pledge_version
from staff s where s.id = %s
"""  # noqa: S608 - made of constants alone

_ORGANISATION = """
insert into organisations (id, kind, status, most_at_once) values (%s, %s, %s, %s)
on conflict (id) do update set
    kind = excluded.kind, status = excluded.status, most_at_once = excluded.most_at_once
"""

LEFT = "select id from staff where not active union all select id from ended_admissions"

_STAFF = """
insert into staff (id, organisation_id, team_id, roles, active) values (%s, %s, %s, %s, %s)
on conflict (id) do update set
    organisation_id = excluded.organisation_id, team_id = excluded.team_id, roles = excluded.roles,
    active = excluded.active
"""

_OFFERING = """
insert into offerings (
    id, organisation_id, team_id, kind, needs, themes, areas, languages, age_from, age_to, required_fields,
    sensitive, status, version, eligibility, eligibility_version
) values (
    %(offering_id)s, %(organisation_id)s, %(team_id)s, %(kind)s, %(needs)s, %(themes)s, %(areas)s,
    %(languages)s, %(age_from)s, %(age_to)s, %(required_fields)s, %(sensitive)s, %(status)s, %(version)s,
    %(eligibility)s, %(eligibility_version)s
)
on conflict (id) do update set
    organisation_id = excluded.organisation_id, team_id = excluded.team_id, kind = excluded.kind,
    needs = excluded.needs, themes = excluded.themes, areas = excluded.areas,
    languages = excluded.languages, age_from = excluded.age_from, age_to = excluded.age_to,
    required_fields = excluded.required_fields, sensitive = excluded.sensitive, status = excluded.status,
    version = excluded.version, eligibility = excluded.eligibility,
    eligibility_version = excluded.eligibility_version
"""

_AGREEMENT = """
insert into agreements (id, parties, valid_from, valid_until, kind) values (%s, %s, %s, %s, %s)
on conflict (id) do update set
    parties = excluded.parties, valid_from = excluded.valid_from, valid_until = excluded.valid_until,
    kind = excluded.kind
"""


_PLEDGE = """
insert into pledges (staff_id, version, valid_until) values (%s, %s, %s)
on conflict (staff_id, version) do update set valid_until = excluded.valid_until
"""


async def receiver_by(sql: Connection, offering_id: UUID, *, sender: UUID, today: date) -> Receiver:
    """Who stands behind an offering, as seen by a sender; raises `NotFound`."""
    return as_receiver(
        await rows.one(sql, _OFFERED, {"offering": offering_id, "sender": sender, "today": today})
    )


async def colleague(sql: Connection, staff_id: UUID) -> Colleague:
    """What we know of a member of staff; of an unknown one only her id."""
    found = await rows.many(sql, _COLLEAGUE, [staff_id])
    return Colleague(**found[0]) if found else Colleague(id=staff_id)


async def offering_of(sql: Connection, referral_id: UUID) -> Offering:
    """The offering that a referral goes to, as it is now."""
    return _as_offering(await rows.one(sql, _REFERRED_TO, [referral_id]))


async def eligibility_of(sql: Connection, referral_id: UUID) -> Eligibility:
    """The rules under which a referral was sent; of one that has not been, those of its offering now."""
    row = await rows.one(sql, _ELIGIBILITY, [referral_id])
    return Eligibility(
        version=row["version"],
        rules=tuple(map(EligibilityRule.model_validate, row["rules"])),
        frozen=row["frozen"],
    )


async def must_exist(sql: Connection, offering_id: UUID) -> None:
    """Raise `NotFound` for an offering that nobody published."""
    await rows.one(sql, "select id from offerings where id = %s", [offering_id])


async def must_take_part(sql: Connection, organisation_id: UUID) -> None:
    """Raise `NotFound` for an unknown organisation, `ReceiverClosed` for one that takes no part now."""
    query = "select status from organisations where id = %s"
    if (await rows.one(sql, query, [organisation_id]))["status"] != OrganisationStatus.ACTIVE:
        raise ReceiverClosed


async def must_be_home(sql: Connection, organisation_id: UUID) -> None:
    """Raise `HomeRests` for an organisation that, as far as we have heard, takes no part now."""
    query = "select id from organisations where id = %s and status <> 'active'"
    if await rows.many(sql, query, [organisation_id]):
        raise HomeRests


def as_receiver(row: DictRow) -> Receiver:
    return Receiver(
        organisation_id=row["receiver_id"],
        team_id=row["receiver_team_id"],
        kind=OrganisationKind(row["receiver_kind"]),
        status=OrganisationStatus(row["receiver_status"]),
        offering=_as_offering(row),
        agreed=row["agreed"],
        most_at_once=row["receiver_most_at_once"],
    )


def _as_offering(row: DictRow) -> Offering:
    required = row["required_fields"]
    sensitive = [one for one in required if one["item_class"] == ItemClass.SENSITIVE]
    return Offering(
        id=row["offering_id"],
        organisation_id=row["offering_organisation_id"],
        team_id=row["offering_team_id"],
        kind=OfferingKind(row["offering_kind"]),
        status=OfferingStatus(row["offering_status"]),
        required_fields=frozenset(ItemField(one["field"]) for one in required),
        sensitive_fields=frozenset(ItemField(one["field"]) for one in sensitive),
        sensitive=row["offering_sensitive"],
    )


async def put_organisation(sql: Connection, said: OrganisationRegistered | OrganisationChanged) -> None:
    values = [said.organisation_id, said.kind, said.status, said.most_at_once]
    await sql.execute(_ORGANISATION, values)


async def put_team(sql: Connection, team_id: UUID, organisation_id: UUID) -> None:
    query = "insert into teams (id, organisation_id) values (%s, %s) on conflict (id) do nothing"
    await sql.execute(query, [team_id, organisation_id])


async def put_staff(sql: Connection, said: StaffAppointed | StaffChanged, *, active: bool) -> None:
    await sql.execute(_STAFF, [said.staff_id, said.organisation_id, said.team_id, list(said.roles), active])


async def put_offering(sql: Connection, said: OfferingPublished | OfferingChanged) -> None:
    values = said.model_dump()
    lists = {name: list(values[name]) for name in ("needs", "themes", "areas", "languages")}
    required = Jsonb([item.model_dump(mode="json") for item in said.required_fields])
    rules = Jsonb([rule.model_dump(mode="json", exclude_defaults=True) for rule in said.eligibility])
    await sql.execute(_OFFERING, {**values, **lists, "required_fields": required, "eligibility": rules})


async def put_agreement(sql: Connection, said: AgreementConcluded) -> None:
    values = [said.agreement_id, list(said.parties), said.valid_from, said.valid_until, said.kind]
    await sql.execute(_AGREEMENT, values)


async def end_agreement(sql: Connection, agreement_id: UUID) -> None:
    await sql.execute("update agreements set ended = true where id = %s", [agreement_id])


async def put_pledge(sql: Connection, said: PledgeSigned) -> None:
    await sql.execute(_PLEDGE, [said.staff_id, said.version, said.valid_until])

"""Referrals and their timeline."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg.rows import DictRow

from shared.actor import Actor
from shared.crypto import Owner
from shared.database import Connection, Transaction
from shared.errors import NotFound
from shared.events.base import Area, ItemField, NeedCode, Urgency
from shared.events.referrals import Party
from shared.ids import new_id
from shared.timers import SET_TOO, Timer, set_values
from shared.vault import Keys

from ..domain.card import Card
from ..domain.clocks import rings_of
from ..domain.codes import code_from
from ..domain.colleague import Colleague
from ..domain.consent import Consent
from ..domain.referral import Referral
from ..domain.transitions import OPEN_STATES, State
from . import consent_rows, rows
from .directory import PLEDGED

PATH_OF = f"""
select r.path_id as id from referrals r
where r.id = %(id)s and (%(person)s::uuid is null or exists (
    select from paths a where a.id = r.path_id and a.person_id = %(person)s
)) and {rows.SEEN}
"""  # noqa: S608 - made of constants alone

COLUMNS = """
r.*, sending_team(r.path_id, r.from_team_id) as from_team_id, (
    select coalesce(array_agg(c.id order by c.id), '{}') from consents c
    where c.from_organisation_id = r.from_organisation_id and c.referral_id = r.id
) as consent_ids
"""
"""What a referral is made from; `r` is its row."""

# The release is the one that it was sent under, or else the newest answer.
_LOAD = f"""
select {COLUMNS}, to_jsonb(c) as release, s.organisation_id as staff_organisation_id,
    s.team_id as staff_team_id, s.active as staff_active,
    ({PLEDGED}) as pledge_version
from referrals r
left join lateral (
    select * from current_consents c
    where c.from_organisation_id = r.from_organisation_id and c.referral_id = r.id
        and c.kind = 'secrecy_release'
    order by c.id = r.consent_id desc nulls last, c.id desc limit 1
) c on true
left join staff s on s.id = %(staff)s
where r.id = %(id)s
"""  # noqa: S608 - made of constants alone

_ADD = """
with referral as (
    insert into referrals (
        id, code, version, state, path_id, need_id, offering_id, from_organisation_id, from_team_id,
        from_staff_id, to_organisation_id, to_team_id, need_code, area, age_band, language, urgency, fields,
        parent_id, since, created_at, changed_at, consent_id, sent_at, opened_at, answer_by
    ) values (
        %(id)s, %(code)s, %(version)s, %(state)s, %(path_id)s, %(need_id)s, %(offering_id)s,
        %(from_organisation_id)s, %(from_team_id)s, %(from_staff_id)s, %(to_organisation_id)s, %(to_team_id)s,
        %(need_code)s, %(area)s, %(age_band)s, %(language)s, %(urgency)s, %(fields)s, %(parent_id)s,
        %(since)s, %(created_at)s, %(changed_at)s, %(consent_id)s, %(sent_at)s,
        %(opened_at)s, %(answer_by)s
    )
)
"""

_SAVE = """
with referral as (
    update referrals set
        version = %(version)s, state = %(state)s, offering_id = %(offering_id)s,
        to_organisation_id = %(to_organisation_id)s, to_team_id = %(to_team_id)s,
        to_staff_id = %(to_staff_id)s, fields = %(fields)s, consent_id = %(consent_id)s,
        from_staff_id = %(from_staff_id)s, since = %(since)s, sent_at = %(sent_at)s,
        opened_at = %(opened_at)s, answer_by = %(answer_by)s, first_contact_by = %(first_contact_by)s,
        review_on = %(review_on)s, resume_on = %(resume_on)s, asked_from = %(asked_from)s,
        days_left = %(days_left)s, last_contact_at = %(last_contact_at)s, reminded_at = %(reminded_at)s,
        ended_from = %(ended_from)s, ended_by = %(ended_by)s, ended_at = %(ended_at)s,
        changed_at = %(changed_at)s
    where id = %(id)s
)
"""

_STEPS = """
insert into referral_steps (
    referral_id, version, at, command, by_side, by_organisation_id, state, is_shared,
    from_organisation_id, to_organisation_id
)
select %(id)s, s.version, s.at, s.command, s.by_side, s.by_organisation_id, s.state, s.is_shared,
    %(from_organisation_id)s, %(to_organisation_id)s
from unnest(
    %(versions)s::int[], %(ats)s::timestamptz[], %(commands)s::text[], %(sides)s::text[],
    %(organisations)s::uuid[], %(states)s::text[], %(shared)s::boolean[]
) as s (version, at, command, by_side, by_organisation_id, state, is_shared)
"""

_RESTING = f"""
select {COLUMNS} from referrals r
where r.from_organisation_id = %(sender)s and r.state = any (%(open)s) and (
    r.consent_id = %(consent)s or (%(kind)s = 'processing_consent' and r.id = %(referral)s)
) order by r.id
"""  # noqa: S608 - made of constants alone

_CODES = """
select code from unnest(%s::text[]) with ordinality as drawn (code, nth)
where not exists (select from referrals r where r.from_organisation_id = %s and r.code = drawn.code)
order by nth limit 1
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """A referral, the release it rests on, and the member of staff that a command is about."""

    referral: Referral
    release: Consent | None
    staff: Colleague


async def path_of(sql: Connection, referral_id: UUID, actor: Actor) -> UUID:
    """The path to lock; raises `NotFound` for what the caller may not know of."""
    values = {"id": referral_id, "person": rows.person_behind(actor)}
    path_id: UUID = (await rows.one(sql, PATH_OF, values))["id"]
    return path_id


async def lock(tx: Transaction, referral_id: UUID) -> datetime:
    """Lock the referral's path; the time once it is held.  Raises `NotFound` as `path_of` does."""
    values = {"id": referral_id, "person": rows.person_behind(tx.actor)}
    locked = await tx.lock_found(PATH_OF, values)
    if locked is None:
        raise NotFound
    return locked[1]


async def load(sql: Connection, referral_id: UUID, *, staff_id: UUID, keys: Keys) -> Situation:
    row = await rows.one(sql, _LOAD, {"id": referral_id, "staff": staff_id})
    colleague = Colleague(
        id=staff_id,
        organisation_id=row["staff_organisation_id"],
        team_id=row["staff_team_id"],
        active=bool(row["staff_active"]),
        pledge_version=row["pledge_version"] or 0,
    )
    if row["release"]:
        # What a command goes on to seal or to open is under one of these.
        sides = (row["from_organisation_id"], row["to_organisation_id"])
        await keys.hold([Owner(row["path_id"], side) for side in sides])
    release = consent_rows.from_json(row["release"], keys) if row["release"] else None
    return Situation(referral=as_referral(row), release=release, staff=colleague)


async def resting_on(sql: Connection, consent: Consent) -> list[Referral]:
    """The open referrals that a consent carries; none rests on a participation."""
    values = {
        "sender": consent.from_organisation_id,
        "open": sorted(OPEN_STATES),
        "consent": consent.id,
        "kind": consent.kind,
        "referral": consent.referral_id,
    }
    return [as_referral(row) for row in await rows.many(sql, _RESTING, values)]


async def open_one(sql: Connection, referral_id: UUID) -> Referral | None:
    """The referral, if it is open."""
    query = f"select {COLUMNS} from referrals r where r.id = %s and r.state = any (%s)"  # noqa: S608
    found = await rows.many(sql, query, [referral_id, sorted(OPEN_STATES)])
    return as_referral(found[0]) if found else None


async def free_code(sql: Connection, organisation_id: UUID) -> str:
    """A random code that the tenant does not use yet."""
    drawn = [code_from(new_id()) for _ in range(_DRAWN)]
    code: str = (await rows.one(sql, _CODES, [drawn, organisation_id]))["code"]
    return code


async def add(sql: Connection, referral: Referral) -> None:
    """Write a new referral, its steps and its clocks."""
    await sql.execute(_ADD + SET_TOO + _STEPS, _values(referral) | _timers(referral, ()))


async def save(sql: Connection, referral: Referral, *also: Timer) -> None:
    """Write the referral whole, with the steps taken since it was loaded.

    If it came into another state, its clocks are set anew in the same statement; `also` rings besides.
    """
    if referral.since == referral.version:
        await sql.execute(_SAVE + SET_TOO + _STEPS, _values(referral) | _timers(referral, also))
    else:
        await sql.execute(_SAVE + _STEPS, _values(referral))


def _timers(referral: Referral, also: Sequence[Timer]) -> dict[str, object]:
    tenant, since = referral.from_organisation_id, referral.since
    clocks = [Timer(ring, due_at, since, tenant) for ring, due_at in rings_of(referral).items()]
    return set_values(owner=referral.id, subject=referral.path_id, timers=[*clocks, *also])


def _values(referral: Referral) -> dict[str, object]:
    names = [name for name in Referral.__dataclass_fields__ if name not in {"card", "steps", "consent_ids"}]
    card, taken = referral.card, referral.steps
    return {
        **{name: getattr(referral, name) for name in names},
        "fields": sorted(referral.fields),
        "need_code": card.need_code,
        "area": card.area,
        "age_band": card.age_band,
        "language": card.language,
        "urgency": card.urgency,
        "versions": [step.version for step in taken],
        "ats": [step.at for step in taken],
        "commands": [step.command for step in taken],
        "sides": [step.by_side for step in taken],
        "organisations": [step.by_organisation_id for step in taken],
        "states": [step.state for step in taken],
        "shared": [step.is_shared for step in taken],
    }


_SAME = (
    "id", "code", "version", "path_id", "need_id", "offering_id", "from_organisation_id", "from_team_id",
    "from_staff_id", "to_organisation_id", "to_team_id", "to_staff_id", "consent_id", "sent_at", "opened_at",
    "answer_by", "first_contact_by", "review_on", "resume_on", "parent_id", "since", "days_left",
    "last_contact_at", "reminded_at", "ended_at", "created_at", "changed_at",
)  # fmt: skip


_DRAWN = 8
"""So many codes at once, that one of them is free for certain enough."""

_CODES_OF: Mapping[str, Callable[[str], Any]] = {
    "asked_from": State,
    "ended_from": State,
    "ended_by": Party,
}


def as_referral(row: DictRow) -> Referral:
    """A referral from its row, with `consent_ids` beside it."""
    card = Card(
        need_code=NeedCode(row["need_code"]),
        area=Area(row["area"]),
        age_band=row["age_band"],
        language=row["language"],
        urgency=Urgency(row["urgency"]),
    )
    coded: dict[str, Any] = {name: kind(row[name]) if row[name] else None for name, kind in _CODES_OF.items()}
    return Referral(
        **{name: row[name] for name in _SAME},
        **coded,
        state=State(row["state"]),
        card=card,
        fields=frozenset(map(ItemField, row["fields"])),
        consent_ids=tuple(row["consent_ids"]),
    )


async def open_at(sql: Connection, organisation_id: UUID) -> int:
    """How many referrals the organisation has and has not ended; asked in its own tenant."""
    query = "select count(*) as many from referrals where to_organisation_id = %s and state = any(%s)"
    states = [*(OPEN_STATES - {State.QUEUED})]
    return int((await rows.one(sql, query, [organisation_id, states]))["many"])

"""Consents; purpose and conditions are under the path's key at its home: both parties read them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from psycopg.rows import DictRow
from psycopg.types.json import Jsonb

from shared.actor import Actor
from shared.crypto import Owner, place
from shared.database import Connection
from shared.events.base import ItemField
from shared.events.consents import ConsentKind
from shared.vault import Keys

from ..domain.consent import Answer, Consent, Ending, GivenBy, Giver, Narrowed, PersonsAnswer, Proof, Way
from ..domain.offer_consent import AnyConsent, OfferConsent
from ..domain.transitions import OPEN_STATES
from . import rows
from .rows import Slice

_ADD = """
insert into consents (
    id, kind, answer, path_id, referral_id, offer_id, from_organisation_id, to_organisation_id, to_team_id,
    fields, sealed, valid_from, valid_until, text_version, text_sha256, language, given_how, given_by,
    asked_by, interpreter, version, renews
) values (
    %(id)s, %(kind)s, %(answer)s, %(path_id)s, %(referral_id)s, %(offer_id)s, %(from_organisation_id)s,
    %(to_organisation_id)s, %(to_team_id)s, %(fields)s, %(sealed)s, %(valid_from)s, %(valid_until)s,
    %(text_version)s, %(text_sha256)s, %(language)s, %(given_how)s, %(given_by)s, %(asked_by)s,
    %(interpreter)s, %(version)s, %(renews)s
)
"""

_END = "update consents set ended_at = %s, ended_how = %s, ended_by = %s, version = %s where id = %s"

NEWEST = """
left join lateral (
    select * from current_consents c
    where c.from_organisation_id = r.from_organisation_id and c.referral_id = r.id and c.kind = '{kind}'
    order by c.id desc limit 1
) {name} on true
"""
"""The person's newest answer of a kind about the referral `r`."""

_LIVE = """
select to_jsonb(c) as said from current_consents c
where c.referral_id = %s and c.answer = 'yes' and c.ended_at is null
order by array_position(array['secrecy_release', 'processing_consent', 'participation'], c.kind), c.id
"""

_NARROW = """
with narrowing as (
    insert into consent_narrowings (from_organisation_id, consent_id, version, dropped, valid_until, at, by)
    values (%(sender)s, %(id)s, %(version)s, %(dropped)s, %(until)s, %(at)s, %(by)s)
)
update consents set version = %(version)s where id = %(id)s
"""

_OF_OFFER = """
select distinct on (c.kind) to_jsonb(c) as said from current_consents c
where c.offer_id = %s and c.referral_id is null order by c.kind, c.id desc
"""

_LAPSE = """
update consents set ended_at = %(at)s, ended_how = 'unused', ended_by = %(by)s, version = version + 1
where offer_id = %(offer)s and referral_id is null and answer = 'yes' and ended_at is null returning id
"""

_CHOOSE = "update consents set referral_id = %s, to_organisation_id = %s, to_team_id = %s where id = %s"

# What rested on a consent rests on the one that renews it, but for what has already ended.
_MOVE = """
with referral as (
    update referrals set consent_id = %(new)s
    where from_organisation_id = %(sender)s and consent_id = %(old)s and state = any (%(open)s)
),
released as (
    update disclosures set consent_id = %(new)s, made_under = coalesce(made_under, consent_id)
    where from_organisation_id = %(sender)s and consent_id = %(old)s and locked_at is null
)
update disclosures set processing_consent_id = %(new)s
where from_organisation_id = %(sender)s and processing_consent_id = %(old)s and locked_at is null
"""

_NEWEST_OF = """
with recursive line (id, renewals) as (
    select %s::uuid, 0
    union all
    select c.id, line.renewals + 1 from consents c join line on c.renews = line.id
)
select id from line order by renewals desc limit 1
"""

# A consent's path belongs to one person; to her, nobody else's consents exist.
_VISIBLE = """
from current_consents c
where (%(person)s::uuid is null or exists (
    select from paths a where a.id = c.path_id and a.person_id = %(person)s
))
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """What consents are asked for: those about a referral, about an offer, or all."""

    referral_id: UUID | None = None
    offer_id: UUID | None = None


ALL = About()

Words = Mapping[str, Any]
_NO_WORDS: Words = {"purpose": "", "conditions": ()}


async def path_of(sql: Connection, consent_id: UUID, actor: Actor) -> UUID:
    """The path to lock; raises `NotFound` for what the caller may not know of."""
    values = {"id": consent_id, "person": rows.person_behind(actor)}
    path_id: UUID = (await rows.one(sql, f"select c.path_id {_VISIBLE} and c.id = %(id)s", values))["path_id"]
    return path_id


async def newest_of(sql: Connection, consent_id: UUID) -> UUID:
    """The consent itself, or the last of those that have renewed it."""
    newest: UUID = (await rows.one(sql, _NEWEST_OF, [consent_id]))["id"]
    return newest


async def load(sql: Connection, consent_id: UUID, *, actor: Actor, keys: Keys) -> AnyConsent:
    values = {"id": consent_id, "person": rows.person_behind(actor)}
    row = await rows.one(sql, f"select to_jsonb(c) as said {_VISIBLE} and c.id = %(id)s", values)
    await keys.hold([owner_of(row["said"])])
    return any_from_json(row["said"], keys)


async def listed(
    sql: Connection, part: Slice, *, actor: Actor, about: About = ALL, keys: Keys
) -> list[AnyConsent]:
    """The consents that the caller may see, newest first: about one thing, or all of a person's own."""
    query = f"""select to_jsonb(c) as said {_VISIBLE}
        and (%(referral_id)s::uuid is null or c.referral_id = %(referral_id)s)
        and (%(offer_id)s::uuid is null or c.offer_id = %(offer_id)s)
        and (%(after)s::uuid is null or c.id < %(after)s) order by c.id desc limit %(limit)s"""
    values = {"person": rows.person_behind(actor), **asdict(about), **asdict(part)}
    return [any_from_json(said, keys) for said in await _living(await rows.many(sql, query, values), keys)]


async def of_offer(sql: Connection, offer_id: UUID, keys: Keys) -> dict[ConsentKind, OfferConsent]:
    """The person's newest answers about an offer that nobody has claimed."""
    said = await _living(await rows.many(sql, _OF_OFFER, [offer_id]), keys)
    found = [any_from_json(one, keys) for one in said]
    return {one.kind: one for one in found if isinstance(one, OfferConsent)}


async def lapse(sql: Connection, offer_id: UUID, at: datetime, *, by: UUID) -> list[UUID]:
    """End what was said to an offer that is over, for it can release nothing any more; which ended."""
    values = {"offer": offer_id, "at": at, "by": by}
    return [row["id"] for row in await rows.many(sql, _LAPSE, values)]


async def choose(sql: Connection, edge: Consent, taken: Narrowed, *, by: UUID) -> None:
    """Let a consent to an offer go on as the edge of the team that claimed it."""
    values = [edge.referral_id, edge.to_organisation_id, edge.to_team_id, edge.id]
    await sql.execute(_CHOOSE, values)
    await narrow(sql, edge, taken, by=by)


async def live_on(sql: Connection, path_ids: list[UUID]) -> list[AnyConsent]:
    """What was said yes to on these paths and lives, without its words: an end needs none, nor any key."""
    query = """
        select to_jsonb(c) as said from current_consents c
        where c.path_id = any (%s) and c.answer = 'yes' and c.ended_at is null order by c.id
    """
    return [_with(_NO_WORDS, row["said"]) for row in await rows.many(sql, query, [path_ids])]


async def conditions(sql: Connection, referral_id: UUID, keys: Keys) -> tuple[str, ...]:
    """All that the person has set as a condition in what she has said yes to, each once."""
    said = await _living(await rows.many(sql, _LIVE, [referral_id]), keys)
    found = [from_json(one, keys) for one in said]
    return tuple(dict.fromkeys(one for consent in found for one in consent.conditions))


async def add(sql: Connection, consent: AnyConsent, keys: Keys) -> None:
    words = {"purpose": consent.purpose, "conditions": list(consent.conditions)}
    key = await keys.read(Owner(consent.path_id, consent.from_organisation_id))
    given_by = [{"who": one.who, "at": one.at.astimezone(UTC).isoformat()} for one in consent.proof.given_by]
    names = Consent.__dataclass_fields__.keys() - {"proof"}
    values = {name: getattr(consent, name, None) for name in names}
    proof = {**asdict(consent.proof), "given_by": Jsonb(given_by)}
    sealed = rows.sealed_json(key, words, bound_to=_place(consent.id, consent.from_organisation_id))
    await sql.execute(_ADD, {**values, **proof, "fields": sorted(consent.fields), "sealed": sealed})


async def end(sql: Connection, consent: PersonsAnswer, *, by: UUID) -> None:
    """Set the end, once."""
    values = [consent.ended_at, consent.ended_how, by, consent.version, consent.id]
    await sql.execute(_END, values)


async def narrow(sql: Connection, consent: PersonsAnswer, taken: Narrowed, *, by: UUID) -> None:
    """Add what was taken back."""
    values = {
        "sender": consent.from_organisation_id,
        "id": consent.id,
        "version": taken.version,
        "dropped": sorted(taken.dropped),
        "until": taken.valid_until,
        "at": taken.at,
        "by": by,
    }
    await sql.execute(_NARROW, values)


async def move(sql: Connection, *, old: Consent, new: Consent) -> None:
    """Let the new consent carry the open referrals and live copies of the old."""
    values = {"sender": old.from_organisation_id, "old": old.id, "new": new.id, "open": sorted(OPEN_STATES)}
    await sql.execute(_MOVE, values)


def from_json(said: dict[str, Any], keys: Keys) -> Consent:
    """A referral's consent from its row as JSON; its key is held."""
    return _of_referral(_words(said, keys), said)


def _of_referral(words: Words, said: dict[str, Any]) -> Consent:
    return Consent(
        **_answer(words, said),
        referral_id=UUID(said["referral_id"]),
        to_organisation_id=UUID(said["to_organisation_id"]),
        to_team_id=UUID(said["to_team_id"]),
        renews=UUID(said["renews"]) if said["renews"] else None,
        offer_id=UUID(said["offer_id"]) if said["offer_id"] else None,
    )


def any_from_json(said: dict[str, Any], keys: Keys) -> AnyConsent:
    """The same of a referral or of an offer that nobody has claimed."""
    return _with(_words(said, keys), said)


def _with(words: Words, said: dict[str, Any]) -> AnyConsent:
    if said["referral_id"] is not None:
        return _of_referral(words, said)
    return OfferConsent(**_answer(words, said), offer_id=UUID(said["offer_id"]))


def _words(said: dict[str, Any], keys: Keys) -> Words:
    bound_to = _place(said["id"], said["from_organisation_id"])
    words: Words = rows.unsealed_json(
        keys.of(owner_of(said)), bytes.fromhex(said["sealed"][2:]), bound_to=bound_to
    )
    return words


def _answer(words: Words, said: dict[str, Any]) -> dict[str, Any]:
    return {
        **{name: UUID(said[name]) for name in _IDS},
        "kind": ConsentKind(said["kind"]),
        "answer": Answer(said["answer"]),
        "fields": frozenset(map(ItemField, said["fields"])),
        "purpose": words["purpose"],
        "conditions": tuple(words["conditions"]),
        "valid_from": datetime.fromisoformat(said["valid_from"]),
        "valid_until": datetime.fromisoformat(said["valid_until"]),
        "proof": _proof(said),
        "version": said["version"],
        "ended_at": datetime.fromisoformat(said["ended_at"]) if said["ended_at"] else None,
        "ended_how": Ending(said["ended_how"]) if said["ended_how"] else None,
    }


_IDS = ("id", "path_id", "from_organisation_id")


def _proof(said: dict[str, Any]) -> Proof:
    given_by = (
        GivenBy(who=Giver(one["who"]), at=datetime.fromisoformat(one["at"])) for one in said["given_by"]
    )
    return Proof(
        text_version=said["text_version"],
        text_sha256=said["text_sha256"],
        language=said["language"],
        given_how=Way(said["given_how"]),
        given_by=tuple(given_by),
        asked_by=UUID(said["asked_by"]),
        interpreter=said["interpreter"],
    )


def owner_of(said: dict[str, Any]) -> Owner:
    """Whose key opens a consent's row."""
    return Owner(UUID(said["path_id"]), UUID(said["from_organisation_id"]))


async def _living(found: list[DictRow], keys: Keys) -> list[dict[str, Any]]:
    return await keys.living([row["said"] for row in found], owner_of)


def _place(consent_id: UUID | str, organisation_id: UUID | str) -> str:
    return place("consents.sealed", organisation_id, consent_id)

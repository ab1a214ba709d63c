"""Referrals, to both their sides and to the person: lists, card, timeline, what was disclosed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from uuid import UUID

from shared.access_log import Read, note_reads
from shared.database import Transaction
from shared.errors import NotYourSide, RoleMissing
from shared.events.base import Role
from shared.vault import Keys

from ..domain.card import Card
from ..domain.disclosure import Package, packaged
from ..domain.eligibility import Eligibility
from ..domain.person import must_be_person, team_of
from ..domain.referral import Referral, Sides
from ..domain.refusals import ConsentHasEnded
from ..domain.timeline import Decline, Step
from ..domain.transitions import READABLE_STATES, RECEIVERS, SENDERS, Command, Side, State, illegal, permit
from ..store import answers, consents, directory, disclosures, items, rows
from ..store import referrals as store
from ..store import timeline as timeline_store
from ..store import words as words_store
from ..store.referrals import COLUMNS, Situation
from ..store.rows import Slice
from ..store.words import Said

PARTIES = (Role.CASEWORKER, Role.RECIPIENT, Role.TEAM_LEAD)
"""The roles of staff that meet referrals at all."""

_OUT = """
r.from_organisation_id = %(org)s and %(team)s = case
    when %(path)s::uuid is null then r.from_team_id else sending_team(r.path_id, r.from_team_id)
end
"""
_IN = "r.to_organisation_id = %(org)s and r.to_team_id = %(team)s and r.sent_at is not null"
_HERS = "r.path_id in (select id from paths where person_id = %(person)s)"
_PART = """
and (%(path)s::uuid is null or r.path_id = %(path)s)
and (%(states)s::text[] is null or r.state = any (%(states)s))
and (%(after)s::uuid is null or r.id < %(after)s) order by r.id desc limit %(limit)s
"""


class Box(StrEnum):
    """From which side a team looks at its referrals."""

    IN = "in"
    OUT = "out"


_BOXES = {Box.OUT: _OUT, Box.IN: _IN, None: f"({_OUT} or {_IN})"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Disclosed:
    """What a receiver reads, or what it would read."""

    id: UUID | None
    package: Package
    sha256: str
    conditions: tuple[str, ...]
    message: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """Which referrals of a team: all of them, unless something is said."""

    box: Box | None = None
    states: Sequence[State] | None = None
    path_id: UUID | None = None


async def boxed(tx: Transaction, part: Slice, sought: Sought) -> list[Referral]:
    """The referrals of the caller's team, in one query however many a path has."""
    tx.actor.must_be(*PARTIES)
    organisation_id, team_id = team_of(tx.actor)
    values = {
        "org": organisation_id,
        "team": team_id,
        "states": _texts(sought.states),
        "path": sought.path_id,
        **asdict(part),
    }
    return await _listed(tx, _BOXES[sought.box], values)


async def own(tx: Transaction, part: Slice) -> list[Referral]:
    """The referrals of the person who asks."""
    must_be_person(tx.actor)
    return await _listed(tx, _HERS, {"person": tx.actor.id, "states": None, "path": None, **asdict(part)})


async def _listed(tx: Transaction, where: str, values: dict[str, object]) -> list[Referral]:
    query = f"select {COLUMNS} from referrals r where {where} {_PART}"  # noqa: S608 - made of constants alone
    return [store.as_referral(row) for row in await rows.many(tx.sql, query, values)]


def _texts(states: Sequence[State] | None) -> list[str] | None:
    return [str(state) for state in states] if states else None


async def referral(tx: Transaction, referral_id: UUID, keys: Keys) -> Referral:
    found, _ = await met(tx, referral_id, keys)
    return found.referral


async def card(tx: Transaction, referral_id: UUID, keys: Keys) -> Card:
    """The offer card; to the receiver only while the consent lives."""
    found, _ = await heard(tx, referral_id, keys)
    return found.referral.card


async def eligibility(tx: Transaction, referral_id: UUID, keys: Keys) -> Eligibility:
    """Whom the offering was for when it was sent there."""
    found, _ = await met(tx, referral_id, keys)
    return await directory.eligibility_of(tx.sql, found.referral.id)


async def timeline(tx: Transaction, referral_id: UUID, keys: Keys, part: tuple[int, int]) -> list[Step]:
    """The steps above a version, at most so many."""
    found, _ = await met(tx, referral_id, keys)
    after, limit = part
    return await timeline_store.steps(tx.sql, found.referral.id, after=after, limit=limit)


async def words(tx: Transaction, referral_id: UUID, keys: Keys) -> list[Said]:
    """What was said at its steps; to the receiver only while the consent lives.

    Under the path's lock, as `disclosure` is.
    """
    await store.lock(tx, referral_id)
    await heard(tx, referral_id, keys)
    await note_reads(tx, Read.WORDS, [referral_id])
    return await words_store.load(tx.sql, referral_id, keys)


async def answer(tx: Transaction, referral_id: UUID, keys: Keys) -> Decline:
    """Why the receiver declined."""
    found, _ = await met(tx, referral_id, keys)
    await note_reads(tx, Read.WORDS, [referral_id])
    return await answers.load(tx.sql, found.referral.id, keys)


async def preview(tx: Transaction, referral_id: UUID, keys: Keys) -> Disclosed:
    """What the receiver would read, for the sender and the person."""
    _, sides = await met(tx, referral_id, keys)
    if sides.isdisjoint(SENDERS | {Side.PERSON}):
        raise NotYourSide
    contents = await items.load(tx.sql, referral_id, keys)
    await note_reads(tx, Read.PREVIEW, [referral_id])
    conditions = await consents.conditions(tx.sql, referral_id, keys)
    package = packaged(contents.items)
    return Disclosed(
        id=None, package=package, sha256=package.sha256, conditions=conditions, message=contents.message
    )


async def disclosure(tx: Transaction, referral_id: UUID, keys: Keys) -> Disclosed:
    """What was disclosed, to the receiver, under the path's lock.

    The lock puts the read before or after a withdrawal, never beside it: once a
    withdrawal has answered, no read succeeds.
    """
    await store.lock(tx, referral_id)
    found, sides = await met(tx, referral_id, keys)
    permit(Command.OPEN, sides, tx.actor.roles)
    await _must_live(tx, found)
    if found.referral.state not in READABLE_STATES or found.referral.opened_at is None:
        raise illegal(found.referral.state, sides)
    held = await disclosures.read(tx.sql, referral_id, keys)
    await note_reads(tx, Read.DISCLOSURE, [held.id])
    conditions = await consents.conditions(tx.sql, referral_id, keys)
    return Disclosed(id=held.id, package=held.package, sha256=held.sha256, conditions=conditions)


async def met(tx: Transaction, referral_id: UUID, keys: Keys) -> tuple[Situation, Sides]:
    """The referral and the sides on which the caller meets it; raises for who is on none."""
    await store.path_of(tx.sql, referral_id, tx.actor)
    found = await store.load(tx.sql, referral_id, staff_id=tx.actor.id, keys=keys)
    sides = found.referral.sides_of(tx.actor)
    if not sides:
        raise NotYourSide if tx.actor.has(*PARTIES) else RoleMissing
    return found, sides


async def heard(tx: Transaction, referral_id: UUID, keys: Keys) -> tuple[Situation, Sides]:
    """As `met`; raises `ConsentHasEnded` for who is only its receiver once the consent lives no more."""
    found, sides = await met(tx, referral_id, keys)
    if sides <= RECEIVERS:
        await _must_live(tx, found)
    return found, sides


async def _must_live(tx: Transaction, found: Situation) -> None:
    if found.release is None or not found.release.is_live(await tx.now()):
        raise ConsentHasEnded

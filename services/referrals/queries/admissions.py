"""Admissions, and what the holder of a card sees."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shared.access_log import Read, note_reads
from shared.actor import ActorKind
from shared.database import Transaction
from shared.errors import NotFound, Unauthenticated
from shared.events.base import Role

from ..domain.admission import STATUS_LASTS, Admission, AdmissionKind
from ..domain.person import must_be_person, must_know
from ..domain.status import STATUS
from ..domain.transitions import State
from ..store import admissions as store
from ..store import protections, rows
from ..store.rows import Slice

MOST = 50
"""So many of her referrals a card shows, the newest first."""

# Nothing but what is shown: neither needs, receivers, offerings nor words are read.
_STANDING = """
select r.code, r.state, r.changed_at, r.answer_by from referrals r
where r.path_id in (select id from paths where person_id = %(person)s) and r.state = any (%(states)s)
order by r.id desc limit %(limit)s
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where one referral stands."""

    code: str
    state: State
    changed_at: datetime
    answer_by: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """Where all of a person's referrals stand, and how long whoever came by a card may look."""

    referrals: Sequence[Standing]
    until: datetime | None


async def of_person(tx: Transaction, person_id: UUID, part: Slice) -> list[Admission]:
    """The ways in of a person of one's team."""
    person = await protections.load(tx.sql, person_id, actor=tx.actor)
    must_know(tx.actor, person.team_id)
    return await store.of_person(tx.sql, person.id, part)


async def own(tx: Transaction, part: Slice) -> list[Admission]:
    """The ways in of the person who asks."""
    must_be_person(tx.actor)
    return await store.of_person(tx.sql, tx.actor.id, part)


async def whose(tx: Transaction, admission_id: UUID, organisation_id: UUID) -> UUID:
    """Whom an e-ID lets in now, for the service that keeps sessions; raises `NotFound` when nobody."""
    tx.actor.must_be(Role.SERVICE)
    await tx.act_for(organisation_id)
    found = await store.load(tx.sql, admission_id)
    if found.kind is not AdmissionKind.E_ID or not found.lets_in(at=await tx.now()):
        raise NotFound
    return found.person_id


async def status(tx: Transaction) -> Status:
    """Where the referrals stand of the person who asks, or whose card it is; raises `Unauthenticated`."""
    person_id, until = await _looked_at(tx)
    values = {"person": person_id, "states": [*STATUS], "limit": MOST}
    found = await rows.many(tx.sql, _STANDING, values)
    await note_reads(tx, Read.STATUS, [person_id])
    standing = [Standing(**{**row, "state": State(row["state"])}) for row in found]
    return Status(referrals=standing, until=until)


async def _looked_at(tx: Transaction) -> tuple[UUID, datetime | None]:
    if tx.actor.kind is not ActorKind.CARD:
        must_be_person(tx.actor)
        return tx.actor.id, None
    try:
        card = await store.load(tx.sql, tx.actor.id)
    except NotFound:
        raise Unauthenticated from None
    if card.kind is not AdmissionKind.STATUS_CARD or not card.lets_in(at=await tx.now()):
        raise Unauthenticated
    assert card.used_at is not None  # noqa: S101 - it lets in
    return card.person_id, card.used_at + STATUS_LASTS

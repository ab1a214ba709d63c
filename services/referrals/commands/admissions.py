"""Admissions are made, used and taken back."""

from __future__ import annotations

from uuid import UUID

from shared import typed_codes
from shared.access_log import Read, note_reads
from shared.crypto import Keyring
from shared.database import Transaction
from shared.errors import NotFound
from shared.events.base import Role
from shared.ids import new_id

from ..domain.admission import CODE_LIFE, Admission, AdmissionKind, CodeOver
from ..domain.person import must_be_person, must_know
from ..domain.refusals import PersonLocked
from ..store import admissions as store
from ..store import protections


async def make(
    tx: Transaction, person_id: UUID, kind: AdmissionKind, keyring: Keyring
) -> tuple[str, Admission]:
    """Give a person of one's team a way in; one of its kind that she had before ends.

    The code is kept nowhere but in the sealed answer of this request.  Nothing of a locked person's is made:
    a session would be a sign of life outside of her home.
    """
    await store.hold(tx.sql, person_id)
    person = await protections.load(tx.sql, person_id, actor=tx.actor)
    tx.actor.must_be(Role.CASEWORKER, Role.TEAM_LEAD)
    must_know(tx.actor, person.team_id)
    if person.standing is not None:
        raise PersonLocked
    at = await tx.now()
    await store.end(tx.sql, person.id, at=at, kinds=[kind])
    admission = Admission(
        id=new_id(),
        organisation_id=person.organisation_id,
        person_id=person.id,
        kind=kind,
        made_at=at,
        made_by=tx.actor.id,
        expires_at=at + CODE_LIFE[kind],
    )
    code = typed_codes.new_code()
    await store.add(tx.sql, admission, code, keyring)
    await note_reads(tx, Read.ADMISSION, [person.id])
    return typed_codes.written(code), admission


async def redeem(tx: Transaction, kind: AdmissionKind, typed: str, keyring: Keyring) -> Admission:
    """Use a code, for the service that keeps sessions; raises `CodeOver`, alike for whatever is wrong."""
    tx.actor.must_be(Role.SERVICE)
    found = await store.take_code(tx.sql, typed_codes.canonical(typed), keyring)
    if found is None:
        raise CodeOver
    admission_id, organisation_id = found
    await tx.act_for(organisation_id)
    try:
        admission = await store.load(tx.sql, admission_id)
    except NotFound:
        raise CodeOver from None
    used = admission.use(kind, at=await tx.now())
    await store.use(tx.sql, used)
    await note_reads(tx, Read.ADMISSION, [used.person_id])
    return used


async def take_back(tx: Transaction, person_id: UUID, admission_id: UUID) -> Admission:
    """End an admission, for who works with her or for herself; again is nothing new."""
    await store.hold(tx.sql, person_id)
    person = await protections.load(tx.sql, person_id, actor=tx.actor)
    must_know(tx.actor, person.team_id)
    admission = await store.load(tx.sql, admission_id, person_id=person.id)
    ended = admission.end(at=await tx.now())
    assert ended.ended_at is not None  # noqa: S101 - it has just ended
    await store.end(tx.sql, person.id, at=ended.ended_at, admission_id=admission.id)
    await note_reads(tx, Read.ADMISSION, [person.id])
    return ended


async def take_own_back(tx: Transaction, admission_id: UUID) -> Admission:
    """End a way in of one's own."""
    must_be_person(tx.actor)
    return await take_back(tx, tx.actor.id, admission_id)

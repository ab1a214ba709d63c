"""Ratings, to the person herself, and as far as she lets them to those who work with her at home."""

from __future__ import annotations

from uuid import UUID

from shared.access_log import Read, note_reads
from shared.database import Transaction
from shared.vault import Keys

from ..domain.person import must_be_person, must_know
from ..domain.ratings import Hidden, LifeDomain, Rating
from ..store import persons
from ..store import ratings as store
from ..store.rows import Slice


async def own(
    tx: Transaction, part: Slice, *, domain: LifeDomain | None, keys: Keys
) -> tuple[list[Rating], Hidden]:
    """All that the person who asks has said, hidden or not."""
    must_be_person(tx.actor)
    person = await persons.load(tx.sql, tx.actor.id, actor=tx.actor, keys=keys)
    await note_reads(tx, Read.RATINGS, [person.id])
    found = await store.own(tx.sql, part, person.id, domain=domain, keys=keys)
    return found, await store.hidden(tx.sql, person.id)


async def own_rating(tx: Transaction, rating_id: UUID, keys: Keys) -> tuple[Rating, Hidden]:
    """One rating of the person who asks."""
    must_be_person(tx.actor)
    rating = await store.load(tx.sql, rating_id, person_id=tx.actor.id, keys=keys)
    await note_reads(tx, Read.RATINGS, [tx.actor.id])
    return rating, await store.hidden(tx.sql, tx.actor.id)


async def choices(tx: Transaction, keys: Keys) -> Hidden:
    """Which domains the person who asks has hidden."""
    must_be_person(tx.actor)
    person = await persons.load(tx.sql, tx.actor.id, actor=tx.actor, keys=keys)
    return await store.hidden(tx.sql, person.id)


async def of_person(tx: Transaction, part: Slice, person_id: UUID, keys: Keys) -> list[Rating]:
    """What she lets others see; of what she has hidden there is as little as of what was never said."""
    person = await persons.load(tx.sql, person_id, actor=tx.actor, keys=keys)
    must_know(tx.actor, person.team_id)
    await note_reads(tx, Read.RATINGS, [person.id])
    return await store.shown(tx.sql, part, person.id, keys)

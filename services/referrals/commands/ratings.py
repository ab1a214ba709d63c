"""The person rates her life, hides that and shows it again.  Nothing of it is told: no event knows of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from shared.database import Transaction
from shared.ids import new_id
from shared.vault import Keys

from ..domain.person import must_be_person
from ..domain.ratings import Choice, Hidden, LifeDomain, Rating
from ..store import persons
from ..store import ratings as store


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRating:
    """What she says of one domain; with `hide` nobody else sees it, from the first moment."""

    domain: LifeDomain
    step: int
    words: str | None
    hide: bool


async def rate(tx: Transaction, said: NewRating, keys: Keys) -> tuple[Rating, Hidden]:
    """Write down how she rates a domain of her life now."""
    must_be_person(tx.actor)
    person = await persons.load(tx.sql, tx.actor.id, actor=tx.actor, keys=keys)
    at = await tx.lock(person.id)
    rating = Rating(
        id=new_id(),
        organisation_id=person.organisation_id,
        person_id=person.id,
        domain=said.domain,
        step=said.step,
        words=said.words,
        at=at,
    )
    if said.hide:
        await _choose(tx, [said.domain], hide=True, at=at)
    await store.add(tx.sql, rating, keys)
    return rating, await store.hidden(tx.sql, person.id)


async def hide(tx: Transaction, domains: Sequence[LifeDomain], keys: Keys) -> Hidden:
    """Keep these domains from everybody: after the answer nobody else can see that there is anything."""
    return await _chosen(tx, domains, hide=True, keys=keys)


async def show(tx: Transaction, domains: Sequence[LifeDomain], keys: Keys) -> Hidden:
    """Let those who work with her at home see these domains again."""
    return await _chosen(tx, domains, hide=False, keys=keys)


async def _chosen(tx: Transaction, domains: Sequence[LifeDomain], *, hide: bool, keys: Keys) -> Hidden:
    must_be_person(tx.actor)
    person = await persons.load(tx.sql, tx.actor.id, actor=tx.actor, keys=keys)
    await _choose(tx, domains, hide=hide, at=await tx.lock(person.id))
    return await store.hidden(tx.sql, person.id)


async def _choose(tx: Transaction, domains: Sequence[LifeDomain], *, hide: bool, at: datetime) -> None:
    """Keep what is a new choice; the same again is none."""
    fresh = (await store.hidden(tx.sql, tx.actor.id)).to_choose(domains, hide=hide)
    choices = [Choice(id=new_id(), domain=domain, is_hidden=hide, at=at) for domain in fresh]
    await store.choose(tx.sql, tx.actor.id, choices)

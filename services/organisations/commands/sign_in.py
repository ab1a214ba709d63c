"""Signing in and out, and who may be given an access token."""

from __future__ import annotations

import secrets
import time
from typing import Any
from uuid import UUID

from shared.actor import Actor, ActorKind
from shared.database import Transaction
from shared.events.base import Role

from ..domain import rights
from ..domain.sign_in import Holder, Session, Strength, as_person, digest_of
from ..store import organisations, staff
from ..store import sign_in as store


async def begin_session(tx: Transaction, login: str) -> tuple[str, Session]:
    """Sign in by a login alone, which only a demo may: it counts as a step-up."""
    holder = await store.holder_of(tx.sql, login)
    id, strength = new_session_id(), Strength(at=int(time.time()), is_step_up=True)
    return id, await begin_vouched(tx, id, holder, strength=strength)


def new_session_id() -> str:
    """256 bits, which are kept nowhere."""
    return secrets.token_urlsafe(32)


async def begin_vouched(tx: Transaction, id: str, holder: Holder, **vouched: Any) -> Session:
    """Sign somebody in under a new id; raises ``NotSignedIn`` for one who has left."""
    at = await tx.now()
    await _actor_of(tx, holder)
    session = Session.begin(id, holder=holder, at=at, **vouched)
    await store.end_those_over(tx.sql, at)
    await store.add(tx.sql, session)
    return session


async def use_session(tx: Transaction, id: str) -> tuple[Session, Actor]:
    """Go on with a session; raises ``NotSignedIn`` when it is over or its holder has left."""
    session = await store.load(tx.sql, digest_of(id))
    used = session.use(at=await tx.now())
    await store.save(tx.sql, used)
    return used, used.strength.of(await _actor_of(tx, used.holder))


async def end_session(tx: Transaction, id: str) -> None:
    """Sign out; a session that is already over stays over."""
    await store.end(tx.sql, digest_of(id))


async def actor_by_login(tx: Transaction, login: str) -> Actor:
    """Whom a login stands for, as they are now, which only a demo asks; raises ``NotSignedIn`` for nobody."""
    actor = await _actor_of(tx, await store.holder_of(tx.sql, login))
    return Strength(at=int(time.time()), is_step_up=True).of(actor)


async def give_person_login(tx: Transaction, login: str, *, person_id: UUID, organisation_id: UUID) -> Holder:
    """Let a person known by the organisation sign in, which only a demo may."""
    tx.actor.must_be(Role.CASEWORKER, Role.NETWORK_ADMIN)
    await tx.lock(organisation_id)
    await organisations.load(tx.sql, organisation_id)
    if tx.actor.organisation_id != organisation_id:
        _must_administer_the_network(tx.actor)
    holder = Holder(kind=ActorKind.PERSON, id=person_id, organisation_id=organisation_id)
    await store.give_login(tx.sql, login, holder)
    return holder


def _must_administer_the_network(actor: Actor) -> None:
    if not actor.has(Role.NETWORK_ADMIN):
        raise rights.NotYourOrganisation


async def _actor_of(tx: Transaction, holder: Holder) -> Actor:
    if holder.kind is not ActorKind.STAFF:
        return as_person(holder)
    await tx.act_for(holder.organisation_id)
    return (await staff.load(tx.sql, holder.id)).acting()

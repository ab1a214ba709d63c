"""A person is erased whole: her keys first, then her rows; what she said yes to ends with it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from shared.crypto import Owner
from shared.database import Transaction
from shared.errors import NotFound
from shared.events.base import Role
from shared.vault import Keys

from ..store import consents, erasures, needs, protections
from ..store.erasures import Erased
from .ending import end


async def erase(tx: Transaction, person_id: UUID, keys: Keys) -> Erased:
    """Erase a person of one's own organisation.

    The keys are gone once they are deleted, whether this transaction commits or not; whoever asks again
    then goes on with what is left.
    """
    tx.actor.must_be(Role.ORGANISATION_ADMIN)
    if tx.actor.organisation_id is None:
        raise NotFound
    at = await _let_go(tx, person_id, keys)
    erased = Erased(Owner(person_id, tx.actor.organisation_id), at)
    await _take_out(tx, erased, keys)
    return erased


async def erase_again(tx: Transaction, erased: Erased, keys: Keys) -> bool:
    """Erase whom a restore has brought back, in her home's tenant; whether she was there."""
    await tx.act_for(erased.person.organisation)
    await protections.open_books(tx)
    try:
        await _let_go(tx, erased.person.subject, keys)
    except NotFound:
        await keys.erase(erased.person, [], at=erased.at)
        return False
    await _take_out(tx, erased, keys)
    return True


async def _let_go(tx: Transaction, person_id: UUID, keys: Keys) -> datetime:
    """Lock all her paths, in one order, and end what she has said yes to: nobody acts on it any more."""
    paths = await erasures.paths_of(tx.sql, person_id)
    for path_id in paths:
        await tx.lock(path_id)
    at = await tx.now()
    for consent in await consents.live_on(tx.sql, paths):
        ended, event = consent.withdraw(at)
        await end(tx, ended, event, keys)
    # Whoever counts what an organisation is the home of hears of it as of any closing.
    for closed in await needs.unclosed_of(tx.sql, person_id):
        await tx.tell(closed)
    return at


async def _take_out(tx: Transaction, erased: Erased, keys: Keys) -> None:
    paths = await erasures.paths_of(tx.sql, erased.person.subject)
    await keys.erase(erased.person, paths, at=erased.at)
    await erasures.erase(tx.sql, erased)

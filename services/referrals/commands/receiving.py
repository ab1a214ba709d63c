"""The receiver's commands: open, accept, decline."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from shared.database import Transaction
from shared.vault import Keys

from ..domain.referral import Referral
from ..domain.timeline import Decline
from ..domain.transitions import Command
from ..store import answers, directory
from ..store import referrals as store
from .begin import Target, begin


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """What the one who opens vouches for: the conditions, and the pledge she means to be bound by."""

    conditions_accepted: bool
    pledge_version: int


async def open_referral(tx: Transaction, target: Target, opening: Opening, keys: Keys) -> Referral:
    """Open what was released; from now on the receiver may read it, as long as the consent lives."""
    begun = await begin(tx, Command.OPEN, target, keys)
    opened, event = begun.referral.open(
        begun.by,
        begun.at,
        release=begun.release,
        staff=begun.staff.bound_by(opening.pledge_version),
        conditions_accepted=opening.conditions_accepted,
    )
    await store.save(tx.sql, opened)
    await tx.tell(event)
    return opened


async def accept(
    tx: Transaction, target: Target, *, staff_id: UUID, first_contact_by: date, keys: Keys
) -> Referral:
    """Take the person on, with somebody responsible and a day of first contact."""
    begun = await begin(tx, Command.ACCEPT, target, keys, staff_id=staff_id)
    accepted, event = begun.referral.accept(
        begun.by, begun.at, release=begun.release, staff=begun.staff, first_contact_by=first_contact_by
    )
    await store.save(tx.sql, accepted)
    await tx.tell(event)
    return accepted


async def decline(
    tx: Transaction, target: Target, said: Decline, keys: Keys, *, places_left: int | None = None
) -> Referral:
    """Say that the person cannot be taken on, why, and what may be better.

    How many places are left goes with the event: the directory's word on capacity follows from it.
    """
    begun = await begin(tx, Command.DECLINE, target, keys)
    declined, event = begun.referral.decline(begun.by, begun.at, reason=said.reason, places_left=places_left)
    if said.offering_id is not None:
        await directory.must_exist(tx.sql, said.offering_id)
    await store.save(tx.sql, declined)
    await answers.add(tx.sql, declined, said, at=begun.at, keys=keys)
    await tx.tell(event)
    return declined

"""Consents, to both their sides and to the person; and who holds what was given under them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shared.crypto import Keyring
from shared.database import Transaction
from shared.events.base import ItemField
from shared.events.consents import ConsentKind

from .. import texts
from ..domain.beside import asked_about
from ..domain.consent import Consent
from ..domain.person import must_be_person
from ..domain.referral import Sides
from ..domain.transitions import Command, Side, State, permit
from ..domain.working_days import local_date
from ..store import consents as store
from ..store import items
from ..store.referrals import Situation
from ..store.rows import Slice
from .holdings import Holder, holders_of
from .referrals import met


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenConsent:
    """A consent; how it was given is between the person and the sender."""

    consent: Consent
    with_proof: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which text is wanted."""

    kind: ConsentKind
    referral_id: UUID
    language: texts.Language
    until: datetime | None


async def consent(tx: Transaction, consent_id: UUID, keys: Keyring) -> SeenConsent:
    found = await store.load(tx.sql, consent_id, actor=tx.actor, keys=keys)
    _, sides = await met(tx, found.referral_id, keys)
    return _seen(found, sides)


async def of_referral(tx: Transaction, part: Slice, referral_id: UUID, keys: Keyring) -> list[SeenConsent]:
    """What the person answered about a referral, newest first."""
    _, sides = await met(tx, referral_id, keys)
    found = await store.listed(tx.sql, part, actor=tx.actor, referral_id=referral_id, keys=keys)
    return [_seen(one, sides) for one in found]


async def own(tx: Transaction, part: Slice, keys: Keyring) -> list[SeenConsent]:
    """The consents of the person who asks."""
    must_be_person(tx.actor)
    found = await store.listed(tx.sql, part, actor=tx.actor, referral_id=None, keys=keys)
    return [SeenConsent(consent=one, with_proof=True) for one in found]


async def holders(tx: Transaction, consent_id: UUID, keys: Keyring) -> list[Holder]:
    """Who holds a copy that was made under the consent, for the person and the sender."""
    found = await store.load(tx.sql, consent_id, actor=tx.actor, keys=keys)
    _, sides = await met(tx, found.referral_id, keys)
    if not sides & _SENDERS:
        permit(Command.SEND, sides, tx.actor.roles)
    return (await holders_of(tx, [found], keys))[found.id]


async def text(tx: Transaction, asked: Asked, keys: Keyring) -> texts.ConsentText:
    """The exact text that asks the person about this referral as it is now."""
    found, sides = await met(tx, asked.referral_id, keys)
    if not sides & _SENDERS:
        permit(Command.SEND, sides, tx.actor.roles)
    fields = await _asked_about(tx, asked.kind, found, keys)
    return texts.consent_text(asked.kind, asked.language, fields=fields, until=asked.until)


async def _asked_about(
    tx: Transaction, kind: ConsentKind, found: Situation, keys: Keyring
) -> frozenset[ItemField]:
    """What a draft holds; once it has left, what the person has said yes to and may say yes to again."""
    today = local_date(await tx.now())
    departure = await items.departure(tx.sql, found.referral.id, today=today, keys=keys)
    given = found.release if kind is ConsentKind.SECRECY_RELEASE else departure.beside.of(kind)
    if found.referral.state is State.DRAFT or given is None:
        return asked_about(kind, departure.package.items, departure.receiver)
    return given.fields


_SENDERS: Sides = frozenset({Side.SENDER, Side.SENDER_LEAD, Side.PERSON})


def _seen(found: Consent, sides: Sides) -> SeenConsent:
    return SeenConsent(consent=found, with_proof=bool(sides & _SENDERS))

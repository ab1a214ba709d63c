"""Consents, to both their sides and to the person; and who holds what was given under them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from shared.access_log import Read, note_reads
from shared.database import Transaction
from shared.events.base import ItemField
from shared.events.consents import ConsentKind
from shared.vault import Keys

from .. import texts
from ..domain.beside import asked_about
from ..domain.offer_consent import AnyConsent, OfferConsent
from ..domain.offers import OfferedTeam
from ..domain.person import must_be_person
from ..domain.referral import Sides
from ..domain.transitions import Command, Side, State, permit
from ..domain.working_days import local_date
from ..store import consents as store
from ..store import items
from ..store import offers as offer_store
from ..store.consents import About
from ..store.referrals import Situation
from ..store.rows import Slice
from . import offers
from .asked import Asked
from .holdings import Holder, holders_of
from .referrals import met


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenConsent:
    """A consent; how it was given is between the person and the sender."""

    consent: AnyConsent
    with_proof: bool
    offered_to: tuple[OfferedTeam, ...] = ()


async def consent(tx: Transaction, consent_id: UUID, keys: Keys) -> SeenConsent:
    found = await store.load(tx.sql, consent_id, actor=tx.actor, keys=keys)
    return (await _read(tx, [found], with_proof=await _asks(tx, found, keys)))[0]


async def about(tx: Transaction, part: Slice, asked: About, keys: Keys) -> list[SeenConsent]:
    """What the person answered about a referral or an offer, newest first."""
    if asked.offer_id is not None:
        await offers.own(tx, asked.offer_id)
    with_proof = True
    if asked.referral_id is not None:
        _, sides = await met(tx, asked.referral_id, keys)
        with_proof = bool(sides & _SENDERS)
    found = await store.listed(tx.sql, part, actor=tx.actor, about=asked, keys=keys)
    return await _read(tx, found, with_proof=with_proof)


async def own(tx: Transaction, part: Slice, keys: Keys) -> list[SeenConsent]:
    """The consents of the person who asks."""
    must_be_person(tx.actor)
    found = await store.listed(tx.sql, part, actor=tx.actor, keys=keys)
    return await _read(tx, found, with_proof=True)


async def written(tx: Transaction, consent: AnyConsent) -> SeenConsent:
    """A consent as whoever has just written it down sees it."""
    return (await _seen(tx, [consent], with_proof=True))[0]


async def holders(tx: Transaction, consent_id: UUID, keys: Keys) -> list[Holder]:
    """Who holds a copy that was made under the consent, for the person and the sender."""
    found = await store.load(tx.sql, consent_id, actor=tx.actor, keys=keys)
    if not await _asks(tx, found, keys):
        permit(Command.SEND, frozenset(), tx.actor.roles)
    await note_reads(tx, Read.CONSENT, [found.id])
    return (await holders_of(tx, [found], keys))[found.id]


async def text(tx: Transaction, asked: Asked, keys: Keys) -> texts.ConsentText:
    """The exact text that asks the person about this referral, or this offer, as it is now."""
    if asked.about.offer_id is not None:
        return await offers.text(tx, asked.about.offer_id, asked, keys)
    assert asked.about.referral_id is not None  # noqa: S101 - it is about one of the two
    found, sides = await met(tx, asked.about.referral_id, keys)
    if not sides & _SENDERS:
        permit(Command.SEND, sides, tx.actor.roles)
    fields = await _asked_about(tx, asked.kind, found, keys)
    return texts.consent_text(asked.kind, asked.language, fields=fields, until=asked.until)


async def _asked_about(
    tx: Transaction, kind: ConsentKind, found: Situation, keys: Keys
) -> frozenset[ItemField]:
    """What a draft holds; once it has left, what the person has said yes to and may say yes to again."""
    today = local_date(await tx.now())
    departure = await items.departure(tx.sql, found.referral.id, today=today, keys=keys)
    given = found.release if kind is ConsentKind.SECRECY_RELEASE else departure.beside.of(kind)
    if found.referral.state is State.DRAFT or given is None:
        return asked_about(kind, departure.package.items, departure.receiver)
    return given.fields


_SENDERS: Sides = frozenset({Side.SENDER, Side.SENDER_LEAD, Side.PERSON})


async def _asks(tx: Transaction, consent: AnyConsent, keys: Keys) -> bool:
    """Whether the caller is the person or on the side that asks her; raises for who meets neither side."""
    if isinstance(consent, OfferConsent):
        await offers.own(tx, consent.offer_id)
        return True
    _, sides = await met(tx, consent.referral_id, keys)
    return bool(sides & _SENDERS)


async def _read(tx: Transaction, found: Sequence[AnyConsent], *, with_proof: bool) -> list[SeenConsent]:
    """What is shown to who asks for it, with its purpose and conditions in her words."""
    await note_reads(tx, Read.CONSENT, [one.id for one in found])
    return await _seen(tx, found, with_proof=with_proof)


async def _seen(tx: Transaction, found: Sequence[AnyConsent], *, with_proof: bool) -> list[SeenConsent]:
    """With each team that an offer named; the one that claimed it does not learn of the others."""
    named = {one.offer_id for one in found if one.offer_id is not None} if with_proof else set()
    teams = await offer_store.teams_of(tx.sql, list(named)) if named else {}
    return [
        SeenConsent(
            consent=one,
            with_proof=with_proof,
            offered_to=tuple(teams.get(one.offer_id, ())) if one.offer_id else (),
        )
        for one in found
    ]

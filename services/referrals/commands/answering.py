"""What passes between the two sides until there is an answer: question, waiting list, a better offering."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from shared.database import Transaction
from shared.ids import new_id
from shared.vault import Keys

from ..domain.disclosure import Contents, Item
from ..domain.gate import demand_live, demand_released
from ..domain.profiles import demand_profile
from ..domain.referral import Referral
from ..domain.transitions import Command
from ..domain.working_days import local_date
from ..store import directory, disclosures, items, words
from ..store import referrals as store
from .begin import Begun, Target, as_home, begin, finish


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the sender answers: words, and items that take the place of what was given."""

    text: str
    items: tuple[Item, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Hint:
    """A better offering, and a sentence about it to the person."""

    offering_id: UUID
    sentence: str


async def ask(tx: Transaction, target: Target, question: str, keys: Keys) -> Referral:
    """Ask the sender something."""
    begun = await begin(tx, Command.ASK, target, keys)
    asked, event = begun.referral.ask(begun.by, begun.at)
    await finish(tx, asked, event)
    await words.add(tx.sql, asked, {"question": question}, keys)
    return asked


async def answer(tx: Transaction, target: Target, said: Answer, keys: Keys) -> Referral:
    """Answer what was asked; what is given besides must be released."""
    begun = await begin(tx, Command.ANSWER, target, keys)
    answered, event = begun.referral.answer(begun.by, begun.at)
    if said.items:
        answered = await _give(tx, begun, answered, said.items, keys)
    await finish(tx, answered, event)
    await words.add(tx.sql, answered, {"text": said.text}, keys)
    return answered


async def waitlist(tx: Transaction, target: Target, *, review_on: date, keys: Keys) -> Referral:
    """Keep the person's place until the receiver looks again."""
    begun = await begin(tx, Command.WAITLIST, target, keys)
    return await finish(tx, *begun.referral.waitlist(begun.by, begun.at, review_on=review_on))


async def remind(tx: Transaction, target: Target, keys: Keys) -> Referral:
    """Ask for the answer."""
    begun = await begin(tx, Command.REMIND, target, keys)
    return await finish(tx, *begun.referral.remind(begun.by, begun.at))


async def forward(tx: Transaction, target: Target, hint: Hint, keys: Keys) -> Referral:
    """Point at a better offering: the sender gets an empty draft for it, and nothing is disclosed."""
    begun = await begin(tx, Command.FORWARD, target, keys)
    child_id, offering_id = new_id(), hint.offering_id
    forwarded, event = begun.referral.forward(begun.by, begun.at, offering_id=offering_id, child_id=child_id)
    await finish(tx, forwarded, event)
    await words.add(tx.sql, forwarded, {"sentence": hint.sentence}, keys)
    async with as_home(tx, forwarded):
        await _draft_child(tx, begun, child_id, offering_id, keys)
    return forwarded


async def _give(
    tx: Transaction, begun: Begun, answered: Referral, given: tuple[Item, ...], keys: Keys
) -> Referral:
    """Give the receiver a fresh copy with these items in it, all of them under the live release."""
    release = demand_live(begun.release, begun.at)
    kept = await items.load(tx.sql, answered.id, keys)
    still = (item for item in kept.items if item.field in release.fields)
    merged = {item.field: item for item in (*still, *given)}
    contents = Contents(items=tuple(merged.values()), message=kept.message)
    demand_released(contents.fields, release)
    widened = replace(answered, fields=contents.fields)
    await items.keep(tx.sql, widened, contents, keys)
    departure = await items.departure(tx.sql, widened.id, today=local_date(begun.at), keys=keys)
    demand_profile([item.field for item in given], departure.receiver.kind)
    processing = departure.pass_beside(begun.at)
    await disclosures.add(tx.sql, departure, release=release, processing=processing, at=begun.at, keys=keys)
    return widened


async def _draft_child(tx: Transaction, begun: Begun, child_id: UUID, offering_id: UUID, keys: Keys) -> None:
    parent, at = begun.referral, begun.at
    receiver = await directory.receiver_by(
        tx.sql, offering_id, sender=parent.from_organisation_id, today=local_date(at)
    )
    child, event = Referral(
        id=child_id,
        code=await store.free_code(tx.sql, parent.from_organisation_id),
        path_id=parent.path_id,
        need_id=parent.need_id,
        offering_id=offering_id,
        from_organisation_id=parent.from_organisation_id,
        from_team_id=parent.from_team_id,
        from_staff_id=parent.from_staff_id,
        to_organisation_id=receiver.organisation_id,
        to_team_id=receiver.team_id,
        card=parent.card,
        fields=frozenset(),
        parent_id=parent.id,
        created_at=at,
        changed_at=at,
    ).draft()
    await store.add(tx.sql, child)
    await items.keep(tx.sql, child, Contents(items=()), keys)
    await tx.tell(event)

"""Transfers: a need is offered to another organisation, which takes it, refuses it, or is asked no more."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from shared.database import Transaction
from shared.errors import VersionStale
from shared.ids import new_id
from shared.vault import Keys

from ..domain.need_transitions import NeedCommand
from ..domain.needs import Need
from ..domain.path import Path
from ..domain.person import must_know
from ..domain.refusals import AlreadyOffered, ConsentMissing
from ..domain.transfers import Transfer, TransferCommand
from ..store import directory, needs, paths
from ..store import transfers as store
from ..store.protections import demand_unlocked
from .begin import Target
from .needs import begin, keep


async def offer(tx: Transaction, target: Target, *, organisation_id: UUID) -> Need:
    """Ask another organisation to be the need's home; until it says yes this one stays so."""
    begun = await begin(tx, NeedCommand.TRANSFER, target)
    await demand_unlocked(tx.sql, begun.need.path_id)
    await directory.must_take_part(tx.sql, organisation_id)
    offered, event = begun.need.transfer(begun.by, begun.at, to=organisation_id)
    if await store.pending(tx.sql, offered.id):
        raise AlreadyOffered
    transfer = Transfer(
        id=new_id(),
        need_id=offered.id,
        path_id=offered.path_id,
        from_organisation_id=offered.home_organisation_id,
        from_team_id=offered.team_id,
        to_organisation_id=organisation_id,
        offered_at=begun.at,
    )
    await store.add(tx.sql, transfer)
    return await keep(tx, offered, event)


async def take(tx: Transaction, target: Target, path_id: UUID, keys: Keys) -> Transfer:
    """Become the need's home: it is closed as moved there, and written down on a path of one's own here.

    Each home keeps its own record of the person (R-01); what goes over is the need's code, theme, area and
    urgency, under her release (OSL 10:1, 12:2).
    """
    offered = await store.load(tx.sql, target.id, actor=tx.actor)
    path = await paths.load_path(tx.sql, path_id, actor=tx.actor, keys=keys)
    at = await _lock(tx, offered.path_id, path.id)
    offered = await _current(tx, TransferCommand.TAKE, target)
    must_know(tx.actor, path.team_id)
    await directory.must_be_home(tx.sql, path.organisation_id)
    taken, event = offered.take(at)
    moved = await _moved(tx, taken, at)
    await tx.act_for(taken.to_organisation_id)
    stated, statement = _restated(moved, taken, path, at).stated()
    await store.save(tx.sql, taken)
    await needs.add(tx.sql, stated)
    await tx.tell(event)
    await tx.tell(statement)
    return replace(taken, taken_need_id=stated.id)


async def refuse(tx: Transaction, target: Target) -> Transfer:
    """Say that one will not be the need's home."""
    found = await store.load(tx.sql, target.id, actor=tx.actor)
    at = await tx.lock(found.path_id)
    refused, event = (await _current(tx, TransferCommand.REFUSE, target)).refuse(at)
    await store.save(tx.sql, refused)
    await tx.tell(event)
    return refused


async def recall(tx: Transaction, target: Target) -> Transfer:
    """Take the offer back."""
    found = await store.load(tx.sql, target.id, actor=tx.actor)
    at = await tx.lock(found.path_id)
    recalled, event = (await _current(tx, TransferCommand.RECALL, target)).recall(at)
    await store.save(tx.sql, recalled)
    await tx.tell(event)
    return recalled


async def demand_release(tx: Transaction, need_id: UUID, organisation_id: UUID, at: datetime) -> None:
    """Raise `ConsentMissing` unless the person lets the need's home release to the organisation now.

    OSL 10:1, 12:2; the tenant is the need's home.
    """
    if not await store.is_released(tx.sql, need_id, organisation_id, at):
        raise ConsentMissing


async def _lock(tx: Transaction, *path_ids: UUID) -> datetime:
    """Lock the paths of two homes in one order, so that no two wait for each other."""
    *_, at = [await tx.lock(path_id) for path_id in sorted(path_ids)]
    return at


async def _current(tx: Transaction, command: TransferCommand, target: Target) -> Transfer:
    """The transfer, once its path is locked; raises for the wrong side and for another version."""
    transfer = await store.load(tx.sql, target.id, actor=tx.actor)
    transfer.permit(command, tx.actor)
    if target.seen is not None and target.seen != transfer.version:
        raise VersionStale(changed=[{"state": str(transfer.state)}])
    return transfer


async def _moved(tx: Transaction, taken: Transfer, at: datetime) -> Need:
    """The need at its old home, closed there."""
    await tx.act_for(taken.from_organisation_id)
    need = await needs.load(tx.sql, taken.need_id, actor=tx.actor)
    moved, event = need.move(at)
    await demand_release(tx, need.id, taken.to_organisation_id, at)
    return await keep(tx, moved, event)


def _restated(moved: Need, taken: Transfer, path: Path, at: datetime) -> Need:
    """The same need as the new home writes it down."""
    return Need(
        id=new_id(),
        home_organisation_id=path.organisation_id,
        team_id=path.team_id,
        path_id=path.id,
        person_id=path.person_id,
        code=moved.code,
        theme=moved.theme,
        area=moved.area,
        urgency=moved.urgency,
        transfer_id=taken.id,
        created_at=at,
    )

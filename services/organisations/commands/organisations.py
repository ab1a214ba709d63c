"""Organisations and their teams."""

from __future__ import annotations

from uuid import UUID

from shared.database import Transaction
from shared.events.organisations import OrganisationKind
from shared.ids import new_id

from ..domain import rights
from ..domain.organisation import Changes, Organisation, Team
from ..store import open_needs
from ..store import organisations as store
from ..store.rows import note_change
from .seen import must_be_current


async def register(tx: Transaction, *, name: str, kind: OrganisationKind, profile: Changes) -> Organisation:
    """Bring an organisation into the network; for those who hold a role for the network."""
    tx.actor.must_be(*rights.ONBOARDS)
    organisation, event = Organisation.register(id=new_id(), name=name, kind=kind, profile=profile)
    await tx.lock(organisation.id)
    await tx.act_for(organisation.id)
    await store.add(tx.sql, organisation)
    await tx.tell(event)
    return organisation


async def change(tx: Transaction, organisation_id: UUID, *, seen: int, changes: Changes) -> Organisation:
    """Rename, describe, pause, close or open an organisation, or correct its kind."""
    await tx.lock(organisation_id)
    organisation = await store.load(tx.sql, organisation_id)
    rights.must_run_or_onboard(tx.actor, organisation_id)
    await must_be_current(tx, organisation, seen)
    needs = await open_needs.count(tx.sql, organisation_id)
    changed, event = organisation.change(changes, by=tx.actor, open_needs=needs)
    await tx.act_for(organisation_id)
    await store.save(tx.sql, changed)
    await note_change(tx.sql, changed.id, changed.version, changes)
    await tx.tell(event)
    return changed


async def open_team(tx: Transaction, *, organisation_id: UUID, name: str) -> Team:
    """Begin a team that referrals can go to and come from."""
    await tx.lock(organisation_id)
    await store.load(tx.sql, organisation_id)
    rights.must_run_or_onboard(tx.actor, organisation_id)
    team, event = Team.open(id=new_id(), organisation_id=organisation_id, name=name)
    await tx.act_for(organisation_id)
    await store.add_team(tx.sql, team)
    await tx.tell(event)
    return team


async def change_team(tx: Transaction, team_id: UUID, *, seen: int, changes: Changes) -> Team:
    """Rename a team of one's own organisation, or say which other stands in for it."""
    await tx.lock(rights.home_of(tx.actor))
    team = await store.load_team(tx.sql, team_id)
    rights.must_run(tx.actor, team.organisation_id)
    await must_be_current(tx, team, seen)
    changed, event = team.change(changes)
    if changed.fallback_team_id is not None:
        await store.must_own_team(tx.sql, team.organisation_id, changed.fallback_team_id)
    await store.save_team(tx.sql, changed)
    await note_change(tx.sql, changed.id, changed.version, changes)
    if event is not None:
        await tx.tell(event)
    return changed

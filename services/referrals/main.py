"""Referrals, put together: `api` and `worker`."""

from __future__ import annotations

from functools import partial

from shared.app import Hearing, Service, create_api, create_worker, kept
from shared.database import Transaction
from shared.leavers import watching
from shared.timers import Due, Rings
from shared.vault import Keys, Vault

from .api import (
    admissions,
    answering,
    commands,
    consent_changes,
    consents,
    disclosures,
    ledger,
    me,
    need_commands,
    needs,
    offers,
    outcomes,
    paths,
    persons,
    protections,
    ratings,
    referrals,
    signposts,
    steps,
    transfers,
    working,
)
from .commands import clocks, expiry, holding, sending
from .commands import outcomes as outcome_commands
from .commands.needs import UNPARK, unpark_by_clock
from .commands.offers import close_by_clock
from .queries.ledger import BOOKS
from .reactions import EXCUSED, REACTIONS
from .settings import ReferralsSettings
from .store.directory import LEFT
from .store.offers import CLOSE
from .store.protections import withheld


def rings(vault: Vault) -> Rings:
    """What the clock does here; it seals as the API does, each time with keys read anew."""

    async def ring(tx: Transaction, due: Due, kind: str) -> None:
        await _rings(vault.keys())[kind](tx, due)

    return {kind: partial(ring, kind=kind) for kind in _rings(vault.keys())}


def _rings(keys: Keys) -> Rings:
    return {
        sending.DISPATCH: partial(sending.dispatch, keys=keys),
        UNPARK: unpark_by_clock,
        **expiry.rings(keys),
        **holding.rings(keys),
        **clocks.rings(keys),
        CLOSE: close_by_clock,
        **outcome_commands.rings(keys),
    }


SERVICE = Service(
    name="referrals",
    routers=[
        persons.router,
        protections.router,
        protections.of_one,
        admissions.router,
        admissions.of_one,
        admissions.own,
        ratings.router,
        ratings.own,
        paths.router,
        steps.router,
        steps.catalogue,
        needs.router,
        need_commands.router,
        signposts.router,
        transfers.router,
        transfers.of_one,
        offers.router,
        offers.of_one,
        consents.router,
        consent_changes.router,
        disclosures.router,
        referrals.router,
        commands.router,
        answering.router,
        working.router,
        outcomes.router,
        outcomes.own,
        me.router,
        ledger.router,
    ],
    hears={"organisations": Hearing(REACTIONS, EXCUSED)},
    rings=rings,
    withheld=withheld,
    projections=("organisations", "teams", "staff", "offerings", "agreements", "pledges"),
    books=BOOKS,
    background=watching(LEFT),
)


def __getattr__(name: str) -> object:
    """Make `api` or `worker` when asked for, so that an import connects to nothing."""
    if name == "api":
        return kept(create_api(SERVICE, ReferralsSettings()))
    if name == "worker":
        return kept(create_worker(SERVICE, ReferralsSettings()))
    raise AttributeError(name)

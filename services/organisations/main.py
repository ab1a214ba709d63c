"""The directory, put together: ``api`` and ``worker``."""

from __future__ import annotations

from shared.app import Hearing, Service, create_api, create_worker, kept
from shared.leavers import watching
from shared.settings import Settings
from shared.timers import Rings
from shared.vault import Vault

from .api import (
    agreements,
    demo,
    error_reports,
    finding,
    holds,
    hsds,
    imports,
    invitations,
    offerings,
    organisations,
    places,
    public,
    sign_in,
    sign_ins,
    staff,
    substitutions,
)
from .commands import imports as import_commands
from .commands import offerings as offering_commands
from .commands import staff as staff_commands
from .queries.lists import DEPARTED
from .reactions import EXCUSED, REACTIONS
from .settings import OrganisationsSettings


def rings(_: Vault) -> Rings:
    """What the clock does here."""
    return {**offering_commands.RINGS, **staff_commands.RINGS, **import_commands.RINGS}


SERVICE = Service(
    name="organisations",
    routers=[
        organisations.router,
        invitations.router,
        invitations.joining,
        staff.router,
        finding.router,
        holds.router,
        substitutions.router,
        offerings.router,
        error_reports.router,
        public.router,
        hsds.router,
        imports.router,
        agreements.router,
        places.router,
        sign_in.router,
        sign_ins.router,
        demo.router,
        demo.logins,
    ],
    hears={"referrals": Hearing(REACTIONS, EXCUSED)},
    hears_at_leisure=True,
    rings=rings,
    projections=("open_needs", "answers"),
    larger=imports.LARGER,
    background=watching(DEPARTED),
)


def __getattr__(name: str) -> object:
    """Make ``api`` or ``worker`` when asked for, so that an import connects to nothing."""
    if name == "api":
        return kept(create_api(SERVICE, OrganisationsSettings()))
    if name == "worker":
        return kept(create_worker(SERVICE, Settings()))
    raise AttributeError(name)

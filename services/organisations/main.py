"""The directory, put together: ``api`` and ``worker``."""

from __future__ import annotations

from shared.app import Service, create_api, create_worker
from shared.leavers import watching
from shared.settings import Settings

from .api import agreements, demo, offerings, organisations, places, sign_in, sign_ins, staff
from .queries import DEPARTED
from .settings import OrganisationsSettings

SERVICE = Service(
    name="organisations",
    routers=[
        organisations.router,
        staff.router,
        offerings.router,
        agreements.router,
        places.router,
        sign_in.router,
        sign_ins.router,
        demo.router,
        demo.logins,
    ],
    background=watching(DEPARTED),
)


def __getattr__(name: str) -> object:
    """Make ``api`` or ``worker`` when asked for, so that an import connects to nothing."""
    if name == "api":
        return create_api(SERVICE, OrganisationsSettings())
    if name == "worker":
        return create_worker(SERVICE, Settings())
    raise AttributeError(name)

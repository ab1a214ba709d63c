"""Notifications, put together: ``api`` and ``worker``."""

from __future__ import annotations

from shared.app import Hearing, Service, create_api, create_worker, kept
from shared.settings import Settings

from . import api as routes
from .domain import EXCUSED
from .reactions import REACTIONS

SERVICE = Service(
    name="notifications",
    routers=[routes.router, routes.streams],
    hears={"referrals": Hearing(REACTIONS, EXCUSED)},
    tells_at_leisure=True,
)


def __getattr__(name: str) -> object:
    """Make ``api`` or ``worker`` when asked for, so that an import connects to nothing."""
    if name == "api":
        return kept(create_api(SERVICE, Settings()))
    if name == "worker":
        return kept(create_worker(SERVICE, Settings()))
    raise AttributeError(name)

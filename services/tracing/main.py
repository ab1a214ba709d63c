"""Tracing, put together: ``api`` and ``worker``."""

from __future__ import annotations

from shared.app import Hearing, Service, create_api, create_worker, kept
from shared.settings import Settings

from . import api as routes
from .reactions import EXCUSED, STEPS_OF_NOTIFICATIONS, STEPS_OF_REFERRALS, keep_hops

SERVICE = Service(
    name="tracing",
    routers=[routes.router, routes.asking],
    hears={
        "organisations": Hearing({}, EXCUSED),
        "referrals": Hearing(STEPS_OF_REFERRALS, {}),
        "notifications": Hearing(STEPS_OF_NOTIFICATIONS, {}),
    },
    projections=["steps"],
    keep_hops=keep_hops,
    hears_at_leisure=True,
)


def __getattr__(name: str) -> object:
    """Make ``api`` or ``worker`` when asked for, so that an import connects to nothing."""
    if name == "api":
        return kept(create_api(SERVICE, Settings()))
    if name == "worker":
        return kept(create_worker(SERVICE, Settings()))
    raise AttributeError(name)

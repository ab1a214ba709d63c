"""Referrals that tell, notifications and tracing that listen, on real servers."""

from __future__ import annotations

import pytest

from shared.events.base import Role
from tests.conftest import StartNetwork
from tests.integration.notifications.telling import Referral
from tests.network import Network


@pytest.fixture
async def network(start_network: StartNetwork) -> Network:
    return await start_network("referrals", "notifications", "tracing")


@pytest.fixture
def referral() -> Referral:
    return Referral()


@pytest.fixture
def admin_token(network: Network) -> str:
    return network.token(Role.NETWORK_ADMIN)

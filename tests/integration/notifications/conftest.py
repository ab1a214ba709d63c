"""Referrals that tell and notifications that listen, on real servers."""

from __future__ import annotations

import pytest

from shared.events.base import Role
from tests.conftest import StartNetwork
from tests.integration.notifications.telling import Referral
from tests.network import Network


@pytest.fixture
async def network(start_network: StartNetwork) -> Network:
    return await start_network("referrals", "notifications")


@pytest.fixture
def referral() -> Referral:
    return Referral()


@pytest.fixture
def club_token(network: Network, referral: Referral) -> str:
    """Of the recipient in the receiving team."""
    who = {"id": referral.recipient, "org": referral.club, "team": referral.club_team}
    return network.token(Role.RECIPIENT, **who)


@pytest.fixture
def city_token(network: Network, referral: Referral) -> str:
    """Of the caseworker who sends."""
    who = {"id": referral.caseworker, "org": referral.city, "team": referral.city_team}
    return network.token(Role.CASEWORKER, **who)

"""The directory alone, on real servers."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest

from tests.identity.browser import WEB
from tests.identity.provider import a_client, running
from tests.integration.organisations.directory import Directory
from tests.network import Network


@pytest.fixture
async def directory(start_network: Callable[..., Awaitable[Network]]) -> Directory:
    """The organisations service, running and empty."""
    return Directory(await start_network("organisations"))


@pytest.fixture(scope="session")
async def issuer() -> AsyncIterator[str]:
    """A real provider, which knows us by two names."""
    async with running(a_client(WEB, "staden", "regionen")) as address:
        yield address

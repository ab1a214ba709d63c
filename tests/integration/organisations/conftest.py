"""The directory alone, on real servers."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from tests.integration.organisations.directory import Directory
from tests.network import Network


@pytest.fixture
async def directory(start_network: Callable[..., Awaitable[Network]]) -> Directory:
    """The organisations service, running and empty."""
    return Directory(await start_network("organisations"))

"""Servers of these tests' own, since they are stopped and killed here."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.embedded import Servers


@pytest.fixture(scope="module")
def own_servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    with Servers(tmp_path_factory.mktemp("own"), durable=True) as running:
        yield running


@pytest.fixture
def support(repository: Path) -> Path:
    """The folder of programs that tests start beside themselves."""
    return repository / "tests" / "integration" / "deploy" / "support"

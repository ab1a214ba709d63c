"""The whole system as `docker-compose.yml` describes it, started once for these tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from deploy.data_folder import DataFolder
from deploy.embedded_server import free_port
from deploy.installation import Installation, installed
from deploy.processes import Processes
from tests.e2e.api import Api
from tests.e2e.network import Network


@pytest.fixture(scope="session")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """Servers, tables and processes, as the demo starts them; no data at all."""
    folder = DataFolder(tmp_path_factory.mktemp("e2e"))
    with folder.held(), installed(folder, web_port=free_port(), durable=False) as running:
        yield running


@pytest.fixture
def processes(installation: Installation) -> Iterator[Processes]:
    """The running processes; whatever a test stopped or killed is ready again after it."""
    yield installation.processes
    for name in installation.processes.names:
        if installation.processes.pid(name) is None:
            installation.processes.start(name)
    installation.processes.wait_ready()


@pytest.fixture(scope="session")
def api(installation: Installation) -> Iterator[Api]:
    """The services' HTTP surface."""
    with Api(installation.services, installation.servers.secrets["BOOTSTRAP_SECRET"]) as calling:
        yield calling


@pytest.fixture(scope="session")
def network(api: Api) -> Network:
    """Two organisations that have agreed with each other, and a stranger to both."""
    return Network(api)

"""The demo as a stranger starts it: what it tells, what it keeps, and that nothing of it is left behind."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
import pytest

from deploy.data_folder import DataFolder
from deploy.embedded_server import free_port

COMMAND = [sys.executable, "-m", "deploy.demo"]


@contextmanager
def demo(folder: Path, repository: Path) -> Iterator[tuple[subprocess.Popen[str], dict[str, Any]]]:
    """A demo that has said it is ready, and what it wrote."""
    written = folder / "told.json"
    written.unlink(missing_ok=True)
    words = ["--empty", "--json", str(written), "--data", str(folder / "data"), "--port", str(free_port())]
    environment = os.environ | {"PYTHONPATH": str(repository)}
    with subprocess.Popen([*COMMAND, *words], stdout=subprocess.PIPE, text=True, env=environment) as started:
        try:
            while not written.exists():
                assert started.poll() is None, started.stdout and started.stdout.read()
                time.sleep(0.1)
            yield started, json.loads(written.read_text())
        finally:
            started.kill()


def leave_nothing(left: list[psutil.Process]) -> bool:
    _, alive = psutil.wait_procs(left, timeout=120)
    return [process for process in alive if process.status() != psutil.STATUS_ZOMBIE] == []


def test_a_demo_tells_how_to_use_it_and_comes_back_with_the_same_data(
    tmp_path: Path, repository: Path
) -> None:
    with demo(tmp_path, repository) as (first, told):
        assert set(told) == {"services", "logins"}
        assert set(told["services"]) == {"organisations", "referrals", "notifications", "tracing", "web"}
        assert {"caseworker-a", "recipient-b", "person-1"} <= {login["login"] for login in told["logins"]}
        family = psutil.Process(first.pid).children(recursive=True)
        assert len(family) > 11
        first.kill()
    assert leave_nothing(family)

    with demo(tmp_path, repository) as (second, told_again):
        assert told_again["logins"] == told["logins"]
        token = subprocess.run(
            [sys.executable, "-m", "deploy.token", "caseworker-a", "--data", tmp_path / "data"],
            env=os.environ | {"PYTHONPATH": str(repository)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        assert token.count(".") == 2
        verified = subprocess.run(
            [sys.executable, "-m", "deploy.operate", "verify", "tracing", "--data", tmp_path / "data"],
            env=os.environ | {"PYTHONPATH": str(repository)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        assert "all is as it was written" in verified
        family = psutil.Process(second.pid).children(recursive=True)
        second.send_signal(signal.SIGINT)
        assert second.wait(60) == 0
    assert leave_nothing(family)


def test_a_taken_port_is_one_line(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        words = ["--data", str(tmp_path / "data"), "--port", str(port)]
        done = subprocess.run([*COMMAND, *words], capture_output=True, text=True, check=False)

    assert done.returncode == 1
    assert done.stderr == f"Port {port} is taken; choose another with --port.\n"


@pytest.mark.parametrize("module", ["deploy.demo", "deploy.data_folder"])
def test_a_folder_in_use_is_one_line(tmp_path: Path, module: str) -> None:
    with DataFolder(tmp_path).held():
        command = [sys.executable, "-m", module, "--data", str(tmp_path)]
        done = subprocess.run(command, capture_output=True, text=True, check=False)

    assert done.returncode == 1
    assert done.stderr == f"Another demo runs on {tmp_path}: stop it, or give another --data.\n"


def test_a_reset_forgets_everything(tmp_path: Path) -> None:
    folder = DataFolder(tmp_path)
    folder.servers.mkdir()
    folder.secrets.touch()

    command = [sys.executable, "-m", "deploy.data_folder", "--data", str(tmp_path)]
    subprocess.run(command, capture_output=True, check=True)

    assert {path.name for path in tmp_path.iterdir()} == {"lock"}

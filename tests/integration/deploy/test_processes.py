"""Processes are started, kept running and ended, and never outlive whoever started them."""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from http.client import HTTPConnection
from pathlib import Path

import pytest

from deploy.embedded_server import free_port
from deploy.processes import Processes, ProcessFailed
from deploy.spawning import is_alive
from deploy.topology import Process


@pytest.fixture
def tiny(support: Path) -> Process:
    port = free_port()
    command = (sys.executable, "-m", "uvicorn", "--app-dir", str(support), "tiny:app")
    return Process(name="tiny", command=command, environment={"UVICORN_PORT": str(port)}, port=port)


@pytest.fixture
def processes(tiny: Process, tmp_path: Path) -> Iterator[Processes]:
    with Processes([tiny], tmp_path / "logs") as running:
        running.wait_ready()
        yield running


def word_of(processes: Processes) -> str:
    connection = HTTPConnection(processes.address("tiny").removeprefix("http://"))
    try:
        connection.request("GET", "/")
        return connection.getresponse().read().decode()
    finally:
        connection.close()


def eventually_gone(pid: int) -> bool:
    ends_at = time.monotonic() + 120
    while is_alive(pid) and time.monotonic() < ends_at:
        time.sleep(0.02)
    return not is_alive(pid)


def test_a_killed_process_comes_back(processes: Processes) -> None:
    first = processes.pid("tiny")

    processes.kill("tiny")
    while processes.pid("tiny") is None:
        time.sleep(0.02)
    processes.wait_ready()

    assert processes.pid("tiny") != first


def test_a_stopped_process_stays_down_until_it_is_started(processes: Processes) -> None:
    processes.stop("tiny")
    assert processes.pid("tiny") is None

    processes.start("tiny", WORD="once")
    processes.wait_ready()

    assert word_of(processes) == "once"


def test_what_was_added_for_one_start_is_gone_at_the_next(processes: Processes) -> None:
    processes.stop("tiny")
    processes.start("tiny", WORD="once")
    processes.wait_ready()

    processes.kill("tiny")
    while processes.pid("tiny") is None:
        time.sleep(0.02)
    processes.wait_ready()

    assert word_of(processes) == "none"


def test_restarts_can_be_suspended(processes: Processes) -> None:
    with processes.without_restarts():
        processes.kill("tiny")
        time.sleep(0.5)
        assert processes.pid("tiny") is None

    processes.wait_ready()


def test_a_process_that_keeps_failing_is_told_with_its_own_words(tiny: Process, tmp_path: Path) -> None:
    environment = {**tiny.environment, "WORD": "fail"}
    failing = replace(tiny, environment=environment)

    with Processes([failing], tmp_path) as processes, pytest.raises(ProcessFailed, match="told to fail"):
        processes.wait_ready()


def test_leaving_ends_them_all(tiny: Process, tmp_path: Path) -> None:
    with Processes([tiny], tmp_path) as processes:
        processes.wait_ready()
        pid = processes.pid("tiny")
        assert pid

    assert not is_alive(pid)


@pytest.mark.parametrize("start", ["once", "again"])
def test_a_killed_supervisor_leaves_no_process(
    support: Path, tmp_path: Path, repository: Path, start: str
) -> None:
    command: list[str | Path] = [
        sys.executable,
        support / "hold_processes.py",
        tmp_path,
        str(free_port()),
        start,
    ]
    environment = os.environ | {"PYTHONPATH": str(repository)}
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as supervisor:
        assert supervisor.stdout
        pid = int(supervisor.stdout.readline())
        assert is_alive(pid)
        supervisor.kill()

    assert eventually_gone(pid)

"""An operator's command gets the environment of the service it is for."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from deploy import keys, operate, topology
from deploy.data_folder import DataFolder


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> DataFolder:
    """Of a demo that was started."""
    monkeypatch.delenv("DATABASE_URL", raising=False)
    folder = DataFolder(tmp_path)
    secrets = keys.kept(folder.secrets)
    names = [*topology.our_processes(topology.read(secrets)), "postgres", "redis"]
    folder.ports.write_text(json.dumps({name: 20_000 + n for n, name in enumerate(names)}))
    folder.demo.write_text("{}")
    return folder


def run(words: list[str], monkeypatch: pytest.MonkeyPatch) -> tuple[list[str], dict[str, str]]:
    """What the command would become, and its environment."""
    become: list[list[str]] = []
    environment: dict[str, str] = {}
    monkeypatch.setattr(sys, "argv", ["dev.py", *words])
    monkeypatch.setattr(os, "environ", environment)
    monkeypatch.setattr(os, "execv", lambda _program, command: become.append(command))
    operate.main()
    return become[0][2:], environment


def test_a_command_runs_as_the_service_itself(folder: DataFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    command, environment = run(["rebuild", "tracing", "--data", str(folder.path)], monkeypatch)

    assert command == ["shared.rebuild", "tracing"]
    assert environment["DATABASE_URL"].startswith("postgresql://tracing:")
    assert environment["REDIS_URL"].startswith("redis://tracing:")


def test_recover_alone_has_the_operators_redis_login(
    folder: DataFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, environment = run(["recover", "referrals", "--data", str(folder.path)], monkeypatch)

    assert environment["REDIS_URL"].startswith("redis://admin:")


def test_without_a_demo_it_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SystemExit, match="No demo runs here"):
        run(["verify", "tracing", "--data", str(tmp_path)], monkeypatch)


def test_verify_asks_every_service_as_itself(folder: DataFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[list[str], str]] = []

    def note(command: list[str], *, env: dict[str, str], check: bool) -> subprocess.CompletedProcess[str]:
        asked.append((command[2:], env["DATABASE_URL"]))
        return subprocess.CompletedProcess(command, int("referrals" in command or check))

    monkeypatch.setattr(sys, "argv", ["dev.py", "verify", "--head", "kept", "--data", str(folder.path)])
    monkeypatch.setattr(subprocess, "run", note)

    with pytest.raises(SystemExit) as ended:
        operate.main()

    assert ended.value.code == 1
    assert [words for words, _ in asked] == [["shared.audit", one, "--head", "kept"] for one in keys.RECORDED]
    assert all(f"postgresql://{words[1]}:" in address for words, address in asked)


def test_a_command_that_changes_something_names_its_service(
    folder: DataFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(SystemExit):
        run(["rebuild", "--data", str(folder.path)], monkeypatch)

"""What `dev.py` says, and what it does not do again."""

import importlib.util
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest


@pytest.fixture
def dev(repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The script as a module, over an empty folder that has the lock files."""
    spec = importlib.util.spec_from_file_location("dev", repository / "dev.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    shutil.copytree(repository / "requirements", tmp_path / "requirements")
    shutil.copy(repository / "package-lock.json", tmp_path)
    for name, path in {
        "ROOT": "",
        "VENV": ".venv",
        "PYTHON": ".venv/bin/python",
        "MODULES": "node_modules",
    }.items():
        monkeypatch.setattr(module, name, tmp_path / path)
    return module


def test_without_a_command_it_names_them_all(dev: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["dev.py"])

    with pytest.raises(SystemExit) as end:
        dev.main()

    assert all(command in str(end.value) for command in dev.COMMANDS)


def test_an_old_python_is_told_so_in_a_line(dev: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["dev.py", "demo"])
    monkeypatch.setattr(sys, "version_info", (3, 9))

    with pytest.raises(SystemExit, match=r"^Python 3\.11 or newer is needed; this is [\d.]+\.$"):
        dev.main()


@pytest.mark.parametrize(
    ("output", "line"),
    [
        ("ensurepip is not available", "install python3-venv"),
        ("Temporary failure in name resolution\nERROR: No matching distribution", "is there a network?"),
        ("npm error code ENOTFOUND", "is there a network?"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES", "not the one that was locked"),
        ("OSError: [Errno 28] No space left on device", "The disk is full."),
    ],
)
def test_a_known_fault_is_one_line(dev: ModuleType, output: str, line: str) -> None:
    said = dev.complaint("installing packages", f"Traceback\n{output}\n")

    assert line in said
    assert "\n" not in said


def test_an_unknown_fault_shows_what_the_step_said(dev: ModuleType) -> None:
    said = dev.complaint("installing packages", "\n".join(map(str, range(100))))

    assert said.splitlines()[-2:] == ["99", "dev.py: installing packages failed; see the lines above."]


def test_what_is_installed_is_not_installed_again(dev: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    dev.PYTHON.parent.mkdir(parents=True)
    dev.PYTHON.symlink_to(sys.executable)
    done: list[str] = []
    monkeypatch.setattr(dev, "run_pip", done.append)

    for packages in ("run", "run", "dev", "dev", "run"):
        dev.install_packages(packages)

    assert done == ["run", "dev"]


def test_a_changed_lock_is_installed(dev: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    dev.PYTHON.parent.mkdir(parents=True)
    dev.PYTHON.symlink_to(sys.executable)
    done: list[str] = []
    monkeypatch.setattr(dev, "run_pip", done.append)
    dev.install_packages("run")

    with (dev.ROOT / "requirements" / "run.txt").open("a") as lock:
        lock.write("# another version\n")
    dev.install_packages("run")

    assert done == ["run", "run"]


def test_a_python_without_venv_is_told_so_in_a_line(repository: Path, tmp_path: Path) -> None:
    for name in ("dev.py", "package-lock.json"):
        shutil.copy(repository / name, tmp_path)
    shutil.copytree(repository / "requirements", tmp_path / "requirements")
    (tmp_path / "broken" / "venv").mkdir(parents=True)
    (tmp_path / "broken" / "venv" / "__init__.py").touch()

    done = subprocess.run(
        [sys.executable, tmp_path / "dev.py", "demo"],
        env={"PATH": str(tmp_path), "PYTHONPATH": str(tmp_path / "broken")},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1
    assert done.stderr.strip() == (
        "dev.py: making .venv failed. Python's venv is missing: install python3-venv (Debian, Ubuntu), or uv."
    )

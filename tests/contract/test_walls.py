"""Every import contract can fail: a violation planted in a copy of the tree turns its contract red."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[2]
COPIED = ("services", "shared", "deploy")
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]


class Violation(NamedTuple):
    """A line that a contract forbids, and the file it is planted in."""

    file: str
    line: str


PLANTED = {
    "Services never import each other": [
        Violation("services/tracing/queries.py", "from services.referrals import store"),
        Violation("services/web/main.py", "import services.organisations.main"),
    ],
    "shared knows no service": [Violation("shared/ids.py", "import services.tracing")],
    "Services know nothing of how they are deployed": [
        Violation("services/notifications/store.py", "import deploy.documents"),
    ],
    "Rules and events do no I/O": [
        Violation("services/referrals/domain/referral.py", "import psycopg"),
        Violation("shared/events/base.py", "import structlog"),
    ],
    "Inside a service, imports point at the rules": [
        Violation("services/notifications/store.py", "from . import commands"),
        Violation("services/notifications/api.py", "from . import reactions"),
    ],
}
CASES = [(name, violation) for name, violations in PLANTED.items() for violation in violations]

LINT = "from importlinter.cli import lint_imports_command; lint_imports_command(['--no-cache'])"


def lint(tree: Path) -> tuple[set[str], str]:
    """The contracts that are broken in a tree, and everything the linter said."""
    command = [sys.executable, "-c", LINT]
    said = subprocess.run(command, cwd=tree, capture_output=True, text=True, check=False).stdout
    verdicts = [line.rpartition(" ") for line in said.splitlines()]
    return {name.strip() for name, _, verdict in verdicts if verdict == "BROKEN"}, said


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A copy of the code, with the contracts."""
    for name in COPIED:
        shutil.copytree(ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_every_contract_has_a_planted_violation() -> None:
    assert {contract["name"] for contract in CONTRACTS} == PLANTED.keys()


def test_the_tree_keeps_every_contract(tree: Path) -> None:
    broken, said = lint(tree)

    assert broken == set(), said
    assert f"Contracts: {len(CONTRACTS)} kept, 0 broken." in said


@pytest.mark.parametrize(("name", "violation"), CASES, ids=[f"{name}: {v.file}" for name, v in CASES])
def test_a_planted_violation_breaks_its_contract(tree: Path, name: str, violation: Violation) -> None:
    file = tree / violation.file
    file.write_text(file.read_text() + f"\n{violation.line}\n")

    broken, said = lint(tree)

    assert name in broken, said

"""Every small change of the rules of referrals is noticed by their unit tests."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.mutation.excused import EXCUSED

RULES = """
GROWN = frozenset({5, 65})

def is_grown(age: int) -> bool:
    if age < 0:
        raise ValueError
    return age > 17 or age in GROWN
"""
CARELESS = """
from rules import is_grown

def test_a_child_is_not_grown() -> None:
    assert is_grown(30)
    assert not is_grown(3)
"""
THOROUGH = """
import pytest
from rules import GROWN, is_grown

def test_from_eighteen_on_one_is_grown() -> None:
    assert [age for age in (0, 5, 17, 18) if is_grown(age)] == [5, 18]
    assert GROWN == {5, 65}

def test_nobody_is_younger_than_new() -> None:
    with pytest.raises(ValueError):
        is_grown(-1)
"""


def tried(root: Path, notes: Path, modules: str, *tests: str) -> list[str]:
    """What the run says; in an environment in which each test does no more than it must."""
    command = [sys.executable, "-m", "tests.mutation.run", str(root), modules, str(notes), *tests]
    environment = {name: value for name, value in os.environ.items() if name != "LONG"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode in {0, 1}, done.stdout + done.stderr
    return done.stdout.splitlines()


@pytest.mark.parametrize(
    ("tests", "survived"),
    [
        (
            CARELESS,
            [
                "rules.py: 17  ->  16",
                "rules.py: 17  ->  18",
                "rules.py: 5  ->  4",
                "rules.py: 5  ->  6",
                "rules.py: 65  ->  64",
                "rules.py: 65  ->  66",
                "rules.py: age < 0  ->  age <= 0",
                "rules.py: age > 17  ->  age >= 17",
                "rules.py: age > 17 or age in GROWN  ->  age > 17",
                "rules.py: if age < 0:  ->  if False:",
                "rules.py: {5, 65}  ->  {5}",
                "rules.py: {5, 65}  ->  {65}",
                "rules.py: 0  ->  1",
                "rules.py: 0  ->  -1",
            ],
        ),
        (THOROUGH, []),
    ],
)
def test_careless_tests_let_changes_pass_and_thorough_ones_do_not(
    tmp_path: Path, tests: str, survived: list[str]
) -> None:
    """A run that changes nothing, or says of nothing that it was noticed, is itself noticed."""
    (tmp_path / "rules.py").write_text(RULES)
    (tmp_path / "test_rules.py").write_text(tests)

    said = tried(tmp_path, tmp_path / "notes", "rules.py", "test_rules.py")

    assert sorted(unplaced(said)) == sorted(survived)


def unplaced(said: list[str]) -> list[str]:
    """The changes that survived, without their lines."""
    lines = [line.removeprefix("survived: ") for line in said if line.startswith("survived: ")]
    return [f"{line.partition(':')[0]}:{line.split(':', 2)[2]}" for line in lines]


@pytest.mark.long
def test_every_change_of_the_rules_is_noticed(repository: Path, tmp_path: Path) -> None:
    said = tried(
        repository, tmp_path / "notes", "services/referrals/domain", str(repository / "tests/unit/referrals")
    )

    print("\n".join(said))  # noqa: T201 - the figures, and each survivor with its line
    assert int(said[0].split()[0]) > 1_000
    assert set(unplaced(said)) <= set(EXCUSED)

"""The checks that no linter makes do find what they look for."""

from pathlib import Path

import pytest

from deploy import tidiness

# Put together here, so that the check does not find its own test.
PLACES = [
    "/ro" + "ot/x",
    "/ho" + "me/ann",
    "/wo" + "rk/main",
    "file:" + "///opt/x",
    "https://py" + "pi.org/simple/",
]


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(tidiness, "ROOT", tmp_path)
    monkeypatch.setattr(tidiness, "files", lambda *_: sorted(tmp_path.iterdir()))
    return tmp_path


@pytest.mark.parametrize("place", PLACES)
def test_an_address_of_a_machine_is_found(tree: Path, place: str) -> None:
    (tree / "a.txt").write_text(f"fine\nsee {place} for more\n")

    assert tidiness.addresses() == [f"a.txt:2: see {place} for more"]


def test_addresses_of_our_own_are_left_alone(tree: Path) -> None:
    (tree / "a.txt").write_text("http://127.0.0.1:1/problems/x ./work/a tests/home/b https://example.org/\n")

    assert tidiness.addresses() == []


def test_long_files_and_bodies_are_found(tree: Path) -> None:
    body = "    x = 1\n" * 41
    (tree / "a.py").write_text(f'def f():\n    """Does not count."""\n{body}' + "\n" * 300)

    assert tidiness.too_large() == ["a.py: 343 lines; split it by noun", "a.py:1: f has 41 lines"]

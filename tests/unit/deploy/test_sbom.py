"""What the image is made of, and what is known against it."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from deploy.audit import CLEAN, KNOWN, NOT_ASKED, Answers, audit
from deploy.sbom import Part, document
from deploy.topology import ROOT


def test_every_locked_package_is_in_the_bill_with_its_hashes() -> None:
    locked = [line for line in (ROOT / "requirements/run.txt").read_text().splitlines() if "==" in line]
    parts = [part for part in document()["components"] if part["purl"].startswith("pkg:pypi/")]

    assert len(parts) == len(locked) > 30
    assert all(part["externalReferences"] for part in parts)


def test_what_pages_load_is_in_the_bill() -> None:
    assert {part["name"] for part in document()["components"]} >= {"htmx.org", "psycopg", "fastapi"}


def test_the_same_locks_give_the_same_bill() -> None:
    assert document() == document()


PARTS: list[Part] = [{"purl": "pkg:pypi/good@1"}, {"purl": "pkg:pypi/bad@2"}]


def test_what_is_known_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    def answered(_: Sequence[Part]) -> Answers:
        return [{}, {"vulns": [{"id": "PYSEC-1"}]}]

    assert audit(PARTS, answered) == KNOWN
    assert "pkg:pypi/bad@2: PYSEC-1" in capsys.readouterr().out
    assert audit(PARTS[:1], lambda parts: [{} for _ in parts]) == CLEAN


@pytest.mark.parametrize("fault", [OSError("no route"), ValueError("not every package"), KeyError("results")])
def test_nobody_asked_is_never_green(capsys: pytest.CaptureFixture[str], fault: Exception) -> None:
    def away(_: Sequence[Part]) -> Answers:
        raise fault

    assert audit(PARTS, away) == NOT_ASKED
    assert "NOT DONE" in capsys.readouterr().out

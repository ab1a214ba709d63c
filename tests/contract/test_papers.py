"""The papers name what is there: files, links, commands and the fields that catalogues ask for."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
import yaml

ROOT = Path(__file__).parents[2]
PAPERS = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
PATH_IN_CODE = re.compile(r"`((?:services|shared|deploy|tests|docs|bench)/[\w./*-]*)`")
COMMAND = re.compile(r"python3 dev\.py (\w[\w-]*)")


def text_of(paper: Path) -> str:
    return paper.read_text()


def headings_of(paper: Path) -> set[str]:
    """The anchors that a renderer makes of a page's headings."""
    titles = re.findall(r"^#+ (.*)$", text_of(paper), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("paper", PAPERS, ids=lambda paper: str(paper.relative_to(ROOT)))
def test_every_relative_link_leads_somewhere(paper: Path) -> None:
    targets = [unquote(link) for link in LINK.findall(text_of(paper)) if ":" not in link]

    assert [target for target in targets if not leads_somewhere(paper, target)] == []


def leads_somewhere(paper: Path, target: str) -> bool:
    path, _, anchor = target.partition("#")
    page = (paper.parent / path).resolve() if path else paper
    return page.exists() and (not anchor or anchor in headings_of(page))


@pytest.mark.parametrize("paper", PAPERS, ids=lambda paper: str(paper.relative_to(ROOT)))
def test_every_file_that_is_named_exists(paper: Path) -> None:
    named = PATH_IN_CODE.findall(text_of(paper))

    assert [name for name in named if not any(ROOT.glob(name.rstrip("/")))] == []


def test_the_reading_order_has_eight_steps_that_each_name_a_file() -> None:
    steps = re.split(r"^\d+\. ", text_of(ROOT / "docs/reading-order.md"), flags=re.MULTILINE)[1:]

    assert len(steps) == 8
    assert [step for step in steps if not LINK.search(step)] == []


def test_every_command_that_is_named_is_one() -> None:
    shown = subprocess.run(
        [sys.executable, "dev.py", "--help"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    named = {command for paper in PAPERS for command in COMMAND.findall(text_of(paper))}

    assert {command for command in named if f"  {command} " not in shown.stdout + shown.stderr} == set()


def test_every_decision_says_context_choice_price_and_evidence() -> None:
    decisions = sorted((ROOT / "docs/decisions").glob("*.md"))

    assert [int(page.name[:4]) for page in decisions] == list(range(1, len(decisions) + 1))
    for page in decisions:
        assert re.findall(r"^## (.*)$", text_of(page), re.MULTILINE) == [
            "Context",
            "Choice",
            "Price",
            "Evidence",
        ]


PROMISE = (
    "effectively once per event and service as long as PostgreSQL keeps its commits; "
    "Redis may be lost whole, delivery then goes on, slower."
)


def test_the_readme_makes_the_promise_about_delivery_and_no_other() -> None:
    readme = text_of(ROOT / "README.md")

    assert PROMISE.lower() in readme.lower()
    assert "exactly once" not in readme.lower()


@pytest.fixture(scope="module")
def publiccode() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(text_of(ROOT / "publiccode.yml"))
    return loaded


def test_publiccode_has_what_its_standard_demands(publiccode: dict[str, Any]) -> None:
    demanded = {"publiccodeYmlVersion", "name", "url", "platforms", "categories", "developmentStatus"}
    demanded |= {"softwareType", "description", "legal", "maintenance", "localisation"}

    assert demanded <= publiccode.keys()
    assert publiccode["developmentStatus"] in {"concept", "development", "beta", "stable", "obsolete"}
    assert publiccode["maintenance"]["type"] in {"internal", "contract", "community", "none"}
    assert publiccode["localisation"].keys() >= {"localisationReady", "availableLanguages"}


def test_publiccode_describes_within_its_standards_lengths(publiccode: dict[str, Any]) -> None:
    for said in publiccode["description"].values():
        assert len(said["shortDescription"]) <= 150
        assert 150 <= len(said["longDescription"]) <= 10_000
        assert said["features"]


def test_the_licence_is_the_one_that_the_papers_name(publiccode: dict[str, Any]) -> None:
    licence = text_of(ROOT / "LICENSE")

    assert publiccode["legal"]["license"] == "EUPL-1.2"
    assert licence.startswith("EUROPEAN UNION PUBLIC LICENCE v. 1.2\nEUPL © the European Union 2007, 2016\n")

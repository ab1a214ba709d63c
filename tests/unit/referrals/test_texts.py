"""The texts in all their languages say the same; the easy one is easy."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from string import Formatter

import pytest

from services.referrals import texts
from services.referrals.texts import Language, consent_text
from shared.events.base import ItemField
from shared.events.consents import ConsentKind
from tests.unit.referrals.makers import NOON

FOLDER = Path(texts.__file__).parent
MOST_WORDS = 15
WORDINGS = (*ConsentKind, "secrecy_release_offer", "processing_consent_offer")
"""By what each is about: a hand-over, or an offer to several teams, of which nobody is asked C."""
JARGON = (
    "samtycke", "överlämning", "mottagare", "insats", "sekretess", "uttryckligt", "känslig", "verksamhet",
    "behandla", "personuppgift", "återkalla", "dvs", "t.ex.", "enligt",
)  # fmt: skip
SAID_OF_EACH = (
    "Varför",
    "står också här bredvid.",
    "Du bestämmer själv.",
    "Du får samma hjälp av oss om du säger nej.",
    "Du kan ta tillbaka ditt ja när du vill.",
    "Du behöver inte säga varför.",
    "Du får samma hjälp av oss ändå.",
    "Det som är läst kan vi inte göra oläst.",
    "Ditt ja gäller till och med 2026-11-20.",
)


def easy(wording: str, *, dated: bool = True) -> str:
    until = NOON if dated else None
    kind, teams = ConsentKind(wording.removesuffix("_offer")), 3 if wording.endswith("_offer") else None
    fields = () if kind is ConsentKind.PARTICIPATION else tuple(ItemField)
    return consent_text(kind, Language.EASY_SWEDISH, fields=fields, until=until, teams=teams).text


def placeholders(kind: str, language: Language) -> dict[str, list[str]]:
    """The places to fill of each wording, by its name."""
    said = tomllib.loads((FOLDER / f"{kind}-1.{language}.toml").read_text(encoding="utf-8"))
    wordings = {name: value for name, value in said.items() if isinstance(value, str)}
    return {
        name: sorted(field for _, field, *_ in Formatter().parse(wording) if field)
        for name, wording in wordings.items()
    }


@pytest.mark.parametrize("kind", WORDINGS)
@pytest.mark.parametrize("language", Language)
def test_each_language_leaves_the_same_places_to_fill(language: Language, kind: str) -> None:
    assert placeholders(kind, language) == placeholders(kind, Language.SWEDISH)


def test_every_kind_has_its_text_in_every_language_and_no_other() -> None:
    wanted = {
        f"{wording}-{texts.CURRENT_VERSION}.{language}.toml" for wording in WORDINGS for language in Language
    }

    assert {file.name for file in FOLDER.glob("*.toml")} == wanted


@pytest.mark.parametrize("dated", [True, False])
@pytest.mark.parametrize("kind", WORDINGS)
def test_easy_swedish_has_short_sentences_one_a_line(kind: str, dated: bool) -> None:  # noqa: FBT001
    for line in easy(kind, dated=dated).splitlines():
        assert len(line.split()) <= MOST_WORDS, line
        assert not re.search(r"[.?!:;]\s", line), line


@pytest.mark.parametrize("kind", WORDINGS)
def test_easy_swedish_says_all_that_she_must_know_without_our_words(kind: str) -> None:
    text = easy(kind)

    assert [sentence for sentence in SAID_OF_EACH if sentence not in text] == []
    assert [word for word in JARGON if word in text.casefold()] == []

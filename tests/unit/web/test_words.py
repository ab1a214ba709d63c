"""Every code and every refusal has its Swedish words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum
from importlib import import_module

import pytest

from deploy.keys import RECORDED
from services.notifications.domain import NoticeKind
from services.organisations.domain.profile import Protection
from services.organisations.domain.sign_in import LoginTaken
from services.referrals.domain.refusals import IllegalCommand
from services.referrals.domain.transitions import Command, State
from services.web import sentences, words
from shared.errors import Invalid, Refused
from shared.events import EVERY_EVENT
from shared.events.base import Area, ItemField, NeedCode, Theme, Urgency
from shared.events.referrals import DeclineReason, RecallReason


@pytest.mark.parametrize(
    ("codes", "said"),
    [
        (NeedCode, words.NEEDS),
        (Theme, words.THEMES),
        (Area, words.AREAS),
        (Urgency, words.URGENCIES),
        (ItemField, words.FIELDS),
        (Protection, words.PROTECTIONS),
        (RecallReason, words.RECALL_REASONS),
        (State, words.STATES),
        (Command, words.COMMANDS),
        (NoticeKind, words.NOTICES),
    ],
)
def test_every_code_has_a_word(codes: type[StrEnum], said: Mapping[str, str]) -> None:
    assert set(codes) <= set(said)


def test_every_reason_to_decline_stands_in_the_form_once() -> None:
    shown = [code for group in words.DECLINE_REASONS.values() for code in group]

    assert sorted(shown) == sorted(DeclineReason)


def test_every_event_has_a_sentence() -> None:
    assert {event.type for event in EVERY_EVENT} <= set(sentences.EVENTS)


def test_every_refusal_of_the_services_has_a_sentence() -> None:
    for service in RECORDED:
        import_module(f"services.{service}.main")
    assert {IllegalCommand, LoginTaken, Invalid} <= set(_below(Refused))
    slugs = {
        kind.slug for kind in _below(Refused) if kind.__module__.startswith(("shared.errors", "services."))
    }
    assert slugs <= set(sentences.PROBLEMS)


def test_an_unknown_refusal_gets_the_general_words() -> None:
    assert sentences.problem("no-such-slug") == sentences.PROBLEMS["refused"]


def _below(kind: type[Refused]) -> Iterator[type[Refused]]:
    for child in kind.__subclasses__():
        yield child
        yield from _below(child)

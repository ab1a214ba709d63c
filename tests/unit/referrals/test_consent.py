"""Consents: how long, about what, and their ends."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from services.referrals import texts
from services.referrals.domain.asking import Renewal, Reply, answered, narrowed, renewed
from services.referrals.domain.consent import Answer, Ending, Way, default_end, end_of, latest_end
from services.referrals.domain.refusals import ConsentExpired, ConsentHasEnded, ConsentMissing, PersonSaidNo
from services.referrals.texts import Language, consent_text
from shared.errors import Invalid
from shared.events.base import ItemField
from shared.events.consents import ConsentGiven, ConsentKind, ConsentRefused
from tests.unit.referrals.makers import (
    CONSENT,
    FIELDS,
    NOON,
    RECIPIENT,
    REFERRAL,
    a_consent,
    a_proof,
    a_referral,
)

KIND = ConsentKind.SECRECY_RELEASE


def a_reply(**changes: object) -> Reply:
    usual: dict[str, object] = {
        "kind": KIND,
        "answer": Answer.YES,
        "fields": FIELDS,
        "purpose": "språkcafé",
        "conditions": (),
        "until": None,
        "proof": a_proof(),
    }
    return Reply(**{**usual, **changes})  # type: ignore[arg-type]


def test_a_yes_holds_ninety_days_unless_said_otherwise() -> None:
    consent = answered(a_reply(), a_referral(), asked=FIELDS, consent_id=CONSENT, at=NOON)

    assert consent.valid_until == datetime(2027, 2, 18, 23, tzinfo=UTC) == default_end(NOON)


@pytest.mark.parametrize("until", [NOON, NOON - timedelta(days=1), latest_end(NOON) + timedelta(seconds=1)])
def test_a_yes_lies_ahead_and_holds_at_most_a_year(until: datetime) -> None:
    with pytest.raises(Invalid):
        answered(a_reply(until=until), a_referral(), asked=FIELDS, consent_id=CONSENT, at=NOON)


def test_nobody_says_yes_to_what_was_not_asked() -> None:
    reply = a_reply(fields=frozenset({ItemField.HEALTH}))

    with pytest.raises(Invalid):
        answered(reply, a_referral(), asked=FIELDS, consent_id=CONSENT, at=NOON)


def test_a_day_is_over_at_swedish_midnight() -> None:
    assert end_of(date(2026, 7, 1)) == datetime(2026, 7, 1, 22, tzinfo=UTC)
    assert end_of(date(2026, 12, 1)) == datetime(2026, 12, 1, 23, tzinfo=UTC)


def test_a_no_is_told_as_a_no() -> None:
    assert isinstance(a_consent(answer=Answer.NO).given(), ConsentRefused)
    assert isinstance(a_consent().given(), ConsentGiven)


def test_a_yes_ends_once() -> None:
    ended, event = a_consent().withdraw(NOON)

    assert (ended.ended_how, ended.is_live(NOON), event.consent_id) == (Ending.WITHDRAWN, False, CONSENT)
    with pytest.raises(ConsentHasEnded):
        ended.withdraw(NOON)
    with pytest.raises(ConsentHasEnded):
        ended.expire(NOON)


def test_a_no_cannot_be_taken_back() -> None:
    with pytest.raises(PersonSaidNo):
        a_consent(answer=Answer.NO).withdraw(NOON)


@pytest.mark.parametrize(
    ("at", "live"),
    [
        (NOON - timedelta(microseconds=1), False),
        (NOON, True),
        (NOON + timedelta(days=30) - timedelta(microseconds=1), True),
        (NOON + timedelta(days=30), False),
    ],
)
def test_a_yes_lives_from_its_first_instant_until_its_last(at: datetime, live: bool) -> None:  # noqa: FBT001
    assert a_consent().is_live(at) is live


@pytest.mark.parametrize("kind", [KIND, ConsentKind.PROCESSING_CONSENT])
@pytest.mark.parametrize("language", Language)
def test_every_item_has_a_word_in_every_language(language: Language, kind: ConsentKind) -> None:
    text = consent_text(kind, language, fields=ItemField, until=NOON)

    assert text.text.count("•") == len(ItemField)
    assert "2026-11-20" in text.text
    assert "{" not in text.text


def test_the_text_says_no_is_free_and_yes_can_be_taken_back() -> None:
    text = consent_text(KIND, Language.SWEDISH, fields=FIELDS, until=None).text

    assert "Du får samma hjälp av oss ändå." in text
    assert "ta tillbaka ditt ja när du vill, utan att säga varför" in text
    assert "kan vi inte göra oläst" in text


@pytest.mark.parametrize("kind", ConsentKind)
def test_the_arabic_text_is_arabic(kind: ConsentKind) -> None:
    text = consent_text(kind, Language.ARABIC, fields=[], until=None).text

    assert sum("\u0600" <= letter <= "\u06ff" for letter in text) > len(text) / 2


@pytest.mark.parametrize("language", Language)
def test_the_three_kinds_are_never_asked_in_one_text(language: Language) -> None:
    shown = {kind: consent_text(kind, language, fields=[], until=NOON).text for kind in ConsentKind}

    assert len(set(shown.values())) == 3
    assert all("2026-11-20" in text and "{" not in text for text in shown.values())


def test_a_participation_names_no_item() -> None:
    text = consent_text(ConsentKind.PARTICIPATION, Language.SWEDISH, fields=[], until=None).text

    assert text.lstrip().startswith("Vill du vara med i insatsen?")
    assert "•" not in text


def test_another_item_date_or_language_is_another_text() -> None:
    hashes = {
        consent_text(KIND, language, fields=fields, until=until).sha256
        for language in Language
        for fields in (FIELDS, [ItemField.PHONE], [])
        for until in (None, NOON, NOON + timedelta(days=1))
    }

    assert len(hashes) == 36


@pytest.mark.parametrize(
    ("language", "sha256"),
    [
        (Language.SWEDISH, "51852f9cf39856693fd7f6754a5523204e6271f6b46085bfabee30edb15de014"),
        (Language.EASY_SWEDISH, "816b4590996207c75b845f6a0c6f4cd825d9575f53a1c08d04b81c270e041e37"),
        (Language.ENGLISH, "6b96d29d44d3c72be9435b23f37eea697dd61ea8127edff8936c1cc2dca1427e"),
        (Language.ARABIC, "86fc17f47b26154d876e0b034ead07372720a108f73d19fc579ffc1c227f3eb8"),
    ],
)
def test_a_text_that_was_shown_is_never_reworded(language: Language, sha256: str) -> None:
    assert texts.CURRENT_VERSION == 1
    assert consent_text(KIND, language, fields=ItemField, until=None).sha256 == sha256


@pytest.mark.parametrize(
    ("days_left", "notices"),
    [(90, {14, 7, 1}), (14, {7, 1}), (10, {7, 1}), (7, {1}), (1, set()), (0.5, set())],
)
def test_notice_is_due_fourteen_seven_and_one_day_before(days_left: float, notices: set[int]) -> None:
    consent = a_consent(valid_until=NOON + timedelta(days=days_left))

    due = consent.notices_after(NOON)

    assert set(due) == notices
    assert all(consent.valid_until - at == timedelta(days=days) for days, at in due.items())


PHONE, NAME = frozenset({ItemField.PHONE}), frozenset({ItemField.GIVEN_NAME})
SOONER, LATER = NOON + timedelta(days=3), NOON + timedelta(days=31)


@pytest.mark.parametrize(
    ("fields", "until", "left"),
    [
        (PHONE, None, (PHONE, NAME, NOON + timedelta(days=30))),
        (None, SOONER, (FIELDS, frozenset(), SOONER)),
        (frozenset(), SOONER, (frozenset(), FIELDS, SOONER)),
    ],
)
def test_a_consent_is_narrowed(
    fields: frozenset[ItemField] | None, until: datetime | None, left: tuple[object, ...]
) -> None:
    narrower, taken = narrowed(a_consent(), fields=fields, until=until, at=NOON)

    assert (narrower.fields, taken.dropped, narrower.valid_until) == left
    assert (narrower.version, taken.version, taken.valid_until) == (2, 2, narrower.valid_until)
    assert narrower.is_live(NOON)
    assert set(narrower.narrowed(taken).dropped) == taken.dropped


@pytest.mark.parametrize(
    ("fields", "until"),
    [
        (FIELDS | {ItemField.HEALTH}, None),
        (frozenset({ItemField.HEALTH}), None),
        (PHONE, LATER),
        (None, NOON),
        (None, None),
        (FIELDS, NOON + timedelta(days=30)),
    ],
)
def test_a_consent_is_never_widened_nor_narrowed_by_nothing(
    fields: frozenset[ItemField] | None, until: datetime | None
) -> None:
    with pytest.raises(Invalid):
        narrowed(a_consent(), fields=fields, until=until, at=NOON)


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"answer": Answer.NO}, PersonSaidNo),
        ({"ended_at": NOON, "ended_how": Ending.WITHDRAWN}, ConsentHasEnded),
        ({"ended_at": NOON, "ended_how": Ending.RENEWED}, ConsentHasEnded),
        ({"ended_at": NOON, "ended_how": Ending.EXPIRED}, ConsentExpired),
        ({"ended_at": NOON, "ended_how": Ending.REPLACED}, ConsentMissing),
        ({"valid_from": NOON - timedelta(days=2), "valid_until": NOON}, ConsentExpired),
    ],
)
def test_what_lives_no_more_is_neither_narrowed_nor_renewed(
    changes: dict[str, object], refusal: type[Exception]
) -> None:
    with pytest.raises(refusal):
        narrowed(a_consent(**changes), fields=PHONE, until=None, at=NOON)
    with pytest.raises(refusal):
        renewed(a_consent(**changes), A_RENEWAL, consent_id=REFERRAL, at=NOON)


A_RENEWAL = Renewal(
    until=LATER,
    text_version=1,
    text_sha256="1" * 64,
    given_how=Way.E_ID,
    given_by=(),
    asked_by=RECIPIENT,
    interpreter=True,
)


def test_a_renewal_is_a_new_consent_to_the_same() -> None:
    before = a_consent()

    old, new, event = renewed(before, A_RENEWAL, consent_id=REFERRAL, at=SOONER)

    assert (old.ended_how, old.ended_at, old.is_live(SOONER)) == (Ending.RENEWED, SOONER, False)
    assert (new.id, new.renews, new.version, new.ended_at) == (REFERRAL, CONSENT, 1, None)
    assert (new.valid_from, new.valid_until) == (SOONER, LATER)
    assert (new.fields, new.purpose, new.conditions) == (before.fields, before.purpose, before.conditions)
    assert [(one.who, one.at) for one in new.proof.given_by] == [("person", SOONER)]
    assert (new.proof.given_how, new.proof.asked_by, new.proof.interpreter) == ("e_id", RECIPIENT, True)
    assert (event.consent_id, event.renewed_id) == (REFERRAL, CONSENT)


@pytest.mark.parametrize("until", [NOON, latest_end(NOON) + timedelta(seconds=1)])
def test_a_renewal_lies_ahead_and_holds_at_most_a_year(until: datetime) -> None:
    with pytest.raises(Invalid):
        renewed(a_consent(), replace(A_RENEWAL, until=until), consent_id=REFERRAL, at=NOON)

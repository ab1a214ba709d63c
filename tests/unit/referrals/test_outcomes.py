"""What was said of how it went: what stands, who agrees, who may speak."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import product

import pytest

from services.referrals.domain.outcomes import (
    ASKED,
    SPOKEN_BY,
    SPOKEN_OF,
    Note,
    Outcomes,
    Saying,
    Stage,
    Word,
    may_say,
    say,
)
from services.referrals.domain.refusals import IllegalCommand
from services.referrals.domain.transitions import OPEN_STATES, Side, State
from shared.events.outcomes import OutcomeAsked, OutcomeSaid, OutcomeUnsaid, Voice
from shared.events.referrals import Outcome, Party
from shared.ids import new_id
from tests.unit.referrals.makers import NOON, a_referral

MET, PARTLY, UNMET = Outcome
SIDE_OF = {voice: min(sides) for voice, sides in SPOKEN_BY.items()}
ENDED = a_referral(state=State.COMPLETED)


def said(*words: tuple[Voice, Outcome]) -> Outcomes:
    sayings: list[Saying] = []
    for nth, (voice, met) in enumerate(words):
        word, at = Word(voice=voice, met=met), NOON + timedelta(minutes=nth)
        sides = frozenset({SIDE_OF[voice]})
        sayings.append(say(ENDED, sides, at, word=word, saying_id=new_id())[0])
    return Outcomes(referral=ENDED, sayings=sayings)


@pytest.mark.parametrize(
    ("words", "agree"),
    [
        ([], None),
        ([(Voice.PROVIDER, MET)], None),
        ([(Voice.PROVIDER, MET), (Voice.SENDER, MET)], True),
        ([(Voice.PROVIDER, MET), (Voice.PERSON, PARTLY)], False),
        ([(Voice.PROVIDER, MET), (Voice.SENDER, MET), (Voice.PERSON, UNMET)], False),
        ([(Voice.PROVIDER, UNMET), (Voice.PERSON, MET), (Voice.PROVIDER, MET)], True),
        ([(Voice.PROVIDER, MET), (Voice.SOCIETY, UNMET), (Voice.ORGANISATION, UNMET)], None),
    ],
)
def test_three_voices_are_compared_by_their_last_words(
    words: list[tuple[Voice, Outcome]],
    agree: bool | None,  # noqa: FBT001
) -> None:
    assert said(*words).agree is agree


def test_of_an_end_taken_back_nothing_stands() -> None:
    before = said((Voice.PROVIDER, MET), (Voice.PERSON, UNMET))

    after = replace(before, referral=replace(ENDED, since=ENDED.since + 2))

    assert (after.standing, after.agree, after.unsaid) == ({}, None, ASKED)
    assert len(after.sayings) == 2


@pytest.mark.parametrize(
    ("words", "unsaid"),
    [
        ([(Voice.PROVIDER, MET)], (Voice.SENDER, Voice.PERSON)),
        ([(Voice.SENDER, MET)], (Voice.PERSON,)),
        ([(Voice.PERSON, MET)], (Voice.SENDER,)),
        ([(Voice.PERSON, MET), (Voice.SENDER, UNMET)], ()),
    ],
)
def test_who_has_not_spoken_is_asked_and_a_silence_is_noted(
    words: list[tuple[Voice, Outcome]], unsaid: tuple[Voice, ...]
) -> None:
    outcomes = said(*words)
    kinds = {Stage.ASKED: OutcomeAsked, Stage.UNSAID: OutcomeUnsaid}

    for stage, kind in kinds.items():
        noted = outcomes.note(stage, NOON)
        expected = (
            (Note(stage=stage, voices=unsaid, at=NOON), kind(**ENDED.about(), voices=unsaid))
            if unsaid
            else None
        )
        assert noted == expected


def test_only_a_noted_silence_is_one_and_a_late_word_ends_it() -> None:
    asked = Note(stage=Stage.ASKED, voices=ASKED, at=NOON)
    noted = Note(stage=Stage.UNSAID, voices=ASKED, at=NOON)
    word = (Voice.PROVIDER, MET)

    assert not replace(said(word), notes=[asked]).is_provider_s_word_only
    assert replace(said(word), notes=[asked, noted]).is_provider_s_word_only
    late = replace(said(word, (Voice.SENDER, MET)), notes=[asked, noted])
    assert (late.silent, late.is_provider_s_word_only) == ((Voice.PERSON,), False)


def test_the_receiver_hears_codes_of_the_sender_and_nothing_of_the_person() -> None:
    spoken = said(*((voice, MET) for voice in Voice))
    whole = replace(spoken, sayings=[replace(one, sentence="x") for one in spoken.sayings])

    heard = whole.as_met_by(frozenset({Side.RECEIVER})).sayings

    assert whole.as_met_by(frozenset({Side.RECEIVER, Side.SENDER})) == whole
    assert Voice.PERSON not in {one.voice for one in heard}
    assert [one.voice for one in heard if one.sentence] == [Voice.PROVIDER, Voice.ORGANISATION]


@pytest.mark.parametrize(("state", "voice"), list(product(State, Voice)))
def test_only_of_an_end_that_was_right_somebody_speaks(state: State, voice: Voice) -> None:
    referral, sides = a_referral(state=state), frozenset({SIDE_OF[voice]})
    ended = state not in OPEN_STATES | {State.DRAFT, State.DISCARDED, State.IN_ERROR}

    assert (voice in may_say(referral, sides)) is (state in SPOKEN_OF) is ended
    if not ended:
        with pytest.raises(IllegalCommand) as refused:
            say(referral, sides, NOON, word=Word(voice=voice, met=MET), saying_id=new_id())
        assert refused.value.members == {"state": state, "allowed": referral.allowed(sides)}


@pytest.mark.parametrize("side", [Side.SENDER, Side.SENDER_LEAD, Side.PERSON])
def test_home_and_the_person_hear_everything(side: Side) -> None:
    spoken = said(*((voice, MET) for voice in Voice))

    assert spoken.as_met_by(frozenset({side})) == spoken


@pytest.mark.parametrize(
    ("side", "voices"),
    [
        (Side.RECEIVER, [Voice.PROVIDER]),
        (Side.RECEIVER_LEAD, [Voice.PROVIDER, Voice.ORGANISATION]),
        (Side.SENDER, [Voice.SENDER]),
        (Side.SENDER_LEAD, [Voice.SENDER, Voice.ORGANISATION, Voice.SOCIETY]),
        (Side.PERSON, [Voice.PERSON]),
        (Side.CLOCK, []),
    ],
)
def test_each_side_has_its_voices_and_no_other(side: Side, voices: list[Voice]) -> None:
    assert may_say(ENDED, frozenset({side})) == voices


@pytest.mark.parametrize(
    ("side", "party"), [(Side.SENDER_LEAD, Party.SENDER), (Side.RECEIVER_LEAD, Party.RECEIVER)]
)
def test_a_lead_speaks_for_her_own_organisation(side: Side, party: Party) -> None:
    word = Word(voice=Voice.ORGANISATION, met=PARTLY, sentence="Det blev bättre.")

    saying, event = say(ENDED, frozenset({side}), NOON, word=word, saying_id=ENDED.id)

    assert saying == Saying(
        id=ENDED.id,
        referral_id=ENDED.id,
        since=ENDED.since,
        voice=Voice.ORGANISATION,
        party=party,
        met=PARTLY,
        sentence="Det blev bättre.",
        at=NOON,
    )
    assert event == OutcomeSaid(**ENDED.about(), voice=Voice.ORGANISATION, met=PARTLY)

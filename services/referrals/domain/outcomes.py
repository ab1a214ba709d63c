"""How it went, in several voices: each side says its own, nobody speaks for another, and none is averaged."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from shared.errors import NotYourSide, RoleMissing
from shared.events.base import Role
from shared.events.outcomes import OutcomeAsked, OutcomeSaid, OutcomeUnsaid, Voice
from shared.events.referrals import Outcome, Party

from .record import Sides, party_of
from .referral import Referral
from .refusals import IllegalCommand
from .transitions import CLOSED_STATES, ROLE_OF, SENDERS, Side, State

SPOKEN_BY: Mapping[Voice, Sides] = {
    Voice.PROVIDER: frozenset({Side.RECEIVER, Side.RECEIVER_LEAD}),
    Voice.SENDER: frozenset({Side.SENDER, Side.SENDER_LEAD}),
    Voice.PERSON: frozenset({Side.PERSON}),
    Voice.ORGANISATION: frozenset({Side.SENDER_LEAD, Side.RECEIVER_LEAD}),
    Voice.SOCIETY: frozenset({Side.SENDER_LEAD}),
}
"""Who speaks in each voice: a lead for her organisation, and the home's lead for society."""

THREE = (Voice.PROVIDER, Voice.SENDER, Voice.PERSON)
"""The voices that agree or disagree about what came of the need."""

ASKED = (Voice.SENDER, Voice.PERSON)
"""Who is asked after a completion, which is itself the provider's word."""

SPOKEN_OF = CLOSED_STATES - {State.IN_ERROR}
"""What has ended; of what should never have been made nobody says how it went."""


class Stage(StrEnum):
    """How far the asking has come."""

    ASKED = "asked"
    UNSAID = "unsaid"


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """What somebody says, and in which voice; a sentence that stands elsewhere is none here."""

    voice: Voice
    met: Outcome
    sentence: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Saying:
    """What one voice said of one end.

    `since` is the version at which the referral came to that end, `version` that of the step at which it was
    said, if it was at one: then the step's sentence is its sentence.
    """

    id: UUID
    referral_id: UUID
    since: int
    version: int | None = None
    voice: Voice
    party: Party
    met: Outcome
    sentence: str | None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """That these voices were asked, or stayed silent."""

    stage: Stage
    voices: tuple[Voice, ...]
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcomes:
    """All that was said of a referral, oldest first, and what was noted about its last end."""

    referral: Referral
    sayings: Sequence[Saying] = ()
    notes: Sequence[Note] = ()

    @property
    def standing(self) -> dict[tuple[Voice, Party], Saying]:
        """The newest of each voice about the last end; what was said of an end taken back stands no more."""
        return {(one.voice, one.party): one for one in self.sayings if one.since == self.referral.since}

    @property
    def agree(self) -> bool | None:
        """Whether the three voices say the same; None while fewer than two have spoken."""
        said = [one.met for one in self.standing.values() if one.voice in THREE]
        return len(set(said)) == 1 if len(said) > 1 else None

    @property
    def unsaid(self) -> tuple[Voice, ...]:
        """Those of the asked who have not spoken."""
        spoken = {voice for voice, _ in self.standing}
        return tuple(voice for voice in ASKED if voice not in spoken)

    @property
    def silent(self) -> tuple[Voice, ...]:
        """Those who stayed silent when they were asked, and have not spoken since."""
        noted = {voice for note in self.notes if note.stage is Stage.UNSAID for voice in note.voices}
        return tuple(voice for voice in self.unsaid if voice in noted)

    @property
    def is_provider_s_word_only(self) -> bool:
        """Whether the silence of all who were asked has been noted."""
        return self.silent == ASKED

    def noted_at(self, stage: Stage) -> datetime | None:
        return next((note.at for note in self.notes if note.stage is stage), None)

    def note(self, stage: Stage, at: datetime) -> tuple[Note, OutcomeAsked | OutcomeUnsaid] | None:
        """What is noted of those who have not spoken; nothing once all have."""
        if not self.unsaid:
            return None
        told = OutcomeAsked if stage is Stage.ASKED else OutcomeUnsaid
        return Note(stage=stage, voices=self.unsaid, at=at), told(**self.referral.about(), voices=self.unsaid)

    def as_met_by(self, sides: Sides) -> Outcomes:
        """What somebody on these sides may see: sender and person all of it.

        The receiver does not hear the person's voice, and of what the sender's side says the code alone: new
        words about her would be another disclosure.
        """
        if sides & (SENDERS | {Side.PERSON}):
            return self
        heard = [one for one in self.sayings if one.party is not Party.PERSON]
        own = [one if one.party is Party.RECEIVER else replace(one, sentence=None) for one in heard]
        return replace(self, sayings=own, notes=())


def may_say(referral: Referral, sides: Sides) -> list[Voice]:
    """The voices in which somebody on these sides may speak now."""
    if referral.state not in SPOKEN_OF:
        return []
    return [voice for voice in Voice if SPOKEN_BY[voice] & sides]


def permit(voice: Voice, sides: Sides, roles: frozenset[Role]) -> None:
    """Raise `RoleMissing` if no such role ever speaks so, `NotYourSide` if somebody else's side must."""
    if SPOKEN_BY[voice] & sides:
        return
    if roles.isdisjoint(ROLE_OF[side] for side in SPOKEN_BY[voice]):
        raise RoleMissing
    raise NotYourSide


def say(
    referral: Referral, by: Sides, at: datetime, *, word: Word, saying_id: UUID
) -> tuple[Saying, OutcomeSaid]:
    """Say how it went, after the end; a voice may say otherwise later, and its older word stays."""
    if referral.state not in SPOKEN_OF:
        raise IllegalCommand(state=str(referral.state), allowed=[*referral.allowed(by)])
    party = party_of(min(SPOKEN_BY[word.voice] & by))
    assert party is not None  # noqa: S101 - every side that speaks is one of a party
    saying = _saying(referral, at, word=word, party=party, saying_id=saying_id)
    return saying, OutcomeSaid(**referral.about(), voice=word.voice, met=word.met)


def said_by_completion(completed: Referral, at: datetime, *, met: Outcome, saying_id: UUID) -> Saying:
    """The provider's word, which is part of its completion."""
    word = Word(voice=Voice.PROVIDER, met=met)
    said = _saying(completed, at, word=word, party=Party.RECEIVER, saying_id=saying_id)
    return replace(said, version=completed.version)


def _saying(referral: Referral, at: datetime, *, word: Word, party: Party, saying_id: UUID) -> Saying:
    return Saying(
        id=saying_id,
        referral_id=referral.id,
        since=referral.since,
        voice=word.voice,
        party=party,
        met=word.met,
        sentence=word.sentence,
        at=at,
    )

"""How it went: said and read, by each side in its own voice and by the person in hers."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BeforeValidator

from shared.actor import Actor
from shared.errors import NotFound
from shared.events.base import Role
from shared.events.outcomes import Voice
from shared.events.referrals import Outcome, Party
from shared.http import After, Body, Instant, Limit, Page, Route, Tx, created, for_roles, versioned

from ..commands import outcomes as commands
from ..domain.outcomes import Outcomes, Saying, Stage, Word, may_say
from ..domain.person import must_be_person
from ..domain.refusals import ConsentHasEnded
from ..queries import outcomes as queries
from ..queries.referrals import PARTIES
from ..store.rows import Slice
from .shapes import Keys, Seen, Words, for_command, page

router = APIRouter(route_class=Route, prefix="/referrals/{referral_id}/outcomes", tags=["outcomes"])
own = APIRouter(route_class=Route, prefix="/me/referrals/{referral_id}/outcomes", tags=["me"])

SPEAKERS = for_command([*PARTIES, Role.PERSON], ConsentHasEnded)
HEARERS = for_roles(*PARTIES, Role.PERSON, refuses=[ConsentHasEnded])


def _of_yes_or_no(said: object) -> object:
    return (Outcome.MET if said else Outcome.UNMET) if isinstance(said, bool) else said


Met = Annotated[Outcome, BeforeValidator(_of_yes_or_no)]
"""As in a completion; `true` and `false` are taken as met and unmet."""


class OutcomeGiven(Body):
    """`provider` is the receiver, `organisation` a lead of either side, `society` the lead of the sender."""

    voice: Voice
    met: Met
    sentence: Words | None = None


class OwnOutcomeGiven(Body):
    """Whether you got help, and in your own words how it went."""

    voice: Literal[Voice.PERSON] = Voice.PERSON
    met: Met
    sentence: Words | None = None


class OutcomeSeen(Seen):
    """One saying; `stands` is that its voice has said nothing later of the same end."""

    id: UUID
    version: int = 1
    voice: Voice
    met: Outcome
    sentence: str | None
    at: Instant
    by_organisation_id: UUID | None
    stands: bool


class OutcomesSeen(Page[OutcomeSeen]):
    """What you may see of all that was said, oldest first; `allowed` are the voices that are yours now.

    `agree` compares provider, sender and person, and is null while fewer than two of them have spoken.
    `silent` were asked after a completion, and have not spoken.
    """

    agree: bool | None
    allowed: list[Voice]
    asked_at: Instant | None
    silent: list[Voice]
    silent_at: Instant | None
    provider_only: bool


def _seen(saying: Saying, among: Outcomes) -> OutcomeSeen:
    referral = among.referral
    organisations = {
        Party.SENDER: referral.from_organisation_id,
        Party.RECEIVER: referral.to_organisation_id,
    }
    named = {name: getattr(saying, name) for name in ("id", "voice", "met", "sentence", "at")}
    stands = among.standing.get((saying.voice, saying.party)) == saying
    return OutcomeSeen(**named, by_organisation_id=organisations.get(saying.party), stands=stands)


def _page(found: Outcomes, part: Slice, *, by: Actor) -> OutcomesSeen:
    ids = [saying.id for saying in found.sayings]
    if part.after is not None and part.after not in ids:
        raise NotFound
    begin = ids.index(part.after) + 1 if part.after else 0
    shown = page([_seen(one, found) for one in found.sayings[begin : begin + part.limit]], part)
    return OutcomesSeen(
        **dict(shown),
        agree=found.agree,
        allowed=may_say(found.referral, found.referral.sides_of(by)),
        asked_at=found.noted_at(Stage.ASKED),
        silent=list(found.silent),
        silent_at=found.noted_at(Stage.UNSAID),
        provider_only=found.is_provider_s_word_only,
    )


async def _say(tx: Tx, referral_id: UUID, word: Word, keys: Keys, response: Response) -> OutcomeSeen:
    saying, among = await commands.speak(tx, referral_id, word, keys)
    created(response, f"/referrals/{referral_id}/outcomes/{saying.id}", 1)
    return _seen(saying, among)


@router.post("", status_code=201, openapi_extra=SPEAKERS)
async def say(referral_id: UUID, body: OutcomeGiven, tx: Tx, keys: Keys, response: Response) -> OutcomeSeen:
    """Say in your own voice how it went, once it has ended; what you said before stays."""
    word = Word(voice=body.voice, met=body.met, sentence=body.sentence)
    return await _say(tx, referral_id, word, keys, response)


@router.get("", openapi_extra=HEARERS)
async def outcomes(
    referral_id: UUID, tx: Tx, keys: Keys, after: After = None, limit: Limit = 50
) -> OutcomesSeen:
    """How it went, in all the voices that you may hear."""
    found = await queries.of_referral(tx, referral_id, keys)
    return _page(found, Slice(after, limit), by=tx.actor)


@router.get("/{outcome_id}", openapi_extra=HEARERS)
async def outcome(referral_id: UUID, outcome_id: UUID, tx: Tx, keys: Keys, response: Response) -> OutcomeSeen:
    """One saying of how it went."""
    found = await queries.of_referral(tx, referral_id, keys)
    for saying in found.sayings:
        if saying.id == outcome_id:
            versioned(response, 1)
            return _seen(saying, found)
    raise NotFound


@own.post("", status_code=201, openapi_extra=for_command([Role.PERSON]))
async def say_own(
    referral_id: UUID, body: OwnOutcomeGiven, tx: Tx, keys: Keys, response: Response
) -> OutcomeSeen:
    """Say whether you got help; nobody else can say it in your name."""
    must_be_person(tx.actor)
    word = Word(voice=body.voice, met=body.met, sentence=body.sentence)
    return await _say(tx, referral_id, word, keys, response)


@own.get("", openapi_extra=for_roles(Role.PERSON))
async def own_outcomes(
    referral_id: UUID, tx: Tx, keys: Keys, after: After = None, limit: Limit = 50
) -> OutcomesSeen:
    """How it went, in everybody's voice."""
    must_be_person(tx.actor)
    found = await queries.of_referral(tx, referral_id, keys)
    return _page(found, Slice(after, limit), by=tx.actor)

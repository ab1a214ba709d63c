"""Consents: the text to ask by, the answer, its withdrawal, and who holds what was given."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response
from pydantic import AwareDatetime, Field, model_validator

from shared.errors import Invalid
from shared.events.base import ItemField, Role
from shared.events.consents import ConsentKind
from shared.http import After, Body, Instant, Limit, Page, Route, Tx, created, for_roles, versioned

from ..commands import consents as commands
from ..domain.asking import Reply
from ..domain.consent import Answer, Ending, GivenBy, Giver, Proof, Way
from ..domain.offer_consent import AnyConsent
from ..domain.transitions import Command, roles_of
from ..queries import consents as queries
from ..queries.asked import Asked
from ..queries.consents import SeenConsent
from ..queries.referrals import PARTIES
from ..store.consents import About
from ..store.rows import Slice
from ..texts import Language
from .disclosures import HolderSeen
from .shapes import Keys, Seen, Until, Words, for_command, instant, page

router = APIRouter(route_class=Route, tags=["consents"])

SENDERS = for_roles(Role.CASEWORKER, Role.TEAM_LEAD, Role.PERSON)
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$", examples=["0" * 64])]


def about_one(referral_id: UUID | None, offer_id: UUID | None) -> None:
    """Raise unless it is about a referral or an offer, and not both."""
    if (referral_id is None) == (offer_id is None):
        raise ValueError("give either referral_id or offer_id")


class TextWanted(Body):
    """The text for a referral, or for an offer, which speaks of each of its teams.

    Without `valid_until` the text speaks of the date that is agreed on.
    """

    kind: ConsentKind
    referral_id: UUID | None = None
    offer_id: UUID | None = None
    language: Language = Language.SWEDISH
    valid_until: Until | None = None

    @model_validator(mode="after")
    def _about_one(self) -> TextWanted:
        about_one(self.referral_id, self.offer_id)
        return self


class TextSeen(Seen):
    text: str
    text_version: int
    text_sha256: str


class GivenByGiven(Body):
    """Who answered, and when; without a time, now."""

    who: Giver
    at: AwareDatetime | None = None


class ConsentGiven(Body):
    """What the person answered.

    `text_sha256` is the hash of the text she was shown, for the referral as it is now.  Without
    `valid_until` a yes holds for 90 days, never for more than 365.  A `secrecy_release` names the items that
    may leave the sender (OSL 10:1, 12:2), a `processing_consent` the sensitive ones that the receiver may
    keep (GDPR 9.2 a), a `participation` none.

    With `offer_id` it is one answer about each of the offer's teams; the team that claims it gets only its
    own of the items, and a `participation` is asked for then.
    """

    kind: ConsentKind
    referral_id: UUID | None = None
    offer_id: Annotated[UUID | None, Field(examples=[None])] = None
    answer: Answer
    fields: Annotated[frozenset[ItemField], Field(max_length=len(ItemField))] = frozenset()
    purpose: Words
    conditions: Annotated[tuple[Words, ...], Field(max_length=10)] = ()
    valid_until: Until | None = None
    language: Language
    text_version: int
    text_sha256: Sha256
    given_how: Way
    given_by: Annotated[tuple[GivenByGiven, ...], Field(max_length=10)] = ()
    interpreter: bool = False

    @model_validator(mode="after")
    def _somebody_said_yes(self) -> ConsentGiven:
        if self.answer is Answer.YES and not self.given_by:
            raise ValueError("a yes is given by somebody")
        return self

    @model_validator(mode="after")
    def _about_one(self) -> ConsentGiven:
        about_one(self.referral_id, self.offer_id)
        return self


class GivenBySeen(Seen):
    who: Giver
    at: Instant


class OfferedTeamSeen(Seen):
    """A team that is asked, and for which of its offerings."""

    organisation_id: UUID
    team_id: UUID
    offering_id: UUID


class ConsentSeen(Seen):
    """A consent; how it was given is shown to the sender and the person alone.

    One to an offer has neither a referral nor a receiver until a team has claimed it; `offered_to` are all
    teams that the person was told of, for the sender and the person alone.
    """

    id: UUID
    version: int
    kind: ConsentKind
    answer: Answer
    referral_id: UUID | None
    offer_id: UUID | None
    from_organisation_id: UUID
    to_organisation_id: UUID | None
    to_team_id: UUID | None
    offered_to: list[OfferedTeamSeen]
    fields: list[ItemField]
    purpose: str
    conditions: list[str]
    valid_from: Instant
    valid_until: Instant
    ended_at: Instant | None
    ended_how: Ending | None
    renews: UUID | None
    language: str | None
    text_version: int | None
    text_sha256: str | None
    given_how: Way | None
    given_by: list[GivenBySeen] | None
    asked_by: UUID | None
    interpreter: bool | None


def givers(given_by: tuple[GivenByGiven, ...], now: datetime) -> tuple[GivenBy, ...]:
    return tuple(GivenBy(who=one.who, at=one.at or now) for one in given_by)


def as_seen(seen: SeenConsent) -> ConsentSeen:
    consent, proof = seen.consent, seen.consent.proof if seen.with_proof else None
    plain = set(ConsentSeen.model_fields) - set(Proof.__dataclass_fields__) - {"fields", "offered_to"}
    shown = {name: getattr(proof, name, None) for name in Proof.__dataclass_fields__}
    said = {name: getattr(consent, name, None) for name in plain} | shown
    return ConsentSeen.model_validate(
        {**said, "fields": sorted(consent.fields), "offered_to": list(seen.offered_to)}
    )


@router.get("/consent-texts", openapi_extra=SENDERS)
async def consent_text(wanted: Annotated[TextWanted, Query()], tx: Tx, keys: Keys) -> TextSeen:
    """The exact text by which to ask about a referral, with the items it holds now.

    The receiver's name stands beside the text, not in it.
    """
    asked = Asked(
        kind=wanted.kind,
        about=About(referral_id=wanted.referral_id, offer_id=wanted.offer_id),
        language=wanted.language,
        until=instant(wanted.valid_until),
    )
    found = await queries.text(tx, asked, keys)
    return TextSeen(text=found.text, text_version=found.version, text_sha256=found.sha256)


@router.post("/consents", status_code=201, openapi_extra=for_command(roles_of(Command.SEND)))
async def give(body: ConsentGiven, tx: Tx, keys: Keys, response: Response) -> ConsentSeen:
    """Record what the person answered; a no is a full answer."""
    proof = Proof(
        text_version=body.text_version,
        text_sha256=body.text_sha256,
        language=body.language,
        given_how=body.given_how,
        given_by=givers(body.given_by, await tx.now()),
        asked_by=tx.actor.id,
        interpreter=body.interpreter,
    )
    reply = Reply(
        kind=body.kind,
        answer=body.answer,
        fields=body.fields,
        purpose=body.purpose,
        conditions=body.conditions,
        until=instant(body.valid_until),
        proof=proof,
    )
    consent = await _given(tx, body, reply, keys)
    created(response, f"/consents/{consent.id}", consent.version)
    return as_seen(await queries.written(tx, consent))


async def _given(tx: Tx, body: ConsentGiven, reply: Reply, keys: Keys) -> AnyConsent:
    if body.offer_id is not None:
        return await commands.give_to_offer(tx, body.offer_id, reply, keys)
    assert body.referral_id is not None  # noqa: S101 - the body is about one of the two
    return await commands.give(tx, body.referral_id, reply, keys)


async def _about(referral_id: UUID | None = None, offer_id: UUID | None = None) -> About:
    if (referral_id is None) == (offer_id is None):
        raise Invalid(errors=[{"field": "referral_id", "message": "give either referral_id or offer_id"}])
    return About(referral_id=referral_id, offer_id=offer_id)


@router.get("/consents", openapi_extra=for_roles(*PARTIES, Role.PERSON))
async def consents(
    asked: Annotated[About, Depends(_about)], tx: Tx, keys: Keys, after: After = None, limit: Limit = 50
) -> Page[ConsentSeen]:
    """What the person answered about a referral, or about an offer, newest first."""
    part = Slice(after, limit)
    found = await queries.about(tx, part, asked, keys)
    return page([as_seen(one) for one in found], part)


@router.get("/consents/{consent_id}", openapi_extra=for_roles(*PARTIES, Role.PERSON))
async def consent(consent_id: UUID, tx: Tx, keys: Keys, response: Response) -> ConsentSeen:
    """One consent."""
    found = await queries.consent(tx, consent_id, keys)
    versioned(response, found.consent.version)
    return as_seen(found)


@router.get("/consents/{consent_id}/holders", openapi_extra=SENDERS)
async def holders(consent_id: UUID, tx: Tx, keys: Keys) -> Page[HolderSeen]:
    """Who holds a copy of what was given under a consent."""
    found = await queries.holders(tx, consent_id, keys)
    return Page(items=[HolderSeen.model_validate(holder) for holder in found], next=None)

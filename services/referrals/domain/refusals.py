"""The noes of this service, each with the sentence that its user reads."""

from __future__ import annotations

from typing import ClassVar

from shared.errors import Members, Refused

# The team stands there where one of an offer's several is refused.
_TEAM: Members = {"team_id": "01981c2e-7a40-7cc1-9d3b-5f0e64a7b210"}
_FIELDS: Members = {"fields": ["phone"], **_TEAM}
_KIND: Members = {"kind": "secrecy_release", **_TEAM}


class IllegalCommand(Refused):
    """The referral is not in a state where this can be done."""

    slug = "illegal-command"
    example: ClassVar[Members] = {"state": "declined", "allowed": ["reopen"]}


class IllegalForNeed(IllegalCommand):
    """The need is not in a state where this can be done."""


class IllegalForTransfer(IllegalCommand):
    """This offer has had its answer."""


class IllegalForOffer(IllegalCommand):
    """The offer is not in a state where this can be done."""


class NoTeamYet(IllegalCommand):
    """No team has claimed the offer that this consent is for."""


class AlreadyOffered(Refused):
    """The need is already offered to an organisation. Take that offer back first."""

    slug = "transfer-offered"


class HomeRests(Refused):
    """Your organisation takes no part just now: a need must have a home that does."""

    slug = "home-rests"


class StepNotReady(Refused):
    """An earlier step of the path must come about first."""

    slug = "step-not-ready"
    example: ClassVar[Members] = {"waits_for": ["01981c2e-7a40-7cc1-9d3b-5f0e64a7b210"]}


class StepBegun(Refused):
    """This step of the path has its need already."""

    slug = "step-begun"


class NotAnOpenDoor(Refused):
    """One does not simply go to this offering: the person is handed over to it."""

    slug = "not-an-open-door"


class NeedBusy(Refused):
    """Another hand-over of this need is already under way, or offered to several teams."""

    slug = "need-busy"


class ProtectedIdentity(Refused):
    """Do not enter the person here. Follow the routine for protected identity. Nothing has been stored."""

    slug = "protected-identity"


class PersonLocked(ProtectedIdentity):
    """She lives under protected identity: nothing of hers may leave. Follow the routine for that."""


class AlreadyLocked(Refused):
    """She is locked already. To name others, unlock her first."""

    slug = "already-locked"


class NotLocked(Refused):
    """She is not locked."""

    slug = "not-locked"


class PledgeMissing(Refused):
    """You must sign the current confidentiality pledge before you open a hand-over."""

    slug = "pledge-missing"


class ConditionsNotAccepted(Refused):
    """You must accept the person's conditions before you open the hand-over."""

    slug = "conditions-not-accepted"


class GateClosed(Refused):
    """The hand-over may not be sent."""


class ConsentMissing(GateClosed):
    """The person has not been asked, or has not said yes to this receiver."""

    slug = "consent-missing"
    example = _KIND


class ConsentExpired(GateClosed):
    """The person's consent has run out."""

    slug = "consent-expired"
    example = _KIND


class ConsentHasEnded(GateClosed):
    """The person's consent has ended."""

    slug = "consent-ended"
    example: ClassVar[Members] = {**_KIND, "ended_how": "withdrawn"}


class PersonSaidNo(GateClosed):
    """The person said no. She has the same right to all other help."""

    slug = "consent-refused"
    example = _KIND


class ItemsNotReleased(GateClosed):
    """The person has not released all of these items."""

    slug = "items-not-released"
    example: ClassVar[Members] = {**_FIELDS, **_KIND}


class ItemsNotAllowed(GateClosed):
    """Some items are more than the offering needs or the receiver may have."""

    slug = "items-not-allowed"
    example = _FIELDS


class FieldsRequired(GateClosed):
    """The offering needs more items than these."""

    slug = "fields-required"
    example = _FIELDS


class ReceiverClosed(GateClosed):
    """The receiver or its offering takes no hand-overs now."""

    slug = "receiver-closed"
    example = _TEAM


class ReceiverFull(Refused):
    """The receiver has as many as it wants at once: ask it first, and confirm that you send all the same."""

    slug = "receiver-full"
    example: ClassVar[Members] = {"most_at_once": 12}


class AgreementMissing(GateClosed):
    """No agreement covers both organisations."""

    slug = "agreement-missing"
    example = _TEAM


class SharingGoesOn(IllegalCommand):
    """The sharing has not ended: there is nothing to answer for yet."""


class AnswerStands(IllegalCommand):
    """You have answered for all of it already; only a stricter answer takes an answer's place."""

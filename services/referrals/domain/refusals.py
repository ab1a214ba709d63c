"""The noes of this service, each with the sentence that its user reads."""

from __future__ import annotations

from shared.errors import Refused


class IllegalCommand(Refused):
    """The referral is not in a state where this can be done."""

    slug = "illegal-command"


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


class StepNotReady(Refused):
    """An earlier step of the path must come about first."""

    slug = "step-not-ready"


class StepBegun(Refused):
    """This step of the path has its need already."""

    slug = "step-begun"


class NotAnOpenDoor(Refused):
    """One does not simply go to this offering: the person is handed over to it."""

    slug = "not-an-open-door"


class NeedBusy(Refused):
    """Another hand-over of this need is already under way."""

    slug = "need-busy"


class ProtectedIdentity(Refused):
    """Do not enter the person here. Follow the routine for protected identity. Nothing has been stored."""

    slug = "protected-identity"


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


class ConsentExpired(GateClosed):
    """The person's consent has run out."""

    slug = "consent-expired"


class ConsentHasEnded(GateClosed):
    """The person's consent has ended."""

    slug = "consent-ended"


class PersonSaidNo(GateClosed):
    """The person said no. She has the same right to all other help."""

    slug = "consent-refused"


class ItemsNotReleased(GateClosed):
    """The person has not released all of these items."""

    slug = "items-not-released"


class ItemsNotAllowed(GateClosed):
    """Some items are more than the offering needs or the receiver may have."""

    slug = "items-not-allowed"


class FieldsRequired(GateClosed):
    """The offering needs more items than these."""

    slug = "fields-required"


class ReceiverClosed(GateClosed):
    """The receiver or its offering takes no hand-overs now."""

    slug = "receiver-closed"


class AgreementMissing(GateClosed):
    """No agreement covers both organisations."""

    slug = "agreement-missing"


class SharingGoesOn(IllegalCommand):
    """The sharing has not ended: there is nothing to answer for yet."""


class AnswerStands(IllegalCommand):
    """You have answered for all of it already; only a stricter answer takes an answer's place."""

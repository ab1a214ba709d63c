"""The forms: what each field must hold, and the sentence that says so when it does not."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, ClassVar, Literal
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from shared.events.base import Area, ItemField, NeedCode, Theme, Urgency
from shared.events.referrals import DeclineReason, RecallReason

from .wire import wrong

Line = Annotated[str, Field(min_length=1, max_length=200)]
Text = Annotated[str, Field(min_length=1, max_length=600)]
NothingIfBlank = BeforeValidator(lambda typed: typed or None)
Phone = Annotated[str, Field(pattern=r"^[0-9+() -]{5,30}$")]
Email = Annotated[str, Field(pattern=r"^[^@\s]+@[^@\s]+$", max_length=200)]
Tick = Literal["yes"]


class Fields(BaseModel):
    """What is read of a form's fields, and the sentence for each that is wrong."""

    model_config = ConfigDict(frozen=True, extra="ignore", str_strip_whitespace=True)
    sentences: ClassVar[Mapping[str, str]] = {}


class Form(Fields):
    """What every form that acts carries: the key that makes a double click act once."""

    key: UUID


class Command(Form):
    """A button on something that exists, with the version that was on the screen."""

    version: int


class SendForm(Command):
    """To a receiver that is full only when the box is ticked."""

    although_full: Tick | None = None


class SignInForm(Form):
    login: Line


class ProviderForm(Form):
    step_up: Tick | None = None


class CardForm(Form):
    sentences = {"code": "Skriv koden, högst 40 tecken."}

    code: Annotated[str, Field(min_length=1, max_length=40)]


class TieForm(CardForm):
    """A code that ties an e-ID to whom it was given to."""


class AdmissionForm(Form):
    sentences = {"kind": "Välj kodkort eller e-legitimation."}

    kind: Literal["status_card", "e_id"]


class ProtectedForm(Form):
    sentences = {"protected_identity": "Svara på frågan innan du går vidare."}

    protected_identity: Literal["no", "yes", "unknown"]


class PersonForm(Form):
    sentences = {
        "given_name": "Skriv personens förnamn.",
        "family_name": "Skriv personens efternamn.",
        "birth_year": "Skriv födelseåret med fyra siffror, till exempel 1990.",
        "language": "Välj ett språk i listan.",
        "phone": "Skriv ett telefonnummer eller lämna fältet tomt.",
        "email": "Skriv en e-postadress eller lämna fältet tomt.",
    }

    given_name: Line
    family_name: Line
    birth_year: Annotated[int, Field(ge=1900, le=2100)]
    language: Annotated[str, Field(pattern=r"^[a-z]{2,3}$")]
    phone: Annotated[Phone | None, NothingIfBlank] = None
    email: Annotated[Email | None, NothingIfBlank] = None

    def body(self) -> dict[str, Any]:
        """The person as the referrals service takes her; the question was answered no a step before."""
        contacts = [
            {"kind": kind, "value": value} for kind in ("phone", "email") if (value := getattr(self, kind))
        ]
        told = self.model_dump(include={"given_name", "family_name", "birth_year", "language"})
        return told | {"contacts": contacts, "protected_identity": "no"}


class NeedForm(Form):
    sentences = {
        "goal": "Skriv vad personen själv vill nå, högst 600 tecken.",
        "code": "Välj ett behov i listan.",
        "theme": "Välj ett tema.",
        "area": "Välj ett stadsområde i listan.",
        "urgency": "Välj hur bråttom det är.",
    }

    path_id: Annotated[UUID | None, NothingIfBlank] = None
    goal: Text
    code: NeedCode
    theme: Theme
    area: Area
    urgency: Urgency


class ReceiverForm(Form):
    sentences = {"offering_id": "Välj en insats."}

    offering_id: UUID


class ConsentForm(Form):
    sentences = {
        "answer": "Svara vad personen sade: ja eller nej.",
        "fields": "Kryssa för de uppgifter som personen säger ja till.",
        "purpose": "Skriv vad uppgifterna ska användas till, högst 600 tecken.",
        "valid_until": "Välj en dag inom ett år.",
        "given_how": "Välj hur personen svarade.",
    }

    answer: Literal["yes", "no"]
    purpose: Text
    fields: list[ItemField] = []
    conditions: Annotated[list[Line], Field(max_length=10)] = []
    valid_until: date
    given_how: Literal["spoken", "written", "e_id", "own_device"]
    interpreter: Tick | None = None
    text_version: int
    text_sha256: Line

    def checked(self) -> ConsentForm:
        """The form itself, or ``Problem`` when a yes names no item."""
        if self.answer == "yes" and not self.fields:
            raise wrong("fields")
        return self


class RecallForm(Command):
    sentences = {"reason": "Välj varför överlämningen dras tillbaka."}

    reason: RecallReason


class OpenForm(Command):
    sentences = {
        "conditions_accepted": "Godkänn villkoren för att kunna öppna.",
        "pledge": "Bekräfta tystnadslöftet för att kunna öppna.",
    }

    conditions_accepted: Tick
    pledge: Tick
    pledge_version: int


class AcceptForm(Command):
    sentences = {
        "staff_id": "Välj vem som är ansvarig.",
        "first_contact_by": "Välj en dag från och med i dag.",
    }

    staff_id: UUID
    first_contact_by: date


class DeclineForm(Command):
    sentences = {
        "reason": "Välj ett skäl.",
        "sentence": "Skriv en mening till personen, högst 600 tecken.",
        "text": "Skriv vilket skälet är.",
        "places_left": "Skriv antalet lediga platser med siffror. Det gäller bara när det är fullt.",
    }

    reason: DeclineReason
    sentence: Text
    text: Annotated[Line | None, NothingIfBlank] = None
    places_left: Annotated[int | None, Field(ge=0, le=100_000), NothingIfBlank] = None

    def checked(self) -> DeclineForm:
        """The form itself, or ``Problem`` when another reason is not told."""
        if self.reason is DeclineReason.OTHER and self.text is None:
            raise wrong("text")
        if self.reason is not DeclineReason.NO_CAPACITY and self.places_left is not None:
            raise wrong("places_left")
        return self

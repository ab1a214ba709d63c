"""Typed calls to the services, each with the visitor's own access token."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from .answers import (
    Admission,
    Card,
    Consent,
    ConsentText,
    Count,
    Decline,
    Disclosure,
    Leaving,
    Listing,
    MadeAdmission,
    Moment,
    Need,
    Nothing,
    Notice,
    Offering,
    Organisation,
    Path,
    Person,
    Provider,
    Referral,
    SignIn,
    Staff,
    Status,
    Step,
    Token,
    Trail,
    WayOut,
)
from .wire import Ask, Question

PAGE = {"limit": "200"}


@dataclass(frozen=True, slots=True)
class Organisations:
    """Sign-in and the directory."""

    ask: Ask

    async def sign_in(self, login: str) -> SignIn:
        return await self.ask(_post("organisations", "/sessions", SignIn, body={"login": login}))

    async def providers(self) -> Listing[Provider]:
        """By whom one can sign in."""
        return await self.ask(_get("organisations", "/identity-providers", Listing[Provider]))

    async def begin_sign_in(self, provider: str, *, step_up: bool, code: str | None = None) -> Leaving:
        body = {"provider": provider, "step_up": step_up} | ({"code": code} if code else {})
        return await self.ask(_post("organisations", "/sign-ins", Leaving, body=body))

    async def sign_in_by_card(self, code: str, *, attempt: UUID) -> SignIn:
        """A session of whoever holds a printed card; the same attempt again is the same use."""
        body = {"code": code, "attempt": str(attempt)}
        return await self.ask(_post("organisations", "/sign-ins/card", SignIn, body=body))

    async def complete_sign_in(self, came: dict[str, str | None]) -> SignIn:
        return await self.ask(_post("organisations", "/sign-ins/completion", SignIn, body=came))

    async def way_out(self, session: str) -> WayOut:
        """Where the provider's own session ends."""
        return await self.ask(_get("organisations", "/sessions/current/way-out", WayOut, session=session))

    async def sign_out(self, session: str) -> Nothing:
        return await self.ask(_delete("organisations", "/sessions/current", session=session))

    async def token(self, session: str, service: str) -> Token:
        """An access token for one service alone."""
        body = {"session": session, "audience": service}
        return await self.ask(_post("organisations", "/tokens", Token, body=body))

    async def organisations(self) -> Listing[Organisation]:
        return await self.ask(_get("organisations", "/organisations", Listing[Organisation], PAGE))

    async def organisation(self, organisation_id: UUID) -> Organisation:
        return await self.ask(_get("organisations", f"/organisations/{organisation_id}", Organisation))

    async def offering(self, offering_id: UUID) -> Offering:
        return await self.ask(_get("organisations", f"/offerings/{offering_id}", Offering))

    async def staff(self) -> Listing[Staff]:
        """The colleagues of the visitor's own organisation."""
        return await self.ask(_get("organisations", "/staff", Listing[Staff], PAGE))


@dataclass(frozen=True, slots=True)
class Referrals:
    """Persons, paths, needs, consents, and the referral's life."""

    ask: Ask

    async def write_down_person(self, body: dict[str, Any], *, key: UUID) -> Person:
        return await self.ask(_post("referrals", "/persons", Person, body=body, key=key))

    async def person(self, person_id: UUID) -> Person:
        return await self.ask(_get("referrals", f"/persons/{person_id}", Person))

    async def open_path(self, person_id: UUID, goal: str, *, key: UUID) -> Path:
        body = {"person_id": str(person_id), "goal": goal}
        return await self.ask(_post("referrals", "/paths", Path, body=body, key=key))

    async def path(self, path_id: UUID) -> Path:
        return await self.ask(_get("referrals", f"/paths/{path_id}", Path))

    async def state_need(self, body: dict[str, Any], *, key: UUID) -> Need:
        return await self.ask(_post("referrals", "/needs", Need, body=body, key=key))

    async def need(self, need_id: UUID) -> Need:
        return await self.ask(_get("referrals", f"/needs/{need_id}", Need))

    async def draft(self, body: dict[str, Any], *, key: UUID) -> Referral:
        return await self.ask(_post("referrals", "/referrals", Referral, body=body, key=key))

    async def box(self, box: str) -> Listing[Referral]:
        """The referrals of the caller's team: box ``out`` those it sent, ``in`` those it received."""
        return await self.ask(_get("referrals", "/referrals", Listing[Referral], PAGE | {"box": box}))

    async def referral(self, referral_id: UUID) -> Referral:
        return await self.ask(_get("referrals", f"/referrals/{referral_id}", Referral))

    async def card(self, referral_id: UUID) -> Card:
        return await self.ask(_get("referrals", f"/referrals/{referral_id}/card", Card))

    async def preview(self, referral_id: UUID) -> Disclosure:
        return await self.ask(_get("referrals", f"/referrals/{referral_id}/preview", Disclosure))

    async def disclosure(self, referral_id: UUID) -> Disclosure:
        return await self.ask(_get("referrals", f"/referrals/{referral_id}/disclosure", Disclosure))

    async def timeline(self, referral_id: UUID) -> Listing[Moment]:
        return await self.ask(_get("referrals", f"/referrals/{referral_id}/timeline", Listing[Moment]))

    async def answer(self, referral_id: UUID) -> Decline:
        """Why the receiver could not take the person on."""
        return await self.ask(_get("referrals", f"/referrals/{referral_id}/answer", Decline))

    async def command(
        self, name: str, referral_id: UUID, body: dict[str, Any], *, version: int, key: UUID
    ) -> Referral:
        """Do one command of the referral's life, for example ``send``."""
        path = f"/referrals/{referral_id}/{name}"
        return await self.ask(_post("referrals", path, Referral, body=body, key=key, version=version))

    async def consent_text(self, referral_id: UUID, language: str) -> ConsentText:
        query = {"kind": "secrecy_release", "referral_id": str(referral_id), "language": language}
        return await self.ask(_get("referrals", "/consent-texts", ConsentText, query))

    async def record_consent(self, body: dict[str, Any], *, key: UUID) -> Consent:
        return await self.ask(_post("referrals", "/consents", Consent, body=body, key=key))

    async def consent(self, consent_id: UUID) -> Consent:
        return await self.ask(_get("referrals", f"/consents/{consent_id}", Consent))

    async def consents(self, referral_id: UUID) -> Listing[Consent]:
        """What the person answered about a referral, the newest first."""
        query = {"referral_id": str(referral_id)}
        return await self.ask(_get("referrals", "/consents", Listing[Consent], query))

    async def withdraw(self, consent_id: UUID, *, key: UUID) -> Consent:
        return await self.ask(
            _post("referrals", f"/consents/{consent_id}/withdrawal", Consent, body={}, key=key)
        )

    async def my_consents(self) -> Listing[Consent]:
        return await self.ask(_get("referrals", "/me/consents", Listing[Consent]))

    async def status(self) -> Status:
        """Where the visitor's referrals stand; all that a printed card shows."""
        return await self.ask(_get("referrals", "/me/status", Status))

    async def admissions(self, person_id: UUID) -> Listing[Admission]:
        return await self.ask(_get("referrals", f"/persons/{person_id}/admissions", Listing[Admission]))

    async def let_in(self, person_id: UUID, kind: str, *, key: UUID) -> MadeAdmission:
        """A new way in, with its code."""
        path, body = f"/persons/{person_id}/admissions", {"kind": kind}
        return await self.ask(_post("referrals", path, MadeAdmission, body=body, key=key))

    async def take_admission_back(self, person_id: UUID, admission_id: UUID, *, key: UUID) -> Admission:
        path = f"/persons/{person_id}/admissions/{admission_id}/revocation"
        return await self.ask(_post("referrals", path, Admission, body={}, key=key))

    async def my_admissions(self) -> Listing[Admission]:
        return await self.ask(_get("referrals", "/me/admissions", Listing[Admission]))

    async def take_own_admission_back(self, admission_id: UUID, *, key: UUID) -> Admission:
        path = f"/me/admissions/{admission_id}/revocation"
        return await self.ask(_post("referrals", path, Admission, body={}, key=key))


@dataclass(frozen=True, slots=True)
class Notifications:
    """What the visitor has been told."""

    ask: Ask

    async def notices(self) -> Listing[Notice]:
        """The newest notices, the visitor's own and her team's."""
        return await self.ask(_get("notifications", "/notifications", Listing[Notice]))

    async def count(self) -> Count:
        return await self.ask(_get("notifications", "/notifications/count", Count))

    async def mark_read(self, notice_id: UUID, *, key: UUID) -> Notice:
        return await self.ask(_post("notifications", f"/notifications/{notice_id}/read", Notice, key=key))


@dataclass(frozen=True, slots=True)
class Tracing:
    """The admins' view: paths without persons."""

    ask: Ask

    async def paths(self) -> Listing[Trail]:
        return await self.ask(_get("tracing", "/paths", Listing[Trail]))

    async def trace(self, path_id: UUID) -> Listing[Step]:
        return await self.ask(_get("tracing", f"/paths/{path_id}/trace", Listing[Step], PAGE))


def _get(
    service: str, path: str, answer: type[Any], query: dict[str, str] | None = None, **rest: Any
) -> Question[Any]:
    return Question(service=service, method="GET", path=path, answer=answer, query=query or {}, **rest)


def _delete(service: str, path: str, **rest: Any) -> Question[Nothing]:
    return Question(service=service, method="DELETE", path=path, answer=Nothing, **rest)


def _post(service: str, path: str, answer: type[Any], **rest: Any) -> Question[Any]:
    return Question(service=service, method="POST", path=path, answer=answer, **rest)

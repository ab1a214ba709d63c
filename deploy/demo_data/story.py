"""Persons of the demo, and how far their referrals have come."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from .asking import Asking, who_is
from .network import PLEDGE

CASEWORKER, RECIPIENT = "caseworker-a", "recipient-b"


@dataclass(frozen=True, kw_only=True)
class Told:
    """What a person has told her caseworker."""

    given_name: str
    family_name: str
    birth_year: int
    language: str
    phone: str
    mail: str
    goal: str
    need: Mapping[str, str]

    def body(self) -> dict[str, Any]:
        """What POST /persons is told."""
        contacts = [{"kind": "phone", "value": self.phone}, {"kind": "email", "value": self.mail}]
        return {
            "given_name": self.given_name,
            "family_name": self.family_name,
            "birth_year": self.birth_year,
            "language": self.language,
            "contacts": contacts,
            "protected_identity": "no",
        }


SAMIRA = Told(
    given_name="Samira",
    family_name="Nordvik",
    birth_year=1991,
    language="ar",
    phone="070-174 06 05",
    mail="samira.nordvik@example.org",
    goal="Jag vill kunna prata själv med lärarna i barnens skola.",
    need={"code": "language", "theme": "individual", "area": "B022", "urgency": "normal"},
)

DAVID = Told(
    given_name="David",
    family_name="Sundell",
    birth_year=1984,
    language="so",
    phone="070-174 06 06",
    mail="david.sundell@example.org",
    goal="Jag vill förstå vad de säger på jobbet.",
    need={"code": "language", "theme": "neighbourhood", "area": "B023", "urgency": "normal"},
)


def write_down(ask: Asking, told: Told) -> dict[str, Any]:
    """The person, known to her caseworker."""
    return ask.post("referrals", "/persons", told.body(), token=ask.signed_in(CASEWORKER))


def begin_path(ask: Asking, told: Told) -> dict[str, Any]:
    """The person's path, and the person with it."""
    body = {"person_id": write_down(ask, told)["id"], "goal": told.goal}
    return ask.post("referrals", "/paths", body, token=ask.signed_in(CASEWORKER))


def state_need(ask: Asking, path: Mapping[str, Any], need: Mapping[str, str]) -> dict[str, Any]:
    body = {"path_id": path["id"], **need}
    return ask.post("referrals", "/needs", body, token=ask.signed_in(CASEWORKER))


def hand_over(ask: Asking, told: Told, offering: Mapping[str, Any]) -> dict[str, Any]:
    """The person's referral to an offering: sent, or further on if it was before."""
    return send(ask, told, state_need(ask, begin_path(ask, told), told.need), offering)


def send(ask: Asking, told: Told, need: Mapping[str, Any], offering: Mapping[str, Any]) -> dict[str, Any]:
    """A referral of one need: sent, or further on if it was before."""
    token = ask.signed_in(CASEWORKER)
    drafted = ask.post("referrals", "/referrals", _draft(told, need, offering), token=token)
    referral = ask.get("referrals", f"/referrals/{drafted['id']}", token=token)
    if referral["state"] != "draft":
        return referral
    return release(ask, referral, offering)


def release(ask: Asking, draft: Mapping[str, Any], offering: Mapping[str, Any]) -> dict[str, Any]:
    """The person says yes to what a draft holds, and it is sent."""
    _consent(ask, draft, offering)
    return command(ask, CASEWORKER, draft, "send", {})


def take_on(ask: Asking, sent: Mapping[str, Any], *, recipient: str = RECIPIENT) -> dict[str, Any]:
    """The receiver opens a referral and accepts the person."""
    token = ask.signed_in(recipient)
    referral = ask.get("referrals", f"/referrals/{sent['id']}", token=token)
    if referral["state"] == "sent":
        referral = look_into(ask, referral, recipient=recipient)
    if referral["state"] == "opened":
        referral = command(ask, recipient, referral, "accept", _acceptance(ask, referral, recipient))
    return referral


def look_into(ask: Asking, sent: Mapping[str, Any], *, recipient: str = RECIPIENT) -> dict[str, Any]:
    """The receiver reads what was released."""
    body = {"conditions_accepted": True, "pledge_version": PLEDGE}
    return command(ask, recipient, sent, "open", body)


def items_for(told: Told, offering: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What an offering must know of the person."""
    values = {
        "given_name": told.given_name,
        "family_name": told.family_name,
        "phone": told.phone,
        "language": told.language,
    }
    return [required | {"value": values[required["field"]]} for required in offering["required_fields"]]


def _draft(told: Told, need: Mapping[str, Any], offering: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "need_id": need["id"],
        "offering_id": offering["id"],
        "team_id": offering["team_id"],
        "items": items_for(told, offering),
    }


def _consent(ask: Asking, referral: Mapping[str, Any], offering: Mapping[str, Any]) -> None:
    token = ask.signed_in(CASEWORKER)
    wanted = f"kind=secrecy_release&referral_id={referral['id']}&language=sv"
    shown = ask.get("referrals", f"/consent-texts?{wanted}", token=token)
    answer = {
        "kind": "secrecy_release",
        "referral_id": referral["id"],
        "answer": "yes",
        "fields": [required["field"] for required in offering["required_fields"]],
        "purpose": f"Att få komma till {offering['name']}.",
        "conditions": ["Uppgifterna används bara för att ta kontakt om insatsen."],
        "language": "sv",
        "text_version": shown["text_version"],
        "text_sha256": shown["text_sha256"],
        "given_how": "spoken",
        "given_by": [{"who": "person"}],
        "interpreter": True,
    }
    ask.post("referrals", "/consents", answer, token=token)


def _acceptance(ask: Asking, referral: Mapping[str, Any], recipient: str) -> dict[str, Any]:
    staff_id = who_is(recipient, ask.signed_in(recipient))["staff_id"]
    first = datetime.fromisoformat(referral["changed_at"]) + timedelta(days=7)
    return {"staff_id": staff_id, "first_contact_by": first.date().isoformat()}


def command(
    ask: Asking, login: str, referral: Mapping[str, Any], name: str, body: Mapping[str, Any]
) -> dict[str, Any]:
    """One step of a referral's life."""
    path = f"/referrals/{referral['id']}/{name}"
    return ask.post("referrals", path, body, token=ask.signed_in(login), version=referral["version"])

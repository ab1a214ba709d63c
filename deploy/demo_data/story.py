"""Persons of the demo, and how far their referrals have come."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from .asking import Asking
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


def hand_over(ask: Asking, told: Told, offering: Mapping[str, Any]) -> dict[str, Any]:
    """The person's referral to an offering: sent, or further on if it was before."""
    token = ask.signed_in(CASEWORKER)
    person = write_down(ask, told)
    path = ask.post("referrals", "/paths", {"person_id": person["id"], "goal": told.goal}, token=token)
    need = ask.post("referrals", "/needs", {"path_id": path["id"], **told.need}, token=token)
    drafted = ask.post("referrals", "/referrals", _draft(told, need, offering), token=token)
    referral = ask.get("referrals", f"/referrals/{drafted['id']}", token=token)
    if referral["state"] != "draft":
        return referral
    _consent(ask, referral, offering)
    return _command(ask, CASEWORKER, referral, "send", {})


def take_on(ask: Asking, sent: Mapping[str, Any]) -> dict[str, Any]:
    """The receiver opens a referral and accepts the person."""
    token = ask.signed_in(RECIPIENT)
    referral = ask.get("referrals", f"/referrals/{sent['id']}", token=token)
    if referral["state"] == "sent":
        body = {"conditions_accepted": True, "pledge_version": PLEDGE}
        referral = _command(ask, RECIPIENT, referral, "open", body)
    if referral["state"] == "opened":
        referral = _command(ask, RECIPIENT, referral, "accept", _acceptance(ask, referral))
    return referral


def _draft(told: Told, need: Mapping[str, Any], offering: Mapping[str, Any]) -> dict[str, Any]:
    values = {
        "given_name": told.given_name,
        "family_name": told.family_name,
        "phone": told.phone,
        "language": told.language,
    }
    items = [required | {"value": values[required["field"]]} for required in offering["required_fields"]]
    return {
        "need_id": need["id"],
        "offering_id": offering["id"],
        "team_id": offering["team_id"],
        "items": items,
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


def _acceptance(ask: Asking, referral: Mapping[str, Any]) -> dict[str, Any]:
    holder = ask.get("organisations", "/staff?limit=200", token=ask.signed_in(RECIPIENT))["items"]
    (staff_id,) = (one["id"] for one in holder if one["login"] == RECIPIENT)
    first = datetime.fromisoformat(referral["created_at"]) + timedelta(days=7)
    return {"staff_id": staff_id, "first_contact_by": first.date().isoformat()}


def _command(
    ask: Asking, login: str, referral: Mapping[str, Any], command: str, body: Mapping[str, Any]
) -> dict[str, Any]:
    path = f"/referrals/{referral['id']}/{command}"
    return ask.post("referrals", path, body, token=ask.signed_in(login), version=referral["version"])

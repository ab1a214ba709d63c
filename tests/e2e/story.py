"""One referral's way from a person's need to another organisation's yes, step by step over HTTP."""

from __future__ import annotations

from typing import Any

import httpx2

from tests.e2e.api import Api
from tests.e2e.network import REQUIRED, Person, Side

OPEN = {"conditions_accepted": True, "pledge_version": 1}


class Story:
    """Who sends whom to whom, and the referral as it was last answered."""

    def __init__(self, api: Api, sender: Side, receiver: Side) -> None:
        self._api, self.sender, self.receiver = api, sender, receiver
        self.person = Person()
        self.referral: dict[str, Any] = {}
        self.consent_id = ""

    @property
    def id(self) -> str:
        return str(self.referral["id"])

    @property
    def path_id(self) -> str:
        return str(self.referral["path_id"])

    def draft(self) -> None:
        """The caseworker writes down a person and her need, and begins a referral of it."""
        person = self.sends("/persons", told_of(self.person))
        path = self.sends("/paths", {"person_id": person["id"], "goal": "Eget jobb"})
        need = {"code": "language", "theme": "individual", "area": "B041", "urgency": "normal"}
        stated = self.sends("/needs", {"path_id": path["id"], **need})
        to = {"offering_id": self.receiver.offering_id, "team_id": self.receiver.team_id}
        draft = {"need_id": stated["id"], "items": self.person.items, **to}
        self.referral = self.sends("/referrals", draft)

    def consent(self) -> None:
        """The person says yes to the three items, until a date."""
        asked = f"/consent-texts?kind=secrecy_release&referral_id={self.id}&language=sv"
        text = self._api.get("referrals", asked, self.sender.caseworker.login)
        yes = {
            "kind": "secrecy_release",
            "referral_id": self.id,
            "answer": "yes",
            "fields": REQUIRED,
            "purpose": "språkcafé",
            "language": "sv",
            "text_version": text["text_version"],
            "text_sha256": text["text_sha256"],
            "given_how": "spoken",
            "given_by": [{"who": "person"}],
        }
        self.consent_id = str(self.sends("/consents", yes)["id"])

    def send(self) -> None:
        self._command("send", self.sender.caseworker.login, {})

    def play_until_sent(self) -> None:
        """Everything up to the receiver's inbox."""
        self.draft()
        self.consent()
        self.send()

    def open(self) -> None:
        self._command("open", self.receiver.recipient.login, OPEN)

    def accept(self) -> None:
        first_contact = {"staff_id": self.receiver.recipient.id, "first_contact_by": "2099-01-01"}
        self._command("accept", self.receiver.recipient.login, first_contact)

    def withdraw(self) -> None:
        self.sends(f"/consents/{self.consent_id}/withdrawal", {})

    def sends(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """A POST of the sending caseworker that must succeed."""
        return self._api.post("referrals", path, self.sender.caseworker.login, body)

    def read(self, what: str = "", login: str | None = None) -> httpx2.Response:
        """A read of the referral (``/disclosure``, ``/card``) by the receiver, unless by somebody else."""
        reader = login or self.receiver.recipient.login
        return self._api.call("referrals", "GET", f"/referrals/{self.id}{what}", reader)

    def inbox(self) -> list[str]:
        """The ids of what has come to the receiving team."""
        login = self.receiver.recipient.login
        return [one["id"] for one in self._api.get("referrals", "/referrals?box=in", login)["items"]]

    def notices(self, login: str) -> list[str]:
        """The kinds of notice that a reader has about this referral."""
        items = self._api.get("notifications", "/notifications?limit=200", login)["items"]
        return [one["kind"] for one in items if one["referral_id"] == self.id]

    def trace(self) -> dict[str, dict[str, Any]]:
        """The path's steps by their types, as a network administrator sees them."""
        answer = self._api.call("tracing", "GET", f"/paths/{self.path_id}/trace", None)
        items = answer.json()["items"] if answer.is_success else []
        return {step["type"]: step for step in items}

    def _command(self, name: str, login: str, body: dict[str, Any]) -> None:
        path, version = f"/referrals/{self.id}/{name}", self.referral["version"]
        self.referral = self._api.post("referrals", path, login, body, version=version)


def handled_by(step: dict[str, Any] | None) -> set[str]:
    """The services that have handled a step, with a time to show for it."""
    return {one["service"] for one in step["handled"] if one["at"] and not one["parked"]} if step else set()


def told_of(person: Person) -> dict[str, Any]:
    return {
        "given_name": person.given_name,
        "family_name": person.family_name,
        "birth_year": 1991,
        "language": "so",
        "contacts": [{"kind": "phone", "value": person.phone}],
        "protected_identity": "no",
    }

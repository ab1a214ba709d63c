"""A person's path through several organisations, step by step over HTTP."""

from __future__ import annotations

from typing import Any

import httpx2

from tests.e2e.api import Api
from tests.e2e.network import REQUIRED, Person, Side
from tests.e2e.story import OPEN, told_of

Referral = dict[str, Any]
NOW = "2026-11-20T10:00:00Z"


class Chain:
    """A path of two steps, of which the second waits for the first to be met."""

    def __init__(self, api: Api, home: Side) -> None:
        self._api, self.home, self.person = api, home, Person()
        person = self.home_posts("/persons", told_of(self.person))
        self.path_id = str(self.home_posts("/paths", {"person_id": person["id"], "goal": "Eget jobb"})["id"])
        self.first = self._step("language", [])
        waits = [{"step_id": self.first["id"], "outcome": "met"}]
        self.second = self._step("work", waits)

    def home_posts(self, path: str, body: dict[str, Any], **more: Any) -> dict[str, Any]:
        """A POST of the home's caseworker that must succeed."""
        return self._api.post("referrals", path, self.home.caseworker.login, body, **more)

    def home_gets(self, path: str) -> dict[str, Any]:
        return self._api.get("referrals", path, self.home.caseworker.login)

    def need_of(self, step: dict[str, Any]) -> dict[str, Any]:
        """The need that the step is to solve."""
        said = {"path_id": self.path_id, "code": step["code"], "theme": "individual", "area": "B041"}
        return self.home_posts("/needs", {**said, "urgency": "normal", "step_id": step["id"]})

    def try_to_draft(self, need: dict[str, Any], to: Side) -> httpx2.Response:
        """Begin a hand-over of a need, with the three items that the offering needs."""
        body = {"need_id": need["id"], "offering_id": to.offering_id, "team_id": to.team_id}
        said = {**body, "items": self.person.items}
        return self._api.call("referrals", "POST", "/referrals", self.home.caseworker.login, said)

    def fill(self, draft: Referral) -> Referral:
        """Write the items into an empty draft."""
        path, login = f"/referrals/{draft['id']}", self.home.caseworker.login
        body = {"items": self.person.items}
        answer = self._api.call("referrals", "PATCH", path, login, body, version=draft["version"])
        assert answer.is_success, answer.text
        filled: Referral = answer.json()
        return filled

    def send(self, draft: Referral) -> Referral:
        """The person says yes to this receiver, and it is sent."""
        text = self.home_gets(f"/consent-texts?kind=secrecy_release&referral_id={draft['id']}&language=sv")
        shown = {name: text[name] for name in ("text_version", "text_sha256")}
        yes = {"kind": "secrecy_release", "referral_id": draft["id"], "answer": "yes", "fields": REQUIRED}
        how = {"purpose": "steget", "language": "sv", "given_how": "spoken", "given_by": [{"who": "person"}]}
        self.home_posts("/consents", {**yes, **how, **shown})
        return self.command(draft, "send", self.home.caseworker.login)

    def command(self, referral: Referral, name: str, login: str, **body: Any) -> Referral:
        """A command that must succeed; the referral after it."""
        path = f"/referrals/{referral['id']}/{name}"
        return self._api.post("referrals", path, login, body, version=referral["version"])

    def open(self, referral: Referral, by: Side) -> Referral:
        return self.command(referral, "open", by.recipient.login, **OPEN)

    def take_on(self, referral: Referral, by: Side) -> Referral:
        """Opened, accepted, and met."""
        login = by.recipient.login
        accepted = self.command(
            self.open(referral, by), "accept", login, staff_id=by.recipient.id, first_contact_by="2099-01-01"
        )
        return self.command(accepted, "start", login, at=NOW, way="möte")

    def disclosed(self, referral: Referral, to: Side) -> httpx2.Response:
        """What a receiver reads of it now."""
        path = f"/referrals/{referral['id']}/disclosure"
        return self._api.call("referrals", "GET", path, to.recipient.login)

    def step_now(self, step: dict[str, Any]) -> dict[str, Any]:
        return self.home_gets(f"/paths/{self.path_id}/steps/{step['id']}")

    def _step(self, code: str, after: list[dict[str, str]]) -> dict[str, Any]:
        said = {"code": code, "theme": "individual", "after": after}
        return self.home_posts(f"/paths/{self.path_id}/steps", said)

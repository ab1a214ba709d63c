"""What happens in every run: a small directory, two persons, of whom one is locked, and three weeks.

Each command is tried until it is answered, under one key, as a good client tries.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

import httpx2

from shared.events.base import ItemField, Role
from shared.ids import new_id
from tests.integration.referrals.world import OPEN, THREE_ITEMS, items_body, person_body

from .lines import Crash
from .schedule import MOMENT_S

if TYPE_CHECKING:
    from .simulation import Simulation

Said = dict[str, Any]
TRIES = 40
OVERTAKEN = 412
NEED = {"code": "language", "theme": "individual", "area": "B041", "urgency": "normal"}
REQUIRED = [{"field": field, "class": "normal", "why": "för att nå dig"} for field in THREE_ITEMS]


class Story:
    """One story, told by its clients."""

    def __init__(self, run: Simulation) -> None:
        self._run = run
        self._number = self._committed = 0
        self.done = False
        self._offering: Said = {}
        self._receiver: Said = {}

    async def tell(self) -> None:
        await self._the_directory()
        await self._run.directory_is_heard()
        person, locked = await self._a_person(), await self._a_person()
        taken_on = await self._a_referral(await self._a_path(person))
        taken_on = await self._asked_and_taken_on(taken_on)
        path = await self._a_path(person)
        await self._declined_and_parked(await self._a_referral(path))
        await self._narrowed(await self._a_referral(await self._a_path(locked)))
        await self._post(f"/consents/{taken_on['consent_ids'][0]}/withdrawal", self._sender, {})
        await self._locked(locked)
        await self._run_out(await self._a_path(person))
        await self._post(f"/persons/{locked['id']}/unlock", self._sender, {}, version=2)
        self.done = True

    # The directory

    async def _the_directory(self) -> None:
        network = self._token(Role.NETWORK_ADMIN, id=UUID(int=1))
        sender = await self._a_house(network, "Socialförvaltningen", "social_services", Role.CASEWORKER)
        receiver = await self._a_house(network, "Språkföreningen", "association", Role.RECIPIENT)
        self._sender, self._receiver = self._token_of(sender, Role.CASEWORKER), receiver
        self._recipient = self._token_of(receiver, Role.RECIPIENT)
        other = {name: sender[name] for name in ("organisation_id", "team_id", "roles")}
        other = await self._made("/staff", network, {**other, "name": "Bo H."})
        self._keepers = [sender["id"], other["id"]]
        pledge = {"staff_id": None, "version": 1}
        await self._post("/pledges", self._recipient, pledge, service="organisations")
        self._admin = self._token(Role.ORGANISATION_ADMIN, id=UUID(int=2), org=receiver["organisation_id"])
        self._offering = await self._made("/offerings", self._admin, {
            "organisation_id": receiver["organisation_id"], "team_id": receiver["team_id"],
            "name": "Språkcafé", "kind": "unassessed", "needs": ["language"], "required_fields": REQUIRED,
        })  # fmt: skip
        parties = [sender["organisation_id"], receiver["organisation_id"]]
        await self._made("/agreements", network, {"parties": parties, "name": "IOP"})

    async def _a_house(self, network: str, name: str, kind: str, role: Role) -> Said:
        organisation = await self._made("/organisations", network, {"name": name, "kind": kind})
        said = {"organisation_id": organisation["id"]}
        team = await self._made("/teams", network, {**said, "name": "Mottagningen"})
        staff = {**said, "team_id": team["id"], "name": "Amina H.", "roles": [role]}
        return await self._made("/staff", network, staff)

    async def _made(self, path: str, token: str, body: Said) -> Said:
        return await self._post(path, token, body, service="organisations")

    # The paths

    async def _a_person(self) -> Said:
        return await self._post("/persons", self._sender, person_body())

    async def _a_path(self, person: Said) -> Said:
        return await self._post("/paths", self._sender, {"person_id": person["id"], "goal": "Eget jobb"})

    async def _a_referral(self, path: Said, *, until: str | None = None, undo_s: int = 0) -> Said:
        """A need of the path, handed over: sent under a consent of its own."""
        need = await self._post("/needs", self._sender, {**NEED, "path_id": path["id"]})
        to = {"offering_id": self._offering["id"], "team_id": self._receiver["team_id"]}
        fields = [item["field"] for item in self._offering["required_fields"]]
        draft = {"need_id": need["id"], **to, "items": items_body(*map(ItemField, fields))}
        referral = await self._post("/referrals", self._sender, draft)
        consent = await self._consent(referral, fields)
        await self._post("/consents", self._sender, {**consent, "valid_until": until})
        return await self._command(referral, "send", self._sender, {"undo_s": undo_s})

    async def _consent(self, referral: Said, fields: list[str]) -> Said:
        asked = f"/consent-texts?kind=secrecy_release&referral_id={referral['id']}&language=sv"
        text = await self._ask("referrals", "GET", asked, self._sender)
        return {
            "kind": "secrecy_release", "referral_id": referral["id"], "answer": "yes",
            "fields": fields, "purpose": "språkcafé", "language": "sv", "given_how": "spoken",
            "text_version": text["text_version"], "text_sha256": text["text_sha256"],
            "given_by": [{"who": "person"}],
        }  # fmt: skip

    async def _asked_and_taken_on(self, sent: Said) -> Said:
        opened = await self._command(sent, "open", self._recipient, OPEN)
        asked = await self._command(opened, "ask", self._recipient, {"question": "Vilka dagar?"})
        answered = await self._command(asked, "answer", self._sender, {"text": "Tisdagar."})
        who = {"staff_id": self._receiver["id"], "first_contact_by": "2031-03-14"}
        accepted = await self._command(answered, "accept", self._recipient, who)
        met = {"at": "2031-03-03T08:00:00Z", "way": "möte"}
        return await self._command(accepted, "start", self._recipient, met)

    async def _declined_and_parked(self, sent: Said) -> None:
        opened = await self._command(sent, "open", self._recipient, OPEN)
        why = {"reason": "no_capacity", "sentence": "Det är fullt nu."}
        await self._command(opened, "decline", self._recipient, why)
        path = f"/needs/{sent['need_id']}"
        need = await self._ask("referrals", "GET", path, self._sender)
        parked = {"until": "2031-03-06"}
        await self._post(f"{path}/park", self._sender, parked, version=need["version"])

    async def _narrowed(self, sent: Said) -> None:
        """The person takes one item back, now that the offering can do without."""
        opened = await self._command(sent, "open", self._recipient, OPEN)
        self._offering |= {"required_fields": REQUIRED[:1]}
        await self._ask(
            "organisations", "PATCH", f"/offerings/{self._offering['id']}", self._admin,
            {"required_fields": REQUIRED[:1]}, version=self._offering["version"],
        )  # fmt: skip
        await self._run.directory_is_heard()
        consent = f"/consents/{opened['consent_ids'][0]}"
        await self._post(f"{consent}/narrowing", self._sender, {"fields": [*THREE_ITEMS][:1]})
        [held] = (await self._ask("referrals", "GET", f"{consent}/holders", self._sender))["items"]
        receipt = {"answer": "deleted"}
        await self._post(f"/disclosures/{held['disclosure_id']}/receipt", self._recipient, receipt)

    async def _locked(self, person: Said) -> None:
        """She is hidden while a copy of hers is held and clocks run; three weeks go by without a word."""
        body = {"staff_ids": self._keepers}
        await self._post(f"/persons/{person['id']}/lock", self._sender, body, version=1)
        assert not self._run.state.clocks_of(person["id"]), "a clock of a locked person still runs"

    async def _run_out(self, path: Said) -> None:
        """A consent for ten days, a copy that nobody answers for, deadlines that nobody keeps."""
        queued = await self._a_referral(path, until="2031-03-13T12:00:00Z", undo_s=10)
        for days in (timedelta(seconds=11), timedelta(days=4), timedelta(days=9), timedelta(days=8)):
            await self._run.clock.advance(days)
            if days < timedelta(days=1):
                sent = await self._ask("referrals", "GET", f"/referrals/{queued['id']}", self._recipient)
                await self._command(sent, "open", self._recipient, OPEN)

    # Asking

    async def _command(self, referral: Said, name: str, by: str, body: Mapping[str, Any]) -> Said:
        path = f"/referrals/{referral['id']}/{name}"
        return await self._post(path, by, body, version=referral["version"])

    async def _post(
        self, path: str, by: str, body: Mapping[str, Any], *, service: str = "referrals", **more: Any
    ) -> Said:
        return await self._ask(service, "POST", path, by, body, **more)

    async def _ask(  # noqa: PLR0913, PLR0917 - what a request is made of
        self, service: str, method: str, path: str, token: str, body: Any = None, version: int | None = None
    ) -> Said:
        """One request, tried until it is answered; what it answers."""
        self._number, self._committed = self._number + 1, 0
        await self._run.clock.tick()
        headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": f"command-{self._number}"}
        headers |= {"If-Match": f'"{version}"'} if version is not None else {}
        for _ in range(TRIES):
            await asyncio.sleep(MOMENT_S)
            await self._run.directory_is_whole()
            answer = await self._try(service, method, path, headers, body)
            if answer is not None and (answer.is_success or answer.status_code == OVERTAKEN):
                self._run.after_a_command()
                said: Said = answer.json()
                return said
            assert answer is None or answer.status_code == httpx2.codes.SERVICE_UNAVAILABLE, answer.text
        raise AssertionError(f"{method} {path} has no answer")

    async def _try(
        self, service: str, method: str, path: str, headers: Mapping[str, str], body: Any
    ) -> httpx2.Response | None:
        """One try; `None` if the process that was to answer has crashed."""
        run = self._run
        process = run.processes[f"{service}-api"]
        before = process.commits
        run.chance.turn_to("command", self._number, self._committed, at=run.clock.now)
        said = {**headers, "X-Correlation-Id": str(new_id())}
        run.note(f"{method} {path}")
        try:
            return await run.bench.client(service).request(method, path, headers=said, json=body)
        except Crash:
            run.note("the API has crashed")
            return None
        finally:
            self._committed += process.commits - before

    def _token(self, role: Role, **who: Any) -> str:
        return self._run.bench.token(role, **who)

    def _token_of(self, staff: Said, role: Role) -> str:
        return self._token(role, id=staff["id"], org=staff["organisation_id"], team=staff["team_id"])

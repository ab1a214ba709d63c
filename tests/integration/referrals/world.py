"""A small network of organisations in the referrals service's own copies, and the calls that tests make."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from httpx2 import Response

from services.referrals.domain.working_days import local_date
from services.referrals.reactions import REACTIONS
from shared.actor import service_actor
from shared.events import Event
from shared.events.base import Area, ItemClass, ItemField, NeedCode, Role, Theme
from shared.events.organisations import (
    AgreementConcluded,
    OfferingKind,
    OfferingPublished,
    OfferingStatus,
    OrganisationKind,
    OrganisationRegistered,
    OrganisationStatus,
    PledgeSigned,
    RequiredItem,
    StaffAppointed,
    TeamOpened,
)
from shared.ids import new_id
from tests.integration.referrals.record import Record
from tests.network import Network

THREE_ITEMS = {
    ItemField.GIVEN_NAME: "Amina",
    ItemField.PHONE: "070-174 06 05",
    ItemField.LANGUAGE: "somaliska",
}


@dataclass(kw_only=True)
class Member:
    """An organisation with one team and one member of staff, who has its side's role."""

    kind: OrganisationKind
    role: Role
    organisation_id: UUID = field(default_factory=new_id)
    team_id: UUID = field(default_factory=new_id)
    staff_id: UUID = field(default_factory=new_id)
    offering_id: UUID = field(default_factory=new_id)


class World(Record):
    """Four organisations: the city's social services, an association, a housing company, and a stranger."""

    def __init__(self, network: Network) -> None:
        super().__init__(network)
        self.sender = Member(kind=OrganisationKind.SOCIAL_SERVICES, role=Role.CASEWORKER)
        self.association = Member(kind=OrganisationKind.ASSOCIATION, role=Role.RECIPIENT)
        self.housing = Member(kind=OrganisationKind.HOUSING_COMPANY, role=Role.RECIPIENT)
        self.stranger = Member(kind=OrganisationKind.SOCIAL_SERVICES, role=Role.CASEWORKER)
        self.members = (self.sender, self.association, self.housing, self.stranger)
        self.agreed = self.agreement()

    async def settle_in(self) -> None:
        """Tell our copies of everybody, and of an agreement between the sender and the association."""
        await self.database.open()
        for member in self.members:
            await self.hear(*told_of(member))
        await self.hear(self.offering(self.association), self.offering(self.housing), self.agreed)

    async def hear(self, *events: Event) -> None:
        """React to events of organisations as the listener does."""
        async with self.database.transaction(service_actor("referrals")) as tx, tx.sql.pipeline():
            for event in events:
                await REACTIONS[type(event)](tx, event)

    def offering(self, by: Member, **changes: Any) -> OfferingPublished:
        """An offering that needs a given name, a phone number and a language."""
        required = tuple(RequiredItem(field=one, item_class=ItemClass.NORMAL) for one in THREE_ITEMS)
        usual = {
            "organisation_id": by.organisation_id,
            "offering_id": by.offering_id,
            "team_id": by.team_id,
            "kind": OfferingKind.UNASSESSED,
            "needs": (NeedCode.LANGUAGE,),
            "themes": (Theme.INDIVIDUAL,),
            "areas": (Area.SODER,),
            "languages": ("sv",),
            "age_from": None,
            "age_to": None,
            "required_fields": required,
            "sensitive": False,
            "status": OfferingStatus.EXISTING,
            "version": 1,
        }
        return OfferingPublished.model_validate({**usual, **changes})

    def agreement(self) -> AgreementConcluded:
        return AgreementConcluded(
            organisation_id=self.sender.organisation_id,
            agreement_id=new_id(),
            parties=(self.sender.organisation_id, self.association.organisation_id),
            valid_from=date(2020, 1, 1),
            valid_until=None,
        )

    def token(self, member: Member, *roles: Role, **other: Any) -> str:
        """The member's own token, in its side's role unless others are named."""
        who = {"id": member.staff_id, "org": member.organisation_id, "team": member.team_id, **other}
        return self.network.token(*(roles or (member.role,)), **who)

    def person_token(self, person_id: str) -> str:
        return self.network.token(Role.PERSON, id=person_id, org=self.sender.organisation_id, kind="person")

    async def call(
        self, method: str, path: str, member: Member | str, body: Any = None, **more: Any
    ) -> Response:
        """One request as a member, or with a token."""
        token = member if isinstance(member, str) else self.token(member)
        return await self.network.call("referrals", method, path, token=token, json=body, **more)

    async def call_raw(self, path: str, member: Member | str, body: dict[str, Any]) -> Response:
        """A POST whose JSON is pure ASCII, so that it can hold what UTF-8 cannot."""
        headers = {
            "Authorization": f"Bearer {member if isinstance(member, str) else self.token(member)}",
            "Idempotency-Key": "raw",
            "Content-Type": "application/json",
        }
        address = self.network.peers["referrals"] + path
        return await self.network.http.post(address, content=json.dumps(body).encode(), headers=headers)

    async def post(self, path: str, member: Member | str, body: Any, **more: Any) -> dict[str, Any]:
        """A POST that must succeed; its JSON."""
        answer = await self.call("POST", path, member, body, **more)
        assert answer.is_success, answer.text
        said: dict[str, Any] = answer.json()
        return said

    async def get(self, path: str, member: Member | str) -> dict[str, Any]:
        """A GET that must succeed; its JSON."""
        answer = await self.call("GET", path, member)
        assert answer.is_success, answer.text
        said: dict[str, Any] = answer.json()
        return said

    async def a_person(self) -> dict[str, Any]:
        return await self.post("/persons", self.sender, person_body())

    async def a_need(self, person_id: str | None = None) -> dict[str, Any]:
        """A need on a new path, of a new person unless one is named."""
        person_id = person_id or (await self.a_person())["id"]
        path = await self.post("/paths", self.sender, {"person_id": person_id, "goal": "Eget jobb"})
        need = {"path_id": path["id"], "code": "language", "theme": "individual", "area": "B041"}
        return await self.post("/needs", self.sender, {**need, "urgency": "normal"})

    async def a_draft(self, need: dict[str, Any] | None = None, **changes: Any) -> dict[str, Any]:
        need = need or await self.a_need()
        return await self.post("/referrals", self.sender, {**self.draft_body(need["id"]), **changes})

    def draft_body(self, need_id: str) -> dict[str, Any]:
        return {
            "need_id": need_id,
            "offering_id": str(self.association.offering_id),
            "team_id": str(self.association.team_id),
            "items": items_body(),
        }

    async def consent_body(self, referral: dict[str, Any], **changes: Any) -> dict[str, Any]:
        """The person's yes to all items of a referral, with the hash of the text shown."""
        address = f"/consent-texts?kind=secrecy_release&referral_id={referral['id']}&language=sv"
        text = await self.get(address, self.sender)
        return {
            "kind": "secrecy_release",
            "referral_id": referral["id"],
            "answer": "yes",
            "fields": list(THREE_ITEMS),
            "purpose": "språkcafé",
            "conditions": ["får inte lämnas vidare"],
            "language": "sv",
            "text_version": text["text_version"],
            "text_sha256": text["text_sha256"],
            "given_how": "spoken",
            "given_by": [{"who": "person", "at": "2026-11-20T10:00:00Z"}],
            **changes,
        }

    async def a_consent(self, referral: dict[str, Any], **changes: Any) -> dict[str, Any]:
        return await self.post("/consents", self.sender, await self.consent_body(referral, **changes))

    async def command(
        self, referral: dict[str, Any], name: str, by: Member | str, body: Any = None, **more: Any
    ) -> Response:
        """A command on the referral, at the version that is given."""
        version = more.pop("version", referral["version"])
        path = f"/referrals/{referral['id']}/{name}"
        return await self.call("POST", path, by, body or {}, version=version, **more)

    async def done(
        self, referral: dict[str, Any], name: str, by: Member | str, body: Any = None
    ) -> dict[str, Any]:
        """A command that must succeed; the referral after it."""
        answer = await self.command(referral, name, by, body)
        assert answer.status_code == 200, answer.text
        said: dict[str, Any] = answer.json()
        return said

    async def a_sent_referral(self, **consent: Any) -> dict[str, Any]:
        draft = await self.a_draft()
        await self.a_consent(draft, **consent)
        return await self.done(draft, "send", self.sender)

    async def an_opened_referral(self, **consent: Any) -> dict[str, Any]:
        sent = await self.a_sent_referral(**consent)
        return await self.done(sent, "open", self.association, OPEN)

    async def an_accepted_referral(self, **consent: Any) -> dict[str, Any]:
        opened = await self.an_opened_referral(**consent)
        return await self.done(opened, "accept", self.association, self.accepting())

    async def an_active_referral(self, **consent: Any) -> dict[str, Any]:
        accepted = await self.an_accepted_referral(**consent)
        return await self.done(accepted, "start", self.association, STARTED)

    def accepting(self) -> dict[str, Any]:
        return {"staff_id": str(self.association.staff_id), "first_contact_by": "2099-01-01"}


TODAY = local_date(datetime.now(UTC))
"""The Swedish date of the services' clock, which a test may move."""

STARTED = {"at": "2026-11-20T10:00:00Z", "way": "möte"}
OPEN = {"conditions_accepted": True, "pledge_version": 1}


def person_body(**changes: Any) -> dict[str, Any]:
    return {
        "given_name": "Amina",
        "family_name": "Exempel",
        "birth_year": 1991,
        "language": "so",
        "contacts": [{"kind": "phone", "value": "070-174 06 05"}],
        "protected_identity": "no",
        **changes,
    }


def items_body(*fields: ItemField) -> list[dict[str, str]]:
    """Items as a draft gives them: the three usual ones, or those named."""
    wanted = fields or tuple(THREE_ITEMS)
    return [
        {"field": one, "class": "normal", "value": THREE_ITEMS.get(one, "något"), "why": "för att nå dig"}
        for one in wanted
    ]


def told_of(member: Member) -> list[Event]:
    organisation_id, team_id, staff_id = member.organisation_id, member.team_id, member.staff_id
    return [
        OrganisationRegistered(
            organisation_id=organisation_id, kind=member.kind, status=OrganisationStatus.ACTIVE
        ),
        TeamOpened(organisation_id=organisation_id, team_id=team_id),
        StaffAppointed(
            organisation_id=organisation_id, staff_id=staff_id, team_id=team_id, roles=(member.role,)
        ),
        PledgeSigned(organisation_id=organisation_id, staff_id=staff_id, version=1),
    ]

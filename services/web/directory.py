"""Typed calls to the directory: finding, an organisation's own offerings and staff, joining."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from .answers import Listing
from .directory_answers import (
    Agreement,
    Cell,
    Checklist,
    Colleague,
    ErrorReport,
    Hit,
    Invitation,
    Invited,
    Joined,
    OfferingWhole,
    OpenOffering,
    OrganisationWhole,
    Part,
    Pledge,
    RankRule,
    Substitution,
    Team,
)
from .wire import Ask, Query, Question

PAGE = {"limit": "200"}
ORGANISATIONS = "organisations"


@dataclass(frozen=True, slots=True)
class Finding:
    """What there is, for whom, and whether what is said of it is right."""

    ask: Ask

    async def search(self, query: Query) -> Part[Hit]:
        return await self.ask(_get("/offerings", Part[Hit], query))

    async def ranking(self) -> Listing[RankRule]:
        """The rules of the order, in words."""
        return await self.ask(_get("/offerings/ranking", Listing[RankRule]))

    async def offering(self, offering_id: UUID) -> OfferingWhole:
        return await self.ask(_get(f"/offerings/{offering_id}", OfferingWhole))

    async def open_to_all(self, query: Query) -> Part[OpenOffering]:
        """What anybody may know; asked without a token too."""
        return await self.ask(_get("/public/offerings", Part[OpenOffering], query))

    async def matrix(self, query: Query) -> Listing[Cell]:
        return await self.ask(_get("/offerings/matrix", Listing[Cell], query))

    async def report(self, offering_id: UUID, kind: str, *, key: UUID) -> ErrorReport:
        """Say that an entry is wrong."""
        path = f"/offerings/{offering_id}/error-reports"
        return await self.ask(_post(path, ErrorReport, {"kind": kind}, key=key))


@dataclass(frozen=True, slots=True)
class Own:
    """What an organisation's administrator keeps: the organisation, its offerings, its staff."""

    ask: Ask

    async def organisation(self, organisation_id: UUID) -> OrganisationWhole:
        return await self.ask(_get(f"/organisations/{organisation_id}", OrganisationWhole))

    async def change_organisation(
        self, organisation_id: UUID, body: Mapping[str, Any], *, version: int
    ) -> OrganisationWhole:
        return await self.ask(_patch(f"/organisations/{organisation_id}", OrganisationWhole, body, version))

    async def checklist(self, organisation_id: UUID) -> Checklist:
        """What is done and what is missing before it can work with others."""
        return await self.ask(_get(f"/organisations/{organisation_id}/onboarding", Checklist))

    async def offerings(self) -> Listing[OfferingWhole]:
        """Its own offerings, those that have ended too."""
        return await self.ask(_get("/offerings/own", Listing[OfferingWhole], PAGE))

    async def publish(self, body: Mapping[str, Any], *, key: UUID) -> OfferingWhole:
        return await self.ask(_post("/offerings", OfferingWhole, body, key=key))

    async def change_offering(
        self, offering_id: UUID, body: Mapping[str, Any], *, version: int
    ) -> OfferingWhole:
        return await self.ask(_patch(f"/offerings/{offering_id}", OfferingWhole, body, version))

    async def confirm_offering(self, offering_id: UUID, *, version: int, key: UUID) -> OfferingWhole:
        """All of it is still so."""
        path = f"/offerings/{offering_id}/confirm"
        return await self.ask(_post(path, OfferingWhole, {}, version=version, key=key))

    async def error_reports(self) -> Listing[ErrorReport]:
        return await self.ask(_get("/error-reports", Listing[ErrorReport], PAGE))

    async def settle(self, report_id: UUID, *, version: int, key: UUID) -> ErrorReport:
        path = f"/error-reports/{report_id}/settle"
        return await self.ask(_post(path, ErrorReport, {}, version=version, key=key))

    async def teams(self, organisation_id: UUID) -> Listing[Team]:
        query = PAGE | {"organisation_id": str(organisation_id)}
        return await self.ask(_get("/teams", Listing[Team], query))

    async def open_team(self, organisation_id: UUID, name: str, *, key: UUID) -> Team:
        body = {"organisation_id": str(organisation_id), "name": name}
        return await self.ask(_post("/teams", Team, body, key=key))

    async def change_team(self, team_id: UUID, body: Mapping[str, Any], *, version: int) -> Team:
        return await self.ask(_patch(f"/teams/{team_id}", Team, body, version))

    async def staff(self) -> Listing[Colleague]:
        return await self.ask(_get("/staff", Listing[Colleague], PAGE))

    async def colleague(self, staff_id: UUID) -> Colleague:
        return await self.ask(_get(f"/staff/{staff_id}", Colleague))

    async def appoint(self, body: Mapping[str, Any], *, key: UUID) -> Colleague:
        return await self.ask(_post("/staff", Colleague, body, key=key))

    async def change_colleague(self, staff_id: UUID, body: Mapping[str, Any], *, version: int) -> Colleague:
        return await self.ask(_patch(f"/staff/{staff_id}", Colleague, body, version))

    async def pledges(self) -> Listing[Pledge]:
        return await self.ask(_get("/pledges", Listing[Pledge], PAGE))

    async def sign_pledge(self, version: int, *, key: UUID) -> Pledge:
        """Sign it oneself."""
        return await self.ask(_post("/pledges", Pledge, {"version": version}, key=key))

    async def substitutions(self) -> Listing[Substitution]:
        return await self.ask(_get("/substitutions", Listing[Substitution], PAGE))

    async def begin_substitution(self, body: Mapping[str, Any], *, key: UUID) -> Substitution:
        return await self.ask(_post("/substitutions", Substitution, body, key=key))

    async def end_substitution(self, substitution_id: UUID, *, version: int) -> Substitution:
        path = f"/substitutions/{substitution_id}"
        return await self.ask(_patch(path, Substitution, {"status": "ended"}, version))


@dataclass(frozen=True, slots=True)
class Network:
    """Bringing organisations in, and what they have agreed on."""

    ask: Ask

    async def invite(self, body: Mapping[str, Any], *, key: UUID) -> Invited:
        return await self.ask(_post("/invitations", Invited, body, key=key))

    async def invitations(self) -> Listing[Invitation]:
        return await self.ask(_get("/invitations", Listing[Invitation], PAGE))

    async def join(self, body: Mapping[str, Any]) -> Joined:
        """Come in; the secret is in the body, never in an address."""
        return await self.ask(_post("/invitations/acceptance", Joined, body))

    async def agreements(self) -> Listing[Agreement]:
        return await self.ask(_get("/agreements", Listing[Agreement], PAGE))

    async def conclude(self, body: Mapping[str, Any], *, key: UUID) -> Agreement:
        return await self.ask(_post("/agreements", Agreement, body, key=key))

    async def end_agreement(self, agreement_id: UUID, *, version: int) -> Agreement:
        return await self.ask(_patch(f"/agreements/{agreement_id}", Agreement, {"status": "ended"}, version))


def _get(path: str, answer: type[Any], query: Query | None = None) -> Question[Any]:
    return Question(service=ORGANISATIONS, method="GET", path=path, answer=answer, query=query or {})


def _post(path: str, answer: type[Any], body: Mapping[str, Any], **rest: Any) -> Question[Any]:
    return Question(service=ORGANISATIONS, method="POST", path=path, answer=answer, body=dict(body), **rest)


def _patch(path: str, answer: type[Any], body: Mapping[str, Any], version: int) -> Question[Any]:
    told = dict(body)
    return Question(
        service=ORGANISATIONS, method="PATCH", path=path, answer=answer, body=told, version=version
    )

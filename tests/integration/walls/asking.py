"""The routes of every service, as OpenAPI tells of them, and how each is asked about a person."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from deploy.documents.openapi import api_of
from shared.events.base import Role

SERVICES = ("organisations", "referrals", "notifications", "tracing")
HERS = (
    "person_id", "path_id", "need_id", "referral_id", "consent_id", "offer_id", "disclosure_id",
    "transfer_id", "signpost_id", "step_id", "rating_id", "outcome_id", "admission_id",
)  # fmt: skip
ALONE = {"GET /consent-texts": "offer_id", "GET /consents": "offer_id", "POST /consents": "offer_id"}
"""What is asked about a referral or else an offer; about the referral here."""
FOR_SERVICES = {"GET /locked-paths", "GET /admissions/{admission_id}"}
"""What only a service asks, in the person's interest."""


@dataclass(frozen=True)
class Asking:
    """A route, and by which names it takes ids of hers."""

    service: str
    method: str
    path: str
    operation: Mapping[str, Any]

    @property
    def name(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def in_query(self) -> list[str]:
        return [one for one in self._names("query") if one in HERS and one != ALONE.get(self.name)]

    @property
    def body(self) -> Any:
        content = self.operation.get("requestBody", {}).get("content", {})
        return next((one["example"] for one in content.values()), None)

    @property
    def takes_hers(self) -> bool:
        in_body = set(self.body or ()) & set(HERS)
        return bool(set(self._names("path")) & set(HERS) or self.in_query or in_body)

    @property
    def roles(self) -> list[Role]:
        return [Role(one) for one in self.operation.get("x-roles", ()) if one != Role.PERSON]

    def _names(self, where: str) -> list[str]:
        return [one["name"] for one in self.operation.get("parameters", ()) if one["in"] == where]

    def address(self, ids: Mapping[str, str]) -> str:
        query = "&".join(f"{name}={ids[name]}" for name in self.in_query)
        if self.path == "/consent-texts":
            query += "&kind=secrecy_release&language=sv"
        return self.path.format(**ids) + (f"?{query}" if query else "")

    def about(self, ids: Mapping[str, str]) -> Any:
        body = self.body
        if not isinstance(body, dict):
            return body
        said = {name: ids.get(name, value) for name, value in body.items() if name != ALONE.get(self.name)}
        return said | ({"referral_id": ids["referral_id"]} if self.path == "/consents" else {})


def asking() -> Iterator[Asking]:
    for service in SERVICES:
        for path, methods in api_of(service).openapi()["paths"].items():
            for method, operation in methods.items():
                one = Asking(service, method.upper(), path, operation)
                if one.name not in FOR_SERVICES:
                    yield one

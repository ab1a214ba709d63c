"""Asking each service where it stands."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from uuid import UUID

import httpx2

from shared.clients import ServiceClient
from shared.errors import NotFound, Unavailable
from shared.events import TOLD_BY

from .domain import Report

RECORDED = (*TOLD_BY, "tracing")
"""The services that have a record, and so a position."""

FRESH_S = 1.0
"""How old a report may be."""

PATIENCE_S = 1.0
"""How long a service may take to report before it counts as away."""


class Peers:
    """The services' reports, asked for all at once and remembered for a second."""

    def __init__(self, client: ServiceClient, addresses: Mapping[str, str]) -> None:
        self._client = client
        self._services = [service for service in RECORDED if service in addresses]
        self._turn = asyncio.Lock()
        self._reports: Mapping[str, Report | None] = {}
        self._asked_at = float("-inf")

    async def reports(self) -> Mapping[str, Report | None]:
        """Each service's report; ``None`` for one that is away."""
        async with self._turn:
            now = asyncio.get_running_loop().time()
            if now - self._asked_at >= FRESH_S:
                answers = await asyncio.gather(*map(self._report, self._services))
                self._reports = dict(zip(self._services, answers, strict=True))
                self._asked_at = now
            return self._reports

    async def _report(self, service: str) -> Report | None:
        try:
            async with asyncio.timeout(PATIENCE_S):
                return Report.model_validate(await self._client.get(service, "/positions"))
        except (httpx2.HTTPError, TimeoutError, Unavailable):
            return None

    async def locked(self, path_ids: Sequence[UUID]) -> frozenset[UUID]:
        """The paths among these that nobody may be shown; raises ``Unavailable``."""
        asked = "&".join(f"path_id={one}" for one in path_ids)
        try:
            said = await self._client.get("referrals", f"/locked-paths?{asked}")
        except httpx2.HTTPError as error:
            raise Unavailable(service="referrals") from error
        return frozenset(map(UUID, said["locked"]))

    async def redrive(self, service: str, subject: UUID) -> httpx2.Response:
        """Have a service try a subject's parked events again; raises ``NotFound``, ``Unavailable``."""
        if service not in self._services:
            raise NotFound
        try:
            answer = await self._client.call(service, "POST", f"/parked/{subject}/redrive")
        except httpx2.HTTPError as error:
            raise Unavailable(service=service) from error
        if answer.is_server_error:
            raise Unavailable(service=service)
        return answer

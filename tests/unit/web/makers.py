"""The pages before services that answer as a test says."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID, uuid4

import httpx2

from services.web.main import create_web
from services.web.settings import WebSettings

KEY = base64.urlsafe_b64encode(bytes(range(32))).decode()
SERVICES = ("organisations", "referrals", "notifications", "tracing")
SAME_ORIGIN = {"Sec-Fetch-Site": "same-origin"}

Answers = Mapping[str, Any]
"""``"GET referrals/needs/1"`` to the JSON of 200, or to ``(status, JSON)``."""


def a_token(*roles: str, staff: UUID | None = None) -> str:
    """An access token's shape; its signature is for the services to check."""
    claims = {"sub": str(staff or uuid4()), "org": str(uuid4()), "team": str(uuid4()), "roles": roles}
    return f"h.{base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip('=')}.s"


def a_settings(*, demo: bool = True) -> WebSettings:
    return WebSettings.model_validate({
        "service_key": KEY,
        "service_keys": f"web={KEY}",
        "sealing_key": KEY,
        "peers": ",".join(f"{name}=http://{name}" for name in SERVICES),
        "demo": demo,
        "public_url": "http://web",
    })  # fmt: skip


class Services:
    """All services at once: they answer from a table, and remember what they were asked."""

    def __init__(self, answers: Answers, *roles: str) -> None:
        self.asked: list[httpx2.Request] = []
        self.answers: dict[str, Any] = {
            "POST organisations/tokens": {"access_token": a_token(*roles), "expires_in": 600},
            "GET notifications/notifications/count": {"unread": 0},
            "GET organisations/organisations": {"items": [], "next": None},
            **answers,
        }

    def __call__(self, request: httpx2.Request) -> httpx2.Response:
        self.asked.append(request)
        answer = self.answers.get(f"{request.method} {request.url.host}{request.url.path}")
        if answer is None:
            return httpx2.Response(404, json={"type": "/problems/not-found"})
        if isinstance(answer, Exception):
            raise answer
        status, body = answer if isinstance(answer, tuple) else (200, answer)
        return httpx2.Response(status, json=body)

    def asked_for(self, call: str) -> list[httpx2.Request]:
        return [one for one in self.asked if f"{one.method} {one.url.host}{one.url.path}" == call]


Serve = Callable[[httpx2.Request], httpx2.Response]


def a_browser(services: Serve, *, demo: bool = True, signed_in: bool = True) -> httpx2.AsyncClient:
    """Somebody before the pages, signed in or not; her forms come from the pages' own origin."""
    web = create_web(a_settings(demo=demo), transport=httpx2.MockTransport(services))
    cookies = {"__Host-session": "a-session"} if signed_in else {}
    transport = httpx2.ASGITransport(app=web)
    return httpx2.AsyncClient(
        transport=transport, base_url="http://web", cookies=cookies, headers=SAME_ORIGIN
    )

"""One question to a service and its answer, over HTTP, with the visitor's own access token."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, Protocol, TypeVar
from uuid import UUID

import httpx2
from pydantic import BaseModel, JsonValue

T = TypeVar("T", bound=BaseModel)
Query = Mapping[str, str | Sequence[str]]


class Problem(Exception):  # noqa: N818 - named as the document it carries (RFC 9457)
    """A service said no, or could not be reached; pages show it in the visitor's words."""

    def __init__(self, *, status: int, slug: str, members: Mapping[str, Any] | None = None) -> None:
        """Keep the status, the last part of the problem's ``type``, and its other members."""
        super().__init__(slug)
        self.status = status
        self.slug = slug
        self.members = dict(members or {})


def wrong(*names: str) -> Problem:
    """The refusal of a form whose named fields do not hold what they must."""
    return Problem(status=422, slug="invalid", members={"errors": [{"field": name} for name in names]})


@dataclass(frozen=True, slots=True, kw_only=True)
class Question(Generic[T]):
    """What one call sends, and the shape of the answer that is read.

    A ``session`` speaks for itself, in the place of the visitor's access token.
    """

    service: str
    method: str
    path: str
    answer: type[T]
    query: Query = field(default_factory=dict)
    body: JsonValue = None
    key: UUID | None = None
    version: int | None = None
    session: str | None = None

    def headers(self) -> dict[str, str]:
        """``Idempotency-Key``, ``If-Match`` and the session's bearer, when the question has them."""
        headers: dict[str, str] = {}
        if self.key is not None:
            headers["Idempotency-Key"] = str(self.key)
        if self.version is not None:
            headers["If-Match"] = f'"{self.version}"'
        if self.session is not None:
            headers["Authorization"] = f"Bearer {self.session}"
        return headers


class Ask(Protocol):
    """Put a question and give its answer, or raise ``Problem``."""

    async def __call__(self, question: Question[T]) -> T:
        """Put the question."""
        ...


@dataclass(frozen=True, slots=True)
class Wire:
    """The way to every service: one pool of connections, and where each service lives."""

    http: httpx2.AsyncClient
    peers: Mapping[str, str]

    async def ask(self, question: Question[T], headers: Mapping[str, str]) -> T:
        """Put a question with the visit's headers; a refusal or a silent service raises ``Problem``."""
        response = await self._send(question, headers)
        if response.is_error:
            raise _problem(response)
        return question.answer.model_validate_json(response.content or b"{}")

    async def forward(self, service: str, method: str, path: str, *, content: bytes = b"") -> httpx2.Response:
        """Pass a request on as it is, and give the answer whatever it says."""
        headers = {"Content-Type": "application/json"}
        try:
            return await self.http.request(
                method, self.peers[service] + path, content=content, headers=headers, timeout=60
            )
        except httpx2.TransportError as error:
            raise Problem(status=503, slug="unavailable") from error

    async def _send(self, question: Question[T], headers: Mapping[str, str]) -> httpx2.Response:
        try:
            return await self.http.request(
                question.method,
                self.peers[question.service] + question.path,
                params={name: _sent(value) for name, value in question.query.items()},
                json=question.body,
                headers={**headers, **question.headers()},
            )
        except httpx2.TransportError as error:
            raise Problem(status=503, slug="unavailable") from error

    async def follow(self, service: str, path: str, headers: Mapping[str, str]) -> httpx2.Response:
        """Open an endless answer, for example server-sent events; the caller closes it."""
        request = self.http.build_request(
            "GET", self.peers[service] + path, headers=dict(headers), timeout=httpx2.Timeout(5.0, read=None)
        )
        try:
            answer = await self.http.send(request, stream=True)
        except httpx2.TransportError as error:
            raise Problem(status=503, slug="unavailable") from error
        if answer.is_error:
            await answer.aread()
            raise _problem(answer)
        return answer


def _sent(value: str | Sequence[str]) -> str | list[str]:
    return value if isinstance(value, str) else [*value]


def _problem(response: httpx2.Response) -> Problem:
    try:
        document = response.json()
    except ValueError:
        document = {}
    if not isinstance(document, dict):
        document = {}
    slug = str(document.get("type", "")).rpartition("/")[2] or _slug_of(response.status_code)
    return Problem(status=response.status_code, slug=slug, members=document)


def _slug_of(status: int) -> str:
    return {401: "unauthenticated", 403: "role-missing", 404: "not-found"}.get(status, "unavailable")

"""The edge of every HTTP service: problems, the request's log line and headers, the size limit."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any
from uuid import UUID

import httpx2
import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from psycopg import Error as DatabaseError
from psycopg_pool import PoolClosed, PoolTimeout, TooManyRequests
from pydantic import JsonValue
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from . import errors
from .errors import Refused
from .faults import is_ours
from .http import LARGEST
from .ids import new_id
from .openapi import PROBLEM

_log = structlog.get_logger(__name__)

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
}
"""Sent with every answer; a browser heeds the last of them by https alone."""


BODY_S = 20.0
"""How long the whole body of a request may take to arrive; a larger one so long for each megabyte."""

MEGABYTE = 1024 * 1024

_TRACEPARENT = re.compile(r"[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}")

QUIET = ("/health", "/metrics", "/positions", "/log")
"""Routes that machines ask all the time and that are not logged."""


def problem(refused: Refused) -> JSONResponse:
    """A refusal as a problem document (RFC 9457)."""
    again_in_s = str(refused.members.get("again_in_s", 1))
    headers = {"Retry-After": again_in_s} if refused.status in {429, 503} else None
    if isinstance(refused, errors.Unauthenticated):
        headers = {"WWW-Authenticate": refused.challenge}
    return JSONResponse(refused.document(), refused.status, headers, media_type=PROBLEM)


def add_problems(app: FastAPI) -> None:
    """Render refusals, bad input and the machines' faults; everything else is a bug."""
    app.add_exception_handler(Refused, _refused)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _other)
    for fault in (DatabaseError, PoolTimeout, PoolClosed, TooManyRequests, OSError, httpx2.HTTPError):
        app.add_exception_handler(fault, _away)


async def _refused(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, Refused)  # noqa: S101 - registered for it
    return problem(error)


async def _invalid(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - registered for it
    found: list[JsonValue] = [{"field": _field(one["loc"]), "message": one["msg"]} for one in error.errors()]
    return problem(errors.Invalid(errors=found))


def _field(location: tuple[Any, ...]) -> str:
    return ".".join(str(part) for part in location[1:]) or str(location[0])


async def _other(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for it
    if isinstance(error.__cause__, Refused):
        return problem(error.__cause__)
    if error.status_code == HTTPStatus.NOT_FOUND:
        return problem(errors.NotFound())
    status = HTTPStatus(error.status_code)
    if status == HTTPStatus.BAD_REQUEST:
        return problem(errors.Invalid(errors=[{"field": "body", "message": "cannot be read"}]))
    document = {"type": "about:blank", "title": status.phrase, "status": status.value}
    return JSONResponse(document, status, error.headers, media_type=PROBLEM)


async def _away(_: Request, error: Exception) -> JSONResponse:
    if not is_ours(error):
        raise error
    _log.warning("request.unavailable", error=type(error).__name__)
    return problem(errors.Unavailable())


class Edge:
    """Correlates, limits and logs each request, and sets the headers that every answer has."""

    def __init__(self, app: ASGIApp, service: str, larger: Mapping[str, int] | None = None) -> None:
        self._app, self._service, self._larger = app, service, larger or {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        correlation = _correlation(headers)
        state = scope.setdefault("state", {})
        state["correlation_id"], state["traceparent"] = correlation, _traceparent(headers)
        began, status = time.perf_counter(), 500

        async def answer(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                self._add_headers(message, correlation)
            await send(message)

        try:
            await self._app(scope, _limited(scope, receive, self._larger.get(scope["path"], LARGEST)), answer)
        finally:
            self._note(scope, status, began)

    def _add_headers(self, message: Message, correlation: UUID) -> None:
        headers = MutableHeaders(scope=message)
        headers["X-Correlation-Id"] = str(correlation)
        for name, value in HEADERS.items():
            headers.setdefault(name, value)

    def _note(self, scope: Scope, status: int, began: float) -> None:
        route = getattr(scope.get("route"), "path", "unknown")
        took = round((time.perf_counter() - began) * 1000, 1)
        if not route.startswith(QUIET):
            _log.info(
                "request", service=self._service, method=scope["method"], route=route, status=status, ms=took
            )


def _correlation(headers: Headers) -> UUID:
    try:
        return UUID(headers.get("X-Correlation-Id", ""))
    except ValueError:
        return new_id()


def _traceparent(headers: Headers) -> str | None:
    """The caller's place in a trace (W3C Trace Context); anything else is left out."""
    said = headers.get("traceparent", "")
    return said if _TRACEPARENT.fullmatch(said) else None


def _limited(scope: Scope, receive: Receive, most: int) -> Receive:
    announced = Headers(scope=scope).get("Content-Length", "0")
    received = int(announced) if announced.isdigit() and int(announced) > most else 0
    ends_at, whole = asyncio.get_running_loop().time() + BODY_S * max(1, most // MEGABYTE), False

    async def limited() -> Message:
        nonlocal received, whole
        if received > most:
            raise errors.TooLarge(most_bytes=most)
        message = await (receive() if whole else _in_time(receive, ends_at))
        received += len(message.get("body", b""))
        whole = not message.get("more_body", False)
        if received > most:
            raise errors.TooLarge(most_bytes=most)
        return message

    return limited


async def _in_time(receive: Receive, ends_at: float) -> Message:
    """The next part of a body; who sends it drop by drop holds nothing for longer than others do."""
    try:
        async with asyncio.timeout_at(ends_at):
            return await receive()
    except TimeoutError:
        raise HTTPException(HTTPStatus.REQUEST_TIMEOUT) from None

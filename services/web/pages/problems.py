"""When something cannot be done: pages that say so calmly, and what each refusal means."""

from __future__ import annotations

from fastapi import APIRouter, FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from shared.errors import Refused

from .. import sentences
from ..guard import HEADERS
from ..session import forget
from ..typed import Typed
from ..visit import Anyone, passer_by, see, whoever
from ..wire import Problem

RETRY_S = 5

router = APIRouter()


@router.get("/problems/{slug}")
async def explain(slug: str, visit: Anyone) -> Response:
    """What a refusal means, in words."""
    if slug not in sentences.PROBLEMS:
        raise HTTPException(404)
    heading, sentence = sentences.problem(slug)
    return visit.part("problems/explain.html", heading=heading, sentence=sentence, unread=None)


async def show_problem(request: Request, problem: Exception) -> Response:
    """A page for a refusal that no form took care of."""
    assert isinstance(problem, Problem)  # noqa: S101 - the handler is registered for this class
    if problem.slug == "step-up-needed":
        return await _step_up(request)
    if problem.status == 401:  # noqa: PLR2004 - the session is over
        return _to_sign_in(request)
    return await _page(request, problem.status, problem.slug)


async def show_refusal(request: Request, refused: Exception) -> Response:
    """A page for what the house's edge refused, for example a form that is too large."""
    assert isinstance(refused, Refused)  # noqa: S101 - the handler is registered for this class
    return await _page(request, refused.status, refused.slug)


async def show_fault(request: Request, _: Exception) -> Response:
    """A page for a bug; it is made outside the guard, so it brings the guard's headers itself."""
    response = passer_by(request).part("problems/fault.html", status=500, unread=None)
    response.headers.update(HEADERS | {"Cache-Control": "no-store"})
    return response


async def show_http_exception(request: Request, error: Exception) -> Response:
    """A page for an address that leads nowhere, or a method that it does not take."""
    assert isinstance(error, HTTPException)  # noqa: S101 - the handler is registered for this class
    return await _page(request, error.status_code, "not-found")


async def show_malformed(request: Request, _: Exception) -> Response:
    """An id in an address that is none: the same page as for an unknown one."""
    return await _page(request, 404, "not-found")


def register(app: FastAPI) -> None:
    """Let the app show these pages."""
    app.add_exception_handler(Problem, show_problem)
    app.add_exception_handler(Refused, show_refusal)
    app.add_exception_handler(Exception, show_fault)
    app.add_exception_handler(HTTPException, show_http_exception)
    app.add_exception_handler(RequestValidationError, show_malformed)


async def _page(request: Request, status: int, slug: str) -> Response:
    visit = await whoever(request)
    response = visit.refusal(status, slug)
    if status == 503:  # noqa: PLR2004 - come back in a moment
        response.headers["Retry-After"] = str(RETRY_S)
    return response


async def _step_up(request: Request) -> Response:
    visit = await whoever(request)
    heading, sentence = sentences.problem("step-up-needed")
    strong = [one for one in await visit.providers() if one.step_up]
    shown = {"heading": heading, "sentence": sentence, "providers": strong, "typed": Typed()}
    return visit.part("account/step_up.html", status=403, unread=None, **shown)


def _to_sign_in(request: Request) -> Response:
    if request.headers.get("hx-request"):
        return Response(status_code=401, headers={"HX-Redirect": "/logga-in"})
    response = see("/logga-in")
    forget(response)
    return response

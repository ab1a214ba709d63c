"""What is true of every route of every service."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator
from inspect import isasyncgenfunction, iscoroutinefunction
from typing import Any

import pytest
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from deploy.keys import RECORDED


def calls(dependant: Dependant) -> Iterator[Callable[..., Any]]:
    if dependant.call is not None:
        yield dependant.call
    for needed in dependant.dependencies:
        yield from calls(needed)


@pytest.mark.parametrize("service", RECORDED)
def test_no_request_waits_for_a_thread(service: str) -> None:
    """What is not a coroutine FastAPI runs in a thread: a tenth of a command's time when it was so."""
    routers = importlib.import_module(f"services.{service}.main").SERVICE.routers
    routes = [route for router in routers for route in router.routes if isinstance(route, APIRoute)]

    slow = {call for route in routes for call in calls(route.dependant) if not is_awaited(call)}

    assert routes
    assert not slow


def is_awaited(call: Callable[..., Any]) -> bool:
    of_an_object = getattr(call, "__call__", None)  # noqa: B004 - its own, if it is one
    return isasyncgenfunction(call) or iscoroutinefunction(call) or iscoroutinefunction(of_an_object)

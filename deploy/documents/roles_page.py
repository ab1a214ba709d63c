"""``docs/roles.md``: which role may use which route, from what the routes declare."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from deploy.keys import RECORDED
from shared.http import FOR_CARDS, Route

from .hearings import service_of
from .openapi import api_of

HEAD = """# Roles by route

Generated from the routes' own declarations by `python -m deploy.documents`; a stale page is red.

That a role may use a route says nothing about whose things it reaches:
an organisation reaches its own people and what was given to it, and anything else answers like an unknown id.
"""

CARD = "whoever holds a printed card"
SIGNED_IN, EVERYBODY = "whoever is signed in", "no access token is asked for"


class Allowed(NamedTuple):
    """One route of one service, and who may use it."""

    method: str
    path: str
    what: str
    roles: tuple[str, ...]
    needs_token: bool
    for_cards: bool

    @property
    def who(self) -> str:
        """Who may use the route, in words."""
        named = [f"`{role}`" for role in self.roles] + [CARD] * self.for_cards
        return ", ".join(named) or (SIGNED_IN if self.needs_token else EVERYBODY)


def page() -> str:
    """The whole page."""
    return "\n".join(_lines()) + "\n"


def routes_of(service: str) -> Iterator[Allowed]:
    """The published routes of a service, in the order of its OpenAPI."""
    guarded = _guarded(service)
    for path, methods in api_of(service).openapi()["paths"].items():
        for method, said in methods.items():
            name, roles = (method.upper(), path), tuple(said.get("x-roles", ()))
            asks = bool(roles) or name in guarded
            yield Allowed(*name, _what(said), roles, asks, for_cards=FOR_CARDS.keys() <= said.keys())


def _guarded(service: str) -> set[tuple[str, str]]:
    """The routes of a service that ask for a token before anything else."""
    routes = [route for router in service_of(service).routers for route in router.routes]
    guarded = [route for route in routes if isinstance(route, Route)]
    return {(method, route.path_format) for route in guarded for method in route.methods or ()}


def _what(said: Mapping[str, str]) -> str:
    """The route's own first sentence, or its name."""
    return said.get("description", said["summary"]).partition("\n")[0].replace("``", "`")


def _lines() -> Iterator[str]:
    yield HEAD
    for service in RECORDED:
        yield f"## {service}\n\n| route | what | who |\n| --- | --- | --- |"
        yield from (_row(route) for route in routes_of(service))
        yield ""


def _row(route: Allowed) -> str:
    return f"| `{route.method} {route.path}` | {route.what} | {route.who} |"

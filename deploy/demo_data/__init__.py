"""The demo's beginning, told to the services through their public HTTP API alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from . import story
from .asking import Asking, Unseeded, who_is
from .network import AGREEMENTS, HOUSES, MEMBERS, OFFERINGS, PERSON_LOGIN, PLEDGE, House, Member

__all__ = ["Unseeded", "seed"]

LOGINS = (*(member.login for member in MEMBERS), PERSON_LOGIN)

Things = dict[str, dict[str, Any]]


def seed(services: Mapping[str, str], *, bootstrap_secret: str, empty: bool) -> list[dict[str, object]]:
    """Fill a new demo, unless it has been filled before; whom each login stands for.

    ``services``: their base addresses by name.  ``empty``: nobody's referral is
    under way.  May be run again after it broke: what was made is not made again.
    Raises ``Unseeded`` when a service refuses, ``httpx2.HTTPError`` when one cannot be reached.
    """
    ask = Asking(services)
    try:
        if ask.token(login=PERSON_LOGIN) is None:
            _fill(ask, bootstrap_secret, empty=empty)
        return [who_is(login, ask.signed_in(login)) for login in LOGINS]
    finally:
        ask.close()


def _fill(ask: Asking, bootstrap_secret: str, *, empty: bool) -> None:
    token = ask.token(bootstrap=bootstrap_secret)
    if token is None:
        raise Unseeded("the bootstrap secret is not the one that organisations was started with")
    houses = {letter: _register(ask, token, house) for letter, house in HOUSES.items()}
    teams = {letter: _open_team(ask, token, houses[letter], house) for letter, house in HOUSES.items()}
    for member in MEMBERS:
        _appoint(ask, token, member, houses, teams)
    offerings = _publish(ask, houses, teams)
    for first, second, name in AGREEMENTS:
        parties = [houses[first]["id"], houses[second]["id"]]
        ask.post("organisations", "/agreements", {"parties": parties, "name": name}, token=token)
    ask.settle()
    _begin_story(ask, offerings, empty=empty)


def _begin_story(ask: Asking, offerings: Things, *, empty: bool) -> None:
    """Samira is written down and, unless ``empty``, waits for an answer; David has one."""
    person = story.write_down(ask, story.SAMIRA)
    if not empty:
        story.hand_over(ask, story.SAMIRA, offerings["Språkcafé"])
        story.take_on(ask, story.hand_over(ask, story.DAVID, offerings["Språkcafé"]))
        ask.settle()
    caseworker = ask.signed_in(story.CASEWORKER)
    organisation_id = who_is(story.CASEWORKER, caseworker)["organisation_id"]
    login = {"login": PERSON_LOGIN, "person_id": person["id"], "organisation_id": organisation_id}
    ask.post("organisations", "/demo/person-logins", login, token=caseworker)


def _register(ask: Asking, token: str, house: House) -> dict[str, Any]:
    body = {"name": house.name, "kind": house.kind}
    return ask.post("organisations", "/organisations", body, token=token)


def _open_team(ask: Asking, token: str, organisation: Mapping[str, Any], house: House) -> dict[str, Any]:
    body = {"organisation_id": organisation["id"], "name": house.team}
    return ask.post("organisations", "/teams", body, token=token)


def _appoint(ask: Asking, token: str, member: Member, houses: Things, teams: Things) -> None:
    body = {
        "organisation_id": houses[member.house]["id"],
        "team_id": teams[member.house]["id"] if member.in_team else None,
        "name": member.name,
        "roles": member.roles,
        "login": member.login,
    }
    ask.post("organisations", "/staff", body, token=token)
    if member.signs_pledge:
        pledge = {"version": PLEDGE}
        ask.post("organisations", "/pledges", pledge, token=ask.signed_in(member.login))


def _publish(ask: Asking, houses: Things, teams: Things) -> Things:
    published: Things = {}
    for offered in OFFERINGS:
        body = {
            "organisation_id": houses[offered.house]["id"],
            "team_id": teams[offered.house]["id"],
            "leads_to": [published[name]["id"] for name in offered.leads_to],
            **offered.body(),
        }
        admin = ask.signed_in(f"orgadmin-{offered.house}")
        published[offered.name] = ask.post("organisations", "/offerings", body, token=admin)
    return published

"""The demo's beginning, told to the services through their public HTTP API alone."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from . import network, stories, story, wider
from .asking import Asking, Unseeded, who_is
from .directory import Directory
from .network import MEMBERS, PERSON_LOGIN

__all__ = ["Unseeded", "seed"]

LOGINS = (*(member.login for member in MEMBERS), PERSON_LOGIN)


def seed(services: Mapping[str, str], *, bootstrap_secret: str, empty: bool) -> list[dict[str, object]]:
    """Fill a new demo, unless it has been filled before; whom each login stands for.

    ``services``: their base addresses by name.  ``empty``: the first organisations
    alone, and nobody's referral is under way; this may be run again after it broke,
    and what was made is not made again.  The whole begins weeks ago, and so in an
    installation where nothing has happened yet.
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
    if not empty:
        ask.move_clock(-timedelta(days=stories.LENGTH))
    directory = Directory(ask, token)
    directory.bring_in(network.HOUSES, MEMBERS)
    directory.publish(network.OFFERINGS)
    directory.agree(network.AGREEMENTS)
    if not empty:
        _live_until_today(ask, directory)
    ask.settle()
    _begin_story(ask, directory, empty=empty)


def _live_until_today(ask: Asking, directory: Directory) -> None:
    """The wider network, what has been looked after since, and what people have lived through."""
    directory.bring_in(wider.HOUSES, wider.MEMBERS)
    directory.publish(wider.EARLY)
    directory.agree(wider.AGREEMENTS)
    ask.settle()
    stories.tell(ask, directory.offerings)
    directory.publish(wider.OFFERINGS)
    directory.count_again(network.OFFERINGS)


def _begin_story(ask: Asking, directory: Directory, *, empty: bool) -> None:
    """Samira is written down and, unless ``empty``, waits for an answer; David has one."""
    person = story.write_down(ask, story.SAMIRA)
    if not empty:
        cafe = directory.offerings["Språkcafé"]
        story.hand_over(ask, story.SAMIRA, cafe)
        story.take_on(ask, story.hand_over(ask, story.DAVID, cafe))
        ask.settle()
    caseworker = ask.signed_in(story.CASEWORKER)
    organisation_id = who_is(story.CASEWORKER, caseworker)["organisation_id"]
    login = {"login": PERSON_LOGIN, "person_id": person["id"], "organisation_id": organisation_id}
    ask.post("organisations", "/demo/person-logins", login, token=caseworker)

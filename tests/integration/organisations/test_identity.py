"""Signing in at a real identity provider, through the pages, and every way to abuse it."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest

from services.organisations.providers import Provider
from services.web.main import create_web
from services.web.settings import WebSettings
from shared.ids import new_id
from shared.settings import from_base64url
from tests.identity.browser import WEB, Browser, onward
from tests.identity.provider import CLIENT_ID, CLIENT_SECRET
from tests.integration.organisations.directory import Directory, House
from tests.network import Network

REALM, OTHER = "staden.example", "regionen.example"


def a_provider(issuer: str, name: str = "staden", **others: Any) -> Provider:
    return Provider.model_validate({
        "name": name,
        "label": "stadens inloggning",
        "issuer": issuer,
        "client_id": CLIENT_ID,
        "client_secret": CLIENT_SECRET,
        "realm": REALM,
        "step_up": ["strong"],
        **others,
    })  # fmt: skip


@dataclass
class Town:
    """The directory with two providers, its pages, and an organisation whose staff sign in there."""

    directory: Directory
    house: House
    browser: Callable[[], Browser]
    subject: str
    member_id: str

    async def token(self, session: str | None, status: int = 200) -> dict[str, Any]:
        """What a token says that the session gives."""
        http, address = self.directory.network.http, f"{self.directory.address}/tokens"
        answer = await http.post(address, json={"session": session})
        assert answer.status_code == status, answer.text
        return claims_of(answer.json()["access_token"]) if status == 200 else answer.json()

    async def a_colleague(self, login: str) -> None:
        said = {"organisation_id": self.house.id, "name": "Bo", "roles": ["log_reviewer"], "login": login}
        await self.directory.made("/staff", self.house.admin.token, **said)

    async def ids(self) -> set[bytes]:
        return {row["digest"] for row in await self.directory.rows("select digest from sessions")}


def claims_of(token: str) -> dict[str, Any]:
    claims: dict[str, Any] = json.loads(from_base64url(token.split(".")[1]))
    return claims


@pytest.fixture
async def town(issuer: str, start_network: Callable[..., Awaitable[Network]]) -> AsyncIterator[Town]:
    directory = Directory(await start_network("organisations"))
    state = directory.network.api("organisations").state
    providers = (
        a_provider(issuer),
        a_provider(issuer, "regionen", realm=OTHER, claim="employee", organisations=[new_id()]),
    )
    state.settings = state.settings.model_copy(update={"oidc_providers": providers, "public_url": WEB})
    house, subject = await directory.a_house(), f"anna-{new_id()}"
    member = await directory.made(
        "/staff",
        house.admin.token,
        organisation_id=house.id,
        name="Anna Å.",
        roles=["log_reviewer"],
        login=f"{subject}@{REALM}",
    )
    async with AsyncExitStack() as stack:
        web = create_web(web_settings(directory))
        await stack.enter_async_context(web.router.lifespan_context(web))

        def browser() -> Browser:
            one = Browser(web)
            stack.push_async_callback(one.close)
            return one

        yield Town(directory, house, browser, subject, member["id"])


def web_settings(directory: Directory) -> WebSettings:
    secret = directory.network.servers.secrets
    return WebSettings.model_validate({
        "service_key": secret["WEB_SERVICE_KEY"],
        "service_keys": secret["SERVICE_KEYS"],
        "sealing_key": secret["WEB_SEALING_KEY"],
        "peers": directory.network.peers,
        "demo": True,
        "patience_s": 60.0,
        "public_url": WEB,
    })  # fmt: skip


async def test_somebody_signs_in_and_out_at_her_provider(town: Town) -> None:
    browser = town.browser()
    start = await browser.get(f"{WEB}/logga-in")
    answer = await browser.sign_in(town.subject)
    session = browser.session

    claims = await town.token(session)
    assert "Logga in med stadens inloggning" in start.text
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")
    assert (claims["sub"], claims["roles"]) == (town.member_id, ["log_reviewer"])
    assert "acr" not in claims
    assert town.subject not in str(await town.directory.rows("select * from sessions"))

    out = onward(await browser.post(f"{WEB}/logga-ut"))
    await town.token(session, 401)
    assert browser.session is None
    asked = dict(parse_qsl(urlsplit(out).query))
    assert asked["post_logout_redirect_uri"] == f"{WEB}/logga-in"
    assert claims_of(asked["id_token_hint"])["sub"] == town.subject
    assert (await browser.get(out)).status_code == 200


async def test_what_came_back_once_is_worth_nothing_again(town: Town) -> None:
    browser, thief = town.browser(), town.browser()
    address = await browser.vouched(town.subject)
    kept = dict(browser.cookies["web"])
    await browser.get(address)
    sessions = await town.ids()

    # The whole answer again, with the cookie it was bound to.
    browser.cookies["web"] = dict(kept)
    again = await browser.get(address)
    # Its code, with an attempt of the thief's own.
    theirs = await thief.vouched(town.subject)
    code = dict(parse_qsl(urlsplit(address).query))["code"]
    reused = await thief.get(with_query(theirs, code=code))

    for answer in (again, reused):
        assert (answer.status_code, "Inloggningen blev inte klar" in answer.text) == (401, True)
    assert (browser.session, thief.session) == (None, None)
    assert await town.ids() == sessions


def with_query(address: str, **changed: str | None) -> str:
    parts = urlsplit(address)
    query = dict(parse_qsl(parts.query)) | changed
    return parts._replace(query=urlencode({k: v for k, v in query.items() if v is not None})).geturl()


async def test_nobody_is_signed_in_by_an_answer_to_somebody_else(town: Town) -> None:
    """Login CSRF: the attacker's own answer, opened by her victim, with or without an attempt of hers."""
    attacker, victim, idle = town.browser(), town.browser(), town.browser()
    address = await attacker.vouched(town.subject)
    await victim.vouched(town.subject)

    answers = [await victim.get(address), await idle.get(address)]

    assert [answer.status_code for answer in answers] == [401, 401]
    assert (victim.session, idle.session, await town.ids()) == (None, None, set())


@pytest.mark.parametrize(
    "changed",
    [{"iss": "https://another.example"}, {"iss": None}, {"code": None}, {"state": "another"}],
    ids=str,
)
async def test_an_answer_that_was_changed_is_refused(town: Town, changed: dict[str, str | None]) -> None:
    browser = town.browser()
    address = await browser.vouched(town.subject)

    kept = dict(browser.cookies["web"])
    answer = await browser.get(with_query(address, **changed))
    # Nor is the true one worth anything now: the attempt is over.
    browser.cookies["web"] = kept
    too_late = await browser.get(address)

    assert (answer.status_code, too_late.status_code, browser.session) == (401, 401, None)


async def test_providers_are_not_mixed_up(town: Town) -> None:
    browser = town.browser()
    address = await browser.vouched(town.subject)

    mixed = await browser.get(address.replace("/svar/staden", "/svar/regionen"))
    # The other provider says "anna.employee", in a realm of its own: nobody here.
    unknown = await browser.sign_in(town.subject, at="regionen")
    # Nor may it vouch for staff of this organisation, whatever login they are given.
    await town.a_colleague(f"{town.subject}.employee@{OTHER}")
    not_theirs = await browser.sign_in(town.subject, at="regionen")

    assert (mixed.status_code, unknown.status_code, not_theirs.status_code) == (401, 403, 403)
    assert "Vi känner inte igen dig här" in unknown.text
    assert (browser.session, await town.ids()) == (None, set())


async def test_whoever_has_left_or_changed_is_seen_as_she_is(town: Town) -> None:
    browser, admin = town.browser(), town.house.admin.token
    before = await town.directory.rows("select login from logins")
    assert (await town.browser().sign_in("nobody-we-know")).status_code == 403
    assert await town.directory.rows("select login from logins") == before
    await browser.sign_in(town.subject)
    session = browser.session

    await town.directory.patch(f"/staff/{town.member_id}", admin, version=1, roles=["recipient"])
    assert (await town.token(session))["roles"] == ["recipient"]
    await town.directory.patch(f"/staff/{town.member_id}", admin, version=2, active=False)
    await town.token(session, 401)
    again = await browser.get(await browser.vouched(town.subject))
    assert (again.status_code, browser.session) == (401, session)


async def test_a_session_from_before_is_ended_by_signing_in(town: Town) -> None:
    browser = town.browser()
    await browser.sign_in(town.subject)
    first = browser.session
    browser.cookies["web"]["__Host-sign-in"] = "planted"
    planted = await browser.get(f"{WEB}/logga-in/svar/staden?state=planted&code=planted")

    await browser.sign_in(town.subject)

    assert planted.status_code == 401
    assert browser.session not in {None, first}
    await town.token(first, 401)
    assert len(await town.ids()) == 1


async def test_a_step_up_is_asked_for_anew_and_strongly(town: Town) -> None:
    browser, weak = town.browser(), f"weak-{new_id()}"
    await town.a_colleague(f"{weak}@{REALM}")
    await browser.sign_in(town.subject)

    # The provider knows her already, and asks all the same.
    await browser.sign_in(town.subject, step_up="yes")
    claims = await town.token(browser.session)
    too_weak = await town.browser().sign_in(weak, step_up="yes")

    assert claims["acr"] == "step-up"
    assert claims["iat"] - claims["auth_time"] < 60
    assert (too_weak.status_code, "Legitimeringen räckte inte" in too_weak.text) == (403, True)

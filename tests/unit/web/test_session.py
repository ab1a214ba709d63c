"""Sessions and tokens."""

from __future__ import annotations

import json
from uuid import uuid4

import httpx2
import pytest

from services.web.answers import Token
from services.web.clients import Organisations
from services.web.session import KEPT_S, Tokens, User
from services.web.wire import Question, T
from shared.events.base import Role
from tests.unit.web.makers import Services, a_browser, a_token


class Mint:
    """Organisations, as far as tokens go."""

    def __init__(self) -> None:
        self.minted = 0

    async def ask(self, question: Question[T]) -> T:
        self.minted += 1
        return question.answer.model_validate(
            Token(access_token=f"t{self.minted}", expires_in=600).model_dump()
        )


async def test_a_token_is_used_again_for_a_second_and_no_longer() -> None:
    now, mint = [0.0], Mint()
    tokens, organisations = Tokens(clock=lambda: now[0]), Organisations(mint.ask)

    first = await tokens.of("s", "referrals", organisations)
    now[0] = KEPT_S - 0.01
    second = await tokens.of("s", "referrals", organisations)
    now[0] = KEPT_S
    third = await tokens.of("s", "referrals", organisations)

    assert (first, second, third) == ("t1", "t1", "t2")


async def test_a_token_is_never_another_sessions() -> None:
    tokens, organisations = Tokens(clock=lambda: 0.0), Organisations(Mint().ask)

    one = await tokens.of("a", "referrals", organisations)

    assert one != await tokens.of("b", "referrals", organisations)
    assert one != await tokens.of("a", "notifications", organisations)


async def test_a_session_that_is_left_has_no_token_left() -> None:
    tokens, organisations = Tokens(clock=lambda: 0.0), Organisations(Mint().ask)
    before = {await tokens.of("s", service, organisations) for service in ("referrals", "tracing")}

    tokens.forget("s")

    assert before.isdisjoint(
        {await tokens.of("s", service, organisations) for service in ("referrals", "tracing")}
    )


async def test_each_service_is_shown_a_token_for_itself_alone() -> None:
    def answer(request: httpx2.Request) -> httpx2.Response:
        if request.url.path != "/tokens":
            shown[request.url.host] = request.headers["Authorization"]
            return httpx2.Response(200, json={"items": [], "next": None, "unread": 0})
        meant = json.loads(request.content)["audience"]
        head, claims, _ = a_token("caseworker").split(".")
        return httpx2.Response(200, json={"access_token": f"{head}.{claims}.{meant}", "expires_in": 600})

    shown: dict[str, str] = {}
    async with a_browser(answer) as browser:
        await browser.get("/overlamningar")

    assert shown.keys() == {"organisations", "referrals", "notifications"}
    assert all(bearer.rpartition(".")[2] == service for service, bearer in shown.items())


def test_a_user_is_what_the_token_says() -> None:
    staff = uuid4()

    user = User.from_token(a_token("caseworker", staff=staff))

    assert user.id == staff
    assert user.has(Role.CASEWORKER)
    assert not user.has(Role.RECIPIENT)


@pytest.mark.parametrize("path", ["/", "/overlamningar", "/inkorg", "/floden", "/min-vag", "/live"])
async def test_nobody_sees_a_page_without_signing_in(path: str) -> None:
    async with a_browser(Services({}), signed_in=False) as browser:
        response = await browser.get(path)

    assert (response.status_code, response.headers["location"]) == (303, "/logga-in")


async def test_a_session_that_has_ended_leads_to_sign_in_and_loses_its_cookie() -> None:
    ended = Services({"POST organisations/tokens": (401, {"type": "/problems/unauthenticated"})})
    async with a_browser(ended) as browser:
        response = await browser.get("/overlamningar")

    assert response.headers["location"] == "/logga-in"
    assert "Max-Age=0" in response.headers["set-cookie"]


async def test_where_a_step_up_is_needed_the_way_to_it_is_shown() -> None:
    providers = [{"name": "staden", "label": "Staden", "step_up": True}]
    weak = [{"name": "enkel", "label": "Enkel", "step_up": False}]
    services = Services({
        "GET referrals/referrals": (401, {"type": "/problems/step-up-needed"}),
        "GET organisations/identity-providers": {"items": providers + weak},
    })  # fmt: skip
    async with a_browser(services) as browser:
        page = await browser.get("/overlamningar")

    assert (page.status_code, "set-cookie" in page.headers) == (403, False)
    assert 'action="/logga-in/hos/staden"' in page.text
    assert 'name="step_up" value="yes"' in page.text
    assert "enkel" not in page.text


async def test_an_attempt_is_bound_to_this_browser_by_the_hosts_own_cookie() -> None:
    leaving = {"id": "an-attempt", "address": "https://id.example/auth?a=1&b=2"}
    services = Services({"POST organisations/sign-ins": (201, leaving)})
    async with a_browser(services, signed_in=False) as browser:
        page = await browser.post("/logga-in/hos/staden", data={"key": str(uuid4())})

    cookie = page.headers["set-cookie"]
    assert cookie.startswith("__Host-sign-in=an-attempt;")
    assert {"HttpOnly", "Secure", "Path=/", "SameSite=lax"} <= set(cookie.split("; "))
    assert 'content="0; url=https://id.example/auth?a=1&amp;b=2"' in page.text


async def test_without_an_attempt_nobody_comes_back() -> None:
    services = Services({"POST organisations/sign-ins/completion": (201, {"id": "new"})})
    async with a_browser(services, signed_in=False) as browser:
        page = await browser.get("/logga-in/svar/staden?state=s&code=c")

    assert (page.status_code, services.asked) == (401, [])


async def test_a_provider_that_is_away_keeps_nobody_signed_in() -> None:
    away = (503, {"type": "/problems/unavailable"})
    session = "organisations/sessions/current"
    services = Services({f"GET {session}/way-out": away, f"DELETE {session}": {}})
    async with a_browser(services) as browser:
        page = await browser.post("/logga-ut")

    assert (page.status_code, page.headers["location"]) == (303, "/logga-in")
    assert len(services.asked_for("DELETE organisations/sessions/current")) == 1


async def test_the_cookie_is_the_hosts_own_and_scripts_cannot_read_it() -> None:
    services = Services({"POST organisations/sessions": (201, {"id": "new-session", "ends_at": "x"})})
    async with a_browser(services, signed_in=False) as browser:
        response = await browser.post("/logga-in", data={"key": str(uuid4()), "login": "caseworker-a"})

    cookie = response.headers["set-cookie"]
    assert cookie.startswith("__Host-session=new-session;")
    assert {"HttpOnly", "Secure", "Path=/", "SameSite=lax"} <= set(cookie.split("; "))
    assert "Domain" not in cookie


async def test_outside_a_demo_nobody_signs_in_by_a_button() -> None:
    services = Services({"POST organisations/sessions": (201, {"id": "new-session"})})
    async with a_browser(services, demo=False, signed_in=False) as browser:
        page = await browser.get("/logga-in")
        response = await browser.post("/logga-in", data={"key": str(uuid4()), "login": "caseworker-a"})

    assert "caseworker-a" not in page.text
    assert "DEMO" not in page.text
    assert response.status_code == 404
    assert services.asked_for("POST organisations/sessions") == []

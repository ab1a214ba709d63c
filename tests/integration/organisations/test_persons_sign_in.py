"""A person signs in by her e-ID at a real provider, or by a printed card, through the pages."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
from httpx2 import Response

from services.organisations.api.sign_in import BY_CODE
from services.organisations.domain.sign_in import CARD_LIMIT, Holder, Session
from services.web.main import create_web
from shared.actor import ActorKind
from shared.ids import new_id
from tests.identity.browser import WEB, Browser
from tests.integration.organisations.directory import Directory, House, Member
from tests.integration.organisations.test_identity import a_provider, claims_of, web_settings
from tests.integration.referrals.world import person_body
from tests.integration.walls import search
from tests.network import Network

DIRECTORY = "organisations."


@dataclass
class Home:
    """The directory and referrals with their pages, a caseworker of one home, and a person of hers."""

    directory: Directory
    house: House
    caseworker: Member
    browser: Callable[[], Browser]
    person_id: str
    subject: str

    async def referrals(self, method: str, path: str, body: Any = None, **more: Any) -> Response:
        token = more.pop("token", self.caseworker.token)
        return await self.directory.network.call("referrals", method, path, token=token, json=body, **more)

    async def code(self, kind: str) -> dict[str, Any]:
        made = await self.referrals("POST", f"/persons/{self.person_id}/admissions", {"kind": kind})
        assert made.status_code == 201, made.text
        said: dict[str, Any] = made.json()
        return said

    async def tied(self, browser: Browser, code: str) -> Response:
        """Go to the provider with a code, be somebody there, and come back."""
        return await browser.get(await browser.vouched(self.subject, by="/koppla", code=code))

    async def token(self, session: str | None) -> dict[str, Any] | None:
        http, address = self.directory.network.http, f"{self.directory.address}/tokens"
        answer = await http.post(address, json={"session": session})
        assert answer.status_code in {200, 401}, answer.text
        return claims_of(answer.json()["access_token"]) if answer.status_code == 200 else None

    def stored(self) -> list[tuple[str, bytes]]:
        """All that stands in the directory's tables."""
        network = self.directory.network
        address = network.servers.postgres.url.rpartition("/")[0] + f"/{network.database}"
        return [(name, said) for name, said in search.tables(address) if name.startswith(DIRECTORY)]


@pytest.fixture
async def home(issuer: str, start_network: Callable[..., Awaitable[Network]]) -> AsyncIterator[Home]:
    directory = Directory(await start_network("organisations", "referrals"))
    state = directory.network.api("organisations").state
    provider = a_provider(issuer, realm=None, holders=["person"], label="e-legitimation")
    state.settings = state.settings.model_copy(update={"oidc_providers": (provider,), "public_url": WEB})
    house = await directory.a_house()
    caseworker = await directory.a_member(house.admin.token, house.id, "caseworker", team_id=house.team_id)
    async with AsyncExitStack() as stack:
        away = dict.fromkeys(("notifications", "tracing"), "http://127.0.0.1:9")
        settings = web_settings(directory)
        web = create_web(settings.model_copy(update={"peers": away | dict(settings.peers)}))
        await stack.enter_async_context(web.router.lifespan_context(web))

        def browser() -> Browser:
            one = Browser(web)
            stack.push_async_callback(one.close)
            return one

        home = Home(directory, house, caseworker, browser, "", f"199001012384-{new_id()}")
        home.person_id = (await home.referrals("POST", "/persons", person_body())).json()["id"]
        yield home


async def test_a_person_ties_her_e_id_once_and_signs_in_by_it(home: Home) -> None:
    browser, given = home.browser(), await home.code("e_id")
    unknown = await browser.sign_in(home.subject)

    back = await browser.vouched(home.subject, by="/koppla", code=given["code"])
    (attempt,) = await home.directory.rows("select sealed_code from sign_ins")
    answer = await browser.get(back)

    assert search.is_in((given["code"].replace("-", ""), given["code"]), attempt["sealed_code"]) == []
    assert (unknown.status_code, answer.status_code) == (403, 303)
    first = await home.token(browser.session)
    assert first is not None
    assert (first["sub"], first["roles"], first["kind"]) == (home.person_id, ["person"], "person")
    assert first["admission"] == given["id"]
    assert "Min väg" in (await browser.get(f"{WEB}/min-vag")).text
    assert "E-legitimation" in (await browser.get(f"{WEB}/min-inloggning")).text
    session = browser.session
    await browser.post(f"{WEB}/logga-ut")
    assert await home.token(session) is None

    again = home.browser()
    assert (await again.sign_in(home.subject)).status_code == 303
    second = await home.token(again.session)
    assert second is not None
    assert second["sub"] == home.person_id

    # Neither her number nor whose it is stands in the directory.
    words = (home.subject, home.subject[:12], home.person_id, given["code"].replace("-", ""))
    kept = [(name, search.is_in(words, said)) for name, said in home.stored()]
    assert [one for one in kept if one[1]] == []
    assert not any(UUID(home.person_id).bytes in said for _, said in home.stored())
    assert any(UUID(given["id"]).hex in said.decode("latin-1").replace("-", "") for _, said in home.stored())


async def by_her_caseworker(home: Home, admission_id: str, _: Browser) -> None:
    path = f"/persons/{home.person_id}/admissions/{admission_id}/revocation"
    assert (await home.referrals("POST", path, {})).status_code == 200


async def by_herself(_: Home, admission_id: str, browser: Browser) -> None:
    answer = await browser.post(f"{WEB}/min-inloggning/{admission_id}/ta-tillbaka")
    assert answer.status_code == 303


async def by_a_lock(home: Home, _: str, __: Browser) -> None:
    admin, keepers = home.house.admin.token, []
    for _nth in range(2):
        one = await home.directory.a_member(admin, home.house.id, "caseworker", team_id=home.house.team_id)
        keepers.append(one.id)
    async with home.directory.network.delivered():
        pass
    locked = await home.referrals(
        "POST", f"/persons/{home.person_id}/lock", {"staff_ids": keepers}, version=1
    )
    assert locked.status_code == 200, locked.text


@pytest.mark.parametrize("end", [by_her_caseworker, by_herself, by_a_lock])
async def test_what_is_taken_back_or_locked_lets_nobody_in(home: Home, end: Any) -> None:
    browser, given = home.browser(), await home.code("e_id")
    await home.tied(browser, given["code"])
    session = browser.session
    assert await home.token(session) is not None

    await end(home, given["id"], browser)

    assert await home.token(session) is None
    assert (await home.browser().sign_in(home.subject)).status_code in {401, 403}
    assert await home.directory.rows("select from e_ids") == []
    assert await home.directory.rows("select from sessions") == []
    # Nor does the code that was used tie it anew.
    assert (await home.tied(home.browser(), given["code"])).status_code == 403


async def test_a_card_shows_one_page_and_nothing_else(home: Home) -> None:
    browser, given = home.browser(), await home.code("status_card")

    wrong = await browser.post(f"{WEB}/kodkort", code="0000-0000-0000")
    shown = await browser.post(f"{WEB}/kodkort", code=given["code"].lower())
    page = await browser.get(f"{WEB}/min-status")

    assert (wrong.status_code, "Koden gäller inte" in wrong.text) == (403, True)
    assert (shown.status_code, shown.headers["Location"]) == (303, "/min-status")
    assert (page.status_code, "Så går det" in page.text) == (200, True)
    claims = await home.token(browser.session)
    assert claims is not None
    assert (claims["sub"], claims["kind"], claims["roles"]) == (given["id"], "card", [])
    assert home.person_id not in str(claims) + page.text
    assert "/matris" not in page.text
    for closed in ("/min-vag", "/min-inloggning", "/overlamningar", "/inkorg"):
        assert (await browser.get(f"{WEB}{closed}")).status_code == 403, closed
    assert (await home.browser().post(f"{WEB}/kodkort", code=given["code"])).status_code == 403

    # The directory's own clock: it is the second of two that count.
    (session,) = await home.directory.rows("select began_at, seen_at from sessions")
    holder = Holder(kind=ActorKind.CARD, id=new_id(), organisation_id=new_id(), by_admission=True)
    assert Session(digest=b"", holder=holder, **session).ends_at == session["began_at"] + CARD_LIMIT
    await by_her_caseworker(home, given["id"], browser)

    assert "Kortet visar inget mer" in (await browser.get(f"{WEB}/min-status")).text
    assert browser.session is None


async def test_the_caseworker_gives_codes_and_takes_them_back_by_the_pages(home: Home) -> None:
    browser, door = home.browser(), f"{WEB}/personer/{home.person_id}/inloggning"
    begun = await home.directory.network.http.post(
        f"{home.directory.address}/sessions", json={"login": home.caseworker.login}
    )
    browser.cookies["web"]["__Host-session"] = begun.json()["id"]

    printed = await browser.post(door, kind="status_card")
    listed = await browser.get(door)

    assert (printed.status_code, "Kodkort" in printed.text) == (200, True)
    assert "Amina" not in printed.text
    (made,) = (await home.referrals("GET", f"/persons/{home.person_id}/admissions")).json()["items"]
    assert f"/inloggning/{made['id']}/ta-tillbaka" in listed.text
    assert (await browser.post(f"{door}/{made['id']}/ta-tillbaka")).status_code == 303
    assert "Gäller inte längre" in (await browser.get(door)).text


async def test_guesses_at_a_code_are_stopped_before_it_is_looked_at(home: Home) -> None:
    given = await home.code("status_card")
    group = given["code"][:4]
    http, address = home.directory.network.http, f"{home.directory.address}/sign-ins/card"

    async def tried(code: str) -> int:
        return (await http.post(address, json={"code": code, "attempt": str(new_id())})).status_code

    guesses = [await tried(f"{group}-0000-{nth:04}") for nth in range(BY_CODE.most)]

    assert guesses == [403] * BY_CODE.most
    assert await tried(given["code"]) == 429
    # Who guesses at one card keeps nobody else out.
    assert await tried("ZZZZ-0000-0000" if group != "ZZZZ" else "YYYY-0000-0000") == 403

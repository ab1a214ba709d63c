"""No foreign page posts here, and no page loads from elsewhere or is framed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from httpx2 import Request
from starlette.routing import Route

from services.web.guard import HEADERS
from services.web.looks import TEMPLATES
from services.web.main import AREAS
from tests.unit.web.makers import Services, a_browser


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site", "Origin": "http://web"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
        {"Sec-Fetch-Site": "", "Origin": "http://evil.example"},
        {"Sec-Fetch-Site": "", "Origin": "null"},
        {"Sec-Fetch-Site": ""},
    ],
)
async def test_a_form_of_another_site_is_refused(headers: dict[str, str]) -> None:
    services = Services({})
    async with a_browser(services) as browser:
        del browser.headers["Sec-Fetch-Site"]
        response = await browser.post("/logga-ut", headers={k: v for k, v in headers.items() if v})

    assert response.status_code == 403
    assert services.asked == []


async def test_an_older_browser_is_known_by_its_origin() -> None:
    async with a_browser(Services({"DELETE organisations/sessions/current": {}})) as browser:
        del browser.headers["Sec-Fetch-Site"]
        response = await browser.post("/logga-ut", headers={"Origin": "http://web"})

    assert response.headers["location"] == "/logga-in"


@pytest.mark.parametrize("path", ["/logga-in", "/health/live", "/finns-inte", "/static/nothing.css"])
async def test_every_answer_keeps_to_itself(path: str) -> None:
    async with a_browser(Services({})) as browser:
        response = await browser.get(path)

    assert {name: response.headers[name] for name in HEADERS} == HEADERS


async def test_pages_are_not_kept_and_files_are() -> None:
    async with a_browser(Services({})) as browser:
        page = await browser.get("/logga-in")
        file = await browser.get(re.findall(r'href="(/static/pages[^"]+)"', page.text)[0])

    assert page.headers["cache-control"] == "no-store"
    assert file.headers["cache-control"] == "public, max-age=31536000, immutable"


@pytest.mark.parametrize("template", sorted(TEMPLATES.rglob("*.html")), ids=lambda path: path.name)
def test_no_template_has_a_script_or_a_style_of_its_own(template: Path) -> None:
    text = template.read_text()

    assert not re.search(r"<script(?![^>]*\bsrc=)", text)
    assert not re.search(r"<style|\sstyle=|\son\w+=|javascript:|https?://", text)


def every_page() -> list[tuple[str, str]]:
    """Each route of the pages and its methods, with something in every place."""
    routes = [route for area in AREAS for route in area.router.routes]
    return sorted(
        (method, re.sub(r"{[^}]*}", "x", route.path))
        for route in routes
        if isinstance(route, Route)
        for method in route.methods or ()
    )


async def test_every_page_has_the_strict_headers_and_nothing_moves_by_looking() -> None:
    services, pages, moved = Services({}), every_page(), []
    async with a_browser(services) as browser:
        for method, path in pages:
            before = len(services.asked)
            answer = await browser.request(method, path)
            assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS, path
            assert answer.headers["cache-control"] == "no-store", path
            moved += [(path, asked) for asked in services.asked[before:] if method == "GET" and moves(asked)]

    assert len(pages) > 30
    assert moved == []


def moves(asked: Request) -> bool:
    """Whether more is asked of a service than to look; a token is asked for on every page."""
    return asked.method != "GET" and asked.url.path != "/tokens"

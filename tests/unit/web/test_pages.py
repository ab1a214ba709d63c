"""Pages before services that refuse, are away, or answer."""

from __future__ import annotations

from uuid import uuid4

import httpx2
import pytest

from services.web.guard import HEADERS
from services.web.main import create_web
from tests.unit.web.makers import Services, a_browser, a_settings

ID = uuid4()
PERSON = {"given_name": "A", "family_name": "B", "birth_year": 1990, "language": "sv", "contacts": []}
REFERRAL = {
    "id": str(ID),
    "code": "Ö-7KQ2-M4",
    "version": 3,
    "state": "sent",
    "allowed": ["recall"],
    "need_id": str(ID),
    "path_id": str(uuid4()),
    "offering_id": str(uuid4()),
    "from_organisation_id": str(uuid4()),
    "to_organisation_id": str(uuid4()),
    "to_team_id": str(uuid4()),
    "urgency": "normal",
    "answer_by": "2026-11-25T22:59:59Z",
    "first_contact_by": None,
}


async def test_a_service_that_is_away_gives_a_calm_page_and_a_time_to_come_back() -> None:
    services = Services({"GET referrals/referrals": httpx2.ConnectError("away")}, "caseworker")
    async with a_browser(services) as browser:
        response = await browser.get("/overlamningar")

    assert response.status_code == 503
    assert response.headers["retry-after"] == "5"
    assert "Det går inte att svara just nu" in response.text


async def test_a_page_is_more_than_its_bell() -> None:
    answers = {
        "GET notifications/notifications/count": httpx2.ConnectError("away"),
        "GET referrals/referrals": {"items": [], "next": None},
    }
    async with a_browser(Services(answers, "caseworker")) as browser:
        response = await browser.get("/overlamningar")

    assert response.status_code == 200


@pytest.mark.parametrize(
    "path",
    [f"/overlamningar/{ID}", "/overlamningar/not-an-id", "/finns-inte"],
    ids=["unknown or foreign", "malformed", "no page"],
)
async def test_unknown_foreign_and_malformed_look_the_same(path: str) -> None:
    async with a_browser(Services({}, "caseworker")) as browser:
        response = await browser.get(path)

    assert response.status_code == 404
    assert "<h1>Sidan finns inte</h1>" in response.text


async def test_after_the_consents_end_the_receiver_reads_a_calm_page() -> None:
    ended = {f"GET referrals/referrals/{ID}": (409, {"type": "/problems/consent-ended"})}
    async with a_browser(Services(ended, "recipient")) as browser:
        response = await browser.get(f"/inkorg/{ID}")

    assert response.status_code == 409
    assert "<h1>Delningen har upphört</h1>" in response.text


async def test_the_key_of_the_form_and_the_version_on_the_screen_go_along() -> None:
    services = Services({f"POST referrals/referrals/{ID}/send": REFERRAL}, "caseworker")
    key = str(uuid4())
    async with a_browser(services) as browser:
        response = await browser.post(f"/overlamningar/{ID}/skicka", data={"key": key, "version": "3"})

    (sent,) = services.asked_for(f"POST referrals/referrals/{ID}/send")
    assert (sent.headers["idempotency-key"], sent.headers["if-match"]) == (key, '"3"')
    assert sent.content == b'{"undo_s":10}'
    assert response.headers["location"] == f"/overlamningar/{ID}"


async def test_a_refused_form_keeps_what_was_typed() -> None:
    async with a_browser(Services({}, "caseworker")) as browser:
        response = await browser.post(
            "/overlamningar/ny/person",
            data={"key": str(uuid4()), "given_name": "Amina", "birth_year": "nittio"},
        )

    assert response.status_code == 422
    assert 'value="Amina"' in response.text
    assert 'href="#birth_year"' in response.text
    assert 'id="birth_year-error"' in response.text


async def test_a_stale_version_is_said_in_words() -> None:
    answers = {
        f"GET referrals/referrals/{ID}": REFERRAL,
        f"POST referrals/referrals/{ID}/recall": (
            412,
            {"type": "/problems/version-stale", "changed": ["state"]},
        ),
    }
    data = {"key": str(uuid4()), "version": "2", "reason": "duplicate"}
    async with a_browser(Services(answers, "caseworker")) as browser:
        response = await browser.post(f"/overlamningar/{ID}/dra-tillbaka", data=data)

    assert response.status_code == 412
    assert "Någon annan hann före" in response.text
    assert '<option value="duplicate" selected>' in response.text


@pytest.mark.parametrize("answer", ["yes", "unknown"])
async def test_a_protected_person_never_reaches_a_service(answer: str) -> None:
    services = Services({}, "caseworker")
    async with a_browser(services) as browser:
        response = await browser.post(
            "/overlamningar/ny", data={"key": str(uuid4()), "protected_identity": answer}
        )

    assert response.headers["location"] == "/overlamningar/ny/rutin"
    assert not [one for one in services.asked if one.url.host == "referrals"]


async def test_a_path_that_was_opened_is_not_opened_again_when_the_need_is_refused() -> None:
    person, path = uuid4(), uuid4()
    answers = {
        f"GET referrals/persons/{person}": PERSON | {"id": str(person)},
        "POST referrals/paths": (201, {"id": str(path), "person_id": str(person), "goal": "x"}),
        "POST referrals/needs": (422, {"type": "/problems/invalid", "errors": [{"field": "area"}]}),
    }
    data = {"goal": "x", "code": "language", "theme": "individual", "area": "B041", "urgency": "normal"}
    async with a_browser(Services(answers, "caseworker")) as browser:
        response = await browser.post(f"/overlamningar/ny/{person}/behov", data=data | {"key": str(uuid4())})

    assert f'name="path_id" value="{path}"' in response.text
    assert 'id="area-error"' in response.text


async def test_the_demos_routes_exist_in_a_demo_alone() -> None:
    services = Services({"POST organisations/demo/settle": {"settled": True}})
    async with a_browser(services, signed_in=False) as browser:
        del browser.headers["Sec-Fetch-Site"]
        settled = await browser.post("/demo/settle")
    async with a_browser(services, demo=False, signed_in=False) as browser:
        absent = await browser.post("/demo/settle")

    assert settled.json() == {"settled": True}
    assert absent.status_code == 404


async def test_health_and_figures_need_nobody_signed_in() -> None:
    services = Services({"GET organisations/health/ready": {"status": "ready"}})
    async with a_browser(services, signed_in=False) as browser:
        answers = [await browser.get(path) for path in ("/health/live", "/health/ready", "/metrics")]

    assert [answer.status_code for answer in answers] == [200, 200, 200]


async def test_not_ready_while_nobody_could_sign_in() -> None:
    services = Services({"GET organisations/health/ready": httpx2.ConnectError("away")})
    async with a_browser(services, signed_in=False) as browser:
        response = await browser.get("/health/ready")

    assert response.status_code == 503


async def test_a_bug_is_a_calm_page_that_keeps_to_itself() -> None:
    services = Services({"GET referrals/referrals": {"items": "not a list"}}, "caseworker")
    web = create_web(a_settings(), transport=httpx2.MockTransport(services))
    transport = httpx2.ASGITransport(app=web, raise_app_exceptions=False)
    async with httpx2.AsyncClient(
        transport=transport, base_url="http://web", cookies={"__Host-session": "s"}
    ) as browser:
        response = await browser.get("/overlamningar")

    assert response.status_code == 500
    assert "<h1>Något gick fel hos oss</h1>" in response.text
    assert {name: response.headers[name] for name in HEADERS} == HEADERS


async def test_a_form_that_is_too_large_is_refused() -> None:
    services = Services({}, "caseworker")
    async with a_browser(services) as browser:
        response = await browser.post("/overlamningar/ny/person", data={"given_name": "x" * 300_000})

    assert response.status_code == 413
    assert "För mycket text" in response.text


async def test_a_visits_questions_carry_its_correlation() -> None:
    services = Services({"GET referrals/referrals": {"items": [], "next": None}}, "caseworker")
    correlation = str(uuid4())
    async with a_browser(services) as browser:
        await browser.get("/overlamningar", headers={"X-Correlation-Id": correlation})

    (asked,) = services.asked_for("GET referrals/referrals")
    assert asked.headers["x-correlation-id"] == correlation

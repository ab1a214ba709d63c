"""Joining: the secret is in a body alone, and what is wrong stands beside its field."""

from __future__ import annotations

import json
from typing import Any
from uuid import UUID, uuid4

import pytest
from structlog.testing import capture_logs

from services.web.session import User
from tests.unit.web.makers import Services, a_browser

SECRET = "s3cret-" + "x" * 36
KEY = str(uuid4())
JOINING = {
    "key": KEY,
    "secret": SECRET,
    "admin_name": "Amina H.",
    "login": "amina@example.org",
    "team_name": "Mottagningen",
    "name": "",
}
INVITED = {
    "id": str(uuid4()),
    "name": "Föreningen Nya",
    "expires_at": "2026-12-06T08:00:00Z",
    "used_at": None,
    "organisation_id": None,
    "secret": SECRET,
}
ACCEPTANCE = "POST organisations/invitations/acceptance"
JOINED = (201, {"organisation_id": str(uuid4())})
STAFF_ID, TEAM_ID = uuid4(), uuid4()
COLLEAGUE = {
    "id": str(STAFF_ID),
    "team_id": None,
    "name": "Amina H.",
    "roles": ["organisation_admin", "recipient"],
    "roles_until": [{"role": "recipient", "valid_until": "2027-01-31"}],
    "login": "amina",
    "active": True,
    "version": 4,
}
TEAMS = {
    "items": [{"id": str(TEAM_ID), "name": "Mottagningen", "fallback_team_id": None, "version": 1}],
    "next": None,
}


async def test_the_secret_is_in_a_body_alone_and_in_no_log() -> None:
    services = Services({ACCEPTANCE: JOINED, "GET organisations/identity-providers": {"items": []}})
    with capture_logs() as lines:
        async with a_browser(services, signed_in=False) as browser:
            asked = await browser.get("/inbjudan")
            response = await browser.post("/inbjudan", data=JOINING)

    (joined,) = services.asked_for(ACCEPTANCE)
    assert json.loads(joined.content)["secret"] == SECRET
    assert not [one.url for one in services.asked if SECRET in str(one.url)]
    assert [line["route"] for line in lines if line["event"] == "request"] == ["/inbjudan"] * 2
    assert SECRET not in str(lines)
    assert (asked.headers["referrer-policy"], response.headers["referrer-policy"]) == ("no-referrer",) * 2
    assert "Logga in som amina@example.org" in response.text
    assert SECRET not in response.text


async def test_the_link_carries_the_secret_where_no_browser_sends_it() -> None:
    services = Services({"POST organisations/invitations": (201, INVITED)}, "coordinator")
    data = {"key": KEY, "name": "Föreningen Nya", "kind": "association"}
    data |= {"sector": "civil_society", "legal_kind": "association"}
    async with a_browser(services) as browser:
        response = await browser.post("/natverket/inbjudningar", data=data)

    assert response.status_code == 201
    assert f'value="http://web/inbjudan#{SECRET}"' in response.text
    assert response.headers["cache-control"] == "no-store"
    (sent,) = services.asked_for("POST organisations/invitations")
    assert json.loads(sent.content)["provides_social_services"] is False


@pytest.mark.parametrize(
    ("refusal", "status", "beside"),
    [
        ((404, {"type": "/problems/not-found"}), 422, "secret"),
        ((409, {"type": "/problems/login-taken"}), 409, "login"),
    ],
)
async def test_a_refused_joining_keeps_what_was_typed(
    refusal: tuple[int, dict[str, Any]], status: int, beside: str
) -> None:
    async with a_browser(Services({ACCEPTANCE: refusal}), signed_in=False) as browser:
        response = await browser.post("/inbjudan", data=JOINING)

    assert response.status_code == status
    assert f'id="{beside}-error"' in response.text
    assert 'value="Amina H."' in response.text


async def test_an_invitation_that_is_over_says_what_to_do() -> None:
    over = (409, {"type": "/problems/invitation-over"})
    async with a_browser(Services({ACCEPTANCE: over}), signed_in=False) as browser:
        response = await browser.post("/inbjudan", data=JOINING)

    assert "Inbjudan gäller inte längre" in response.text
    assert 'href="/logga-in"' in response.text


async def test_whoever_receives_herself_keeps_her_roles_and_joins_the_only_team() -> None:
    me = COLLEAGUE | {"roles": ["organisation_admin"], "roles_until": []}
    services = Services({"GET organisations/teams": TEAMS}, "organisation_admin")
    my_id = _subject(services)
    services.answers |= {
        f"GET organisations/staff/{my_id}": me | {"id": str(my_id)},
        f"PATCH organisations/staff/{my_id}": COLLEAGUE,
    }
    async with a_browser(services) as browser:
        response = await browser.post("/var-organisation/jag-tar-emot", data={"key": KEY, "version": "4"})

    (sent,) = services.asked_for(f"PATCH organisations/staff/{my_id}")
    assert json.loads(sent.content) == {
        "roles": ["organisation_admin", "recipient"],
        "team_id": str(TEAM_ID),
    }
    assert response.headers["location"] == "/var-organisation"


async def test_an_organisation_may_leave_open_how_many_it_wants_at_once() -> None:
    services = Services({}, "organisation_admin")
    token = User.from_token(services.answers["POST organisations/tokens"]["access_token"])
    path = f"organisations/organisations/{token.organisation_id}"
    ours = {
        "id": str(token.organisation_id),
        "name": "Föreningen",
        "kind": "association",
        "status": "active",
        "sector": None,
        "legal_kind": "association",
        "protection": "pledge",
        "most_at_once": 4,
        "version": 2,
    }
    services.answers |= {f"GET {path}": ours, f"PATCH {path}": ours}
    data = {"key": KEY, "version": "2", "name": "Föreningen", "sector": "civil_society", "most_at_once": ""}
    async with a_browser(services) as browser:
        await browser.post("/var-organisation/uppgifter", data=data)

    (sent,) = services.asked_for(f"PATCH {path}")
    assert json.loads(sent.content) == {"name": "Föreningen", "sector": "civil_society", "most_at_once": None}


async def test_a_role_is_renewed_by_another_last_day() -> None:
    path = f"organisations/staff/{STAFF_ID}"
    services = Services({f"GET {path}": COLLEAGUE, f"PATCH {path}": COLLEAGUE}, "organisation_admin")
    data = {"key": KEY, "version": "4", "name": "Amina H.", "team_id": "", "roles": ["recipient"]}
    data |= {"until_recipient": "2027-12-31", "until_caseworker": "2027-12-31"}
    async with a_browser(services) as browser:
        await browser.post(f"/medarbetare/{STAFF_ID}", data=data)

    (sent,) = services.asked_for(f"PATCH {path}")
    assert json.loads(sent.content) == {
        "name": "Amina H.",
        "team_id": None,
        "roles": ["recipient"],
        "roles_until": [{"role": "recipient", "valid_until": "2027-12-31"}],
    }


@pytest.mark.parametrize(
    ("changed", "beside"),
    [({"roles": []}, "roles"), ({"until_recipient": "i vår"}, "roles_until"), ({"name": " "}, "name")],
)
async def test_what_is_wrong_of_a_colleague_is_said_beside_it(changed: dict[str, Any], beside: str) -> None:
    services = Services({"GET organisations/teams": TEAMS}, "organisation_admin")
    data = {"key": KEY, "name": "Amina H.", "roles": ["recipient"]} | changed
    async with a_browser(services) as browser:
        response = await browser.post("/medarbetare/ny", data=data)

    assert response.status_code == 422
    assert f'id="{beside}-error"' in response.text
    assert not services.asked_for("POST organisations/staff")


async def test_the_open_part_is_read_without_signing_in_and_the_blanks_are_not() -> None:
    answers: dict[str, Any] = {"GET organisations/public/offerings": {"items": [], "next": None}}
    async with a_browser(Services(answers), signed_in=False) as browser:
        shown = [(await browser.get(path)).status_code for path in ("/insatser", "/moten", "/matris")]

    assert shown == [200, 200, 303]


async def test_a_blank_of_the_matrix_is_called_a_blank() -> None:
    cells = [{"theme": "school", "area": "B041", "offerings": 3, "blank": False}]
    answers = {"GET organisations/offerings/matrix": {"items": cells, "next": None}}
    async with a_browser(Services(answers, "coordinator")) as browser:
        page = (await browser.get("/matris?need=language")).text

    assert page.count(">Lucka<") == 4 * 7 - 1
    assert 'href="/hitta?theme=school&amp;area=B041&amp;need=language"' in page


def _subject(services: Services) -> UUID:
    """Whom the token of these services names."""
    return User.from_token(services.answers["POST organisations/tokens"]["access_token"]).id

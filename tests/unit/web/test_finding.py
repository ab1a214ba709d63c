"""Finding what helps: why it fits or not, how old the word on places is, and what nothing found means."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest

from tests.unit.web.makers import Services, a_browser

HIT_ID, PERSON_ID, NEED_ID, PATH_ID = uuid4(), uuid4(), uuid4(), uuid4()
RANKING = {"items": [{"rule": "fits", "said": "Det som passar står före."}], "next": None}


def a_hit(**also: Any) -> dict[str, Any]:
    return {
        "id": str(HIT_ID),
        "organisation_id": str(uuid4()),
        "team_id": str(uuid4()),
        "name": "Språkcaféet",
        "kind": "unassessed",
        "description": "",
        "needs": ["language"],
        "themes": [],
        "areas": ["B022"],
        "languages": ["sv"],
        "access": [],
        "age_from": None,
        "age_to": None,
        "eligibility": [],
        "required_fields": [],
        "sensitive": False,
        "protective_factors": [],
        "leads_to": [],
        "protected_place": False,
        "door": None,
        "capacity": {"available": 4, "maximum": 15, "updated_at": "2026-11-01T08:00:00Z"},
        "capacity_days_old": 9,
        "capacity_stale": True,
        "waiting": None,
        "answer_promise_days": 3,
        "status": "existing",
        "paused_until": None,
        "confirmation": {"confirmed_at": None, "due": True},
        "version": 1,
        "fits": True,
        "why": [{"rule": "area", "ok": True, "said": "Insatsen är för boende i Drottninghög."}],
        "rank": {"fits": True, "text": 0.0, "unknown": 0, "places": "unknown"},
        **also,
    }


def found(*hits: dict[str, Any], more: UUID | None = None) -> dict[str, Any]:
    answer = {"items": [*hits], "next": more and str(more)}
    return {"GET organisations/offerings": answer, "GET organisations/offerings/ranking": RANKING}


async def shown(address: str, answers: dict[str, Any], role: str = "caseworker") -> tuple[str, Services]:
    services = Services(answers, role)
    async with a_browser(services) as browser:
        response = await browser.get(address)
    assert response.status_code == 200
    return response.text, services


async def test_a_hit_says_why_it_fits_and_how_old_the_word_on_places_is() -> None:
    page, services = await shown(
        "/hitta?need=language&area=B022&access=evening&access=remote", found(a_hit())
    )

    assert "Insatsen är för boende i Drottninghög." in page
    assert "4 av 15 platser lediga." in page
    assert "Uppgiften är gammal, den är sagd för 9 dagar sedan." in page
    assert "Det som passar står före." in page
    (asked,) = services.asked_for("GET organisations/offerings")
    assert asked.url.params.multi_items() == [
        ("limit", "30"),
        ("need", "language"),
        ("area", "B022"),
        ("access", "evening"),
        ("access", "remote"),
    ]


async def test_a_fresh_word_is_not_called_old() -> None:
    page, _ = await shown(
        "/hitta?text=kaffe&age=&need=&theme=&area=&language=",
        found(a_hit(capacity_days_old=1, capacity_stale=False)),
    )

    assert "Sagt i går." in page
    assert "gammal" not in page


async def test_silence_on_places_is_called_silence() -> None:
    silent = {"available": None, "maximum": None, "updated_at": None}
    page, _ = await shown(
        "/hitta?text=kaffe", found(a_hit(capacity=silent, capacity_days_old=None, capacity_stale=False))
    )

    assert "Ingen har sagt hur många platser som är lediga." in page


@pytest.mark.parametrize(
    ("address", "role", "times_told"),
    [
        ("/hitta?need=language", "caseworker", 1),
        ("/hitta?text=kaffe", "caseworker", 0),
        ("/hitta?need=language", "recipient", 0),
    ],
)
async def test_only_what_the_directory_tells_is_said_to_be_told_as_a_gap(
    address: str, role: str, times_told: int
) -> None:
    page, _ = await shown(address, found(a_hit(fits=False)), role)

    assert page.count("Det är berättat som en lucka") == times_told
    assert "Passar inte: 1" in page


async def test_more_is_the_same_search_further_on() -> None:
    page, _ = await shown("/hitta?need=language&access=evening&text=", found(a_hit(), more=HIT_ID))

    assert f'href="/hitta?need=language&amp;access=evening&amp;after={HIT_ID}"' in page


async def test_an_age_that_is_none_is_named_beside_its_field() -> None:
    async with a_browser(Services(found(a_hit()), "caseworker")) as browser:
        response = await browser.get("/hitta?age=gammal&need=language")

    assert response.status_code == 422
    assert 'id="age-error"' in response.text
    assert '<option value="language" selected>' in response.text


async def test_the_receiver_step_judges_for_the_person_and_tells_the_directory_no_more() -> None:
    need = {"id": str(NEED_ID), "path_id": str(PATH_ID), "code": "language", "area": "B022"}
    person = {
        "id": str(PERSON_ID),
        "given_name": "Amina",
        "family_name": "Påhittad",
        "birth_year": datetime.now(UTC).year - 34,
        "language": "so",
        "contacts": [],
    }
    path = {"id": str(PATH_ID), "person_id": str(PERSON_ID), "goal": "x"}
    page, services = await shown(
        f"/overlamningar/ny/behov/{NEED_ID}/mottagare",
        {
            f"GET referrals/needs/{NEED_ID}": need,
            f"GET referrals/paths/{PATH_ID}": path,
            f"GET referrals/persons/{PERSON_ID}": person,
            **found(a_hit(), a_hit(id=str(uuid4()), name="En annan", fits=False)),
        },
    )

    (asked,) = services.asked_for("GET organisations/offerings")
    assert asked.url.params.multi_items() == [
        ("limit", "200"),
        ("need", "language"),
        ("area", "B022"),
        ("age", "34"),
        ("language", "so"),
    ]
    assert page.index("Språkcaféet") < page.index("Passar inte: 1") < page.index("En annan")
    assert "för 9 dagar sedan" in page


async def test_an_error_is_reported_by_a_code_alone() -> None:
    report = {
        "id": str(uuid4()),
        "version": 1,
        "offering_id": str(HIT_ID),
        "kind": "has_ended",
        "reported_at": "2026-11-01T08:00:00Z",
    }
    path = f"POST organisations/offerings/{HIT_ID}/error-reports"
    services = Services({path: (201, report)}, "caseworker")
    async with a_browser(services) as browser:
        data = {"key": str(uuid4()), "kind": "has_ended", "text": "Amina"}
        response = await browser.post(f"/hitta/{HIT_ID}/fel", data=data)

    assert services.asked_for(path)[0].content == b'{"kind":"has_ended"}'
    assert response.headers["location"] == f"/hitta/{HIT_ID}/tack"

"""An organisation's own offerings: altered without losing anything, and kept true in a click or two."""

from __future__ import annotations

import json
from typing import Any
from uuid import uuid4

import pytest

from services.web.directory_answers import OfferingWhole
from services.web.offering_form import body_of, changes_of, rows_of, standing
from services.web.typed import Typed
from services.web.wire import Problem
from tests.unit.web.makers import Services, a_browser
from tests.unit.web.test_finding import HIT_ID, a_hit

KEY = str(uuid4())
RULE = {
    "rule": "age",
    "needs": [],
    "age_from": 20,
    "age_to": None,
    "areas": [],
    "languages": [],
    "access": [],
    "for_needs": ["language"],
}
WHOLE = a_hit(
    description="Vi övar svenska.\nVarje tisdag.",
    themes=["individual"],
    languages=["sv", "fi"],
    access=["step_free"],
    age_from=0,
    eligibility=[RULE, RULE | {"rule": "area", "age_from": None, "areas": ["B022", "B023"], "for_needs": []}],
    required_fields=[
        {"field": "given_name", "class": "normal", "why": "Så att vi kan hälsa."},
        {"field": "background", "class": "third_party", "why": "Så att vi vet."},
    ],
    sensitive=True,
    protective_factors=["network"],
    leads_to=[str(uuid4())],
    kind="open",
    door={
        "address": "Påhittade torget 1",
        "hours": [
            {"weekday": 2, "opens": "09:00", "closes": "12:00"},
            {"weekday": 2, "opens": "13:00", "closes": "15:30"},
        ],
    },
    waiting=2,
)
OURS = {
    "GET organisations/offerings/own": {"items": [a_hit()], "next": None},
    "GET organisations/error-reports": {"items": [], "next": None},
}


def whole() -> OfferingWhole:
    return OfferingWhole.model_validate(WHOLE)


def in_the_form(**also: list[str]) -> Typed:
    return Typed({**standing(whole()).values, "key": [KEY], **also})


def test_what_stands_in_the_form_says_the_whole_offering() -> None:
    told = body_of(in_the_form(), whole())

    kept = {name: WHOLE[name] for name in told if name in WHOLE}
    assert told == kept | {"capacity": {"available": 4, "maximum": 15}}


def test_fields_left_blank_say_nothing() -> None:
    blank = {name: [""] for name in ("age_from", "age_to", "available", "maximum", "waiting", "paused_until")}

    told = body_of(in_the_form(**blank), whole())

    assert [told[name] for name in ("age_from", "age_to", "waiting", "paused_until")] == [None] * 4
    assert told["capacity"] == {"available": None, "maximum": None}


def test_only_what_is_new_is_sent_so_that_an_old_word_on_places_stays_old() -> None:
    assert changes_of(in_the_form(), whole()) == {}
    assert changes_of(in_the_form(name=["Kaféet"]), whole()) == {"name": "Kaféet"}


def test_there_is_always_a_blank_rule_below_those_that_are() -> None:
    assert rows_of(in_the_form()) == range(3)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"why_given_name": [" "]}, "required_fields"),
        ({"hours_3": ["efter tolv"]}, "hours"),
        ({"address": [""]}, "address"),
        ({"other_languages": ["finska"]}, "other_languages"),
        ({"rule0_age_from": ["tjugo"]}, "eligibility"),
        ({"needs": []}, "needs"),
        ({"answer_promise_days": ["snart"]}, "answer_promise_days"),
    ],
    ids=lambda one: one if isinstance(one, str) else "",
)
def test_what_is_wrong_is_named_by_its_field(wrong: dict[str, list[str]], field: str) -> None:
    with pytest.raises(Problem) as refused:
        body_of(in_the_form(**wrong), whole())

    assert {one["field"] for one in refused.value.members["errors"]} == {field}


async def test_places_are_said_with_one_number_of_as_many_as_before() -> None:
    path = f"PATCH organisations/offerings/{HIT_ID}"
    services = Services({**OURS, path: a_hit()}, "organisation_admin")
    data = {"key": KEY, "version": "7", f"available-{HIT_ID}": "4", "maximum": "15"}
    async with a_browser(services) as browser:
        response = await browser.post(f"/vara-insatser/{HIT_ID}/platser", data=data)

    (sent,) = services.asked_for(path)
    assert (json.loads(sent.content), sent.headers["if-match"]) == (
        {"capacity": {"available": 4, "maximum": 15}},
        '"7"',
    )
    assert response.headers["location"] == f"/vara-insatser#insats-{HIT_ID}"


@pytest.mark.parametrize(
    ("command", "name", "refusal"),
    [
        ("platser", "available", None),
        ("pausa", "paused_until", {"type": "/problems/invalid", "errors": [{"field": "paused_until"}]}),
    ],
)
async def test_an_error_stands_beside_the_field_of_the_offering_it_is_about(
    command: str, name: str, refusal: dict[str, Any] | None
) -> None:
    services = Services(
        {**OURS, f"PATCH organisations/offerings/{HIT_ID}": (422, refusal)}, "organisation_admin"
    )
    data = {
        "key": KEY,
        "version": "7",
        f"available-{HIT_ID}": "många",
        f"paused_until-{HIT_ID}": "2026-01-01",
    }
    async with a_browser(services) as browser:
        response = await browser.post(f"/vara-insatser/{HIT_ID}/{command}", data=data)

    assert response.status_code == 422
    assert f'id="{name}-{HIT_ID}-error"' in response.text
    assert f'href="#{name}-{HIT_ID}"' in response.text


async def test_an_old_confirmation_is_asked_about() -> None:
    async with a_browser(Services(OURS, "organisation_admin")) as browser:
        page = (await browser.get("/vara-insatser")).text

    assert "Stämmer allt fortfarande?" in page
    assert "Uppgiften är gammal, den är sagd för 9 dagar sedan." in page


async def test_the_directorys_refusal_of_an_address_stands_beside_the_address() -> None:
    refusal = {"type": "/problems/invalid", "errors": [{"field": "door"}, {"field": "door.hours.0.closes"}]}
    answers = {
        "POST organisations/offerings": (422, refusal),
        "GET organisations/teams": {"items": [], "next": None},
        "GET organisations/offerings": {"items": [], "next": None},
    }
    async with a_browser(Services(answers, "organisation_admin")) as browser:
        response = await browser.post(
            "/vara-insatser/ny", data={**in_the_form(team_id=[str(uuid4())]).values}
        )

    assert response.status_code == 422
    assert 'id="address-error"' in response.text
    assert 'id="hours-error"' in response.text

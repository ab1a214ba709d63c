"""Signing in, access tokens, and the keys that verify them."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import httpx2
import psycopg
import pytest
from pydantic import SecretBytes

from services.organisations.api.sign_in import BY_BOOTSTRAP, BY_LOGIN
from services.organisations.domain.sign_in import IDLE_LIMIT
from services.organisations.main import SERVICE
from services.organisations.settings import OrganisationsSettings
from shared.api import create_api
from shared.ids import new_id
from shared.settings import from_base64url
from shared.tokens import Doorkeeper
from tests.integration.organisations.directory import Directory

NEXT_KEY = bytes(range(5, 37))


async def move_clock(directory: Directory, by: timedelta) -> None:
    address = directory.network.settings("organisations").database_url
    async with await psycopg.AsyncConnection.connect(address) as sql:
        await sql.execute("update clock set shift = shift + %s", [by])


async def test_a_session_gives_tokens_until_it_is_ended(directory: Directory) -> None:
    house = await directory.a_house()
    http, address = directory.network.http, directory.address

    begun = (await http.post(f"{address}/sessions", json={"login": house.admin.login})).json()
    bearer = {"Authorization": f"Bearer {begun['id']}"}
    current = (await http.get(f"{address}/sessions/current", headers=bearer)).json()
    token = await directory.token(session=begun["id"])
    ended = await http.delete(f"{address}/sessions/current", headers=bearer)
    refused = await http.post(f"{address}/tokens", json={"session": begun["id"]})

    assert (current["staff_id"], current["name"]) == (house.admin.id, "Amina H.")
    assert (await directory.get(f"/staff/{house.admin.id}", token)).status_code == 200
    assert (ended.status_code, refused.status_code) == (204, 401)
    assert begun["id"] not in str(await directory.rows("select * from sessions"))


async def test_a_token_may_be_for_one_service(directory: Directory) -> None:
    house = await directory.a_house()

    asked = {"login": house.admin.login, "audience": "referrals"}
    elsewhere = await directory.token(**asked)
    here = await directory.token(**asked | {"audience": "organisations"})

    assert (await directory.get("/staff", elsewhere)).status_code == 401
    assert (await directory.get("/staff", here)).status_code == 200


async def test_the_key_of_the_tokens_is_changed_while_they_live(directory: Directory) -> None:
    house = await directory.a_house()
    api = directory.network.api("organisations")
    before, old = api.state.settings, house.admin.token

    # The next key is published first, then signs, then is alone.
    api.state.settings = before.model_copy(update={"token_key_other": SecretBytes(NEXT_KEY)})
    api.state.door = Doorkeeper("organisations", before.service_keys, api.state.client.jwks)
    assert (await directory.get("/staff", old)).status_code == 200
    api.state.settings = before.model_copy(
        update={"token_key": SecretBytes(NEXT_KEY), "token_key_other": before.token_key}
    )
    new = await directory.token(login=house.admin.login)

    assert jwt_kid(new) != jwt_kid(old)
    for token in (old, new):
        assert (await directory.get("/staff", token)).status_code == 200
    jwks = (await directory.network.http.get(f"{directory.address}/jwks")).json()
    assert {key["kid"] for key in jwks["keys"]} == {jwt_kid(old), jwt_kid(new)}


def jwt_kid(token: str) -> str:
    return str(json.loads(from_base64url(token.split(".", maxsplit=1)[0]))["kid"])


async def test_an_idle_session_gives_no_token(directory: Directory) -> None:
    house = await directory.a_house()
    http, address = directory.network.http, directory.address
    begun = (await http.post(f"{address}/sessions", json={"login": house.admin.login})).json()

    await move_clock(directory, IDLE_LIMIT)
    refused = await http.post(f"{address}/tokens", json={"session": begun["id"]})
    await http.post(f"{address}/sessions", json={"login": house.admin.login})

    assert refused.status_code == 401
    assert len(await directory.rows("select from sessions")) == 1


async def test_whoever_has_left_gets_no_token(directory: Directory) -> None:
    house = await directory.a_house()
    member = await directory.a_member(house.admin.token, house.id, "recipient")
    http, address = directory.network.http, directory.address
    begun = (await http.post(f"{address}/sessions", json={"login": member.login})).json()

    await directory.patch(f"/staff/{member.id}", house.admin.token, version=1, active=False)
    refused = [
        await http.post(f"{address}/tokens", json=by)
        for by in ({"session": begun["id"]}, {"login": member.login})
    ]

    assert [answer.status_code for answer in refused] == [401, 401]


UNREASONED: list[tuple[Any, int]] = [
    ({"login": "nobody"}, 401),
    ({"session": "nothing"}, 401),
    ({"bootstrap": "a guess"}, 401),
    ({}, 422),
    ({"login": "one", "session": "two"}, 422),
    ({"login": "nobody", "audience": "web"}, 422),
    ({"password": "secret"}, 422),
    ({"login": "a\x00b"}, 422),
    ("not an object", 422),
]


async def test_no_token_without_a_reason(directory: Directory) -> None:
    for body, status in UNREASONED:
        answer = await directory.network.http.post(f"{directory.address}/tokens", json=body)

        assert answer.status_code == status, body
        assert answer.headers["Content-Type"] == "application/problem+json"


GUESSED = [
    ("/tokens", {"bootstrap": "a guess"}, BY_BOOTSTRAP.most),
    ("/tokens", {"login": "nobody"}, BY_LOGIN.most),
    ("/sessions", {"login": "nobody"}, BY_LOGIN.most),
]


@pytest.mark.parametrize(("path", "guess", "most"), GUESSED)
async def test_guesses_are_stopped(directory: Directory, path: str, guess: Any, most: int) -> None:
    address = directory.address + path
    answers = [await directory.network.http.post(address, json=guess) for _ in range(most + 1)]

    assert [answer.status_code for answer in answers] == [401] * most + [429]
    assert answers[-1].json()["type"] == "/problems/rate-limited"
    assert 0 < int(answers[-1].headers["Retry-After"]) <= 300


async def test_after_many_guesses_the_right_word_opens_nothing(directory: Directory) -> None:
    """A limit that looked at the secret first would still tell which guess was right."""
    http, address = directory.network.http, f"{directory.address}/tokens"
    right = {"bootstrap": directory.network.servers.secrets["BOOTSTRAP_SECRET"]}
    for _ in range(2 * BY_BOOTSTRAP.most):
        assert (await http.post(address, json=right)).status_code == 200

    for _ in range(BY_BOOTSTRAP.most):
        await http.post(address, json={"bootstrap": "a guess"})

    assert (await http.post(address, json=right)).status_code == 429


async def test_a_session_cannot_be_planted(directory: Directory) -> None:
    """Whoever is made to bring an id of somebody else's choice signs in under another one, each time."""
    house = await directory.a_house()
    http, address = directory.network.http, f"{directory.address}/sessions"
    planted = {"Authorization": "Bearer planted", "Cookie": "__Host-session=planted"}

    begun = [
        (await http.post(address, json={"login": house.admin.login}, headers=planted)).json()["id"]
        for _ in range(2)
    ]

    assert len({"planted", *begun}) == 3
    for id, status in (("planted", 401), *((one, 200) for one in begun)):
        asked = await http.get(f"{address}/current", headers={"Authorization": f"Bearer {id}"})
        assert asked.status_code == status


async def test_a_person_signs_in_as_herself_alone(directory: Directory) -> None:
    house = await directory.a_house()
    caseworker = await directory.a_member(house.admin.token, house.id, "caseworker")
    person_id, login = str(new_id()), f"login-{new_id()}"

    given = {"login": login, "person_id": person_id, "organisation_id": house.id}
    await directory.made("/demo/person-logins", caseworker.token, **given)
    http, address = directory.network.http, directory.address
    begun = (await http.post(f"{address}/sessions", json={"login": login})).json()
    bearer = {"Authorization": f"Bearer {begun['id']}"}
    current = (await http.get(f"{address}/sessions/current", headers=bearer)).json()

    assert (current["person_id"], current["roles"], current["staff_id"]) == (person_id, ["person"], None)
    assert (await directory.get("/staff", await directory.token(login=login))).status_code == 403


async def test_a_foreign_caseworker_gives_no_person_a_login(directory: Directory) -> None:
    house, other = await directory.a_house(), await directory.a_house()
    caseworker = await directory.a_member(other.admin.token, other.id, "caseworker")

    given = {"login": "person-9", "person_id": str(new_id()), "organisation_id": house.id}
    answer = await directory.post("/demo/person-logins", caseworker.token, **given)

    assert (answer.status_code, answer.json()["type"]) == (403, "/problems/not-your-side")


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/sessions", {"login": "caseworker-a"}),
        ("/sessions", "whatever"),
        ("/tokens", {"login": "caseworker-a"}),
        ("/demo/person-logins", {"login": "person-1"}),
    ],
)
async def test_without_demo_a_login_alone_opens_nothing(directory: Directory, path: str, body: Any) -> None:
    common = directory.network.settings("organisations").model_dump()
    secrets = directory.network.servers.secrets
    settings = OrganisationsSettings.model_validate(
        {**common, "demo": False, "token_key": secrets["TOKEN_KEY"]}
    )
    door = httpx2.ASGITransport(create_api(SERVICE, settings))

    async with httpx2.AsyncClient(transport=door, base_url="http://organisations") as http:
        answer = await http.post(path, json=body)

    assert (answer.status_code, answer.json()["type"]) == (404, "/problems/not-found")

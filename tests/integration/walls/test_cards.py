"""Whoever holds a person's printed card sees where things stand; every other route is shut."""

from __future__ import annotations

from functools import partial

import pytest

from deploy.documents.roles_page import routes_of
from deploy.keys import RECORDED
from shared.ids import new_id
from shared.tokens import service_token
from tests.integration.walls.lives import Life, Lives
from tests.integration.walls.routes import operations
from tests.integration.walls.test_foreign_ids import thing

FOR_CARDS = {"referrals GET /me/status"}


async def a_used_card(lives: Lives) -> str:
    """The token of whoever has just used a card of ours."""
    life: Life = lives.ours
    world, network = life.world, lives.network
    made = await world.post(f"/persons/{life.person_id}/admissions", world.sender, {"kind": "status_card"})
    seed = network.settings("organisations").service_key.get_secret_value()
    the_directory, said = service_token("organisations", seed, "referrals"), dict(made, kind="status_card")
    used = {name: said[name] for name in ("kind", "code")}
    await world.post("/admissions/redemption", the_directory, used)
    return network.token(id=made["id"], org=world.sender.organisation_id, kind="card")


@pytest.mark.parametrize("service", RECORDED)
async def test_every_route_but_one_is_shut_to_a_card(lives: Lives, service: str) -> None:
    """All routes of OpenAPI, asked about ours: the answer is the same whatever there is."""
    card, told = await a_used_card(lives), []
    asks = {(route.method, route.path) for route in routes_of(service) if route.needs_token}
    named = {f"{service} {route.method} {route.path}" for route in routes_of(service) if route.for_cards}
    found = lives.things(lives.ours, service)
    for operation in operations(service):
        if (operation.method, operation.path) not in asks:
            continue
        answer = await lives.asked(operation.request(partial(thing, found)), card)
        shut = (answer.status_code, answer.json().get("type")) == (403, "/problems/role-missing")
        if shut is (str(operation) in FOR_CARDS):
            told.append(f"{operation}: {answer.status_code} {answer.text[:80]}")

    assert told == []
    assert named == {one for one in FOR_CARDS if one.startswith(service)}


async def test_nobodys_card_opens_nothing(lives: Lives) -> None:
    token = lives.network.token(id=new_id(), org=lives.ours.world.sender.organisation_id, kind="card")

    answer = await lives.network.call("referrals", "GET", "/me/status", token=token)

    assert answer.status_code == 401

"""How the person rates her life: hers to write, to see over time, to hide and to show again."""

from __future__ import annotations

from typing import Any

import pytest
from psycopg.errors import InsufficientPrivilege

from shared.events.base import Role
from shared.ids import new_id
from tests.integration.referrals.world import World

DOMAINS = ["housing", "economy", "work_and_studies", "health", "relationships", "language", "leisure"]


async def a_person(world: World) -> tuple[str, str]:
    """A person's id and her token."""
    person_id: str = (await world.a_person())["id"]
    return person_id, world.person_token(person_id)


async def rate(world: World, her: str, domain: str, step: int, **more: Any) -> dict[str, Any]:
    return await world.post("/me/ratings", her, {"domain": domain, "step": step, **more})


async def seen(world: World, person_id: str, by: Any = None) -> list[tuple[str, int]]:
    found = await world.get(f"/persons/{person_id}/ratings", by or world.sender)
    return [(one["domain"], one["step"]) for one in found["items"]]


async def test_she_sees_over_time_what_she_said(world: World) -> None:
    person_id, her = await a_person(world)
    first = await rate(world, her, "housing", 2, words="Trångt.")
    await rate(world, her, "health", 3)
    await rate(world, her, "housing", 4, words="Egen lägenhet!")

    housing = await world.get("/me/ratings?domain=housing", her)
    page = await world.get("/me/ratings?limit=2", her)
    rest = await world.get(f"/me/ratings?limit=2&after={page['next']}", her)

    assert [(one["step"], one["words"], one["hidden"]) for one in housing["items"]] == [
        (4, "Egen lägenhet!", False),
        (2, "Trångt.", False),
    ]
    assert [one["domain"] for one in page["items"] + rest["items"]] == ["housing", "health", "housing"]
    assert await world.get(f"/me/ratings/{first['id']}", her) == first
    assert await seen(world, person_id) == [("housing", 4), ("health", 3), ("housing", 2)]


async def test_what_she_hides_nobody_can_see_that_it_exists(world: World) -> None:
    person_id, her = await a_person(world)
    nobody_id, _ = await a_person(world)
    await rate(world, her, "health", 1, words="Sover inte.")
    await rate(world, her, "leisure", 5)

    hidden = await world.post("/me/ratings/hide", her, {"domains": ["health"]})
    await rate(world, her, "health", 2)
    one_hidden = await seen(world, person_id)
    await world.post("/me/ratings/hide", her, {})
    all_hidden = await world.call("GET", f"/persons/{person_id}/ratings", world.sender)
    never_said = await world.call("GET", f"/persons/{nobody_id}/ratings", world.sender)
    await world.post("/me/ratings/show", her, {"domains": ["health"]})

    assert [(one["domain"], one["hidden"]) for one in hidden["items"]] == [
        (domain, domain == "health") for domain in DOMAINS
    ]
    assert one_hidden == [("leisure", 5)]
    assert (all_hidden.status_code, all_hidden.content) == (200, never_said.content)
    assert await seen(world, person_id) == [("health", 2), ("health", 1)]
    assert await seen(world, person_id, by=her) == [("health", 2), ("health", 1)]
    assert len((await world.get("/me/ratings", her))["items"]) == 3


async def test_she_may_hide_what_she_says_from_the_first_moment(world: World) -> None:
    person_id, her = await a_person(world)

    said = await rate(world, her, "economy", 1, hide=True)

    again = await world.post("/me/ratings/hide", her, {"domains": ["economy"]})
    since = [one["hidden_since"] for one in again["items"] if one["hidden"]]
    assert said["hidden"] is True
    assert await seen(world, person_id) == []
    assert since == [said["at"]], "to hide again what is hidden is nothing new"
    assert await world.get("/me/ratings/domains", her) == again


async def test_it_is_read_by_her_team_alone_and_each_reading_is_written_down(world: World) -> None:
    person_id, her = await a_person(world)
    other_id, other = await a_person(world)
    rating = await rate(world, her, "language", 3)
    address = f"/persons/{person_id}/ratings"
    await world.get(address, world.sender)
    await world.get(address, world.token(world.sender, Role.TEAM_LEAD))

    for caller in (world.stranger, world.association, other):
        foreign = await world.call("GET", address, caller)
        unknown = await world.call("GET", f"/persons/{new_id()}/ratings", caller)
        assert (foreign.status_code, foreign.content) == (404, unknown.content)
    colleague = await world.call("GET", address, world.token(world.sender, team=new_id()))
    recipient = await world.call("GET", address, world.token(world.sender, Role.RECIPIENT))
    anothers = await world.call("GET", f"/me/ratings/{rating['id']}", other)

    log = "select actor_kind from access_log where read = 'ratings' and object_id = %(id)s"
    reads = await world.sql(log, {"id": person_id}, as_=world.sender.organisation_id)
    assert colleague.json()["type"] == "/problems/not-your-side"
    assert recipient.json()["type"] == "/problems/role-missing"
    assert anothers.status_code == 404
    assert (await world.get("/me/ratings", other))["items"] == []
    assert [row["actor_kind"] for row in reads] == ["staff", "staff"]
    assert other_id != person_id


async def test_nobody_rates_for_her(world: World) -> None:
    person_id, _ = await a_person(world)
    calls = [
        ("POST", "/me/ratings", {"domain": "health", "step": 3}),
        ("POST", "/me/ratings/hide", {}),
        ("POST", "/me/ratings/show", {}),
        ("GET", "/me/ratings", None),
        ("GET", "/me/ratings/domains", None),
        ("GET", f"/me/ratings/{new_id()}", None),
    ]

    for method, path, body in calls:
        for caller in (world.sender, world.token(world.sender, Role.TEAM_LEAD)):
            answer = await world.call(method, path, caller, body)
            assert (answer.status_code, answer.json()["type"]) == (403, "/problems/role-missing"), path
    assert (await world.call("POST", f"/persons/{person_id}/ratings", world.sender, {})).status_code == 405


async def test_what_is_no_rating_names_its_field_and_strange_words_come_back(world: World) -> None:
    _, her = await a_person(world)
    for changes, field in (
        ({"domain": "weather"}, "domain"),
        ({"step": 0}, "step"),
        ({"step": 6}, "step"),
        ({"step": "3"}, "step"),
        ({"step": True}, "step"),
        ({"step": 2.5}, "step"),
        ({"words": ""}, "words"),
        ({"words": "x" * 10_000}, "words"),
        ({"words": "\ud800"}, "words"),
        ({"mood": "good"}, "mood"),
    ):
        body = {"domain": "health", "step": 3, **changes}
        answer = await world.call_raw("/me/ratings", her, body)
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, field), changes
    for path in ("/me/ratings/hide", "/me/ratings/show"):
        for domains in ([], ["weather"]):
            assert (await world.call("POST", path, her, {"domains": domains})).status_code == 422

    strange = ["a\x00b", "\u202ebakvänt\u2066", "Åsa 🌍", "x" * 2000]
    for words in strange:
        await rate(world, her, "health", 3, words=words)
    assert [one["words"] for one in (await world.get("/me/ratings", her))["items"]] == strange[::-1]


async def test_the_same_key_rates_once(world: World) -> None:
    _, her = await a_person(world)
    body = {"domain": "health", "step": 3}

    first = await world.call("POST", "/me/ratings", her, body, key="same")
    again = await world.call("POST", "/me/ratings", her, body, key="same")
    other = await world.call("POST", "/me/ratings", her, {**body, "step": 4}, key="same")

    assert (first.status_code, first.json()) == (201, again.json())
    assert first.headers["Location"] == f"/me/ratings/{first.json()['id']}"
    assert other.json()["type"] == "/problems/key-reused"
    assert len((await world.get("/me/ratings", her))["items"]) == 1


async def test_no_event_and_no_clear_row_knows_of_it(world: World) -> None:
    person_id, her = await a_person(world)
    await rate(world, her, "health", 5, words="Jag sover gott.", hide=True)
    told = "select type from {} where actor = %(who)s or subject = %(id)s"
    both = f"{told.format('untold')} union all {told.format('log')}"

    sealed = await world.sql("select * from ratings", as_=world.sender.organisation_id)
    assert await world.sql(both, {"who": f"person:{person_id}", "id": person_id}) == []
    assert "sover gott" not in await world.dump()
    assert set(sealed[0]) == {"id", "org_id", "person_id", "domain", "sealed", "at"}
    assert await world.sql("select * from ratings", as_=world.stranger.organisation_id) == []
    assert str(sealed[0]["person_id"]) == person_id
    for statement in (
        "update ratings set sealed = ''", "delete from ratings",
        "update rating_choices set is_hidden = false", "delete from rating_choices",
    ):  # fmt: skip
        with pytest.raises(InsufficientPrivilege):
            await world.sql(statement, as_=world.sender.organisation_id)

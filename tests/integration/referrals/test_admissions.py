"""A person's ways in, a printed card for status alone and her e-ID: made, used, taken back, locked."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID

import pytest
from httpx2 import Response

from services.referrals.domain.admission import CODE_LIFE, STATUS_LASTS, AdmissionKind
from shared.events.base import Role
from shared.ids import new_id
from shared.tokens import service_token
from tests.integration.referrals.offering import problem
from tests.integration.referrals.protecting import a_kept_person, lock, locked, token_of, unlock
from tests.integration.referrals.world import World

CARD, E_ID = AdmissionKind.STATUS_CARD, AdmissionKind.E_ID
KINDS = pytest.mark.parametrize("kind", [CARD, E_ID])


def door(person_id: str) -> str:
    return f"/persons/{person_id}/admissions"


async def made(world: World, person_id: str, kind: AdmissionKind = CARD) -> dict[str, Any]:
    return await world.post(door(person_id), world.sender, {"kind": kind})


def the_directory(world: World) -> str:
    """The token by which organisations asks."""
    seed = world.network.settings("organisations").service_key.get_secret_value()
    return service_token("organisations", seed, "referrals")


async def redeemed(world: World, kind: AdmissionKind, code: str, **more: Any) -> Response:
    body = {"kind": kind, "code": code}
    return await world.call("POST", "/admissions/redemption", the_directory(world), body, **more)


async def status(world: World, card_id: str) -> Response:
    """What whoever holds the card is shown."""
    org = world.sender.organisation_id
    token = world.network.token(id=card_id, org=org, kind="card")
    return await world.call("GET", "/me/status", token)


async def let_in(world: World, admission_id: str) -> Response:
    path = f"/admissions/{admission_id}?organisation_id={world.sender.organisation_id}"
    return await world.call("GET", path, the_directory(world))


async def in_force(world: World, kind: AdmissionKind, admission_id: str) -> bool:
    answer = await (status if kind is CARD else let_in)(world, admission_id)
    assert answer.status_code in {200, 401 if kind is CARD else 404}
    return answer.status_code == 200


async def test_a_card_shows_where_her_referrals_stand_and_nothing_else(world: World) -> None:
    sent = await world.a_sent_referral()
    path = await world.get(f"/paths/{sent['path_id']}", world.sender)
    card = await made(world, path["person_id"])
    assert (await redeemed(world, CARD, card["code"])).status_code == 200

    shown = await status(world, card["id"])

    (only,) = shown.json()["items"]
    assert only == {
        "code": sent["code"],
        "stage": "waiting",
        "ball": "receiver",
        "changed_at": sent["changed_at"],
        "answer_by": sent["answer_by"],
    }
    assert path["person_id"] not in shown.text
    logged = "select read, actor_kind, actor_id from access_log where object_id = %s and actor_kind = 'card'"
    assert await world.rows(logged, [path["person_id"]]) == [
        {"read": "status", "actor_kind": "card", "actor_id": UUID(card["id"])}
    ]


async def test_she_herself_sees_the_same_when_she_is_signed_in(world: World) -> None:
    sent = await world.a_sent_referral()
    path = await world.get(f"/paths/{sent['path_id']}", world.sender)

    said = await world.get("/me/status", world.person_token(path["person_id"]))

    assert ([one["code"] for one in said["items"]], said["until"]) == ([sent["code"]], None)


@KINDS
async def test_a_code_is_used_once_and_a_double_click_is_one_use(world: World, kind: AdmissionKind) -> None:
    person = await world.a_person()
    given = await made(world, person["id"], kind)

    typed, click = given["code"].lower().replace("-", " "), f"a click on {given['id']}"
    first = await redeemed(world, kind, typed, key=click)
    again = await redeemed(world, kind, typed, key=click)
    later = await redeemed(world, kind, given["code"])

    assert first.status_code == 200, first.text
    assert first.json() == again.json()
    assert first.json()["admission_id"] == given["id"]
    assert problem(later) == (403, "code-over")
    assert await in_force(world, kind, given["id"])


@KINDS
async def test_of_two_at_once_one_uses_a_code(world: World, kind: AdmissionKind) -> None:
    given = await made(world, (await world.a_person())["id"], kind)

    answers = await asyncio.gather(*(redeemed(world, kind, given["code"]) for _ in range(4)))

    assert sorted(one.status_code for one in answers) == [200, 403, 403, 403]


async def test_a_code_is_good_for_what_it_was_given_for_alone(world: World) -> None:
    given = await made(world, (await world.a_person())["id"], E_ID)

    assert problem(await redeemed(world, CARD, given["code"])) == (403, "code-over")
    assert problem(await redeemed(world, CARD, "0000-0000-0000")) == (403, "code-over")
    assert (await redeemed(world, E_ID, given["code"])).status_code == 200


async def test_no_code_is_kept(world: World) -> None:
    person = await world.a_person()
    given = await made(world, person["id"])
    plain = given["code"].replace("-", "")

    (kept,) = await world.rows("select * from admission_codes where admission_id = %s", [given["id"]])
    listed = await world.get(door(person["id"]), world.sender)

    assert len(kept["digest"]) == 32
    assert plain not in str(kept)
    assert plain.encode() not in kept["digest"]
    assert "code" not in listed["items"][0]


@KINDS
async def test_time_ends_a_code_and_a_cards_look(living_world: World, kind: AdmissionKind) -> None:
    world = living_world
    person = await world.a_person()
    used, late = (
        await made(world, person["id"], kind),
        await made(world, (await world.a_person())["id"], kind),
    )
    await redeemed(world, kind, used["code"])
    assert await in_force(world, kind, used["id"])

    await world.advance(seconds=STATUS_LASTS.total_seconds())
    assert await in_force(world, kind, used["id"]) is (kind is E_ID)
    await world.advance(seconds=CODE_LIFE[kind].total_seconds())
    assert problem(await redeemed(world, kind, late["code"])) == (403, "code-over")


@KINDS
async def test_who_works_with_her_or_she_herself_takes_a_way_in_back(
    world: World, kind: AdmissionKind
) -> None:
    person = await world.a_person()
    hers, theirs = (world.person_token(person["id"]), "/me/admissions"), (world.sender, door(person["id"]))
    for by, path in (hers, theirs):
        unused, given = await made(world, person["id"], kind), await made(world, person["id"], kind)
        # The one before has ended with it.
        assert problem(await redeemed(world, kind, unused["code"])) == (403, "code-over")
        await redeemed(world, kind, given["code"])
        assert await in_force(world, kind, given["id"])

        ended = await world.post(f"{path}/{given['id']}/revocation", by, {})
        again = await world.post(f"{path}/{given['id']}/revocation", by, {})

        assert not await in_force(world, kind, given["id"])
        assert ended["ended_at"] == again["ended_at"] is not None
        assert (await world.get(path, by))["items"][0]["id"] == given["id"]


async def test_a_token_that_was_given_before_opens_nothing_after(world: World) -> None:
    """A program that keeps its token: it is refused as soon as the API has looked, twice a second."""
    person = await world.a_person()
    given = await made(world, person["id"], E_ID)
    await redeemed(world, E_ID, given["code"])
    who = {"id": person["id"], "org": world.sender.organisation_id, "kind": "person"}
    token = world.network.token(Role.PERSON, **who, admission=given["id"])
    assert (await world.call("GET", "/me/consents", token)).status_code == 200

    await world.post(f"{door(person['id'])}/{given['id']}/revocation", world.sender, {})

    async with asyncio.timeout(120):
        while (await world.call("GET", "/me/consents", token)).status_code != 401:  # noqa: ASYNC110 - asked
            await asyncio.sleep(0.1)
    assert (await world.call("GET", "/me/consents", world.person_token(person["id"]))).status_code == 200


@KINDS
async def test_a_lock_ends_every_way_in_and_none_is_made(world: World, kind: AdmissionKind) -> None:
    kept = await a_kept_person(world)
    used = await made(world, kept.id, kind)
    await redeemed(world, kind, used["code"])
    other = await made(world, kept.id, E_ID if kind is CARD else CARD)
    assert await in_force(world, kind, used["id"])

    await locked(world, kept)

    keeper = token_of(world, kept.keepers[0])
    assert not await in_force(world, kind, used["id"])
    assert problem(await redeemed(world, AdmissionKind(other["kind"]), other["code"])) == (403, "code-over")
    assert problem(await world.call("POST", door(kept.id), keeper, {"kind": kind})) == (
        409, "protected-identity",
    )  # fmt: skip
    assert (await world.call("POST", door(kept.id), world.sender, {"kind": kind})).status_code == 404
    assert len((await world.get(door(kept.id), keeper))["items"]) == 2
    # What has ended stays so when she is seen again.
    await unlock(world, kept)
    assert not await in_force(world, kind, used["id"])


async def test_a_lock_and_a_card_made_at_once(world: World) -> None:
    """Whichever comes first, no way in stands beside a lock."""
    for _ in range(5):
        kept = await a_kept_person(world)
        answers = await asyncio.gather(
            lock(world, kept.id, kept.keepers),
            world.call("POST", door(kept.id), world.sender, {"kind": CARD}),
        )
        assert answers[0].status_code == 200
        assert answers[1].status_code in {201, 404}
        listed = await world.get(door(kept.id), token_of(world, kept.keepers[0]))
        assert [one for one in listed["items"] if one["ended_at"] is None] == []


@KINDS
async def test_an_erased_person_leaves_no_way_in(world: World, kind: AdmissionKind) -> None:
    person = await world.a_person()
    given = await made(world, person["id"], kind)
    await redeemed(world, kind, given["code"])
    admin = world.token(world.sender, Role.ORGANISATION_ADMIN)

    await world.post(f"/persons/{person['id']}/erasure", admin, {})

    assert not await in_force(world, kind, given["id"])
    assert await world.rows("select from admissions where person_id = %s", [person["id"]]) == []


async def test_only_her_own_team_lets_her_in(world: World) -> None:
    person = await world.a_person()
    given = await made(world, person["id"])
    back = f"{door(person['id'])}/{given['id']}/revocation"
    another_team = world.token(world.sender, Role.CASEWORKER, team=new_id())
    another_role = world.token(world.sender, Role.RECIPIENT)
    for token, expected in ((another_team, 403), (another_role, 403), (world.token(world.stranger), 404)):
        for path, body in ((door(person["id"]), {"kind": CARD}), (back, {})):
            assert (await world.call("POST", path, token, body)).status_code == expected
        assert (await world.call("GET", door(person["id"]), token)).status_code == expected
    another = world.person_token((await world.a_person())["id"])
    own = f"/me/admissions/{given['id']}/revocation"
    assert (await world.call("POST", own, another, {})).status_code == 404
    code = {"kind": CARD, "code": given["code"]}
    assert (await world.call("POST", "/admissions/redemption", world.sender, code)).status_code == 403
    assert not await in_force(world, CARD, given["id"])
    await redeemed(world, CARD, given["code"])
    assert await in_force(world, CARD, given["id"])


async def test_a_token_that_says_it_is_a_card_and_is_none_shows_nothing(world: World) -> None:
    person = await world.a_person()
    e_id = await made(world, person["id"], E_ID)
    await redeemed(world, E_ID, e_id["code"])

    for one in (person["id"], e_id["id"], str(new_id())):
        assert (await status(world, one)).status_code == 401
    org = world.stranger.organisation_id
    card = await made(world, person["id"])
    await redeemed(world, CARD, card["code"])
    theirs = world.network.token(id=card["id"], org=org, kind="card")
    assert (await world.call("GET", "/me/status", theirs)).status_code == 401

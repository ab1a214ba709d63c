"""A person with words of her own is handed over in every way and then locked: nothing shows her any more.

Beside her goes a control who is not locked, and must be found wherever she is expected.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest

from shared.events.base import Role
from shared.ids import new_id
from shared.tokens import service_token
from tests.integration.referrals.protecting import Kept, a_whole_life, locked, token_of
from tests.integration.referrals.world import Member, World, person_body
from tests.integration.walls import search
from tests.integration.walls.asking import HERS, Asking, asking
from tests.keys import keys_of

RUNNING = ("referrals", "notifications", "tracing")
CANARY = ("Zinnobera", "Qvistgrimma", "0709-918273", "Xylofonfabriken", "fagottlektioner")
CONTROL = ("Perenna", "Almhultssund", "0709-645342", "Cymbalverkstaden", "oboelektioner")
ASKED_FIRST = ("Ylvakrona", "Stenbocksdal", "0709-551144")
Places = list[tuple[str, bytes]]


async def a_life(world: World, words: tuple[str, ...]) -> Kept:
    given, family, phone, goal, note = words
    values = {"given_name": given, "phone": phone, "language": note}
    items = [{"field": one, "class": "normal", "value": value, "why": note} for one, value in values.items()]
    contacts = [{"kind": "phone", "value": phone}]
    return await a_whole_life(
        world, goal=goal, items=items, given_name=given, family_name=family, contacts=contacts
    )


async def asked_first(world: World) -> None:
    """The person whose caseworker says at once that she lives under protected identity."""
    given, family, phone = ASKED_FIRST
    contacts = [{"kind": "phone", "value": phone}]
    said = person_body(given_name=given, family_name=family, contacts=contacts, protected_identity="yes")
    assert (await world.call("POST", "/persons", world.sender, said)).status_code == 409


async def test_a_locked_person_is_nowhere_and_her_control_is_found(
    wide_world: World, capfd: pytest.CaptureFixture[str]
) -> None:
    world = wide_world
    await asked_first(world)
    canary, control = await a_life(world, CANARY), await a_life(world, CONTROL)
    await locked(world, canary)
    await world.network.settle()

    seen = {
        who: await pages(world, tokens, canary, control) for who, tokens in everybody(world, canary, control)
    }
    stored: Places = [
        *search.tables(world.network.servers.postgres.url.rpartition("/")[0] + f"/{world.network.database}")
    ]
    stored += keys(world)
    stored += search.redis(world.network.servers.redis.url)
    stored += await told(world)
    stored.append(("logs", "".join(capfd.readouterr()).encode()))

    everything = CANARY + ASKED_FIRST
    assert found(everything, stored) == {}
    # What is at rest is sealed, hers as anybody's: that the search can find is tried below.
    assert found(CONTROL, stored) == {}
    assert {name for name, _ in stored} >= {
        "referrals.persons",
        "referrals.admissions",
        "organisations.sessions",
        "redis events:referrals",
        "tracing /metrics",
        "logs",
    }
    for who, places in seen.items():
        assert found(everything, places) == {}, who
    assert set(found(CONTROL, seen["colleague"])) >= {
        "GET /persons", "GET /persons/{person_id}", "GET /paths/{path_id}",
        "GET /referrals/{referral_id}/preview",
    }  # fmt: skip
    assert set(found(CONTROL, seen["receiver"])) == {"GET /referrals/{referral_id}/disclosure"}
    keeper = token_of(world, canary.keepers[0], Role.CASEWORKER, Role.TEAM_LEAD)
    kept = await pages(world, keeper, canary)
    assert set(found(CANARY, kept)) >= {"GET /persons/{person_id}", "GET /referrals/{referral_id}/preview"}


def keys(world: World) -> Places:
    """What stands in the keys' database."""
    base = world.network.servers.postgres.url.rpartition("/")[0]
    places = [*search.tables(f"{base}/{keys_of(world.network.database)}")]
    assert places
    return [(f"keys' {name}", said) for name, said in places]


def found(words: tuple[str, ...], places: Places) -> dict[str, list[str]]:
    hits = {name: search.is_in(words, content) for name, content in places}
    return {name: words for name, words in hits.items() if words}


def everybody(world: World, *kept: Kept) -> Iterator[tuple[str, str]]:
    """Everyone but the two, in every role of staff at once, so that no role hides what another shows."""
    roles = [role for role in Role if role not in {Role.PERSON, Role.SERVICE}]

    def token(member: Member) -> str:
        return world.token(member, *roles)

    yield "colleague", token(world.sender)
    yield "another team", token_of(world, new_id(), *roles)
    yield "receiver", token(world.association)
    yield "stranger", token(world.stranger)
    for nth, helper in enumerate(one for each in kept for one in each.helpers):
        yield f"asked {nth}", token(helper)


async def pages(world: World, token: str, *kept: Kept) -> Places:
    """What every page of every service says to somebody who knows all ids; none of it may be cached."""
    read: Places = []
    for one in asking():
        if one.method != "GET" or one.service not in RUNNING or one.path in UNENDING:
            continue
        for each in kept if one.takes_hers else kept[:1]:
            for ids in ids_of(one, each):
                answer = await world.network.call(one.service, "GET", one.address(ids), token=token)
                assert answer.status_code < 500, one.name
                assert answer.headers["cache-control"] == "no-store", one.name
                read.append((one.name, answer.content + repr(answer.headers).encode()))
    return merged(read)


UNENDING = {"/notifications/live"}


def ids_of(one: Asking, kept: Kept) -> list[dict[str, str]]:
    """Her ids: the referral of each state, and of all else the first."""
    first = {name: kept.ids[name][0] for name in HERS}
    if "referral_id" not in one.path:
        return [first]
    return [first | {"referral_id": referral} for referral in kept.ids["referral_id"]]


def merged(read: Places) -> Places:
    whole: dict[str, bytes] = {}
    for name, content in read:
        whole[name] = whole.get(name, b"") + content
    return list(whole.items())


async def told(world: World) -> Places:
    """What services tell each other and their operators: logs of events, figures, documents."""
    said: Places = []
    for service in RUNNING:
        for path in ("/metrics", "/positions", "/log?limit=1000", "/openapi.json"):
            settings = world.network.settings("tracing")
            token = service_token("tracing", settings.service_key.get_secret_value(), service)
            answer = await world.network.http.get(
                world.network.peers[service] + path, headers={"Authorization": f"Bearer {token}"}
            )
            said.append((f"{service} {path.partition('?')[0]}", answer.content))
    return said


@pytest.mark.parametrize("how", ["plain", "lower", "utf-16", "hexadecimal", "base64", "sealed"])
def test_the_search_finds_what_stands_there(servers: Any, database: str, how: str) -> None:
    """In a table of the record, planted by its superuser; sealed under a key it is not found."""
    word = "Zinnobera"
    written = {
        "plain": word.encode(),
        "lower": b"hej zinnobera!",
        "utf-16": f"x{word}".encode("utf-16-le"),
        "hexadecimal": word.encode().hex().encode(),
        "base64": b"eA==" + base64.b64encode(f"ab{word}c".encode()),
        "sealed": bytes(byte ^ 7 for byte in word.encode()),
    }[how]
    address = servers.postgres.url.rpartition("/")[0] + f"/{database}"
    with psycopg.connect(address, autocommit=True) as admin:
        admin.execute(
            "insert into referrals.idempotency values (gen_random_uuid(), 'key', %s, '', now())", [written]
        )

    hits = found((word,), list(search.tables(address)))

    assert hits == ({} if how == "sealed" else {"referrals.idempotency": [word]})

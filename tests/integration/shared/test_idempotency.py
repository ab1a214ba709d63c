"""The same key and body again: the same answer and no second effect."""

from __future__ import annotations

import asyncio
import hmac

import pytest
from cryptography.exceptions import InvalidTag
from starlette.responses import Response

from shared.crypto import place, unseal
from shared.idempotency import Attempt, Idempotency, forget_old
from shared.ids import new_id
from tests.integration.shared.kit import Kit
from tests.integration.shared.probe import Probe, problem
from tests.unit.shared.makers import a_post


async def test_the_same_request_again_has_the_same_answer_and_no_second_effect(probe: Probe) -> None:
    first = await probe.tell(key="once")

    again = await probe.tell(key="once")

    assert (first.status_code, again.status_code) == (201, 201)
    assert again.content == first.content
    assert (again.headers["Location"], again.headers["ETag"]) == ("/told/1", '"1"')
    assert await probe.told() == [1]


async def test_twenty_at_once_with_one_key_are_one(probe: Probe) -> None:
    await probe.call("GET", "/names")

    answers = await asyncio.gather(*(probe.tell(key="once") for _ in range(20)))

    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert await probe.told() == [1]


async def test_twenty_at_once_with_one_key_are_one_where_the_first_makes_the_others_too_late(
    probe: Probe,
) -> None:
    await probe.call("GET", "/names")

    answers = await asyncio.gather(*(probe.tell("/told/first", key="once") for _ in range(20)))
    rival = await probe.tell("/told/first")

    assert {answer.status_code for answer in answers} == {201}
    assert problem(rival) == (412, "version-stale")
    assert await probe.told() == [1]


async def test_another_key_is_another_request(probe: Probe) -> None:
    await probe.tell(key="first")
    await probe.tell(key="second")

    assert await probe.told() == [1, 1]


async def test_a_key_of_another_organisation_is_another_key(probe: Probe) -> None:
    first = await probe.tell(key="once")
    other = await probe.tell(key="once", token=probe.foreigner, version=2)

    assert other.status_code == 201
    assert other.content != first.content
    assert await probe.told() == [1, 2]


async def test_a_key_with_another_body_is_refused(probe: Probe) -> None:
    await probe.tell(key="once")

    assert problem(await probe.tell(key="once", version=2)) == (422, "key-reused")
    assert await probe.told() == [1]


async def test_a_key_at_another_address_is_refused(probe: Probe) -> None:
    await probe.tell(key="once")

    assert problem(await probe.tell("/told/cut", key="once")) == (422, "key-reused")


async def test_a_refusal_leaves_nothing_and_its_key_is_free(probe: Probe) -> None:
    assert problem(await probe.tell("/told/refused", key="once")) == (404, "not-found")
    assert await probe.told() == []

    assert (await probe.tell(key="once")).status_code == 201


async def test_an_answer_is_kept_sealed_and_for_seven_days(probe: Probe, kit: Kit) -> None:
    answer = await probe.tell(key="once")
    [kept] = await probe.rows("select answer from idempotency")
    assert answer.json()["try"].encode() not in kept["answer"]

    await forget_old(kit.database)
    assert len(await probe.rows("select from idempotency")) == 1
    await kit.move_clock("organisations", "169 hours")
    await forget_old(kit.database)

    assert await probe.rows("select from idempotency") == []


@pytest.mark.parametrize("moved", ["caller = '00000000-0000-7000-8000-000000000009'", "key = 'stolen'"])
async def test_a_kept_answer_opens_for_its_caller_and_key_alone(probe: Probe, kit: Kit, moved: str) -> None:
    keeper, secret = Idempotency(kit.settings.sealing_key.get_secret_value()), bytes(32)
    async with kit.as_worker() as tx:
        keeper.keep(tx, Attempt(new_id(), "once", (secret,)), Response("Amina"))
    [row] = await kit.as_superuser("organisations", f"update idempotency set {moved} returning *")  # noqa: S608

    async with kit.as_worker() as tx:
        with pytest.raises(InvalidTag):
            await keeper.open(tx, Attempt(row["caller"], row["key"], (secret,)))


async def test_a_kept_answer_opens_for_the_request_that_asked_and_for_no_service(
    probe: Probe, kit: Kit
) -> None:
    """Neither the client's key nor what it asked is kept, and the sealing key alone opens nothing."""
    await probe.tell(key="once")
    [row] = await probe.rows("select * from idempotency")
    key = kit.settings.sealing_key.get_secret_value()

    for guess in (key, hmac.digest(key, b"answer", "sha256"), hmac.digest(key, row["fingerprint"], "sha256")):
        with pytest.raises(InvalidTag):
            unseal(guess, row["answer"], bound_to=place("idempotency.answer", row["caller"], row["key"]))
    assert row["key"] != "once"


async def test_an_answer_is_found_under_the_sealing_key_before(kit: Kit) -> None:
    old, new = bytes(32), bytes(range(32))
    caller, request = new_id(), a_post(key="once")
    async with kit.as_worker() as tx:
        Idempotency(old).keep(tx, await Idempotency(old).attempt(request, caller), Response("Amina"))

    rotated = Idempotency(new, old)
    async with kit.as_worker() as tx:
        found = await rotated.open(tx, await rotated.attempt(request, caller))

    assert found is not None
    assert found.body == b"Amina"


async def test_a_new_key_has_no_answer_yet(kit: Kit) -> None:
    keeper = Idempotency(kit.settings.sealing_key.get_secret_value())

    async with kit.as_worker() as tx:
        assert await keeper.open(tx, Attempt(new_id(), "new", (bytes(32),))) is None

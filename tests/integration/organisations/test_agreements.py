"""Agreements over HTTP: of a kind, about something, for days that are agreed on once."""

from __future__ import annotations

import asyncio

import psycopg

from tests.integration.organisations.directory import Directory


async def test_an_agreement_is_kept_as_it_was_given_and_told_without_words(directory: Directory) -> None:
    house, other = await directory.a_house(), await directory.a_house("social_services")
    operator = await directory.operator()
    given = {
        "kind": "iop",
        "parties": [house.id, other.id],
        "name": "IOP Söder",
        "activities": ["Språkcafé på torsdagar"],
        "valid_from": "2020-01-01",
        "valid_until": "2099-12-31",
    }

    made = await directory.made("/agreements", operator, **given)

    assert {name: made[name] for name in given} == given
    told = (await directory.told())[-1]
    assert (told["body"]["kind"], told["body"]["valid_until"]) == ("iop", "2099-12-31")
    assert "Söder" not in str(told)
    assert "Språkcafé" not in str(told)


async def test_of_two_for_the_same_days_one_is_concluded(directory: Directory) -> None:
    house, other = await directory.a_house(), await directory.a_house()
    operator = await directory.operator()
    orders = [[house.id, other.id], [other.id, house.id]]

    answers = await asyncio.gather(*(directory.post("/agreements", operator, parties=one) for one in orders))
    beside = await directory.post("/agreements", operator, parties=orders[0], kind="data_protection")
    over = await directory.post(
        "/agreements", operator, parties=orders[0], kind="iop", valid_until="2020-01-01"
    )

    (kept,), (refused,) = [[one for one in answers if one.status_code == code] for code in (201, 409)]
    assert refused.json()["type"] == "/problems/agreement-overlaps"
    assert refused.json()["agreement_id"] == kept.json()["id"]
    assert (beside.status_code, over.status_code) == (201, 422)


WAITING = """
select from pg_stat_activity
where datname = current_database() and wait_event_type = 'Lock' and query like '%subjects%'
"""


async def test_every_party_is_locked_not_the_first_alone(directory: Directory) -> None:
    house, other = await directory.a_house(), await directory.a_house()
    operator = await directory.operator()
    address = directory.network.settings("organisations").database_url

    async with await psycopg.AsyncConnection.connect(address) as held:
        await held.execute("select from subjects where id = %s for update", [other.id])
        parties = [house.id, other.id]
        asking = asyncio.create_task(directory.post("/agreements", operator, parties=parties))
        while not asking.done() and not await directory.rows(WAITING):  # noqa: ASYNC110 - of the server
            await asyncio.sleep(0.01)
        waited = not asking.done()

    assert (await asking).status_code == 201
    assert waited

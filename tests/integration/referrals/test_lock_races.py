"""A person is locked while somebody acts on her: who comes second meets nobody, and nothing is left."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from services.referrals.domain.transitions import OPEN_STATES
from tests.integration.referrals.protecting import Kept, a_kept_person, lock
from tests.integration.referrals.races import REPEATS, Turn, begun, raced
from tests.integration.referrals.world import OPEN, World

Json = dict[str, Any]

LEFT = """
select
    (select count(*) from referrals r join paths a on a.id = r.path_id
        where a.person_id = %(person)s and r.state = any (%(open)s)) as open_referrals,
    (select count(*) from disclosure_items i join disclosures d on d.id = i.disclosure_id
        join referrals r on r.id = d.referral_id join paths a on a.id = r.path_id
        where a.person_id = %(person)s) as items,
    (select count(*) from paths a where a.person_id = %(person)s
        and not exists (select from concealed c where c.id = a.id)) as paths_in_sight
"""


async def a_draft(world: World, person_id: str) -> Json:
    draft = await world.a_draft(await world.a_need(person_id))
    await world.a_consent(draft)
    return draft


async def a_sent_one(world: World, person_id: str) -> Json:
    return await begun(world, person_id, "sent")


async def an_opened_one(world: World, person_id: str) -> Json:
    return await begun(world, person_id, "opened")


async def send(world: World, draft: Json) -> Any:
    return await world.command(draft, "send", world.sender)


async def open_it(world: World, sent: Json) -> Any:
    return await world.command(sent, "open", world.association, OPEN)


async def accept(world: World, opened: Json) -> Any:
    return await world.command(opened, "accept", world.association, world.accepting())


async def read(world: World, opened: Json) -> Any:
    return await world.call("GET", f"/referrals/{opened['id']}/disclosure", world.association)


async def withdraw(world: World, opened: Json) -> Any:
    return await world.call("POST", f"/consents/{opened['consent_ids'][0]}/withdrawal", world.sender, {})


async def new_path(world: World, person: Json) -> Any:
    return await world.call("POST", "/paths", world.sender, {"person_id": person["id"], "goal": "Eget jobb"})


async def herself(_: World, person_id: str) -> Json:
    return {"id": person_id}


Begin = Callable[[World, str], Awaitable[Json]]
Act = Callable[[World, Json], Awaitable[Any]]
ACTS: list[tuple[Begin, Act]] = [
    (a_draft, send),
    (a_sent_one, open_it),
    (an_opened_one, accept),
    (an_opened_one, read),
    (an_opened_one, withdraw),
    (herself, new_path),
]


@pytest.mark.parametrize(("begin", "act"), ACTS, ids=[act.__name__ for _, act in ACTS])
async def test_a_lock_and_what_somebody_does_at_once(world: World, begin: Begin, act: Act) -> None:
    async def run(turn: Turn) -> str:
        kept = await a_kept_person(world)
        subject = await begin(world, kept.id)

        hidden, done = await turn.at_once(
            lambda: lock(world, kept.id, kept.keepers), lambda: act(world, subject)
        )

        assert hidden.status_code == 200
        assert done.is_success or done.status_code == 404
        await out_of_sight(world, kept, subject, act)
        return act.__name__ if done.is_success else "lock"

    # A path that waited for her lock is opened all the same, out of everybody's sight.
    sides = 1 if act is new_path else 2
    await raced(f"lock and {act.__name__}", run, repeats=REPEATS // 3, sides=sides)


async def out_of_sight(world: World, kept: Kept, subject: Json, act: Act) -> None:
    """Nothing is open, nothing is held, and everybody who tries once more meets nobody."""
    async with await world.admin() as sql:
        found = await sql.execute(LEFT, {"person": kept.id, "open": sorted(OPEN_STATES)})
        assert await found.fetchone() == {"open_referrals": 0, "items": 0, "paths_in_sight": 0}
    again = [await act(world, subject), await world.call("GET", f"/persons/{kept.id}", world.sender)]
    assert [answer.status_code for answer in again] == [404, 404]

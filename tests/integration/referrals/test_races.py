"""Two at once on one version: exactly one is committed, and the other is told what happened."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import pytest

from shared.events.base import Role
from tests.integration.referrals.races import Turn, begun, lost, raced, settled
from tests.integration.referrals.world import Member, World

By = Callable[[World, str], Member | str]


@dataclass(frozen=True, kw_only=True)
class Side:
    """A command of a race: who gives it, and the state that it leads to if it wins."""

    command: str
    by: By
    state: str
    body: dict[str, Any] = field(default_factory=dict)


def sender(world: World, _: str) -> Member:
    return world.sender


def receiver(world: World, _: str) -> Member:
    return world.association


def receivers_lead(world: World, _: str) -> str:
    return world.token(world.association, Role.TEAM_LEAD)


def person(world: World, person_id: str) -> str:
    return world.person_token(person_id)


ACCEPT = Side(command="accept", by=receiver, state="accepted")
DECLINE = Side(command="decline", by=receiver, state="declined", body={"reason": "age", "sentence": "Nej."})
RECALL = Side(command="recall", by=sender, state="recalled", body={"reason": "duplicate"})
ASK = Side(command="ask", by=receiver, state="info_requested", body={"question": "Tider?"})
REASSIGN = Side(command="reassign", by=receivers_lead, state="opened")
COMPLETE = Side(
    command="complete", by=receiver, state="completed", body={"outcome": "met", "sentence": "Klart."}
)
END = Side(
    command="end", by=person, state="ended", body={"reason": "no_longer_wanted", "sentence": "Nej tack."}
)
PAIRS = [
    ("opened", ACCEPT, DECLINE),
    ("opened", ACCEPT, RECALL),
    ("opened", REASSIGN, ACCEPT),
    ("sent", ASK, RECALL),
    ("active", COMPLETE, END),
]


def said(world: World, side: Side) -> dict[str, Any]:
    """What it is given with: the receiver's member of staff is of this world."""
    staff = {"staff_id": str(world.association.staff_id)}
    return {"accept": world.accepting(), "reassign": staff}.get(side.command, side.body)


@pytest.mark.parametrize(("start", "one", "other"), PAIRS, ids=lambda value: getattr(value, "command", ""))
async def test_of_two_commands_at_once_one_is_done(world: World, start: str, one: Side, other: Side) -> None:
    someone = await world.a_person()

    async def run(turn: Turn) -> str:
        referral = await begun(world, someone["id"], start)
        answers = await turn.at_once(*(giving(world, referral, side, someone["id"]) for side in (one, other)))

        won, late = (one, answers[1]) if answers[0].status_code == 200 else (other, answers[0])
        assert sorted(answer.status_code for answer in answers) == [200, 412]
        lost(late, won.command, won.state)
        assert (await settled(world, referral))["state"] == won.state
        return won.command

    await raced(f"{one.command} and {other.command}", run)


def giving(
    world: World, referral: dict[str, Any], side: Side, person_id: str
) -> Callable[[], Awaitable[Any]]:
    async def give() -> Any:
        return await world.command(referral, side.command, side.by(world, person_id), said(world, side))

    return give

"""The rules of a transfer: who may answer an offer, and that its answer is given once."""

from __future__ import annotations

from typing import Any

import pytest

from services.referrals.domain.refusals import IllegalForTransfer
from services.referrals.domain.transfers import Transfer, TransferCommand, TransferState
from shared.actor import Actor, ActorKind
from shared.errors import NotYourSide, RoleMissing
from shared.events.base import Role
from tests.unit.referrals.makers import (
    CASEWORKER,
    NEED,
    NOON,
    PATH,
    RECEIVER,
    REFERRAL,
    SENDER,
    SENDING_TEAM,
    STRANGER,
)

TAKE, REFUSE, RECALL = TransferCommand


def a_transfer(**changes: Any) -> Transfer:
    usual: dict[str, Any] = {
        "id": REFERRAL,
        "need_id": NEED,
        "path_id": PATH,
        "from_organisation_id": SENDER,
        "from_team_id": SENDING_TEAM,
        "to_organisation_id": RECEIVER,
        "offered_at": NOON,
    }
    return Transfer(**{**usual, **changes})


def an_actor(organisation: Any, team: Any, *roles: Role) -> Actor:
    return Actor(
        kind=ActorKind.STAFF,
        id=CASEWORKER,
        organisation_id=organisation,
        team_id=team,
        roles=frozenset(roles),
    )


@pytest.mark.parametrize(
    ("actor", "may"),
    [
        (an_actor(RECEIVER, CASEWORKER, Role.CASEWORKER), [TAKE, REFUSE]),
        (an_actor(RECEIVER, None, Role.TEAM_LEAD), [TAKE, REFUSE]),
        (an_actor(SENDER, SENDING_TEAM, Role.CASEWORKER), [RECALL]),
        (an_actor(SENDER, SENDING_TEAM, Role.TEAM_LEAD), [RECALL]),
        (an_actor(SENDER, CASEWORKER, Role.CASEWORKER), []),
        (an_actor(STRANGER, SENDING_TEAM, Role.CASEWORKER), []),
        (an_actor(RECEIVER, None, Role.RECIPIENT, Role.ORGANISATION_ADMIN), None),
        (an_actor(SENDER, SENDING_TEAM, Role.COORDINATOR), None),
    ],
)
def test_the_asked_organisation_answers_and_the_home_takes_back(
    actor: Actor, may: list[TransferCommand] | None
) -> None:
    transfer = a_transfer()

    assert transfer.allowed(actor) == (may or [])
    for command in TransferCommand:
        if may is None:
            with pytest.raises(RoleMissing):
                transfer.permit(command, actor)
        elif command in may:
            transfer.permit(command, actor)
        else:
            with pytest.raises(NotYourSide):
                transfer.permit(command, actor)


@pytest.mark.parametrize("state", [TransferState.TAKEN, TransferState.REFUSED, TransferState.RECALLED])
def test_an_answer_is_given_once(state: TransferState) -> None:
    decided = a_transfer(state=state)

    assert decided.allowed(an_actor(RECEIVER, None, Role.CASEWORKER)) == []
    for verb in (decided.take, decided.refuse, decided.recall):
        with pytest.raises(IllegalForTransfer) as refused:
            verb(NOON)
        assert refused.value.members == {"state": state, "allowed": []}


def test_each_answer_has_its_event() -> None:
    taken, told_taken = a_transfer().take(NOON)
    refused, told_refused = a_transfer().refuse(NOON)
    recalled, told_recalled = a_transfer().recall(NOON)

    assert [one.state for one in (taken, refused, recalled)] == ["taken", "refused", "recalled"]
    assert {(one.version, one.decided_at) for one in (taken, refused, recalled)} == {(2, NOON)}
    assert (told_taken.organisation_id, told_taken.from_organisation_id) == (RECEIVER, SENDER)
    assert {one.organisation_id for one in (told_refused, told_recalled)} == {SENDER}
    assert {one.to_organisation_id for one in (told_refused, told_recalled)} == {RECEIVER}

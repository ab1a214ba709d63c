"""What is told is told once and stays as it was told."""

from __future__ import annotations

import psycopg
import pytest
from psycopg.errors import InsufficientPrivilege

from shared.actor import service_actor
from shared.audit import first_bad_row
from shared.envelope import Envelope
from shared.events import Event
from shared.events.organisations import PledgeSigned, TeamOpened
from shared.ids import new_id
from tests.integration.shared.kit import STREAM, TRACE, Kit

SUBJECT = new_id()
PLEDGE = PledgeSigned(organisation_id=SUBJECT, staff_id=new_id(), version=1)
TEAM = TeamOpened(organisation_id=SUBJECT, team_id=new_id())
BLANK = "update log set subject = null, actor = null, body = null, salt = null where seq = 3"
SWAP = """
update log set seq = case seq when 2 then 103 else 102 end where seq in (2, 3);
update log set seq = seq - 100 where seq > 100
"""
WITHOUT_GUARD = "alter table log disable trigger all; {}; alter table log enable trigger all"


async def react(kit: Kit, cause: Envelope, *events: Event) -> None:
    """A reaction to the cause that tells these events."""
    async with kit.database.transaction(service_actor("organisations")) as tx:
        tx.react_to(cause)
        for event in events:
            await tx.tell(event)


async def a_cause(kit: Kit) -> Envelope:
    """An event that was told and numbered."""
    await kit.tell(SUBJECT)
    await kit.relay().once()
    [row] = await kit.read_log(0, 1)
    return row.envelope(STREAM)


async def number_three_rounds(kit: Kit) -> None:
    """A log of six rows with three signed heads."""
    for _ in range(3):
        await kit.tell(SUBJECT, times=2)
        await kit.relay().once()


async def audit(kit: Kit) -> int | None:
    return await first_bad_row(kit.database, kit.key, STREAM)


async def test_a_replayed_reaction_tells_nothing_twice(kit: Kit) -> None:
    cause = await a_cause(kit)

    await react(kit, cause, PLEDGE, TEAM)
    await react(kit, cause, PLEDGE, TEAM)
    await kit.relay().once()
    await react(kit, cause, PLEDGE, TEAM)
    await kit.relay().once()

    assert [row["type"] for row in await kit.log()] == [
        "pledge.signed.v1",
        "pledge.signed.v1",
        "team.opened.v1",
    ]


async def test_two_events_of_one_type_by_one_reaction_are_two(kit: Kit) -> None:
    cause = await a_cause(kit)

    await react(kit, cause, PLEDGE, PLEDGE)

    assert len(await kit.as_superuser("organisations", "select from untold")) == 2


async def test_a_reaction_names_its_cause(kit: Kit) -> None:
    cause = await a_cause(kit)

    await react(kit, cause, PLEDGE)

    [row] = await kit.as_superuser("organisations", "select * from untold")
    assert (row["causation_id"], row["correlation_id"]) == (cause.id, cause.correlation_id)
    assert row["traceparent"] == cause.traceparent == TRACE
    assert row["actor"] == str(service_actor("organisations"))


async def test_what_is_not_committed_was_never_told(kit: Kit) -> None:
    with pytest.raises(psycopg.errors.DivisionByZero):
        async with kit.telling(SUBJECT) as tx:
            await tx.sql.execute("select 1 / 0")

    assert await kit.as_superuser("organisations", "select from untold") == []


@pytest.mark.parametrize("damage", ["update log set type = 'x'", "delete from log", "truncate log"])
async def test_a_service_cannot_change_its_log(kit: Kit, damage: str) -> None:
    await number_three_rounds(kit)

    async with kit.as_worker() as tx:
        with pytest.raises(InsufficientPrivilege):
            await tx.sql.execute(damage.encode())


@pytest.mark.parametrize(
    "damage",
    [
        "update log set body = '{}' where seq = 3",
        "update log set seq = 99 where seq = 6",
        "update log set signature = null where seq = 2",
        BLANK.replace("where", ", hash = digest where"),
        BLANK.replace(", salt = null", ""),
        BLANK.replace("where", ", type = 'team.opened.v1' where"),
        BLANK.replace("where", ", time = null where"),
        "delete from log where seq = 6",
        "truncate log",
    ],
)
async def test_not_even_the_owner_changes_the_log_but_for_erasure(kit: Kit, damage: str) -> None:
    await number_three_rounds(kit)

    with pytest.raises(InsufficientPrivilege, match="never changed"):
        await kit.as_superuser("organisations", damage)

    assert len(await kit.log()) == 6
    assert await audit(kit) is None


async def test_erasure_blanks_a_row_and_the_chain_still_verifies(kit: Kit) -> None:
    await number_three_rounds(kit)

    await kit.as_superuser("organisations", f"set role organisations_erasure; {BLANK}")

    erased = (await kit.log())[2]
    assert (erased["subject"], erased["actor"], erased["body"], erased["salt"]) == (None, None, None, None)
    assert await audit(kit) is None


async def test_a_listener_passes_a_blanked_row(kit: Kit) -> None:
    await number_three_rounds(kit)
    await kit.as_superuser("organisations", f"set role organisations_erasure; {BLANK}")

    await kit.deliver(await kit.listener())

    assert [version for _, version in await kit.effects()] == [1, 2, 4, 5, 6]


async def test_an_untouched_log_is_as_it_was_told(kit: Kit) -> None:
    assert await audit(kit) is None

    await number_three_rounds(kit)

    assert await audit(kit) is None


@pytest.mark.parametrize(
    ("damage", "first_bad"),
    [
        ("""update log set body = body || '{"version": 99}' where seq = 3""", 3),
        ("update log set time = time - interval '1 hour' where seq = 4", 4),
        ("update log set actor = 'staff:nobody' where seq = 1", 1),
        ("update log set salt = salt || 'x' where seq = 5", 5),
        ("update log set hash = digest where seq = 2", 2),
        ("update log set signature = decode(repeat('00', 64), 'hex') where seq = 4", 4),
        ("update log set epoch = 2 where seq = 6", 6),
        ("delete from log where seq = 3", 3),
        ("delete from log where seq = 1", 1),
        ("update log set seq = 99 where seq = 6", 6),
        (SWAP, 2),
        ("update log set signature = null where seq = 6", 6),
        ("update log set event_id = gen_random_uuid() where seq = 4", 4),
    ],
)
async def test_an_audit_names_the_first_row_that_a_superuser_changed(
    kit: Kit, damage: str, first_bad: int
) -> None:
    await number_three_rounds(kit)

    await kit.as_superuser("organisations", WITHOUT_GUARD.format(damage))

    assert await audit(kit) == first_bad

"""Imports: sent, read, checked, shown, confirmed, written; the clock does what takes long, step by step."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from shared.database import Transaction
from shared.errors import Invalid
from shared.ids import new_id
from shared.timers import Due, Rings, Timer, cancel_timers, set_timers

from ..domain import rights
from ..domain.hsds_checks import faults_of, rows_of
from ..domain.hsds_files import Unreadable, batches, form_of, package_of
from ..domain.hsds_whole import Found, Place, Whole
from ..domain.imports import SHOWN, Import, State, must_import
from ..store import imports as store
from ..store import offerings, organisations
from ..store.imports import Kept
from .import_writing import Writing
from .seen import must_be_current

READ, CHECK, WRITE = "read_import", "check_import", "write_import"
"""The timers of an import: each is the next step of it."""

BATCHES = 8
"""So many are checked in a step: what has been checked is shown in between."""


async def begin(tx: Transaction, *, team_id: UUID, content: bytes) -> Import:
    """Take a directory in, for the actor's own organisation; ``team_id`` is who answers for it."""
    home = rights.home_of(tx.actor)
    must_import(tx.actor)
    await organisations.must_own_team(tx.sql, home, team_id)
    new_one = new_id()
    at = await tx.lock(new_one)
    begun = Import(
        organisation_id=home,
        id=new_one,
        team_id=team_id,
        state=State.READING,
        form=form_of(content),
        made_by=tx.actor.id,
        made_at=at,
    )
    await store.add(tx.sql, begun, content)
    await _go_on(tx, begun, READ)
    return begun


async def confirm(tx: Transaction, import_id: UUID, *, seen: int) -> Import:
    """Have what is good of it written."""
    return await _decide(tx, import_id, seen, Import.confirm, WRITE)


async def discard(tx: Transaction, import_id: UUID, *, seen: int) -> Import:
    """Put it away; what it held is forgotten."""
    put_away = await _decide(tx, import_id, seen, Import.discard, None)
    await store.forget_file(tx.sql, put_away)
    await store.forget_rows(tx.sql, put_away)
    return put_away


async def _decide(
    tx: Transaction, import_id: UUID, seen: int, verb: Callable[[Import], Import], next_step: str | None
) -> Import:
    await tx.lock(import_id)
    found = await store.load(tx.sql, import_id)
    must_import(tx.actor)
    await must_be_current(tx, found, seen)
    decided = verb(found)
    await store.save(tx.sql, decided)
    await _go_on(tx, decided, next_step)
    return decided


async def _go_on(tx: Transaction, one: Import, step: str | None) -> None:
    """Set the next step, at once."""
    if step is None:
        await cancel_timers(tx, owner=one.id)
        return
    timer = Timer(step, await tx.now(), one.version, one.organisation_id)
    await set_timers(tx, owner=one.id, subject=one.id, timers=[timer])


async def read(tx: Transaction, due: Due) -> None:
    """Take the file apart into rows; one that cannot be read leaves none."""
    one = await store.load(tx.sql, due.owner)
    if one.state is not State.READING:
        return
    try:
        async with tx.sql.transaction():
            was_read = await _read(tx, one)
    except Unreadable as wrong:
        was_read = one.became(State.UNREADABLE)
        await store.add_faults(tx.sql, one, _found(wrong))
    await store.forget_file(tx.sql, one)
    await store.save(tx.sql, was_read)
    await _go_on(tx, was_read, CHECK if was_read.state is State.CHECKING else None)


def _found(wrong: Invalid) -> list[Found]:
    """What is wrong with the file as a whole: of no row."""
    errors: Any = wrong.members["errors"]
    return [Found((one["field"], 0), "file", one["message"]) for one in errors]


async def _read(tx: Transaction, one: Import) -> Import:
    content, rows = await store.content_of(tx.sql, one), 0
    for nth, batch in enumerate(batches(content)):
        await store.add_batch(tx.sql, one, nth, batch)
        rows += len(batch.rows)
    package = package_of(content)
    return one.became(State.CHECKING, rows=rows, package=dict(package) if package else None)


async def check(tx: Transaction, due: Due) -> None:
    """Look at the next rows; after the last at the whole."""
    one = await store.load(tx.sql, due.owner)
    if one.state is not State.CHECKING:
        return
    for _ in range(BATCHES):
        kept = await store.next_unchecked(tx.sql, one)
        if kept is None:
            one = await _preview(tx, one)
            break
        one = await _check(tx, one, kept)
    await store.save(tx.sql, one)
    await _go_on(tx, one, CHECK if one.state is State.CHECKING else None)


async def _check(tx: Transaction, one: Import, kept: Kept) -> Import:
    batch, bad = kept.batch, 0
    faults: list[Found] = []
    for number, cells in zip(batch.numbers, batch.rows, strict=True):
        found = faults_of(batch.file, batch.header, cells)
        faults += (Found((batch.file, number), field, message) for field, message in found)
        bad += bool(found)
    await store.add_faults(tx.sql, one, faults)
    await store.note_checked(tx.sql, one, kept.nth)
    return one.grew(checked=one.checked + len(batch.rows), bad=one.bad + bad)


async def _preview(tx: Transaction, one: Import) -> Import:
    """Judge the whole, and leave out what is bad and what belongs to it."""
    whole = Whole(nested=one.form == "json")
    async for kept in store.every_batch(tx.sql, one):
        for number, cells in zip(kept.batch.numbers, kept.batch.rows, strict=True):
            place = (kept.batch.file, number)
            whole.see(place, rows_of(*place[:1], kept.batch.header, cells))
    known = await _known(tx, one, whole)
    await store.add_faults(tx.sql, one, whole.faults(known))
    bad = await store.bad_places(tx.sql, one)
    left_out = whole.left_out_with(bad)
    counted = await _leave_out(tx, one, bad | left_out)
    return counted.became(State.PREVIEWED, bad=len(bad), left_out=len(left_out))


async def _known(tx: Transaction, one: Import, whole: Whole) -> frozenset[str]:
    """Which of the services that are led to there are here already, by the publishers' ids or ours."""
    sought = {UUID(id) for led in whole.led_to.values() for id in led if _is_uuid(id)}
    if not sought:
        return frozenset()
    here = await offerings.which_exist(tx.sql, sought)
    read_before = (await offerings.imported(tx.sql, one.organisation_id)).keys()
    return frozenset(map(str, here | (sought & read_before)))


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


async def _leave_out(tx: Transaction, one: Import, out: set[Place]) -> Import:
    """Mark what is left out, and count and show what the rest will do."""
    before = (await offerings.imported(tx.sql, one.organisation_id)).keys()
    new, known = 0, 0
    sample: list[dict[str, object]] = []
    async for kept in store.every_batch(tx.sql, one):
        batch = kept.batch
        if skipped := [number for number in batch.numbers if (batch.file, number) in out]:
            await store.skip(tx.sql, one, kept.nth, skipped)
        for number, cells in zip(batch.numbers, batch.rows, strict=True):
            if (batch.file, number) in out:
                continue
            for row in rows_of(batch.file, batch.header, cells):
                if row.table == "service":
                    id = UUID(str(row.values["id"]))
                    new, known = new + (id not in before), known + (id in before)
                    if len(sample) < SHOWN:
                        sample.append({"file": batch.file, "row": number, "name": row.values["name"]})
    return one.grew(published=new, changed=known, sample=tuple(sample))


async def write(tx: Transaction, due: Due) -> None:
    """Write all that is good, in this one transaction; what is refused leaves everything as it was."""
    one = await store.load(tx.sql, due.owner)
    if one.state is not State.WRITING:
        return
    at = await tx.lock(one.organisation_id)
    try:
        async with tx.sql.transaction():
            written = await _write(tx, one, at)
            await tx.flush()
    except Invalid as refused:
        tx.forget()
        written = one.became(State.PREVIEWED)
        await store.add_faults(tx.sql, one, _found(refused))
    await store.save(tx.sql, written)


async def _write(tx: Transaction, one: Import, at: datetime) -> Import:
    writing = await Writing.of(tx, one, at)
    async for kept in store.every_batch(tx.sql, one):
        await writing.write(kept)
    await writing.must_lead_on()
    return one.became(State.WRITTEN, written_at=at, published=writing.published, changed=writing.changed)


RINGS: Rings = {READ: read, CHECK: check, WRITE: write}

"""What an import does to the directory, batch by batch, within one transaction."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Self
from uuid import UUID

from shared.database import Transaction
from shared.ids import new_id

from ..domain.hsds_checks import leads_to, rows_of
from ..domain.hsds_offerings import Parts, changes_by, offering_of
from ..domain.hsds_tables import Row, Values
from ..domain.imports import Import
from ..domain.offering import Offering
from ..store import imports as store
from ..store import offerings
from ..store.imports import Kept
from ..store.rows import note_change


@dataclass(slots=True)
class Writing:
    """The directory that is written, and what is known of the offerings that it makes or alters."""

    tx: Transaction
    one: Import
    at: datetime
    parts: Parts
    before: dict[UUID, Offering]
    ids: dict[str, UUID]
    published: int = 0
    changed: int = 0
    _leading: list[Offering] = field(default_factory=list)

    @classmethod
    async def of(cls, tx: Transaction, one: Import, at: datetime) -> Self:
        """Read what services are made of, and which offering each will be."""
        before = await offerings.imported(tx.sql, one.organisation_id)
        parts, ids, led = Parts(), {str(id): known.id for id, known in before.items()}, set[UUID]()
        async for kept in store.every_batch(tx.sql, one):
            for rows in _good(kept):
                parts.keep(rows)
                for service in _services(rows):
                    ids.setdefault(str(service["id"]).lower(), new_id())
                    led.update(UUID(other) for other in leads_to(service))
        ids |= {str(id): id for id in await offerings.which_exist(tx.sql, led)}
        return cls(tx, one, at, parts, before, ids)

    async def write(self, kept: Kept) -> None:
        """Write the services of a batch, and tell of each."""
        new = []
        for service in (one for rows in _good(kept) for one in _services(rows)):
            changes = changes_by(service, self.parts, at=self.at, leads=self.ids)
            known = self.before.get(changes["imported"].service_id)
            if known is None:
                new.append(await self._publish(changes))
            else:
                await self._change(known, changes)
        if new:
            await offerings.add_all(self.tx.sql, new)
            self.published += len(new)
        await self.tx.flush()

    async def _publish(self, changes: dict[str, object]) -> Offering:
        imported = changes["imported"]
        id = self.ids[str(imported.service_id)]  # type: ignore[attr-defined]
        made = offering_of(changes, id=id, organisation_id=self.one.organisation_id, team_id=self.one.team_id)
        listed, event = made.list_here()
        await self.tx.tell(event)
        self._note_leading(listed)
        return listed

    async def _change(self, known: Offering, changes: dict[str, object]) -> None:
        done = known.read_again(changes, at=self.at)
        if done is None:
            return
        changed, event = done
        await offerings.save(self.tx.sql, changed)
        fields = [name for name, value in changes.items() if getattr(known, name) != value]
        await note_change(self.tx.sql, changed.id, changed.version, fields)
        await self.tx.tell(event)
        self._note_leading(changed)
        self.changed += 1

    def _note_leading(self, offering: Offering) -> None:
        if offering.leads_to:
            self._leading.append(offering)

    async def must_lead_on(self) -> None:
        """Raise ``Invalid`` when with what was there before something leads in a circle."""
        for offering in self._leading:
            await offerings.must_lead_on(self.tx.sql, offering)


def _good(kept: Kept) -> Iterator[list[Row]]:
    batch = kept.batch
    for number, cells in zip(batch.numbers, batch.rows, strict=True):
        if number not in kept.skipped:
            yield rows_of(batch.file, batch.header, cells)


def _services(rows: list[Row]) -> Iterator[Values]:
    yield from (row.values for row in rows if row.table == "service")

"""One path's trace, put together from its steps, the hops and the services' own reports."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from shared.database import Connection
from shared.errors import NotFound

from . import queries
from .domain import HopSeen, Report, Standing, Step, TracedStep, standing_by_hops, traced


async def trace(
    sql: Connection, path_id: UUID, reports: Mapping[str, Report | None], *, after: UUID | None, limit: int
) -> Sequence[TracedStep]:
    """The path's steps with what became of each; raises ``NotFound`` for a path of which nothing was told."""
    steps = await queries.steps(sql, path_id, after=after, limit=limit)
    if not steps and not await queries.is_known(sql, path_id):
        raise NotFound
    hops = await queries.hops(sql, steps)
    standings = await _standings(sql, reports, steps, hops)
    seen = {(hop.service, hop.step): hop for hop in hops}
    return [traced(step, standings, seen) for step in steps]


async def _standings(
    sql: Connection, reports: Mapping[str, Report | None], steps: Sequence[Step], hops: Sequence[HopSeen]
) -> Sequence[Standing]:
    away = [service for service, report in reports.items() if report is None]
    reached = await queries.reached(sql, away, sorted({step.stream for step in steps})) if away else {}
    reporting = [Standing.by_report(service, report) for service, report in reports.items() if report]
    return [*reporting, *(standing_by_hops(service, reached[service], hops) for service in away)]

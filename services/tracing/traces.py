"""One path's trace, put together from its steps, the hops and the services' own reports."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from shared.database import Connection
from shared.errors import NotFound

from . import queries
from .domain import HopSeen, Report, Standing, TracedStep, standing_by_hops, traced


async def trace(
    sql: Connection, path_id: UUID, reports: Mapping[str, Report | None], *, after: UUID | None, limit: int
) -> Sequence[TracedStep]:
    """The path's steps with what became of each; raises ``NotFound`` for a path of which nothing was told."""
    if not await queries.is_known(sql, path_id):
        raise NotFound
    steps = await queries.steps(sql, path_id, after=after, limit=limit)
    away = [service for service, report in reports.items() if report is None]
    # Before the hops: a hop that arrives meanwhile must not have been reached without a time.
    reached = await queries.reached(sql, away, sorted({step.stream for step in steps})) if away else {}
    hops = await queries.hops(sql, steps)
    standings = _standings(reports, reached, hops)
    seen = {(hop.service, hop.step): hop for hop in hops}
    return [traced(step, standings, seen) for step in steps]


def _standings(
    reports: Mapping[str, Report | None], reached: Mapping[str, Mapping[str, int]], hops: Sequence[HopSeen]
) -> Sequence[Standing]:
    reporting = [Standing.by_report(service, report) for service, report in reports.items() if report]
    return [*reporting, *(standing_by_hops(service, by_hops, hops) for service, by_hops in reached.items())]

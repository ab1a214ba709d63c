"""The steps of a path, with the needs that they began as."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from psycopg.rows import DictRow
from psycopg.types.json import Jsonb

from shared.database import Connection
from shared.events.base import Area, NeedCode, Theme
from shared.events.paths import Closing

from ..domain.need_transitions import NeedState
from ..domain.steps import Awaited, PathStep, Plan, StepNeed, Wait
from . import rows

_PLAN = """
select s.*, working_team(p.id, p.team_id) as team_id, n.id as need_id, n.state as need_state,
    n.closed_as, x.said_at as said_no_at, (
    select coalesce(jsonb_agg(jsonb_build_array(w.waits_for, w.outcome) order by w.waits_for), '[]')
    from path_step_waits w where w.org_id = s.org_id and w.step_id = s.id
) as after
from path_steps s join paths a on a.id = s.path_id join persons p on p.id = a.person_id
left join needs n on n.org_id = s.org_id and n.step_id = s.id
left join own_noes x on x.org_id = s.org_id and x.step_id = s.id and x.taken_back_at is null
where s.path_id = %s order by s.nth
"""

_ADD = """
insert into path_steps (
    id, org_id, path_id, nth, code, theme, area, names, template_id, template_version, version, created_at
)
select id, org_id, path_id, nth, code, theme, area, names, template_id, template_version, version, created_at
from jsonb_populate_recordset(null::path_steps, %s)
"""

_WAIT = """
insert into path_step_waits (org_id, path_id, step_id, waits_for, outcome)
select org_id, path_id, step_id, waits_for, outcome from jsonb_populate_recordset(null::path_step_waits, %s)
"""


async def plan(sql: Connection, path_id: UUID) -> Plan:
    """All steps of the path, as the tenant sees them."""
    return Plan.of([_as_step(row) for row in await rows.many(sql, _PLAN, [path_id])])


async def add(sql: Connection, steps: Sequence[PathStep]) -> None:
    await sql.execute(_ADD, [Jsonb([_values(step) for step in steps])])
    await sql.execute(_WAIT, [Jsonb([wait for step in steps for wait in _waits(step)])])


_SAME = ("path_id", "nth", "code", "theme", "area", "names", "template_id", "template_version", "version")


def _values(step: PathStep) -> dict[str, Any]:
    named = {name: getattr(step, name) for name in _SAME}
    ids = {name: str(named[name]) if named[name] else None for name in ("path_id", "template_id")}
    own = {"id": str(step.id), "org_id": str(step.organisation_id)}
    return {**named, **ids, **own, "created_at": step.created_at.isoformat()}


def _waits(step: PathStep) -> list[dict[str, str]]:
    about = {"org_id": str(step.organisation_id), "path_id": str(step.path_id), "step_id": str(step.id)}
    return [{**about, "waits_for": str(wait.step_id), "outcome": wait.outcome} for wait in step.after]


def _as_step(row: DictRow) -> PathStep:
    return PathStep(
        id=row["id"],
        organisation_id=row["org_id"],
        team_id=row["team_id"],
        path_id=row["path_id"],
        nth=row["nth"],
        code=NeedCode(row["code"]),
        theme=Theme(row["theme"]),
        area=Area(row["area"]) if row["area"] else None,
        after=tuple(Wait(step_id=UUID(step), outcome=Awaited(outcome)) for step, outcome in row["after"]),
        names=row["names"],
        template_id=row["template_id"],
        template_version=row["template_version"],
        need=_as_need(row) if row["need_id"] else None,
        said_no_at=row["said_no_at"],
        version=row["version"],
        created_at=row["created_at"],
    )


def _as_need(row: DictRow) -> StepNeed:
    closed_as = Closing(row["closed_as"]) if row["closed_as"] else None
    return StepNeed(id=row["need_id"], state=NeedState(row["need_state"]), closed_as=closed_as)

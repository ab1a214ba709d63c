"""A teller and a hearer made of the kit alone, as processes that can be killed."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from pathlib import Path
from uuid import UUID

from fastapi import APIRouter

from shared.app import Hearing, Service, create_api, create_worker
from shared.database import Transaction
from shared.events.organisations import PledgeSigned
from shared.hearing import Reactions
from shared.http import Body, Route, Tx
from shared.settings import Settings

POISON = UUID("00000000-0000-7000-8000-000000000001")
KILLER = UUID("00000000-0000-7000-8000-000000000002")
HANGER = UUID("00000000-0000-7000-8000-000000000003")
BUSY = UUID("00000000-0000-7000-8000-000000000004")

router = APIRouter(route_class=Route)


class Told(Body):
    """What to tell: the ``version`` is the number in its organisation's own order."""

    organisation_id: UUID
    staff_id: UUID
    version: int


@router.post("/told", status_code=201)
async def told(body: Told, tx: Tx) -> Told:
    await tx.lock(body.organisation_id)
    await tx.tell(PledgeSigned(**body.model_dump()))
    return body


async def keep(tx: Transaction, event: PledgeSigned) -> None:
    """The effect: one row for each event; and what goes wrong, on purpose."""
    assert tx.cause is not None
    await tx.act_for(event.organisation_id)
    await _misbehave(event.staff_id)
    values = (tx.cause.id, event.organisation_id, event.version, tx.cause.seq)
    query = "insert into effects (event_id, organisation_id, version, seq) values (%s, %s, %s, %s)"
    await tx.sql.execute(query, values)


def _cured() -> bool:
    return Path(os.environ["CURE"]).exists()


async def _misbehave(staff_id: UUID) -> None:
    if _cured():
        return
    if staff_id == POISON:
        raise ValueError
    if staff_id == KILLER:
        os.kill(os.getpid(), signal.SIGKILL)
    if staff_id == HANGER:
        await asyncio.sleep(3600)
    if staff_id == BUSY:
        time.sleep(3600)  # noqa: ASYNC251 - a loop that never gives way is the fault


TELLER = Service(name="organisations", routers=[router])
KNOWING: Reactions = {PledgeSigned: keep}
HEARER = Service(
    name="notifications",
    routers=[],
    hears={"organisations": Hearing({} if os.environ.get("OLD_CODE") else KNOWING, {})},
    projections=("effects",),
)


def __getattr__(name: str) -> object:
    """Make an application when asked for."""
    service = TELLER if name.startswith("teller") else HEARER
    if name in {"teller_api", "hearer_api"}:
        return create_api(service, Settings())
    if name in {"teller_worker", "hearer_worker"}:
        return create_worker(service, Settings())
    raise AttributeError(name)

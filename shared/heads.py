"""The head of a service's own log, as organisations outside keep it.

The relay signs the last row of each round for those who listen; whoever keeps a head gets the same
statement as a checkpoint, made only of a row that the relay has signed.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field

from . import log
from .chain import Head
from .checkpoint import Checkpoint, origin_of
from .database import Connection
from .events.base import Role
from .http import Route, Tx, for_roles
from .service import Service
from .settings import CommonSettings

LOG = "log"
"""What the chain of a service's events is called beside those of its books."""

READERS = (Role.ORGANISATION_ADMIN, Role.LOG_REVIEWER)

_LAST_SIGNED = """
select seq, epoch, hash, signature from log where signature is not null order by seq desc limit 1
"""

router = APIRouter(route_class=Route, prefix="/ledger", tags=["ledger"])


class HeadSeen(BaseModel):
    """How long a chain is, and the signed note that says it and the hash of its last row.

    The note is a checkpoint as C2SP's `tlog-checkpoint` and `signed-note` write it.
    """

    model_config = ConfigDict(frozen=True)

    chain: Annotated[str, Field(examples=["ledger"])]
    size: int

    checkpoint: Annotated[
        str, Field(examples=["vardekedjor/referrals/ledger\n1\nI2l…\n\n— vardekedjor/… …\n"])
    ]


class HeadsSeen(BaseModel):
    model_config = ConfigDict(frozen=True)

    heads: list[HeadSeen]


async def log_heads(
    sql: Connection, service: Service, settings: CommonSettings
) -> list[tuple[Head, HeadSeen]]:
    """The head of the service's log; none of an empty one, nor of one that the relay has not signed."""
    row = await (await sql.execute(_LAST_SIGNED)).fetchone()
    if row is None:
        return []
    teller = service.teller(settings)
    head = Head(stream=teller.stream, epoch=row["epoch"], seq=row["seq"], hash=row["hash"])
    key = teller.key.public_key()
    if not head.is_signed(key, row["signature"]):
        return []
    stands = Checkpoint(origin_of(service.name, LOG), head.seq, head.hash)
    note = stands.note(key, stands.signed(teller.key))
    return [(head, HeadSeen(chain=LOG, size=head.seq, checkpoint=note))]


@router.get("/head", openapi_extra=for_roles(*READERS))
async def head(tx: Tx, request: Request) -> HeadsSeen:
    """The signed head of this service's log of events; keep the answer outside of this system.

    Who has it can find out later, with `dev.py verify --head`, that an event before it was changed or cut
    away, even by somebody who has the service's key.
    """
    tx.actor.must_be(*READERS)
    state = request.app.state
    found = await log_heads(tx.sql, state.service, state.settings)
    return HeadsSeen(heads=[seen for _, seen in found])


async def hash_at(sql: Connection, number: int) -> bytes | None:
    """The hash of a row of the log."""
    rows = await log.read(sql, after=number - 1, limit=1)
    return rows[0].hash if rows and rows[0].seq == number else None

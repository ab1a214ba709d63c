"""The heads of the ledger and the access log, for the organisations to keep."""

from __future__ import annotations

from typing import Annotated

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from fastapi import APIRouter, Request
from pydantic import Field

from shared.checkpoint import Checkpoint, origin_of
from shared.http import Route, Tx, for_roles

from ..queries import ledger as queries
from .shapes import Seen

router = APIRouter(route_class=Route, prefix="/ledger", tags=["ledger"])

_SERVICE = "referrals"


class HeadSeen(Seen):
    """How long a chain is, and the signed note that says it and the hash of its last row.

    The note is a checkpoint as C2SP's `tlog-checkpoint` and `signed-note` write it.
    """

    chain: Annotated[str, Field(examples=["ledger"])]
    size: int

    checkpoint: Annotated[
        str, Field(examples=["vardekedjor/referrals/ledger\n1\nI2l…\n\n— vardekedjor/… …\n"])
    ]


class HeadsSeen(Seen):
    heads: list[HeadSeen]


@router.get("/head", openapi_extra=for_roles(*queries.READERS))
async def head(tx: Tx, request: Request) -> HeadsSeen:
    """The signed heads of the chains; keep the answer outside of this system.

    Who has it can find out later, with `dev.py verify --head`, that a row before it was changed, even by
    somebody who has the service's key.  The last that your organisation fetched is remembered here as well.
    A chain that nothing was written to has none.
    """
    key = Ed25519PublicKey.from_public_bytes(request.app.state.settings.service_keys[_SERVICE])
    heads = []
    for found in await queries.fetched_heads(tx):
        stands = Checkpoint(origin_of(_SERVICE, found["chain"]), found["number"], found["hash"])
        note = stands.note(key, found["signature"])
        heads.append(HeadSeen(chain=found["chain"], size=found["number"], checkpoint=note))
    return HeadsSeen(heads=heads)

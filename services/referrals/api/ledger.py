"""The heads of the ledger, the access log and the log of events, for the organisations to keep."""

from __future__ import annotations

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from fastapi import APIRouter, Request

from shared.checkpoint import Checkpoint, origin_of
from shared.heads import HeadSeen, HeadsSeen, log_heads
from shared.http import Route, Tx, for_roles

from ..queries import ledger as queries

router = APIRouter(route_class=Route, prefix="/ledger", tags=["ledger"])

_SERVICE = "referrals"


@router.get("/head", openapi_extra=for_roles(*queries.READERS))
async def head(tx: Tx, request: Request) -> HeadsSeen:
    """The signed heads of the chains; keep the answer outside of this system.

    Who has it can find out later, with `dev.py verify --head`, that a row before it was changed, even by
    somebody who has the service's key.  The last that your organisation fetched is remembered here as well.
    A chain that nothing was written to has none.
    """
    state = request.app.state
    told = await log_heads(tx.sql, state.service, state.settings)
    key = Ed25519PublicKey.from_public_bytes(state.settings.service_keys[_SERVICE])
    heads = []
    for found in await queries.fetched_heads(tx, [head for head, _ in told]):
        stands = Checkpoint(origin_of(_SERVICE, found["chain"]), found["number"], found["hash"])
        note = stands.note(key, found["signature"])
        heads.append(HeadSeen(chain=found["chain"], size=found["number"], checkpoint=note))
    return HeadsSeen(heads=heads + [seen for _, seen in told])

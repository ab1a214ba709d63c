"""The person says yes again to the same."""

from __future__ import annotations

from pydantic import JsonValue

from shared.database import Transaction
from shared.errors import VersionStale
from shared.ids import new_id
from shared.timers import cancel_timers
from shared.vault import Keys

from ..domain.asking import Renewal, renewed
from ..domain.consent import Consent
from ..domain.offer_consent import demand_edge
from ..domain.transitions import Command
from ..store import consents as store
from .asking import demand_shown
from .begin import Target, begin
from .expiry import set_clocks


async def renew(tx: Transaction, target: Target, said: Renewal, keys: Keys) -> Consent:
    """Record a new yes to the same; what rested on the old one rests on it, in this transaction."""
    found = demand_edge(await store.load(tx.sql, target.id, actor=tx.actor, keys=keys))
    begun = await begin(tx, Command.SEND, Target(id=found.referral_id), keys)
    before = demand_edge(await store.load(tx.sql, target.id, actor=tx.actor, keys=keys))
    if target.seen != before.version:
        raise VersionStale(changed=[_said(before)])
    old, new, event = renewed(before, said, consent_id=new_id(), at=begun.at)
    demand_shown(new, fields=before.fields, until=said.until)
    await store.end(tx.sql, old, by=tx.actor.id)
    await store.add(tx.sql, new, keys)
    await store.move(tx.sql, old=old, new=new)
    await cancel_timers(tx, owner=old.id)
    await set_clocks(tx, new, begun.at)
    await tx.tell(event)
    return new


def _said(consent: Consent) -> dict[str, JsonValue]:
    """How a consent stands, as JSON."""
    return {
        "ended_how": consent.ended_how,
        "fields": [*sorted(consent.fields)],
        "valid_until": consent.valid_until.isoformat().replace("+00:00", "Z"),
    }

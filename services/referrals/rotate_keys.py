"""Wrap every key by the newest sealing key: `python -m services.referrals.rotate_keys`.

Run with the service's environment, in which both sealing keys live, as often as it takes: what is done stays
done.  When it has ended nothing needs the older key any more.
"""

from __future__ import annotations

import asyncio
import sys
from uuid import UUID

from shared.actor import service_actor
from shared.database import Database
from shared.vault import Vault, rotate

from .settings import ReferralsSettings
from .store import lookup

BATCH = 200

_ACTOR = service_actor("referrals")


async def rotate_keys(database: Database, vault: Vault) -> tuple[int, int]:
    """How many keys are wrapped anew, and how many persons are indexed anew."""
    wrapped = sum([done async for done in rotate(vault)])
    async with database.connection() as sql:
        homes = await (await sql.execute("select id from organisations order by id")).fetchall()
    return wrapped, sum([await _indexed(database, vault, row["id"]) for row in homes])


async def _indexed(database: Database, vault: Vault, organisation_id: UUID) -> int:
    done = 0
    while True:
        async with database.transaction(_ACTOR) as tx:
            await tx.act_for(organisation_id)
            some = await lookup.renew(tx.sql, organisation_id=organisation_id, limit=BATCH, keys=vault.keys())
        if not some:
            return done
        done += some


async def _run(settings: ReferralsSettings) -> tuple[int, int]:
    database, vault = Database.of(settings), Vault.of(settings)
    await database.open()
    try:
        async with vault.opened():
            return await rotate_keys(database, vault)
    finally:
        await database.close()


def main() -> None:
    # The environment gives what the class asks for.
    wrapped, indexed = asyncio.run(_run(ReferralsSettings()))
    sys.stdout.write(f"{wrapped} keys are wrapped anew, {indexed} persons are indexed anew.\n")


if __name__ == "__main__":
    main()

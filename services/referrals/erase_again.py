"""After a restore: erase again whoever was erased before, `python -m services.referrals.erase_again`.

Run with the service's environment, before the service is let in again.  Both databases list who was erased,
so that it does not matter which of them was restored.
"""

from __future__ import annotations

import asyncio
import sys

from shared.actor import service_actor
from shared.database import Database
from shared.settings import Settings
from shared.vault import Vault

from .commands import erasing
from .settings import ReferralsSettings
from .store import erasures
from .store.erasures import Erased

_ACTOR = service_actor("referrals")


async def erase_again(database: Database, vault: Vault) -> tuple[int, int]:
    """How many were erased before, and how many of them a restore had brought back."""
    listed = await _listed(database, vault)
    found = [await _again(database, vault, erased) for erased in listed]
    return len(found), sum(found)


async def _listed(database: Database, vault: Vault) -> list[Erased]:
    in_vault = [Erased(*one) for one in await vault.keys().erased()]
    async with database.transaction(_ACTOR) as tx:
        rows = await (await tx.sql.execute("select id from organisations")).fetchall()
        homes = {row["id"] for row in rows} | {one.person.organisation for one in in_vault}
        noted = []
        for home in sorted(homes):
            await tx.act_for(home)
            noted += await erasures.noted(tx.sql)
    return list({one.person: one for one in [*noted, *in_vault]}.values())


async def _again(database: Database, vault: Vault, erased: Erased) -> bool:
    async with database.transaction(_ACTOR) as tx:
        return await erasing.erase_again(tx, erased, vault.keys())


async def run(settings: Settings) -> tuple[int, int]:
    """The same over connections of its own."""
    database, vault = Database.of(settings), Vault.of(settings)
    await database.open()
    try:
        async with vault.opened():
            return await erase_again(database, vault)
    finally:
        await database.close()


def main() -> None:
    # The environment gives what the class asks for.
    listed, found = asyncio.run(run(ReferralsSettings()))
    sys.stdout.write(f"{listed} were erased before; {found} of them were back, and are erased again.\n")


if __name__ == "__main__":
    main()

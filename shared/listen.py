"""Give a listener its position, once and on purpose: ``python -m shared.listen TELLER --from 0|head``.

Run with the listening service's environment.  A position that is there is left
alone; one that is missing is an error to the listener, never 0.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
from typing import Literal

from .clients import ServiceClient
from .database import Database
from .envelope import Row
from .log import stream_of
from .position import bear
from .settings import Settings

Start = Literal["0", "head"]


async def head_of(client: ServiceClient, teller: str) -> Row | None:
    """The last row of a teller's log."""
    after, last = 0, None
    while rows := await client.log(teller, after, 1000):
        last = rows[-1]
        after = last.seq
    return last


async def listen(settings: Settings, service: str, teller: str, start: Start) -> bool:
    """Create the position; ``False`` if it was there already."""
    client, database = ServiceClient(service, settings), Database.of(settings)
    await database.open()
    try:
        last = await head_of(client, teller) if start == "head" else None
        async with database.connection() as sql:
            if last is None:
                return await bear(sql, stream_of(teller))
            return await bear(sql, stream_of(teller), seq=last.seq, row_hash=last.hash)
    finally:
        await client.close()
        await database.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("service")
    parser.add_argument("teller")
    parser.add_argument("--from", dest="start", choices=["0", "head"], required=True)
    asked = parser.parse_args()
    born = asyncio.run(listen(Settings(), asked.service, asked.teller, asked.start))
    sys.stdout.write("The listener has its position.\n" if born else "It had one already.\n")


if __name__ == "__main__":
    main()

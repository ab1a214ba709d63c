"""Walk a log and name the first row that is not as it was told: ``python -m shared.audit SERVICE``."""

from __future__ import annotations

import argparse
import asyncio
import sys

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from . import log
from .chain import GENESIS
from .database import Database
from .envelope import Row
from .settings import Settings
from .verify import is_signed

PAGE = 1000


async def first_bad_row(database: Database, key: Ed25519PublicKey, stream: str) -> int | None:
    """The number of the first row that is missing or false; ``None`` if the whole log is as it was told.

    A tail that was cut is found only by who remembers a later head: the stream,
    the listeners' positions.
    """
    seq, previous, signed = 0, GENESIS, True
    while True:
        async with database.connection() as sql:
            rows = await log.read(sql, after=seq, limit=PAGE)
        for row in rows:
            if row.seq != seq + 1 or not row.follows(previous) or not _signature_holds(row, key, stream):
                return seq + 1
            seq, previous, signed = row.seq, row.hash, row.signature is not None
        if len(rows) < PAGE:
            return None if signed else seq


def _signature_holds(row: Row, key: Ed25519PublicKey, stream: str) -> bool:
    return row.signature is None or is_signed(row, key, stream)


async def _run(settings: Settings, name: str) -> int | None:
    database = Database.of(settings)
    await database.open()
    try:
        key = Ed25519PublicKey.from_public_bytes(settings.service_keys[name])
        return await first_bad_row(database, key, log.stream_of(name))
    finally:
        await database.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("service")
    name = parser.parse_args().service
    bad = asyncio.run(_run(Settings(), name))
    if bad is not None:
        sys.exit(f"{name}: row {bad} of the log is missing or not as it was told.")
    sys.stdout.write(f"{name}: the log is as it was told.\n")


if __name__ == "__main__":
    main()

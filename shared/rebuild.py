"""Empty a service's projections and fill them again from the logs: ``python -m shared.rebuild SERVICE``.

Run with the service's environment.  The running worker fills them: it finds its
position at 0 and asks the tellers for everything.
"""

from __future__ import annotations

import argparse
import asyncio
import importlib
import sys

from psycopg import sql as pg

from . import chain
from .database import Database
from .log import stream_of
from .service import Service
from .settings import Settings


class NothingToRebuild(Exception):  # noqa: N818 - named as the operator reads it
    """The service has effects, not projections: doing them again would tell people again."""


async def rebuild(service: Service, database: Database) -> None:
    """Empty the projections and stand at 0, in one commit; raises ``NothingToRebuild``."""
    if not service.projections:
        raise NothingToRebuild(service.name)
    streams = [stream_of(teller) for teller in service.hears]
    async with database.connection() as sql:
        await sql.execute(
            "select from positions where stream = any(%s) order by stream for update", [streams]
        )
        for table in service.projections:
            await sql.execute(pg.SQL("delete from {}").format(pg.Identifier(table)))
        await sql.execute("delete from parked where stream = any(%s)", [streams])
        query = "update positions set seq = 0, hash = %s where stream = any(%s)"
        await sql.execute(query, [chain.GENESIS, streams])


async def _run(service: Service, settings: Settings) -> None:
    database = Database.of(settings)
    await database.open()
    try:
        await rebuild(service, database)
    finally:
        await database.close()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("service")
    name = parser.parse_args().service
    service: Service = importlib.import_module(f"services.{name}.main").SERVICE
    try:
        asyncio.run(_run(service, Settings()))
    except NothingToRebuild as nothing:
        sys.exit(f"{name}: {nothing.__doc__}")
    sys.stdout.write(f"{name}: emptied; the worker fills it again from the logs.\n")


if __name__ == "__main__":
    main()

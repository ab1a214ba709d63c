"""Plain SQL files as Alembic revisions: applied in the order of their names, forward only, each once.

There is no Python file per revision and no `env.py`: a file's SQL is the revision.
"""

from collections.abc import Iterable
from functools import partial
from pathlib import Path
from types import ModuleType

from alembic.runtime.migration import MigrationContext, RevisionStep
from alembic.script import Script
from alembic.script.revision import RevisionMap
from sqlalchemy import Connection, text

_LOCK_TIMEOUT = "5s"


def apply(connection: Connection, folder: Path, *, schema: str, version_table: str) -> list[str]:
    """Apply the SQL files of a folder that the schema does not have yet; their names.

    Runs in the connection's open transaction: all of them or none.  A lock that others hold for 5 s
    fails the run, so that a migration never queues the whole service behind itself.  Alembic refuses a
    schema at a revision that is not in the folder: newer code was here before.
    """
    scripts = _scripts(connection, sorted(folder.glob("*.sql")))
    revisions = RevisionMap(lambda: scripts)
    applied: list[str] = []

    def missing(heads: tuple[str, ...], _: MigrationContext) -> list[RevisionStep]:
        names = {found.revision for found in revisions.iterate_revisions("heads", heads, implicit_base=True)}
        wanted = [script for script in scripts if script.revision in names]
        applied.extend(script.revision for script in wanted)
        return [RevisionStep(revisions, script, is_upgrade=True) for script in wanted]

    connection.execute(text(f"set local lock_timeout = '{_LOCK_TIMEOUT}'"))
    options = {"fn": missing, "version_table": version_table, "version_table_schema": schema}
    MigrationContext.configure(connection, opts=options).run_migrations()
    return applied


def _scripts(connection: Connection, files: Iterable[Path]) -> list[Script]:
    scripts: list[Script] = []
    for file in files:
        module = ModuleType(file.stem, file.stem)
        before = scripts[-1].revision if scripts else None
        vars(module).update(down_revision=before, upgrade=partial(_run, connection, file))
        scripts.append(Script(module, file.stem, str(file)))
    return scripts


def _run(connection: Connection, file: Path) -> None:
    # Without parameters, so that the driver leaves every percent sign and semicolon alone.
    connection.exec_driver_sql(file.read_text(), execution_options={"no_parameters": True})

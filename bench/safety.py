"""What each guard costs: hand-overs with everything on, and with one taken away: `dev.py bench --safety`.

A guard is taken away in the bench's own processes alone, by what `without/sitecustomize.py` puts in its
place; row-level security and the ledger's triggers by the superuser.  No setting of the product can do any.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from psycopg import sql

from deploy.topology import ROOT

from .figures import Entry, Figures, machine
from .handovers import a_second, cpu_seconds
from .town import Town, built, drafts

ROW_SECURITY, LEDGER = "row_level_security", "ledger"
IN_PYTHON = ("encryption", "access_log", "chain", "signed_heads")
GUARDS = (ROW_SECURITY, LEDGER, *IN_PYTHON)
EVERYTHING, NOTHING = "everything on", "everything off"
GOAL, ACCEPTED = 0.85, 0.7

IN_SQL = {
    ROW_SECURITY: """
        select n.nspname as schema, c.relname as name, 'row level security' as what
        from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where c.relrowsecurity and c.relkind = 'r'
    """,
    LEDGER: """
        select n.nspname as schema, c.relname as name, 'trigger ' || t.tgname as what
        from pg_trigger t join pg_class c on c.oid = t.tgrelid join pg_namespace n on n.oid = c.relnamespace
        where t.tgname in ('is_entered', 'is_to_be_chained')
    """,
}
"""On which tables a guard stands, and what it is called there."""


def measured(folder: Path, *, runs: int, hand_overs: int, say: Callable[[str], None]) -> str:
    """The page of figures; the turns of a run follow each other, so that a busy machine slows them alike."""
    figures = Figures()
    with built(folder) as town:
        for run in range(runs):
            for name, without in _turns():
                say(f"run {run + 1} of {runs}: {name}")
                with _taken_away(town, without):
                    figures.add(asyncio.run(_cost(town.renewed(), name, hand_overs)))
        return _page(figures, runs, town.rows("show server_version")[0]["server_version"])


def _turns() -> Iterator[tuple[str, Sequence[str]]]:
    yield EVERYTHING, ()
    for guard in GUARDS:
        yield _said(guard), (guard,)
    yield NOTHING, GUARDS


def _said(guard: str) -> str:
    return f"without {guard.replace('_', ' ')}"


@contextmanager
def _taken_away(town: Town, without: Sequence[str]) -> Iterator[None]:
    """The processes anew, without these guards; what was told before has been handled."""
    town.settle()
    guarded = [row for guard in without if guard in IN_SQL for row in town.rows(IN_SQL[guard])]
    _let(town, guarded, "disable")
    _restart(town, [guard for guard in without if guard in IN_PYTHON])
    yield
    town.settle()
    _let(town, guarded, "enable")


def _let(town: Town, guarded: Sequence[dict[str, str]], how: str) -> None:
    for guard in guarded:
        table = sql.Identifier(guard["schema"], guard["name"]).as_string()
        town.execute(f"alter table {table} {how} {guard['what']}")


def _restart(town: Town, without: Sequence[str]) -> None:
    processes = town.installation.processes
    for name in processes.names:
        processes.stop(name)
    for name in processes.names:
        path = f"{ROOT / 'bench' / 'without'}:{ROOT}"
        processes.start(name, PYTHONPATH=path, BENCH_WITHOUT=",".join(without))
    processes.wait_ready()


async def _cost(town: Town, name: str, hand_overs: int) -> dict[str, float]:
    """Hand-overs a second, and CPU milliseconds of each, its delivery included."""
    ready = await drafts(town, hand_overs)
    await asyncio.to_thread(town.settle)
    before = cpu_seconds(_pids(town))
    rate = await a_second(town, ready)
    await asyncio.to_thread(town.settle)
    spent = cpu_seconds(_pids(town)) - before
    return {f"{name}: rate": rate, f"{name}: cpu": spent / hand_overs * 1000}


def _pids(town: Town) -> list[int]:
    running, servers = town.installation.processes, town.servers
    ours = (running.pid(name) for name in running.names if name != "web")
    return [pid for pid in (*ours, servers.postgres.pid, servers.redis.pid) if pid]


def _page(figures: Figures, runs: int, postgresql: str) -> str:
    whole = figures.median(f"{EVERYTHING}: cpu")
    lines = [
        "# The price of safety", "",
        "Made by `python3 dev.py bench --safety`; it writes this page.",
        machine({"PostgreSQL": postgresql}),
        "CPU of all services and servers for one hand-over (`send`, `open`, `accept`, delivered);",
        f"{runs} runs, each with every turn in it. The ratio: how much of the throughput the guard leaves;",
        f"the goal for all together is {GOAL}, and {ACCEPTED} is accepted with the price of each named.", "",
        *figures.table([Entry(f"{name}: cpu", name, "ms", lambda _, median: ("", f"{median / whole:.2f}"))
                        for name, _ in _turns()]), "",
        "By the wall clock, eight at once, their client on the same cores:", "",
        *figures.table([Entry(f"{name}: rate", name, "/s") for name, _ in _turns()]),
    ]  # fmt: skip
    return "\n".join([*lines, ""])

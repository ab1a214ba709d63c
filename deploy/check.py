"""`dev.py check`: everything that can be said of the code without running the tests; a line each."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from deploy import released, tidiness
from deploy.embedded import Servers
from deploy.installation import prepare
from deploy.topology import ROOT

_PYTHON = Path(sys.executable)


def main() -> None:
    os.chdir(ROOT)
    if failed := [name for name, step in STEPS.items() if not _passes(name, step)]:
        sys.exit(f"check failed: {', '.join(failed)}")


def _passes(name: str, step: Callable[[], str]) -> bool:
    """Run one step; it returns what is wrong, nothing when all is well."""
    began_at = time.monotonic()
    wrong = step()
    print(
        f"check: {name:<28} {'FAILED' if wrong else 'ok':<7}{time.monotonic() - began_at:5.1f} s", flush=True
    )
    if wrong:
        print(wrong, flush=True)
    return not wrong


def _tool(*command: str) -> Callable[[], str]:
    def run() -> str:
        program = str(_PYTHON.with_name(command[0])) if command[0] != "python" else str(_PYTHON)
        done = subprocess.run([program, *command[1:]], capture_output=True, text=True, check=False)
        return (done.stdout + done.stderr or "failed without a word") if done.returncode else ""

    return run


def _migrations_from_nothing() -> str:
    with tempfile.TemporaryDirectory() as folder, Servers(Path(folder), durable=False) as servers:
        prepare(servers)
        return "\n".join(f"{name} is applied twice" for name in _applied_again(servers))


def _applied_again(servers: Servers) -> list[str]:
    return [name for names in prepare(servers).values() for name in names]


STEPS: dict[str, Callable[[], str]] = {
    "style": _tool("ruff", "check", "--quiet", "."),
    "format": _tool("ruff", "format", "--check", "--quiet", "."),
    "types": _tool("mypy"),
    "walls between modules": _tool("lint-imports"),
    "sizes": lambda: "\n".join(tidiness.too_large()),
    "no address of a machine": lambda: "\n".join(tidiness.addresses()),
    "released migrations": lambda: "\n".join(released.faults()),
    "migrations from nothing": _migrations_from_nothing,
    "generated papers": _tool("python", "-m", "deploy.documents", "--check"),
}


if __name__ == "__main__":
    main()

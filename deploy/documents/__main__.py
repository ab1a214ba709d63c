"""``python -m deploy.documents`` writes the papers; with ``--check`` it compares them and never writes.

A promised event that has changed its shape is refused, and then nothing is written.
"""

from __future__ import annotations

import sys
from pathlib import Path

from .papers import ROOT, broken_promises, stale, write


def main(arguments: list[str], root: Path = ROOT) -> int:
    """The exit code: 0 if the papers are right, or have been put right."""
    refused = broken_promises(root)
    if refused:
        _say("An event that was released has changed; make it a new version:", refused)
        return 1
    if "--check" not in arguments:
        return _written(write(root))
    found = stale(root)
    _say("Stale papers; run python -m deploy.documents:" if found else "The papers are as the code.", found)
    return 1 if found else 0


def _written(paths: list[str]) -> int:
    _say("Written:" if paths else "The papers are as the code.", paths)
    return 0


def _say(head: str, lines: list[str]) -> None:
    print(head, *(f"  {line}" for line in lines), sep="\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

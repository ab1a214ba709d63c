"""A migration that was released is never edited: its hash stands in `deploy/migrations.lock`.

`python -m deploy.released` compares; with `--add` it writes down new files and never changes a line.
"""

import sys
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

from deploy.keys import RECORDED
from deploy.migrate import KEYS, KIT, ROOT, files_of

_LOCK = Path(__file__).with_name("migrations.lock")


def faults() -> list[str]:
    """What is wrong, a sentence each; nothing when every file is as it was released."""
    return compare(_released(), _present())


def compare(released: Mapping[str, str], present: Mapping[str, str]) -> list[str]:
    """`released`, `present`: SHA-256 in hex by the file's path."""
    gone = [f"{name} was released and is gone" for name in released.keys() - present.keys()]
    unknown = present.keys() - released.keys()
    new = [f"{name} is not in migrations.lock: python -m deploy.released --add" for name in unknown]
    both = released.keys() & present.keys()
    edited = [f"{name} was released and has been edited" for name in both if released[name] != present[name]]
    return sorted(gone + new + edited)


def add() -> None:
    """Write down the files that are new."""
    known = _present() | _released()
    _LOCK.write_text("".join(f"{digest}  {name}\n" for name, digest in sorted(known.items())))


def _released() -> dict[str, str]:
    lines = _LOCK.read_text().splitlines() if _LOCK.exists() else []
    return {name: digest for digest, name in (line.split() for line in lines)}


def _present() -> dict[str, str]:
    folders = [KIT, KEYS, *(files_of(service) for service in RECORDED)]
    files = (file for folder in folders for file in folder.glob("*.sql"))
    return {file.relative_to(ROOT).as_posix(): sha256(file.read_bytes()).hexdigest() for file in files}


def main() -> None:
    if "--add" in sys.argv:
        add()
    if found := faults():
        sys.exit("\n".join(found))


if __name__ == "__main__":
    main()

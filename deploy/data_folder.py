"""The folder a demo keeps its data in, and what it says there about itself."""

import fcntl
import json
import os
import shutil
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from deploy.topology import ROOT

DEFAULT = ROOT / ".data"


class FolderBusy(RuntimeError):  # noqa: N818 - a noun in the trade
    """Another demo runs on this folder."""


class DataFolder:
    """Paths in the folder, by what they hold."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.servers = path / "servers"
        self.logs = path / "logs"
        self.secrets = path / "secrets.env"
        self.ports = path / "ports.json"
        self.logins = path / "logins.json"
        self.demo = path / "demo.json"
        self._seeding = path / "seeding"

    @contextmanager
    def held(self) -> Iterator[None]:
        """Nobody else may hold it meanwhile; raises FolderBusy.  The end of this process lets it go too."""
        self.path.mkdir(parents=True, exist_ok=True)
        with (self.path / "lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise FolderBusy(
                    f"Another demo runs on {self.path}: stop it, or give another --data."
                ) from None
            yield

    @contextmanager
    def seeding(self) -> Iterator[None]:
        """Marks the time in which a sudden end leaves half the data."""
        self._seeding.touch()
        yield
        self._seeding.unlink()

    @property
    def half_seeded(self) -> bool:
        return self._seeding.exists()

    def empty(self) -> None:
        """Remove everything that a demo made; only while the folder is held."""
        for folder in (self.servers, self.logs):
            shutil.rmtree(folder, ignore_errors=True)
        for file in (self.secrets, self.ports, self.logins, self.demo, self._seeding):
            file.unlink(missing_ok=True)


def write_json(file: Path, content: Mapping[str, Any] | list[Any]) -> None:
    """Write a file that is either the old one or the whole new one to whoever reads it."""
    file.parent.mkdir(parents=True, exist_ok=True)
    draft = file.with_name(f"{file.name}.{os.getpid()}")
    draft.write_text(json.dumps(content, indent=2) + "\n")
    draft.replace(file)


def main() -> None:
    """Forget all data of a demo: `[--data DIR]`."""
    given = sys.argv[2] if sys.argv[1:2] == ["--data"] and sys.argv[2:] else None
    folder = DataFolder(Path(given).resolve() if given else DEFAULT)
    try:
        with folder.held():
            folder.empty()
    except FolderBusy as busy:
        sys.exit(str(busy))
    print(f"{folder.path} is empty; the next demo starts from nothing.")


if __name__ == "__main__":
    main()

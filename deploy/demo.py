"""The whole system on this machine, with fictive data: started, shown, and stopped by Ctrl-C."""

import argparse
import json
import signal
import socket
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from types import FrameType
from typing import Any

from deploy import demo_data
from deploy.data_folder import DEFAULT, DataFolder, FolderBusy, write_json
from deploy.embedded_server import StartError
from deploy.installation import Installation, installed
from deploy.processes import ProcessFailed

_BEGAN_AT = time.monotonic()
Logins = list[dict[str, Any]]


class PortTaken(RuntimeError):  # noqa: N818 - a noun in the trade
    """Somebody else listens at the port."""


class _Stopped(BaseException):
    """The user, or whoever runs us, wants an end."""


def main() -> None:
    wanted = _read_arguments()
    for wish in (signal.SIGINT, signal.SIGTERM):
        signal.signal(wish, _stop)
    try:
        _run(wanted)
    except _Stopped:
        print("Stopped; the data is kept. `python3 dev.py reset` forgets it.")
    except (FolderBusy, PortTaken, StartError, ProcessFailed) as failure:
        sys.exit(str(failure))


def _read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="dev.py demo", description=__doc__)
    parser.add_argument("--json", type=Path, metavar="FILE", help="gets addresses and logins when ready")
    parser.add_argument("--empty", action="store_true", help="logins alone, no persons")
    parser.add_argument("--data", type=Path, default=DEFAULT, metavar="DIR", help="where the data is kept")
    parser.add_argument("--port", type=int, default=8080, help="of the web pages")
    return parser.parse_args()


def _run(wanted: argparse.Namespace) -> None:
    folder = DataFolder(wanted.data.resolve())
    with folder.held():
        _check_port(wanted.port)
        if folder.half_seeded:
            _say("the last start was cut short; starting from nothing")
            folder.empty()
        folder.demo.unlink(missing_ok=True)
        with installed(folder, web_port=wanted.port, progress=_say) as installation:
            logins = _seed(folder, installation, empty=wanted.empty)
            _tell(folder, installation.services, logins, also=wanted.json)
            _watch(installation)


def _check_port(port: int) -> None:
    with socket.socket() as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind(("127.0.0.1", port))
        except OSError:
            raise PortTaken(f"Port {port} is taken; choose another with --port.") from None


def _seed(folder: DataFolder, installation: Installation, *, empty: bool) -> Logins:
    """The logins; they and all data are made through the services' own HTTP surface the first time."""
    if folder.logins.exists():
        kept: Logins = json.loads(folder.logins.read_text())
        return kept
    secret = installation.servers.secrets["BOOTSTRAP_SECRET"]
    with folder.seeding():
        logins = demo_data.seed(installation.services, bootstrap_secret=secret, empty=empty)
        write_json(folder.logins, logins)
    _say("fictive data is in place")
    return logins


def _tell(folder: DataFolder, services: Mapping[str, str], logins: Logins, *, also: Path | None) -> None:
    content = {"services": dict(services), "logins": logins}
    for file in (folder.demo, also):
        if file:
            write_json(file, content)
    _say("ready")
    print(f"\n  {services['web']}\n\n  Sign in as one of:")
    for login in logins:
        print(f"    {login['login']:<16} {', '.join(login['roles'])}")
    print(f"\n  Data and logs: {folder.path}\n  Ctrl-C stops.", flush=True)


def _watch(installation: Installation) -> None:
    """Stay until stopped; a server that died is started again, as `docker-compose.yml` says."""
    while True:
        time.sleep(0.2)
        for name in installation.servers.start_ended():
            _say(f"{name} had ended and runs again")


def _say(done: str) -> None:
    print(f"{time.monotonic() - _BEGAN_AT:6.1f} s  {done}", flush=True)


def _stop(_signal: int, _frame: FrameType | None) -> None:
    # A second wish must not interrupt the stopping.
    for wish in (signal.SIGINT, signal.SIGTERM):
        signal.signal(wish, signal.SIG_IGN)
    raise _Stopped


if __name__ == "__main__":
    main()

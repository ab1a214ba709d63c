"""Runs an operator's command with a service's own environment: `COMMAND SERVICE … [--data DIR]`.

`verify` without a service is for all of them, one after the other.
Where DATABASE_URL is set already (inside a container), the environment stays as it is; otherwise it is
that of the demo in the data folder.
"""

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path

from deploy import keys
from deploy.data_folder import DEFAULT, DataFolder
from deploy.installation import placed

COMMANDS = {
    "verify": "shared.audit",
    "rebuild": "shared.rebuild",
    "recover": "shared.recover",
    "redrive": "deploy.redrive",
    "rotate-keys": "services.referrals.rotate_keys",
    "erase-again": "services.referrals.erase_again",
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="dev.py", description=__doc__)
    parser.add_argument("command", choices=COMMANDS)
    parser.add_argument("service", choices=keys.RECORDED, nargs="?")
    parser.add_argument("--data", type=Path, default=DEFAULT)
    wanted, rest = parser.parse_known_args()
    if wanted.service is not None:
        _become(wanted, rest)
    elif wanted.command != "verify":
        parser.error(f"{wanted.command} needs a service")
    else:
        sys.exit(max(_run(wanted, service, rest) for service in keys.RECORDED))


def _become(wanted: argparse.Namespace, rest: list[str]) -> None:
    if "DATABASE_URL" not in os.environ:
        os.environ.update(_environment(DataFolder(wanted.data.resolve()), wanted.service, wanted.command))
    os.execv(sys.executable, _command(wanted, wanted.service, rest))  # noqa: S606 - this process is to become it


def _run(wanted: argparse.Namespace, service: str, rest: list[str]) -> int:
    environment = _environment(DataFolder(wanted.data.resolve()), service, wanted.command)
    command = _command(wanted, service, rest)
    return subprocess.run(command, env={**os.environ, **environment}, check=False).returncode


def _command(wanted: argparse.Namespace, service: str, rest: list[str]) -> list[str]:
    return [sys.executable, "-m", COMMANDS[wanted.command], service, *rest]


def _environment(folder: DataFolder, service: str, command: str) -> dict[str, str]:
    if not folder.demo.exists():
        sys.exit("No demo runs here: python3 dev.py demo")
    ports, secrets = json.loads(folder.ports.read_text()), keys.read(folder.secrets)
    processes = {process.name: process for process in placed(secrets, ports)}
    environment = dict(processes[f"{service}-worker"].environment)
    if command == "recover":
        # A stream that lies is deleted, and only the operator's login may do that.
        environment["REDIS_URL"] = f"redis://admin:{secrets['REDIS_PASSWORD']}@127.0.0.1:{ports['redis']}/0"
    return environment


if __name__ == "__main__":
    main()

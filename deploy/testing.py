"""`dev.py test [KIND…] [--long] [anything of pytest]`: the checks, then pytest, whose line is the last."""

import os
import subprocess
import sys

from deploy.topology import ROOT

KINDS = tuple(sorted(folder.name for folder in (ROOT / "tests").iterdir() if folder.is_dir()))


def main() -> None:
    os.chdir(ROOT)
    arguments = sys.argv[1:]
    if "--long" in arguments:
        arguments.remove("--long")
        os.environ["LONG"] = "1"
    if subprocess.run([sys.executable, "-m", "deploy.check"], check=False).returncode:
        sys.exit(1)
    paths = [f"tests/{word}" if word in KINDS else word for word in arguments]
    sys.stdout.flush()
    # What shares a whole system shares a worker; the command line of the user comes last, and wins.
    split = ("--numprocesses=auto", "--dist=loadgroup")
    os.execv(sys.executable, [sys.executable, "-m", "pytest", *split, *paths])  # noqa: S606 - pytest's line is the last


if __name__ == "__main__":
    main()

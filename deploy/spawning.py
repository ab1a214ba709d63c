"""Starting a program that cannot outlive us, and ending it."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

GUARD = Path(__file__).with_name("guard.py")


class Ends(NamedTuple):
    """How a program ends: when it is asked to, and when whoever started it is gone."""

    asked: signal.Signals
    orphaned: signal.Signals


_POLITELY = Ends(signal.SIGTERM, signal.SIGTERM)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spawned:
    """A running program; it ends when this process ends in any way."""

    process: subprocess.Popen[bytes]
    ends: Ends

    @property
    def pid(self) -> int:
        return self.process.pid

    @property
    def runs(self) -> bool:
        if self.process.poll() is None:
            return True
        self._let_go()
        return False

    def ask_to_stop(self) -> None:
        self.process.send_signal(self.ends.asked)

    def stop(self, *, within_s: float = 20) -> None:
        """Ask, and SIGKILL when that was not enough within `within_s` seconds."""
        self.ask_to_stop()
        try:
            self.process.wait(within_s)
        except subprocess.TimeoutExpired:
            self.kill()
        self._let_go()

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()
        self._let_go()

    def _let_go(self) -> None:
        if self.process.stdin:
            self.process.stdin.close()


def spawn(
    command: Sequence[str | Path],
    *,
    environment: Mapping[str, str],
    log: Path,
    ends: Ends = _POLITELY,
    nobody: Path | None = None,
) -> Spawned:
    """Start a command, its first word an absolute path, with its output at the end of `log`.

    `nobody`: when this is root, the command runs as the user nobody, who then owns this folder.
    """
    # The kernel's own signal follows the end of the *thread* that started the command.
    watch = sys.platform != "linux" or threading.current_thread() is not threading.main_thread()
    options = ["--watch"] * watch + (["--nobody", str(nobody)] if nobody else [])
    guard = [sys.executable, "-I", str(GUARD), str(int(ends.orphaned)), str(os.getpid()), *options, "--"]
    with log.open("ab") as output:
        process = subprocess.Popen(
            [*guard, *(str(word) for word in command)],
            env=dict(environment),
            stdin=subprocess.PIPE if watch else subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    return Spawned(process=process, ends=ends)


def is_alive(pid: int) -> bool:
    """Whether a process of this number runs; an ended one that nobody has waited for does not."""
    return command_of(pid) != ""


def command_of(pid: int) -> str:
    """The command line of a running process, empty when there is none."""
    if not Path("/proc/self").exists():
        asked = ["/bin/ps", "-ww", "-o", "args=", "-p", str(pid)]
        return subprocess.run(asked, capture_output=True, text=True, check=False).stdout.strip()
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ").strip()
    except (FileNotFoundError, ProcessLookupError):
        return ""


def log_end(log: Path) -> str:
    """The last 2,000 characters of a log."""
    return log.read_bytes()[-2_000:].decode(errors="replace")

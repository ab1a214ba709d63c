"""Runs one program so that it ends with the one that started it, and never as root.

`python guard.py SIGNAL PARENT [--watch] [--nobody FOLDER] -- COMMAND…`: this process becomes the
command.  When the parent ends, however it ended, the command is sent the signal.  Standard library only.
"""

import argparse
import ctypes
import os
import pwd
import select
import shutil
import sys
from pathlib import Path

_NOBODY = 65534
_CLONE_NEWUSER = 0x10000000
_PR_SET_PDEATHSIG = 1


def main() -> None:
    wanted = _read_arguments()
    if wanted.nobody and os.geteuid() == 0:
        _become_nobody(wanted)
    if wanted.watch:
        _leave_a_watcher(wanted.signal)
    else:
        _ask_the_kernel(wanted.signal)
    if os.getppid() != wanted.parent:
        sys.exit("Whoever started this is gone already.")
    os.execv(wanted.command[0], wanted.command)  # noqa: S606 - this process is to become the command


def _read_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("signal", type=int)
    parser.add_argument("parent", type=int)
    parser.add_argument("--watch", action="store_true")
    parser.add_argument("--nobody", type=Path)
    parser.add_argument("command", nargs="+")
    return parser.parse_args()


def _ask_the_kernel(last_signal: int) -> None:
    # A change of credentials clears this, so it comes after becoming nobody.
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, last_signal)


def _leave_a_watcher(last_signal: int) -> None:
    """Leave a process behind that waits for the end of standard input, which the parent holds open."""
    pipe = os.dup(0)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    guarded = os.getpid()
    middle = os.fork()
    if middle == 0:
        # Born twice, so that the program never finds a child that it did not start.
        if os.fork() == 0:
            _watch(pipe, guarded, last_signal)
        os._exit(0)
    os.close(pipe)
    os.waitpid(middle, 0)


def _watch(pipe: int, guarded: int, last_signal: int) -> None:
    for output in (1, 2):
        os.dup2(os.open(os.devnull, os.O_WRONLY), output)
    if _parent_ended_first(pipe, guarded):
        os.kill(guarded, last_signal)
    os._exit(0)


def _parent_ended_first(pipe: int, guarded: int) -> bool:
    if sys.platform == "darwin":
        ends = select.kqueue()
        gone = select.kevent(guarded, select.KQ_FILTER_PROC, select.KQ_EV_ADD, select.KQ_NOTE_EXIT)
        left = select.kevent(pipe, select.KQ_FILTER_READ, select.KQ_EV_ADD)
        return ends.control([gone, left], 1)[0].ident == pipe
    ready, _, _ = select.select([pipe, os.pidfd_open(guarded)], [], [])
    return ready == [pipe]


def _become_nobody(wanted: argparse.Namespace) -> None:
    """Run as `nobody`: PostgreSQL refuses root.

    A user namespace of our own changes no file's owner and works below root's own home.  Where the
    kernel refuses one (a container's default rules), setpriv changes the user and keeps the right to
    pass closed folders.
    """
    if sys.platform != "linux":
        sys.exit("The embedded servers do not run as root here: use an ordinary user.")
    if may_have_a_namespace():
        _own(wanted.nobody, 0)
        ctypes.CDLL(None).unshare(_CLONE_NEWUSER)
        Path("/proc/self/setgroups").write_text("deny")
        Path("/proc/self/uid_map").write_text(f"{_NOBODY} 0 1")
        Path("/proc/self/gid_map").write_text(f"{_NOBODY} 0 1")
    else:
        _start_again_as_nobody(wanted)


def may_have_a_namespace() -> bool:
    trial = os.fork()
    if trial == 0:
        os._exit(ctypes.CDLL(None).unshare(_CLONE_NEWUSER) != 0)
    return os.waitpid(trial, 0)[1] == 0


def _start_again_as_nobody(wanted: argparse.Namespace) -> None:
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        sys.exit("The embedded servers do not run as root here (no user namespace, no setpriv).")
    user = pwd.getpwnam("nobody")
    _own(wanted.nobody, user.pw_uid)
    rights = ["--clear-groups", "--inh-caps=+dac_override", "--ambient-caps=+dac_override"]
    become = [setpriv, f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", *rights]
    watch = ["--watch"] if wanted.watch else []
    rest = [str(wanted.signal), str(wanted.parent), *watch, "--", *wanted.command]
    os.execv(setpriv, [*become, sys.executable, "-I", __file__, *rest])  # noqa: S606 - comes back here as nobody


def _own(folder: Path, user: int) -> None:
    if folder.stat().st_uid != user:
        for path in (folder, *folder.rglob("*")):
            os.chown(path, user, -1, follow_symlinks=False)


if __name__ == "__main__":
    main()

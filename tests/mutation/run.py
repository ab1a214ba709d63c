"""Runs tests against each change of some modules: `python -m tests.mutation.run ROOT MODULES NOTES TESTS…`.

Each change is tried in a process of its own by the tests that reach its line, the fastest first, until one
fails.  A function is changed in place; what is done when a module is imported is tried in a process that was
forked before the modules were first imported.
"""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import json
import os
import resource
import sys
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import zip_longest
from math import ceil
from operator import itemgetter
from pathlib import Path
from signal import SIGKILL, SIGXCPU
from time import monotonic
from types import CodeType, FrameType, ModuleType
from typing import Any, NoReturn

# Whatever the tests import besides is imported once, before the first fork.
import httpx2  # noqa: F401
import pytest
from hypothesis import HealthCheck, Phase, settings

from shared.events import base, consents, organisations, paths, referrals  # noqa: F401
from tests.mutation.mutants import Mutant, mutants_of

AT_ONCE = 2
LEAST_CPU_S, TIMES_AS_LONG = 60, 3
"""A change may never end: its process runs out of this, or of so many times what all tests take unchanged."""

WATCHED_S = 5
"""A test that takes longer is said to reach every line."""

NOT_TRIED = 9
NOTICED = {1, pytest.ExitCode.INTERRUPTED, pytest.ExitCode.USAGE_ERROR, -SIGXCPU, -SIGKILL}
"""A test failed, what is changed cannot be imported, or it never ends."""

OPTIONS = [
    "-q", "--no-header", "--tb=no", "-p", "no:cacheprovider", "-p", "no:randomly",
    "--hypothesis-profile=mutation", "-W", "ignore::pytest.PytestAssertRewriteWarning",
]  # fmt: skip
settings.register_profile(
    "mutation",
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


class Changed(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Imports one module from changed code."""

    def __init__(self, name: str, path: Path, code: CodeType) -> None:
        self._name, self._path, self._code = name, path, code

    def find_spec(self, fullname: str, *_: Any) -> importlib.machinery.ModuleSpec | None:
        if fullname != self._name:
            return None
        return importlib.machinery.ModuleSpec(fullname, self, origin=str(self._path))

    def exec_module(self, module: ModuleType) -> None:
        exec(self._code, module.__dict__)  # noqa: S102 - the module's own code, changed


class Watch:
    """Notes which lines each test reaches, and how long it takes, in a run without a change."""

    def __init__(self, folder: str) -> None:
        self.tests: list[tuple[float, str, list[tuple[str, int]] | None]] = []
        self.failed = False
        self._folder, self._took, self._until = folder, 0.0, 0.0
        self._lines = set[tuple[str, int]]()

    @pytest.hookimpl(hookwrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        self._lines, self._took, self._until = set(), 0.0, monotonic() + WATCHED_S
        sys.settrace(self._enter)
        yield
        sys.settrace(None)
        everywhere = monotonic() > self._until
        self.tests.append((self._took, item.nodeid, None if everywhere else sorted(self._lines)))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.failed, self._took = self.failed or report.failed, self._took + report.duration

    def _enter(self, frame: FrameType, _: str, __: object) -> Any:
        if monotonic() > self._until:
            sys.settrace(None)
        return self._line(frame, _, __) if frame.f_code.co_filename.startswith(self._folder) else None

    def _line(self, frame: FrameType, _: str, __: object) -> Any:
        self._lines.add((frame.f_code.co_filename, frame.f_lineno))
        return self._line


class Chosen:
    """Runs the tests in an order; the first that fails ends the process."""

    def __init__(self, tests: list[str]) -> None:
        self._rank = {test: nth for nth, test in enumerate(tests)}

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items.sort(key=lambda item: self._rank.get(item.nodeid, 0))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            os._exit(1)


class InPlace:
    """Tries the changes of functions in a session that has its tests already."""

    def __init__(self, mutants: list[Mutant], names: dict[Path, str], notes: Path) -> None:
        self._mutants, self._names, self._notes = mutants, names, notes

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """In place of the tests: all once as they are, then those that reach a change, for each change."""
        self._session, self._items = session, {item.nodeid: item for item in session.items}
        if one_after_another([self._watch]) != [0]:
            sys.exit("the tests fail without any change")
        tests = sorted(json.loads(self._notes.read_text()), key=itemgetter(0))
        self._reached = {test: None if lines is None else set(map(tuple, lines)) for _, test, lines in tests}
        self._cpu_s = max(LEAST_CPU_S, TIMES_AS_LONG * ceil(sum(took for took, *_ in tests)))
        statuses = one_after_another([partial(self._try, mutant) for mutant in self._mutants])
        chosen = [self._that_may_notice(mutant) or list(self._reached) for mutant in self._mutants]
        self._notes.write_text(json.dumps([statuses, chosen, self._cpu_s]))
        return True

    def _that_may_notice(self, mutant: Mutant) -> list[str]:
        """The tests that reach its line; none if it is not known to be reached, as what an import does."""
        place = (str(mutant.path), mutant.line)
        tests = [test for test, lines in self._reached.items() if lines is None or place in lines]
        return tests if any(self._reached[test] for test in tests) else []

    def _watch(self) -> int:
        watch = Watch(str(self._mutants[0].path.parent))
        self._session.config.pluginmanager.register(watch)
        self._run(list(self._items))
        self._notes.write_text(json.dumps(watch.tests))
        return int(watch.failed)

    def _try(self, mutant: Mutant) -> int:
        resource.setrlimit(resource.RLIMIT_CPU, (self._cpu_s, self._cpu_s))
        tests = self._that_may_notice(mutant)
        if not tests or not mutant.patch(sys.modules[self._names[mutant.path]]):
            return NOT_TRIED
        self._session.config.pluginmanager.register(Chosen(tests))
        self._run(tests)
        return 0

    def _run(self, tests: list[str]) -> None:
        for test, following in zip_longest(tests, tests[1:]):
            item, after = self._items[test], self._items.get(following)
            item.ihook.pytest_runtest_protocol(item=item, nextitem=after)


def one_after_another(works: Sequence[Callable[[], int]]) -> list[int]:
    """The results of the works, each done in silence in a process of its own, so many at once."""
    statuses, running = [0] * len(works), dict[int, int]()
    for nth, work in enumerate(works):
        if len(running) == AT_ONCE:
            _collect(running, statuses)
        running[_fork(work)] = nth
    while running:
        _collect(running, statuses)
    return statuses


def _collect(running: dict[int, int], statuses: list[int]) -> None:
    child, status = os.wait()
    code = os.waitstatus_to_exitcode(status)
    statuses[running.pop(child)] = code
    if code not in {*NOTICED, 0, NOT_TRIED}:
        sys.exit(f"a change could not be tried: {code}")


def _fork(work: Callable[[], int]) -> int:
    child = os.fork()
    if child:
        return child
    if not os.environ.get("LOUD"):
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, 1)
        os.dup2(nothing, 2)
    status = 70
    try:
        status = work()
    finally:
        os._exit(status)


def anew(mutant: Mutant, name: str, tests: list[str], cpu_s: int) -> int:
    """Tries a change with everything imported anew; 0 if no test has noticed it."""
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_s, cpu_s))
    sys.meta_path.insert(0, Changed(name, mutant.path, mutant.code()))
    return pytest.main([*OPTIONS, *tests], plugins=[Chosen(tests)])


def survivors(root: Path, modules: str, where: list[str], notes: Path) -> tuple[int, list[Mutant]]:
    """How many changes there are, and those that no test notices."""
    os.chdir(root)
    sys.path.insert(0, str(root))
    folder = root / modules
    paths_of = sorted(folder.glob("*.py")) if folder.is_dir() else [folder]
    names = {path: ".".join(path.relative_to(root).with_suffix("").parts) for path in paths_of}
    if early := [name for name in names.values() if name in sys.modules]:
        sys.exit(f"imported before the first fork: {early}")
    mutants = [mutant for path in paths_of for mutant in mutants_of(path)]
    session = InPlace(mutants, names, notes)
    print(f"{len(mutants)} changes", flush=True)  # noqa: T201
    if one_after_another([partial(pytest.main, [*OPTIONS, *where], plugins=[session])]) != [0]:
        sys.exit("the tests fail without any change")
    in_place, chosen, cpu_s = json.loads(notes.read_text())
    # What was kept from before the change, a function within a function for one, does not notice it.
    again = [nth for nth, status in enumerate(in_place) if status in {NOT_TRIED, 0}]
    print(f"{len(again)} changes are tried with everything imported anew", flush=True)  # noqa: T201
    works = [partial(anew, mutants[nth], names[mutants[nth].path], chosen[nth], cpu_s) for nth in again]
    statuses = {**dict(enumerate(in_place)), **dict(zip(again, one_after_another(works), strict=True))}
    return len(mutants), [mutants[nth] for nth, status in statuses.items() if status == 0]


def main(root: str, modules: str, notes: str, *where: str) -> NoReturn:
    number, left = survivors(Path(root), modules, list(where), Path(notes))
    for mutant in left:
        print(f"survived: {mutant}")  # noqa: T201
    print(f"{number - len(left)} of {number} changes noticed")  # noqa: T201
    sys.exit(bool(left))


if __name__ == "__main__":
    main(*sys.argv[1:])

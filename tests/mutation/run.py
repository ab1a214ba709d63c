"""Runs the tests against every change of some modules: `python -m tests.mutation.run ROOT MODULES TESTS`.

Each change is tried in a process forked before the modules were first imported, by the tests that reach
its line, the fastest first, until one of them fails.
"""

from __future__ import annotations

import importlib.abc
import importlib.machinery
import json
import os
import resource
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import CodeType, FrameType, ModuleType
from typing import Any, NoReturn

# Whatever the tests import besides is imported once, before the first fork.
import httpx2  # noqa: F401
import hypothesis.stateful
import pytest
from hypothesis import HealthCheck, Phase, settings

from shared.events import base, consents, organisations, paths, referrals  # noqa: F401
from tests.mutation.mutants import Mutant, mutants_of

AT_ONCE = 2
CPU_S = 120
"""A change may never end: its process then runs out of this."""

OPTIONS = [
    "-q", "-x", "--no-header", "--tb=no", "-p", "no:cacheprovider", "-p", "no:randomly",
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

Reached = dict[str, set[tuple[str, int]]]
"""The lines of the modules that each test reaches, the fastest test first."""


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
    """Notes which lines each test reaches, in a first run without a change."""

    def __init__(self, folder: Path) -> None:
        self.reached: Reached = {}
        self.took: dict[str, float] = {}
        self._folder, self._lines = str(folder), set[tuple[str, int]]()

    @pytest.hookimpl(hookwrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        self._lines = set()
        sys.settrace(self._enter)
        yield
        sys.settrace(None)
        self.reached[item.nodeid] = self._lines

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.took[report.nodeid] = self.took.get(report.nodeid, 0.0) + report.duration

    def _enter(self, frame: FrameType, _: str, __: object) -> Any:
        if not frame.f_code.co_filename.startswith(self._folder):
            return None
        self._lines.add((frame.f_code.co_filename, frame.f_lineno))
        return self._line

    def _line(self, frame: FrameType, _: str, __: object) -> Any:
        self._lines.add((frame.f_code.co_filename, frame.f_lineno))
        return self._line

    def by_time(self) -> Reached:
        return {test: self.reached[test] for test in sorted(self.reached, key=lambda test: self.took[test])}


class Chosen:
    """Runs the tests chosen, in their order."""

    def __init__(self, tests: list[str]) -> None:
        self._rank = {test: nth for nth, test in enumerate(tests)}

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items[:] = sorted((one for one in items if one.nodeid in self._rank), key=self._of)

    def _of(self, item: pytest.Item) -> int:
        return self._rank[item.nodeid]


def fork(work: Callable[[], int]) -> int:
    """A process that does the work in silence and ends with its result."""
    child = os.fork()
    if child:
        return child
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_S, CPU_S))
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, 1)
    os.dup2(nothing, 2)
    status = 70
    try:
        status = work()
    finally:
        os._exit(status)


def watched(folder: Path, tests: str, notes: Path) -> Reached:
    """What each test reaches; ends with the tests' own fault if they fail without a change."""

    def work() -> int:
        watch = Watch(folder)
        status = pytest.main([*OPTIONS, tests], plugins=[watch])
        notes.write_text(json.dumps([[test, sorted(lines)] for test, lines in watch.by_time().items()]))
        return status

    _, status = os.waitpid(fork(work), 0)
    if status:
        sys.exit(f"the tests fail without any change: {status}")
    return {test: {(path, line) for path, line in lines} for test, lines in json.loads(notes.read_text())}


def tried(mutant: Mutant, name: str, reached: Reached) -> int:
    """A process that ends with 0 if no test has noticed the change."""
    tests = _of_line(mutant, reached)

    def work() -> int:
        sys.meta_path.insert(0, Changed(name, mutant.path, mutant.code()))
        files = sorted({test.partition("::")[0] for test in tests})
        return pytest.main([*OPTIONS, *files], plugins=[Chosen(tests)])

    return fork(work)


def _of_line(mutant: Mutant, reached: Reached) -> list[str]:
    """The tests that reach its line; all of them for what is done when the module is imported."""
    place = (str(mutant.path), mutant.line)
    return [test for test, lines in reached.items() if place in lines] or list(reached)


def survivors(mutants: dict[Mutant, str], reached: Reached) -> Iterator[Mutant]:
    """The changes that no test notices."""
    waiting, running = list(mutants), dict[int, Mutant]()
    while waiting or running:
        while waiting and len(running) < AT_ONCE:
            mutant = waiting.pop(0)
            running[tried(mutant, mutants[mutant], reached)] = mutant
        child, status = os.wait()
        mutant = running.pop(child)
        if status == 0:
            yield mutant


def main(root: str, modules: str, tests: str, notes: str) -> NoReturn:
    os.chdir(root)
    sys.path.insert(0, root)
    folder = Path(root, modules)
    paths_of = sorted(folder.glob("*.py")) if folder.is_dir() else [folder]
    names = {path: ".".join(path.relative_to(root).with_suffix("").parts) for path in paths_of}
    if early := [name for name in names.values() if name in sys.modules]:
        sys.exit(f"imported before the first fork: {early}")
    reached = watched(folder, tests, Path(notes))
    mutants = {mutant: names[path] for path in paths_of for mutant in mutants_of(path)}
    print(f"{len(mutants)} changes, {len(reached)} tests", flush=True)
    left = 0
    for mutant in survivors(mutants, reached):
        left += 1
        print(f"survived: {mutant}", flush=True)
    print(f"{len(mutants) - left} noticed, {left} not", flush=True)
    sys.exit(bool(left))


if __name__ == "__main__":
    main(*sys.argv[1:])

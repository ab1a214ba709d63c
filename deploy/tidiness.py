"""What no linter asks: sizes of files and functions, and that no file names a machine's own places."""

import ast
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

from deploy.topology import ROOT

FILE_LINES, BODY_LINES = 300, 40

_ADDRESSES = re.compile(
    r"""
      (?<![\w./]) / (?: home | Users | work | root ) / [a-z.]
    | file:/{3} (?!\.)
    | https?:// [\w.-]* (?: pypi | pythonhosted | npmjs | npmmirror | artifactory ) [\w.-]* /
    | --(?:extra-)? index-url [ =] h
    """,
    re.IGNORECASE | re.VERBOSE,
)


def too_large() -> list[str]:
    """Python files past 300 lines and function bodies past 40."""
    found = []
    for file in files("*.py"):
        text = file.read_text()
        name = file.relative_to(ROOT)
        if (lines := text.count("\n")) > FILE_LINES:
            found.append(f"{name}: {lines} lines; split it by noun")
        found += [f"{name}:{at}: {function} has {lines} lines" for function, at, lines in _long_bodies(text)]
    return found


def addresses() -> list[str]:
    """Lines that hold a path of some machine or the address of a package registry."""
    found = []
    for file in files():
        for number, line in enumerate(_text_of(file).splitlines(), start=1):
            if _ADDRESSES.search(line):
                found.append(f"{file.relative_to(ROOT)}:{number}: {line.strip()[:120]}")
    return found


def _long_bodies(text: str) -> Iterator[tuple[str, int, int]]:
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            statements = node.body[1:] if ast.get_docstring(node) else node.body
            lines = (node.end_lineno or 0) - statements[0].lineno + 1 if statements else 0
            if lines > BODY_LINES:
                yield node.name, node.lineno, lines


def files(*patterns: str) -> list[Path]:
    """What is in the repository, or would be added to it."""
    asked = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", *patterns]
    listed = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    files = [ROOT / name for name in listed.split("\0") if name]
    return [file for file in files if file.is_file()]


def _text_of(file: Path) -> str:
    try:
        return file.read_text()
    except UnicodeDecodeError:
        return ""

"""``docs/grants.md``: what each service's login may change in the database, from the SQL in its code."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

from deploy.keys import RECORDED

from .hearings import service_of

ROOT = Path(__file__).parents[2]
TABLE = re.compile(r"create (?:table|view) (?:if not exists )?(\w+)", re.IGNORECASE)
WRITES = re.compile(r"\b(insert) into (\w+)|\b(update) (\w+)\s+set\b|\b(delete) from (\w+)", re.IGNORECASE)
UPSERTS = re.compile(r"\binsert into (\w+)(?:(?!\binsert into\b).)*?\bdo update\b", re.IGNORECASE | re.DOTALL)
LOCKS = re.compile(r"\bfor update(?: of (\w+))?", re.IGNORECASE)
ALIASES = r"\b(?:from|join) (\w+)(?: as)? {}\b"

Rights = Mapping[str, frozenset[str]]
"""What may be done to each table beside reading it."""

HEAD = """# What each service may do in the database

Generated from the SQL in the code by `python -m deploy.documents`; a stale page is red, and so is a database
that grants a service's login more than stands here.
Everybody reads the tables of its own service, row by row as their policies say, and no other's.
The role `<service>_erasure`, which nobody logs in as, reads `log` and blanks its rows; it has nothing else.
"""


def page() -> str:
    """The whole page."""
    return "\n".join(_lines()) + "\n"


@cache
def rights_of(service: str) -> Rights:
    """What the service's own code and the kit's do to the tables of its schema."""
    rights: dict[str, set[str]] = {table: set() for table in tables_of(service)}
    for text in _texts(service):
        for table, right in _done_by(text):
            if table in rights:
                rights[table].add(right)
    for table in service_of(service).projections:
        rights[table].add("delete")
    return {table: frozenset(found) for table, found in sorted(rights.items())}


def tables_of(service: str) -> set[str]:
    """The tables and views that the service's and the kit's migrations make."""
    folders = (ROOT / "shared" / "sql", ROOT / "services" / service / "migrations")
    return {
        name
        for folder in folders
        for file in folder.glob("*.sql")
        for name in TABLE.findall(file.read_text())
    }


def _texts(service: str) -> Iterator[str]:
    """Every string of the code, in which SQL may stand."""
    for folder in (ROOT / "shared", ROOT / "services" / service):
        for file in sorted(folder.rglob("*.py")):
            yield from _strings(ast.parse(file.read_text()))


def _strings(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            yield "".join(str(one.value) if isinstance(one, ast.Constant) else " " for one in node.values)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


def _done_by(text: str) -> Iterator[tuple[str, str]]:
    for found in WRITES.findall(text):
        right, table = (part for part in found if part)
        yield table, right.lower()
    yield from ((table, "update") for table in UPSERTS.findall(text))
    for alias in LOCKS.findall(text):
        # A row is locked by who may update it.
        pattern = ALIASES.format(alias) if alias else r"\bfrom (\w+)"
        yield from ((table, "update") for table in re.findall(pattern, text))


def _lines() -> Iterator[str]:
    yield HEAD
    for service in RECORDED:
        yield f"## {service}\n\n| table | beside reading |\n| --- | --- |"
        yield from (f"| `{table}` | {_said(rights)} |" for table, rights in rights_of(service).items())
        yield ""


def _said(rights: frozenset[str]) -> str:
    return ", ".join(sorted(rights)) or "nothing"

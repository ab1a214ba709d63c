"""Small changes of a module, one at a time, each of which a test should notice."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any

_COMPARED: dict[type[ast.cmpop], tuple[type[ast.cmpop], ...]] = {
    ast.Eq: (ast.NotEq,),
    ast.NotEq: (ast.Eq,),
    ast.Is: (ast.IsNot,),
    ast.IsNot: (ast.Is,),
    ast.In: (ast.NotIn,),
    ast.NotIn: (ast.In,),
    ast.Lt: (ast.LtE, ast.GtE),
    ast.LtE: (ast.Lt, ast.Gt),
    ast.Gt: (ast.GtE, ast.LtE),
    ast.GtE: (ast.Gt, ast.Lt),
}
_COMPUTED: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
}
_TRUE, _FALSE, _NONE = ast.Constant(value=True), ast.Constant(value=False), ast.Constant(value=None)


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change: the `nth` node of the module's tree becomes `new`."""

    path: Path
    nth: int
    line: int
    was: str
    now: str
    new: ast.AST
    within: str
    """The function or method that it stands in, if any."""

    def code(self) -> CodeType:
        """The changed module."""
        tree = ast.parse(self.path.read_text(encoding="utf-8"))
        _Swap(list(ast.walk(tree))[self.nth], deepcopy(self.new)).visit(tree)
        return compile(ast.fix_missing_locations(tree), str(self.path), "exec")

    def patch(self, module: ModuleType) -> bool:
        """Change the function around the node in place; whether there is one."""
        owner: Any = module
        for name in self.within.split("."):
            owner = vars(owner).get(name)
            owner = getattr(owner, "fget", None) or getattr(owner, "__wrapped__", None) or owner
        codes = {code.co_qualname: code for code in _codes(self.code())}
        code = codes.get(self.within)
        if not isinstance(owner, FunctionType) or code is None:
            return False
        for one in vars(module).values():
            # What it gave before the change is forgotten.
            getattr(one, "cache_clear", int)()
        if fits := code.co_freevars == owner.__code__.co_freevars:
            owner.__code__ = code
        return fits

    def __str__(self) -> str:
        return f"{self.path.name}:{self.line}: {self.was}  ->  {self.now}"


class _Swap(ast.NodeTransformer):
    def __init__(self, old: ast.AST, new: ast.AST) -> None:
        self._old, self._new = old, new

    def visit(self, node: ast.AST) -> ast.AST:
        return ast.copy_location(self._new, node) if node is self._old else self.generic_visit(node)


def mutants_of(path: Path) -> list[Mutant]:
    """All the changes of a module, in the order of its lines."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    beside, functions = _beside_the_point(tree), dict(_functions(tree))
    found = [
        Mutant(path, nth, _line(node), _said(node), _said(new), new, functions.get(node, ""))
        for nth, node in enumerate(ast.walk(tree))
        if node not in beside
        for new in _changes(node)
    ]
    return sorted(found, key=lambda mutant: mutant.line)


def _functions(tree: ast.Module) -> Iterator[tuple[ast.AST, str]]:
    """The nodes of the bodies of functions and methods, with the names of these; not what lies deeper."""
    classes = [node for node in tree.body if isinstance(node, ast.ClassDef)]
    for prefix, body in [("", tree.body), *((f"{one.name}.", one.body) for one in classes)]:
        for function in body:
            if isinstance(function, ast.FunctionDef):
                for statement in function.body:
                    yield from ((node, prefix + function.name) for node in _outside_inner(statement))


def _outside_inner(node: ast.AST) -> Iterator[ast.AST]:
    if not isinstance(node, ast.FunctionDef | ast.Lambda):
        yield node
        for below in ast.iter_child_nodes(node):
            yield from _outside_inner(below)


def _codes(code: CodeType) -> Iterator[CodeType]:
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            yield inner
            yield from _codes(inner)


def _said(node: ast.AST) -> str:
    return ast.unparse(node).partition("\n")[0]


def _line(node: ast.AST) -> int:
    return int(getattr(node, "lineno", 0) or getattr(getattr(node, "pattern", None), "lineno", 0))


def _beside_the_point(tree: ast.Module) -> set[ast.AST]:
    """Annotations, assertions of what types cannot say, imports, and `__slots__`: no rules."""
    apart: list[ast.AST | None] = []
    for node in ast.walk(tree):
        match node:
            case ast.FunctionDef():
                apart += [node.returns, *node.decorator_list]
            case ast.arg() | ast.AnnAssign():
                apart.append(node.annotation)
            case ast.ClassDef():
                apart += node.decorator_list
            case ast.Assert() | ast.ImportFrom() | ast.Subscript():
                apart.append(node if not isinstance(node, ast.Subscript) else node.slice)
            case ast.Assign(targets=[ast.Name(id="__slots__")]):
                apart.append(node)
            case _:
                pass
    return {below for node in apart if node is not None for below in ast.walk(node)}


def _changes(node: ast.AST) -> Iterator[ast.AST]:  # noqa: C901, PLR0912 - one case for each kind of change
    match node:
        case ast.Compare(ops=[op]):
            for other in _COMPARED[type(op)]:
                yield _with(node, ops=[other()])
        case ast.BoolOp():
            yield _with(node, op=ast.Or() if isinstance(node.op, ast.And) else ast.And())
            yield from _less_one(node, "values")
        case ast.UnaryOp(op=ast.Not()):
            yield node.operand
        case ast.BinOp() if type(node.op) in _COMPUTED:
            yield _with(node, op=_COMPUTED[type(node.op)]())
            # A difference of sets is not also a sum: without what is taken away it is.
            yield from [node.left] if isinstance(node.op, ast.Sub) else []
        case ast.Constant(value=bool() as value):
            yield _FALSE if value else _TRUE
        case ast.Constant(value=int() as value):
            yield from (ast.Constant(value=value + 1), ast.Constant(value=value - 1))
        case ast.If() | ast.IfExp():
            yield _with(node, test=_FALSE)
            if not isinstance(node, ast.If) or node.orelse or not isinstance(node.body[0], ast.Raise):
                yield _with(node, test=_TRUE)
        case ast.comprehension() if node.ifs:
            yield from _less_one(node, "ifs")
        case ast.Set() | ast.List() | ast.Tuple() if not isinstance(getattr(node, "ctx", None), ast.Store):
            yield from _less_one(node, "elts")
        case ast.Dict():
            for nth in range(len(node.keys)):
                yield _with(node, keys=_without(node.keys, nth), values=_without(node.values, nth))
        case ast.Match():
            yield from _less_one(node, "cases", least=2)
        case ast.MatchOr():
            yield from _less_one(node, "patterns")
        case ast.Return(value=ast.expr() as value) if not _is_none(value):
            yield ast.Return(value=_NONE)
        case ast.Expr(value=ast.Call()) | ast.AugAssign():
            yield ast.Pass()
        case ast.Call(func=ast.Name(id="max" | "min" as name)):
            yield _with(node, func=ast.Name(id="min" if name == "max" else "max", ctx=ast.Load()))


def _is_none(value: ast.expr) -> bool:
    return isinstance(value, ast.Constant) and value.value is None


def _with(node: ast.AST, **changes: object) -> ast.AST:
    fields = {name: getattr(node, name, None) for name in node._fields}
    return type(node)(**fields | changes)


def _less_one(node: ast.AST, name: str, *, least: int = 1) -> Iterator[ast.AST]:
    """The node without each of its parts; of two operands the other stands for both."""
    parts: list[ast.AST] = getattr(node, name)
    if isinstance(node, ast.BoolOp | ast.MatchOr) and len(parts) == 2:
        yield from reversed(parts)
    elif len(parts) >= least:
        yield from (_with(node, **{name: _without(parts, nth)}) for nth in range(len(parts)))


def _without(parts: list[ast.AST] | list[ast.expr] | list[ast.expr | None], nth: int) -> list[object]:
    return [part for at, part in enumerate(parts) if at != nth]

"""`make mutants`: small faults are put into the code, one at a time, and the tests beside it should notice each.

A seeded sample for each room is tried in copies of the house, several at once; never in the checkout. A fault counts as
caught when the tests of its feature, of the features above that import its module, or of the house fail, or take too
long. What survives is printed with its place, to be read: a test is missing, or the code says something that nobody needs.
"""

from __future__ import annotations

import argparse
import ast
import os
import random
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from queue import Queue
from typing import Any

from registry.config import ROOT
from registry.features import FEATURES
from tests.copied import copy_of_the_house, run_in

ROOMS = ("rules", "permissions", "queries", "services", "pages")
GOALS = {"rules": 85, "permissions": 90, "queries": 75, "services": 75}
"""Percent that the house wants caught."""
SECONDS = 300
TESTS = 12
"""So many test files are asked at most, the nearest first."""

_COMPARED: dict[type[ast.cmpop], str] = {
    ast.Lt: "<=", ast.LtE: "<", ast.Gt: ">=", ast.GtE: ">", ast.Eq: "!=", ast.NotEq: "==",
    ast.Is: "is not", ast.IsNot: "is", ast.In: "not in", ast.NotIn: "in",
}  # fmt: skip
_COMBINED: dict[type[ast.operator], str] = {ast.Add: "-", ast.Sub: "+", ast.Mult: "/", ast.Div: "*"}
_SWAPPED = {"min": "max", "max": "min", "any": "all", "all": "any", "and_": "or_", "or_": "and_"}


@dataclass(frozen=True)
class Mutant:
    """`old` at `start` of a module becomes `new`."""

    path: str
    room: str
    line: int
    start: int
    old: str
    new: str

    @property
    def told(self) -> str:
        return f"{self.path}:{self.line}: {' '.join(self.old.split())[:70]} -> {' '.join(self.new.split())[:70]}"


# -- what can be put wrong ------------------------------------------------------------------------
class Source:
    def __init__(self, path: Path) -> None:
        self.text = path.read_text(encoding="utf-8")
        self.tree = ast.parse(self.text)
        self._starts = [0]
        for line in self.text.splitlines(keepends=True):
            self._starts.append(self._starts[-1] + len(line))
        self._lines = self.text.splitlines(keepends=True)

    def offset(self, line: int, column: int) -> int:
        return self._starts[line - 1] + len(self._lines[line - 1].encode()[:column].decode())

    def span(self, node: Any) -> tuple[int, int]:
        return self.offset(node.lineno, node.col_offset), self.offset(node.end_lineno, node.end_col_offset)

    def changes(self) -> Iterator[tuple[int, int, str]]:
        """(start, end, new text) of every small fault that can be put in."""
        drawn = {id(part) for node in ast.walk(self.tree) if isinstance(node, ast.JoinedStr) for part in ast.walk(node)}
        typed = {id(part) for node in ast.walk(self.tree) for place in _annotations(node) for part in ast.walk(place)}
        for node in ast.walk(self.tree):
            if id(node) not in drawn and id(node) not in typed:
                yield from self._of(node)

    def _of(self, node: ast.AST) -> Iterator[tuple[int, int, str]]:  # noqa: C901 - a line for each kind
        match node:
            case ast.Compare(left=left, ops=[op], comparators=[right]):
                yield self._between(left, right, _COMPARED[type(op)])
            case ast.BoolOp(op=op, values=[first, second, *_]):
                yield self._between(first, second, "and" if isinstance(op, ast.Or) else "or")
            case ast.BinOp(left=left, op=op, right=right) if type(op) in _COMBINED and not _is_text(left, right):
                yield self._between(left, right, _COMBINED[type(op)])
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                start, end = self.span(node)
                yield start, end, f"({self.text[slice(*self.span(operand))]})"
            case ast.Constant(value=bool() as value):
                yield *self.span(node), str(not value)
            case ast.Constant(value=int() as value):
                yield *self.span(node), str(value + 1)
            case ast.Call(func=ast.Name(id=name) as called) if name in _SWAPPED:
                yield *self.span(called), _SWAPPED[name]
            case ast.Call(func=ast.Attribute(attr="where" | "filter"), args=[_, _, *_] as args):
                first, second = args[0], args[1]
                yield self.span(first)[0], self.span(second)[0], ""
            case ast.Expr(value=ast.Call()):
                yield *self.span(node), "pass"
            case ast.If(test=test):
                yield *self.span(test), "False"

    def _between(self, left: ast.expr, right: ast.expr, new: str) -> tuple[int, int, str]:
        """What stands between two operands, with its brackets, becomes another operator."""
        start, end = self.span(left)[1], self.span(right)[0]
        between = self.text[start:end]
        operator = re.search(r"not in|is not|in\b|is\b|and\b|or\b|[<>=!]=?|[-+*/]", between)
        assert operator is not None, between
        return start + operator.start(), start + operator.end(), new


def _annotations(node: ast.AST) -> Iterator[ast.AST]:
    for name in ("annotation", "returns"):
        if (place := getattr(node, name, None)) is not None:
            yield place


def _is_text(*operands: ast.expr) -> bool:
    return any(
        isinstance(one, (ast.JoinedStr, ast.List, ast.Tuple)) or isinstance(getattr(one, "value", None), str)
        for one in operands
    )


def mutants(path: Path, room: str) -> list[Mutant]:
    source, found = Source(path), []
    name = path.relative_to(ROOT).as_posix()
    for start, end, new in source.changes():
        try:
            ast.parse(source.text[:start] + new + source.text[end:])
        except SyntaxError:
            continue
        line = source.text.count("\n", 0, start) + 1
        found.append(Mutant(name, room, line, start, source.text[start:end], new))
    return found


def modules(room: str) -> list[Path]:
    if room == "permissions":
        return [ROOT / "registry" / "base" / "permissions.py"]
    package = ROOT / "registry"
    files = [*package.glob(f"*/{room}.py"), *package.glob(f"*/{room}/*.py")]
    return sorted(path for path in files if path.name != "__init__.py")


# -- who should notice ----------------------------------------------------------------------------
def tests_for(mutant: Mutant) -> list[str]:
    """The test files that may know: of the feature, then those that import the module, then those of its importers."""
    feature = Path(mutant.path).parts[1]
    module = mutant.path.removesuffix(".py").replace("/", ".").removesuffix(".__init__")
    own = sorted((ROOT / "tests" / feature).glob("test_*.py"))
    parent, _, last = module.rpartition(".")
    imports = re.compile(rf"from {re.escape(module)} import|from {re.escape(parent)} import .*\b{last}\b")
    everywhere = [
        path
        for path in sorted((ROOT / "tests").rglob("test_*.py"))
        if "journeys" not in path.parts and "serving" not in path.parts
    ]
    naming = [path for path in everywhere if imports.search(path.read_text(encoding="utf-8"))]
    users = {
        path.relative_to(ROOT / "registry").parts[0]
        for path in (ROOT / "registry").rglob("*.py")
        if imports.search(path.read_text(encoding="utf-8"))
    }
    above = [path for user in FEATURES if user in users for path in sorted((ROOT / "tests" / user).glob("test_*.py"))]
    near = [path for path in own if last in path.stem]
    order = dict.fromkeys([*near, *[path for path in naming if path in own], *own, *naming, *above])
    house = (
        ["tests/house/test_permissions.py", "tests/house/test_pathway.py"]
        if mutant.room in ("permissions", "rules")
        else []
    )
    return [*house, *(path.relative_to(ROOT).as_posix() for path in list(order)[:TESTS])]


def is_caught(house: Path, mutant: Mutant) -> bool:
    place = house / mutant.path
    text = place.read_text(encoding="utf-8")
    place.write_text(text[: mutant.start] + mutant.new + text[mutant.start + len(mutant.old) :], encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", "-p", "no:randomly"]
    try:
        return run_in(house, *command, *tests_for(mutant), timeout=SECONDS).returncode != 0
    except subprocess.TimeoutExpired:
        return True
    finally:
        place.write_text(text, encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(prog="make mutants", description=__doc__)
    parser.add_argument("--sample", type=int, default=40, help="faults of each room (default 40)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--room", choices=ROOMS, action="append", help="only these rooms")
    parser.add_argument("--at-once", type=int, default=os.cpu_count() or 1)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="registry-mutants-") as folder:
        houses: Queue[Path] = Queue()
        for number in range(asked.at_once):
            houses.put(copy_of_the_house(Path(folder) / str(number)))
        for room in asked.room or ROOMS:
            _try(room, asked.sample, asked.seed, asked.at_once, houses)


def _try(room: str, sample: int, seed: int, at_once: int, houses: Queue[Path]) -> None:
    every = [mutant for path in modules(room) for mutant in mutants(path, room)]
    chosen = random.Random(f"{seed} {room}").sample(every, min(sample, len(every)))

    def judged(mutant: Mutant) -> bool:
        house = houses.get()
        try:
            return is_caught(house, mutant)
        finally:
            houses.put(house)

    with ThreadPoolExecutor(at_once) as pool:
        caught = dict(zip(chosen, pool.map(judged, chosen), strict=True))
    share = 100 * sum(caught.values()) / len(chosen)
    goal = f", wanted {GOALS[room]} %" if room in GOALS else ""
    say(f"{room}: {sum(caught.values())} of {len(chosen)} caught ({share:.0f} %{goal}); {len(every)} could be made")
    for mutant, was in caught.items():
        if not was:
            say(f"  survived  {mutant.told}")


say: Callable[[str], None] = lambda text: print(text, flush=True)  # noqa: E731, T201 - a report

if __name__ == "__main__":
    main()

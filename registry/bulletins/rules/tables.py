"""The tables that go with a bulletin: every cell is a number of the quarter, or a name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from registry.bulletins import texts
from registry.bulletins.rules.numbers import QuarterNumbers, city_key, item_key, label_of

NO_NUMBER = "--"
_PLACE_FIGURES = ("listed", "entered", "left", "net", "qualified", "under_way", "enrolled", "confirmed")
_TARGET_FIGURES = ("amount", "counted", "under_way", "needed", "expected", "before")


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in a cell; `key` of a number."""

    shown: str
    key: str = ""


@dataclass(frozen=True, slots=True)
class NumberTable:
    """`numeric`: the columns that hold numbers."""

    title: str
    headings: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    numeric: tuple[int, ...]
    note: str = ""


def tables(numbers: QuarterNumbers) -> list[NumberTable]:
    """Those with rows: places, targets, tasks."""
    return [table for table in (_places(numbers), _targets(numbers), _tasks(numbers)) if table.rows]


def kept(table: NumberTable) -> dict[str, Any]:
    """As it is issued: plain values."""
    return {**asdict(table), "rows": [[[cell.shown, cell.key] for cell in row] for row in table.rows]}


def read_back(values: dict[str, Any]) -> NumberTable:
    rows = tuple(tuple(Cell(*cell) for cell in row) for row in values["rows"])
    found = {**values, "rows": rows, "headings": tuple(values["headings"]), "numeric": tuple(values["numeric"])}
    return NumberTable(**found)


def by_office(
    numbers: QuarterNumbers, named: Iterable[str], found: Sequence[NumberTable]
) -> dict[int, list[tuple[str, str]]]:
    """Office -> (key, what is printed) of each of its numbers in text (`named`) and tables, in their order."""
    offices: dict[int, list[tuple[str, str]]] = {}
    for key in dict.fromkeys([*named, *(cell.key for table in found for row in table.rows for cell in row)]):
        one = numbers.numbers.get(key)
        if one is not None and one.office_id is not None:
            offices.setdefault(one.office_id, []).append((one.key, one.shown))
    return offices


def _places(numbers: QuarterNumbers) -> NumberTable:
    rows = [
        tuple(_cell(numbers, "place", item, name) for name in ("name", *_PLACE_FIGURES))
        for item in numbers.items["place"]
    ]
    if rows:
        rows.append((Cell(texts.TOTAL), *(_number(numbers, city_key(name)) for name in _PLACE_FIGURES)))
    numeric = tuple(range(1, len(texts.PLACES_HEADINGS)))
    return NumberTable(texts.PLACES_TABLE, texts.PLACES_HEADINGS, tuple(rows), numeric, texts.TABLE_NOTE)


def _targets(numbers: QuarterNumbers) -> NumberTable:
    rows = [
        tuple(_cell(numbers, "target", item, name) for name in ("name", *_TARGET_FIGURES, "light"))
        for item in numbers.items["target"]
    ]
    numeric = tuple(range(1, 1 + len(_TARGET_FIGURES)))
    return NumberTable(texts.TARGETS_TABLE, texts.TARGETS_HEADINGS, tuple(rows), numeric, texts.LIGHT_NOTE)


def _tasks(numbers: QuarterNumbers) -> NumberTable:
    order = ("measure", "office", "title", "due_on", "done", "aim", "light")
    rows = tuple(tuple(_cell(numbers, "task", item, name) for name in order) for item in numbers.items["task"])
    return NumberTable(texts.TASKS_TABLE, texts.TASKS_HEADINGS, rows, (4, 5))


def _cell(numbers: QuarterNumbers, each: str, item: str, code: str) -> Cell:
    return _number(numbers, item_key(each, item, label_of(each, code)))


def _number(numbers: QuarterNumbers, key: str) -> Cell:
    one = numbers.numbers.get(key)
    return Cell(one.shown, key) if one and one.shown else Cell(NO_NUMBER)

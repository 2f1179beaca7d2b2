"""Whether a case meets the conditions of its kind: each with its value, its line and where the line stands."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from registry.cases.rules import values as reading
from registry.cases.rules.kinds import Condition, Kind, KindField
from registry.cases.texts import MONTHS, YEARS

Rows = Mapping[str, list[dict[str, str]]]
VALUE = re.compile(
    r"(?P<word>sum|count|part|age|oldest)\((?P<first>[a-z_]+)(?:\.(?P<column>[a-z_]+))?(?:, ?(?P<other>[a-z_]+))?\)"
)
PLAIN = re.compile(r"[a-z_]+")
OPERATIONS: Mapping[str, Callable[[Any, Any], bool]] = {
    ">=": lambda value, line: value >= line,
    "<=": lambda value, line: value <= line,
    ">": lambda value, line: value > line,
    "<": lambda value, line: value < line,
    "=": lambda value, line: value == line,
    "in": lambda value, line: value in line,
}
SIGNS: Mapping[str, str] = {">=": "≥", "<=": "≤", ">": ">", "<": "<"}
"""Of numbers, as they are written."""


class Met(StrEnum):
    """符合 / 不符合 / 缺数据."""

    YES = "yes"
    NO = "no"
    NO_DATA = "no_data"


@dataclass(frozen=True, slots=True)
class ConditionVerdict:
    """`value` and `line` as they are said; `value` is empty where there is no data."""

    condition: Condition
    met: Met
    value: str
    line: str


def verdicts(kind: Kind, values: Mapping[str, str], rows: Rows, on: date) -> list[ConditionVerdict]:
    """One for each condition of the kind, in its order; `on`: the day from which ages count."""
    return [_verdict(kind, one, values, rows, on) for one in kind.conditions]


def _verdict(kind: Kind, one: Condition, values: Mapping[str, str], rows: Rows, on: date) -> ConditionVerdict:
    found, unit = measured(kind, one.value, values, rows, on)
    said, line = _line(kind, one, found)
    shown_line = f"{SIGNS[one.op]} {said}{unit}" if one.op in SIGNS else said
    if found is None:
        return ConditionVerdict(one, Met.NO_DATA, "", shown_line)
    met = Met.YES if OPERATIONS[one.op](found, line) else Met.NO
    value = f"{found.normalize():,f}{unit}" if isinstance(found, Decimal) else str(found)
    return ConditionVerdict(one, met, value, shown_line)


def _line(kind: Kind, one: Condition, found: Any) -> tuple[str, Any]:
    """The line as it is said and as it is compared."""
    text = kind.line(one.line)
    if one.op == "in":
        return text, tuple(text.split("、"))
    if isinstance(found, Decimal) or one.op in SIGNS:
        number = Decimal(text)
        return f"{number.normalize():,f}", number
    return text, text


def measured(kind: Kind, text: str, values: Mapping[str, str], rows: Rows, on: date) -> tuple[Any, str]:
    """What the value of a condition or the basis of an award is, and its unit; None where anything of it is missing.

    `sum(list.field)`, `count(list)`, `part(field, field)` in per cent, `age(field)` in whole years, `oldest` of the
    days of a list in whole months, or a field.
    """
    if (match := VALUE.fullmatch(text)) is None:
        field = _field(kind, text)
        return reading.value(field, values.get(text, "")), field.unit
    word, first, column = match["word"], match["first"], match["column"] or ""
    if word == "count":
        return (Decimal(len(rows[first])) if first in rows else None), ""
    if word in ("sum", "oldest"):
        field = next(one for one in kind.columns(first) if one.code == column)
        found = [reading.value(field, line.get(column, "")) for line in rows.get(first, [])]
        if not found or None in found:
            return None, field.unit
        return (sum(found, Decimal(0)), field.unit) if word == "sum" else (Decimal(months(min(found), on)), MONTHS)
    if word == "age":
        day = reading.value(_field(kind, first), values.get(first, ""))
        return (Decimal(months(day, on) // 12) if day else None), YEARS
    part, whole = (reading.value(_field(kind, code), values.get(code, "")) for code in (first, match["other"]))
    return (None if part is None or not whole else (part * 100 / whole).quantize(Decimal("0.01"))), "%"


def months(since: date, on: date) -> int:
    """Whole months from a day to another; negative where it lies after it."""
    return (on.year - since.year) * 12 + on.month - since.month - (on.day < since.day)


def _field(kind: Kind, code: str) -> KindField:
    return next(one for one in kind.of_case if one.code == code)

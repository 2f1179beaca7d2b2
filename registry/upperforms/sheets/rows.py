"""The rows below the headings of a form: firms that it names, rows that explain, room to write, what closes it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from registry.base import credit_code
from registry.sheets.columns import CLOSING_WORDS
from registry.sheets.meanings import plain
from registry.upperforms.sheets.understanding import UnderstoodForm

_FIRM = re.compile(
    r"(?:公司|企业|厂|店|社|所|院|中心|合伙|工作室|服务部|经营部|商行|超市|酒店|学校|医院|银行|集团|协会|站|部)(?:[(（].*[)）])?$"
)
_EXAMPLE = re.compile(r"^[（(]?(?:示例|样例|范例|举例|例如|例)[:：）)]?|(?:XX|xx|××|\*\*|某某)")
_CLOSING = re.compile(
    rf"^(?:{'|'.join(CLOSING_WORDS)}|填表|填报|制表|审核|审批|联系|经办|单位负责|备注[:：]|注[:：]?|说明|附[:：]|填表说明)"
)
_SHORTEST_CODE, _LONGEST_CODE = 15, 20
_HEADINGS = 2
"""Headings of the form that a row has to repeat to be one."""
_TOTAL = re.compile(r"^(?:合计|总计|小计)")


@dataclass(frozen=True)
class NamedRow:
    """A row that names a firm already."""

    number: int
    name: str
    code: str


@dataclass(frozen=True)
class FormRows:
    """`named`: firms given by whoever sent the form. `first`: where firms are written where none are; `closing`: the
    first row below that is not empty, None where there is none. `passed`: rows that only explain or show an example.
    `beyond`: firms below a second row of headings, whose columns may mean something else.
    """

    named: tuple[NamedRow, ...]
    first: int
    closing: int | None
    passed: tuple[int, ...] = ()
    beyond: tuple[NamedRow, ...] = ()

    @property
    def room(self) -> int | None:
        """Rows that are free; None for as many as one likes."""
        return None if self.closing is None else self.closing - self.first


def of(form: UnderstoodForm) -> FormRows:
    """What stands below the headings, row by row."""
    rows, end = form.sheet.rows, form.heading[1]
    named: list[NamedRow] = []
    beyond: list[NamedRow] = []
    passed: list[int] = []
    closing: int | None = None
    again = False
    for number in sorted(row for row in rows if row > end):
        values = _values(form, rows[number])
        if not values:
            continue
        if _is_heading(form, rows[number]):
            again = True
            continue
        if (found := _named(form, number, rows[number], among=bool(named))) is not None and not again:
            named.append(found)
        elif found is not None:
            beyond.append(found)
        elif named or not _explains(form, number, values, [end, *passed][-1]):
            closing = closing or number
            if not named:
                break
        else:
            passed.append(number)
    return FormRows(tuple(named), [end, *passed][-1] + 1, closing, tuple(passed), tuple(beyond))


def _is_heading(form: UnderstoodForm, cells: Mapping[int, Any]) -> bool:
    """A row that names the columns again: another table begins."""
    own = {plain(column.heading): column.index for column in form.columns}
    return sum(plain(str(value)) in own for value in cells.values()) >= _HEADINGS


def _values(form: UnderstoodForm, cells: Mapping[int, Any]) -> list[str]:
    """What the row says beside its number."""
    serial = {column.index for column in form.columns if column.key == "serial"}
    return [str(value).strip() for index, value in sorted(cells.items()) if index not in serial]


def _named(form: UnderstoodForm, number: int, cells: Mapping[int, Any], *, among: bool) -> NamedRow | None:
    """`among`: below rows of firms any name is one, also of a kind that is not known."""
    name, code = (_text(form, cells, key) for key in ("name", "credit_code"))
    if _EXAMPLE.search(name) or any(_EXAMPLE.match(str(value)) for value in cells.values()):
        return None
    called = bool(name) and not _CLOSING.match(name) and (among or _FIRM.search(name) is not None)
    if _is_code(code) or called:
        return NamedRow(number, name, code)
    return None


def _text(form: UnderstoodForm, cells: Mapping[int, Any], key: str) -> str:
    column = form.column(key)
    value = cells.get(column.index) if column else None
    return "" if value is None else str(value).strip()


def _is_code(text: str) -> bool:
    """Something that is meant for a code, sound or not."""
    code = credit_code.normalise(text)
    return code.isascii() and code.isalnum() and _SHORTEST_CODE <= len(code) <= _LONGEST_CODE


def _explains(form: UnderstoodForm, number: int, values: list[str], above: int) -> bool:
    """A row right below the headings that says how to fill in, numbers the columns, shows an example or a total."""
    if number != above + 1:
        return False
    if _TOTAL.match(values[0]):
        return form.sheet.styled > number
    return not _CLOSING.match(values[0])

"""How a printed workbook looks: fonts, borders, number formats and paper, as tables of properties."""

from __future__ import annotations

from functools import cache
from typing import Any

from registry.sheets.columns import Column, ColumnKind
from registry.sheets.wording import BODY_FONT, HEADING_FONT

Look = tuple[tuple[str, Any], ...]
"""The properties of a cell format, sorted, so that equal looks are one format."""

A3 = 8
A4 = 9
A4_WIDTH = 150
"""Sheets wider than this many characters are printed on A3: on A4 their type would fall below 7 points."""

INK = "#1F2A2E"
HEAD_FILL = "#E3EDEC"
GROUP_FILL = "#F3F7F6"
FAULT_FILL = "#FFC7CE"
FAULT_INK = "#9C0006"
REQUIRED_FILL = "#FCE0DC"
WANTED_FILL = "#FFF2CC"
RULE = "#7A8C90"

MONEY_FORMAT = "#,##0.00"
INTEGER_FORMAT = "#,##0"
DATE_FORMAT = "yyyy-mm-dd"
RATIO_FORMAT = "0.00%"
TEXT_FORMAT = "@"

_NUMBER_FORMATS = {
    ColumnKind.MONEY: MONEY_FORMAT,
    ColumnKind.INTEGER: INTEGER_FORMAT,
    ColumnKind.DATE: DATE_FORMAT,
    ColumnKind.RATIO: RATIO_FORMAT,
}
_LEFT = (ColumnKind.TEXT, ColumnKind.NAME, ColumnKind.NAMES, ColumnKind.INDUSTRY)
_NARROW = 8
_RIGHT = (ColumnKind.MONEY, ColumnKind.INTEGER, ColumnKind.RATIO)


def number_format(kind: ColumnKind) -> str:
    """The number format of a column; text where nothing else is said, so that codes keep their digits."""
    return _NUMBER_FORMATS.get(kind, TEXT_FORMAT)


def alignment(kind: ColumnKind) -> str:
    """left, right or center."""
    if kind in _RIGHT:
        return "right"
    return "left" if kind in _LEFT else "center"


def _look(**properties: Any) -> Look:
    return tuple(sorted({"font_name": BODY_FONT, "font_size": 10, "font_color": INK, **properties}.items()))


_BOXED: dict[str, Any] = {"border": 1, "border_color": RULE, "valign": "vcenter"}

TITLE = _look(font_name=HEADING_FONT, font_size=20, align="center", valign="vcenter")
LINE = _look(valign="vcenter")
LINE_RIGHT = _look(align="right", valign="vcenter")
SIGNATURE = _look(font_size=11, valign="vcenter")
HEAD = _look(font_name=HEADING_FONT, bg_color=HEAD_FILL, align="center", text_wrap=True, **_BOXED)
LABEL = _look(font_name=HEADING_FONT, bg_color=GROUP_FILL, align="left", indent=1, text_wrap=True, **_BOXED)
TOTAL_LABEL = _look(font_name=HEADING_FONT, bold=True, bg_color=GROUP_FILL, align="center", text_wrap=True, **_BOXED)
PARAGRAPH = _look(text_wrap=True, align="left", indent=1, **_BOXED)
SERIAL = _look(align="center", num_format="0", **_BOXED)
COUNT = _look(align="right", indent=1, num_format=INTEGER_FORMAT, **_BOXED)
AMOUNT = _look(align="right", indent=1, num_format=MONEY_FORMAT, **_BOXED)
SHARE = _look(align="right", indent=1, num_format=RATIO_FORMAT, **_BOXED)
INDENTED = _look(align="left", indent=3, text_wrap=True, **_BOXED)
CENTRED = _look(align="center", text_wrap=True, num_format=TEXT_FORMAT, **_BOXED)


@cache
def body(kind: ColumnKind, *, narrow: bool = False) -> Look:
    """The look of a data cell of a column of this kind; words of one or two characters stand in the middle."""
    align = "center" if narrow and kind not in _RIGHT else alignment(kind)
    return _look(align=align, num_format=number_format(kind), text_wrap=kind not in _RIGHT, **_BOXED)


def column_look(column: Column) -> Look:
    """The look of a data cell of `column`."""
    return body(column.kind, narrow=column.width <= _NARROW)


@cache
def strong(look: Look) -> Look:
    """The same look for a row of totals."""
    return tuple(sorted({**dict(look), "bold": True, "bg_color": GROUP_FILL}.items()))

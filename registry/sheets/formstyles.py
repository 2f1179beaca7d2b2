"""The named styles of the workbook to fill in; a cell refers to one by name, so that rows stay cheap to write."""

from __future__ import annotations

from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Side
from openpyxl.workbook import Workbook

from registry.sheets.columns import Column, ColumnKind
from registry.sheets.styles import (
    FAULT_FILL,
    FAULT_INK,
    GROUP_FILL,
    HEAD_FILL,
    INK,
    REQUIRED_FILL,
    RULE,
    TEXT_FORMAT,
    WANTED_FILL,
    alignment,
    number_format,
)
from registry.sheets.wording import BODY_FONT, HEADING_FONT

TITLE = "form_title"
HINT = "form_hint"
GUIDE_LABEL = "guide_label"
GUIDE_TEXT = "guide_text"
RAW_TEXT = "form_raw_text"
REASON = "form_reason"
FAULTY = "form_faulty"
NUMERIC_STYLES = frozenset(f"form_{kind}" for kind in ColumnKind if number_format(kind) != TEXT_FORMAT)
"""Styles that would show a text typed into them in the shape of a number or date."""
_FILLS = {"required": REQUIRED_FILL, "wanted": WANTED_FILL, "optional": HEAD_FILL}


def add_styles(book: Workbook) -> None:
    """Register every style of the form with `book`."""
    book.add_named_style(_style(TITLE, font=Font(HEADING_FONT, size=16, color=_colour(INK)), boxed=False))
    book.add_named_style(_style(HINT, font=Font(BODY_FONT, size=10, color=_colour(INK)), boxed=False))
    for need, fill in _FILLS.items():
        head = Font(HEADING_FONT, size=10, bold=True, color=_colour(INK))
        book.add_named_style(_style(f"form_head_{need}", font=head, fill=fill, horizontal="center", wrap=True))
        mark = Font(BODY_FONT, size=9, color=_colour(FAULT_INK if need == "required" else INK))
        book.add_named_style(_style(f"form_mark_{need}", font=mark, horizontal="center", boxed=False))
    for kind in ColumnKind:
        style = _style(f"form_{kind}", horizontal=alignment(kind), number_format=number_format(kind))
        book.add_named_style(style)
    fault = Font(BODY_FONT, size=10, color=_colour(FAULT_INK))
    book.add_named_style(_style(FAULTY, font=fault, fill=FAULT_FILL, number_format=TEXT_FORMAT))
    book.add_named_style(_style(RAW_TEXT, number_format=TEXT_FORMAT))
    book.add_named_style(_style(REASON, font=fault, number_format=TEXT_FORMAT, wrap=True))
    label = Font(HEADING_FONT, size=10, color=_colour(INK))
    book.add_named_style(_style(GUIDE_LABEL, font=label, fill=GROUP_FILL, wrap=True))
    book.add_named_style(_style(GUIDE_TEXT, number_format=TEXT_FORMAT, wrap=True))


def need(column: Column) -> str:
    """required, wanted or optional."""
    if column.required:
        return "required"
    return "wanted" if column.needed_for else "optional"


def head_style(column: Column) -> str:
    """Style of the column's heading."""
    return f"form_head_{need(column)}"


def mark_style(column: Column) -> str:
    """Style of the mark (必填 ...) above the heading."""
    return f"form_mark_{need(column)}"


def body_style(column: Column) -> str:
    """Style of a data cell of the column."""
    return f"form_{column.kind}"


def _style(
    name: str,
    *,
    font: Font | None = None,
    fill: str | None = None,
    horizontal: str = "left",
    number_format: str = "General",
    wrap: bool = False,
    boxed: bool = True,
) -> NamedStyle:
    style = NamedStyle(name)
    style.font = font or Font(BODY_FONT, size=10, color=_colour(INK))
    if fill:
        style.fill = PatternFill("solid", fgColor=_colour(fill))
    style.alignment = Alignment(horizontal=horizontal, vertical="center", wrap_text=wrap)
    if boxed:
        side = Side("thin", color=_colour(RULE))
        style.border = Border(left=side, right=side, top=side, bottom=side)
    style.number_format = number_format
    return style


def _colour(web: str) -> str:
    return web.lstrip("#")

"""The sheet of notes that goes with a filled form: for what it may be used, of what day, what is filled, what not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from registry.base.vocabulary import NOTICE
from registry.sheets.units import unit_words
from registry.sheets.values import visible
from registry.upperforms import texts
from registry.upperforms.sheets import fields, losses
from registry.upperforms.sheets.bookfile import FormBook
from registry.upperforms.sheets.planning import FillPlan, LeftEmpty, places
from registry.upperforms.sheets.understanding import FormColumn, is_money

SHOWN = 5_000
"""Places of the list; a cell more would help nobody."""
_WHY = {**texts.COLUMNS, **texts.CELLS, **texts.ROWS, "doubted": texts.DOUBTED}


@dataclass(frozen=True)
class FillFacts:
    """Who filled which file when, from what; `frozen`: whether from a closed quarter."""

    filename: str
    by: str
    source: str
    frozen: bool


def of(book: FormBook, plan: FillPlan, facts: FillFacts) -> dict[str, object]:
    """As `writing.fill` takes it: the name of the sheet, and its rows of label and text."""
    return {"name": name_in(book), "rows": [[visible(text) for text in row] for row in _rows(book, plan, facts)]}


def name_in(book: FormBook) -> str:
    """说明; a form that has such a sheet keeps it."""
    names = {sheet.name.casefold() for sheet in book.sheets}
    numbered = (f"{texts.NOTES_SHEET}({number})" for number in range(2, len(names) + 3))
    return next(name for name in (texts.NOTES_SHEET, *numbered) if name.casefold() not in names)


def _rows(book: FormBook, plan: FillPlan, facts: FillFacts) -> Iterator[Sequence[str]]:
    yield texts.NOTES_TITLE, NOTICE
    yield texts.NOTE_USE, NOTICE
    yield texts.NOTE_FORM, f"{facts.filename}{texts.SEMICOLON}{plan.form.title}"
    yield texts.NOTE_BY, facts.by
    yield texts.NOTE_SOURCE, facts.source
    yield texts.NOTE_FILLED, texts.NOTE_FILLED_TEXT % {"firms": plan.firms, "cells": len(plan.cells)}
    yield texts.NOTE_MODE, _mode(plan)
    if plan.form.others:
        yield texts.NOTE_OTHERS, texts.NOTE_OTHERS_TEXT % {"names": texts.JOINT.join(plan.form.others)}
    if book.lost:
        yield texts.NOTE_LOST, texts.JOINT.join(losses.WORDS[code] for code in book.lost)
    told = plan.by_column()
    for column in plan.form.columns:
        label = texts.NOTE_COLUMN % {"letter": column.letter, "heading": column.heading}
        yield label, _column(plan, column, *told[column.index], frozen=facts.frozen)
    yield from _left(plan)


def _mode(plan: FillPlan) -> str:
    room = plan.room
    text = texts.MODE_NAMED if plan.rows.named else texts.MODE_ADDED
    return text + (texts.MODE_ROOM % {"row": room[0], "count": room[1]} if room else "")


def _column(plan: FillPlan, column: FormColumn, filled: int, left: dict[str, int], *, frozen: bool) -> str:
    whole = next((one for one in plan.left if one.row is None and one.index == column.index), None)
    if whole is not None or column.key is None:
        return texts.COLUMN_NOT % {"why": why(whole) if whole else _WHY["unknown"]}
    unit = ""
    if is_money(column.key):
        unit = texts.COLUMN_UNIT % {"unit": unit_words(column.scale, column.currency)}
        unit += texts.COLUMN_ASSUMED if column.assumed else ""
    text = texts.COLUMN_FILLED % {"field": field_words(column), "unit": unit, "filled": filled}
    if left:
        counts = (texts.COUNT_OF % {"why": _bare(code), "count": count} for code, count in sorted(left.items()))
        text += texts.COLUMN_LEFT % {"count": sum(left.values()), "why": texts.JOINT.join(counts)}
    return text + "".join(_remarks(plan, column, frozen=frozen))


def field_words(column: FormColumn) -> str:
    """What a column is filled with, in Chinese."""
    if column.key == "figure":
        name = fields.label("vat_sales" if column.kind == "vat_sales" else "revenue_to_date").removeprefix("本年累计")
        return f"{column.period.label if column.period else ''} {name}".strip()
    return fields.label(column.key or "")


def _remarks(plan: FillPlan, column: FormColumn, *, frozen: bool) -> Iterator[str]:
    if frozen and column.key in fields.AS_OF_NOW:
        yield texts.COLUMN_NOW
    if plan.from_record(column):
        yield texts.COLUMN_RECORDED
    if column.doubt:
        yield texts.COLUMN_DOUBT
    if column.by:
        yield texts.COLUMN_GIVEN % {"by": column.by, "on": column.on}


def _bare(code: str) -> str:
    """A reason without what fills it, for a count."""
    return _SHORT.get(code, _WHY[code])


_SHORT = {
    "other_month": "登记数的月份不同",
    "later": "期间在季度之后",
    "foreign": "登记的是外币",
    "not_offered": "不在下拉列表里",
}


def why(one: LeftEmpty) -> str:
    """Why a place is left empty, in Chinese."""
    return _WHY[one.why] % one.values if one.values else _WHY[one.why]


def _left(plan: FillPlan) -> Iterator[Sequence[str]]:
    found = [one for one in places(plan) if one.row is not None]
    found += plan.doubted
    many = len(found) > SHOWN
    text = texts.NOTE_LEFT_CUT if many else texts.NOTE_LEFT_TEXT
    yield texts.NOTE_LEFT, text % ({"count": len(found), "shown": SHOWN} if many else {"count": len(found)})
    for one in islice(found, SHOWN):
        place = texts.ROW_PLACE % {"row": one.row} if one.index is None else f"{one.place} {one.heading}"
        yield place, texts.LEFT_TEXT % {"firm": one.firm or "--", "why": why(one)}

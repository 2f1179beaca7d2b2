"""Columns of the figure of one month, as an office workbook has them: `revenue_2021_09`, 2021年1-9月营业收入(万元)."""

from __future__ import annotations

import re
from functools import lru_cache

from registry.base.firm_fields import FIGURE_FIELDS
from registry.base.periods import Period
from registry.base.vocabulary import FIGURE_KIND_LABELS, FigureKind
from registry.sheets.columns import Column, ColumnKind, by_key
from registry.sheets.wording import BOOK_FIGURE_NOTE, BOOK_HEADCOUNT_NOTE

_KEY = re.compile(rf"({'|'.join(FigureKind)})_(\d{{4}})_(\d{{2}})")


def figure_key(kind: FigureKind, period: Period) -> str:
    return f"{kind.value}_{period.year}_{period.month:02d}"


def figure_of(key: str) -> tuple[FigureKind, Period] | None:
    """Which figure a key names; None where it is none of a month."""
    match = _KEY.fullmatch(key)
    return (FigureKind(match[1]), Period(int(match[2]), int(match[3]))) if match else None


def is_figure(key: str) -> bool:
    """Whether a field is a figure, of the list's own columns or of a month."""
    return key in FIGURE_FIELDS or figure_of(key) is not None


@lru_cache(maxsize=2_048)
def column_of(key: str) -> Column:
    """The column of a field of the directory, or of the figure of a month. KeyError for what is neither."""
    figure = figure_of(key)
    return by_key(key) if figure is None else _of_month(key, *figure)


def _of_month(key: str, kind: FigureKind, period: Period) -> Column:
    label = FIGURE_KIND_LABELS[kind]
    if kind is FigureKind.EMPLOYEES:
        heading = f"{period.year}年{period.month}月{label}"
        return Column(key, heading, ColumnKind.INTEGER, "", BOOK_HEADCOUNT_NOTE, width=11)
    months = f"1-{period.month}" if period.month > 1 else "1"
    heading = f"{period.year}年{months}月{label}"
    return Column(key, heading, ColumnKind.MONEY, "", BOOK_FIGURE_NOTE, width=14, unit="万元")

"""The drop-downs of the template: lists on a hidden sheet, each under a name that the data sheet refers to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest

from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.utils import get_column_letter
from openpyxl.workbook import Workbook
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation

from registry.base.vocabulary import CHOICES
from registry.sheets.columns import Column, ColumnKind
from registry.sheets.wording import (
    DATE_ERROR,
    DATE_ERROR_TITLE,
    INTEGER_ERROR,
    LIST_ERROR,
    LIST_ERROR_TITLE,
    LISTS_SHEET,
    MONEY_ERROR,
    NUMBER_ERROR_TITLE,
    PROMPT_FALLBACK,
)

_K = ColumnKind
_PROMPT_LIMIT = 255
_TITLE_LIMIT = 32
_STRICT = frozenset({_K.CHOICE, _K.DIVISION, _K.YEAR})
"""Kinds where only a word of the list can be right; elsewhere the list helps and other text is let through."""


@dataclass(frozen=True, slots=True)
class ReferenceLists:
    """The words a county may choose from, in the order of the drop-down.

    `industries` reads `6513 应用软件开发`; `choices` adds or replaces the list of a column by its key.
    """

    divisions: Sequence[str] = ()
    towns: Sequence[str] = ()
    industries: Sequence[str] = ()
    industry_years: Sequence[str] = ("2017", "2011")
    choices: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def words(self, column: Column) -> tuple[str, ...]:
        """The list of a column; empty where it has none."""
        own = {"division": self.divisions, "town": self.towns, "industry": self.industries}
        own["industry_year"] = self.industry_years
        found = self.choices.get(column.key) or own.get(column.key)
        return tuple(found or CHOICES.get(column.choices or column.key, {}).values())


def add_lists(book: Workbook, columns: Sequence[Column], reference: ReferenceLists) -> None:
    """Add the hidden sheet of lists and a name for each (`list_division`); to be called after the other sheets."""
    listed = [(column, words) for column in columns if (words := reference.words(column))]
    sheet = book.create_sheet(LISTS_SHEET)
    sheet.sheet_state = "hidden"
    for index, (column, words) in enumerate(listed, start=1):
        letter = get_column_letter(index)
        area = f"'{LISTS_SHEET}'!${letter}$2:${letter}${len(words) + 1}"
        book.defined_names[_list_name(column)] = DefinedName(_list_name(column), attr_text=area)
    sheet.append([column.heading for column, _ in listed])
    for line in zip_longest(*(words for _, words in listed), fillvalue=""):
        sheet.append([_text_cell(sheet, word) if word else None for word in line])


def _text_cell(sheet: object, word: str) -> Cell:
    cell = WriteOnlyCell(sheet, word)  # type: ignore[arg-type]
    cell.data_type, cell.number_format = "s", "@"
    return cell


def _list_name(column: Column) -> str:
    return f"list_{column.key}"


def validations(
    columns: Sequence[Column], reference: ReferenceLists, *, first_row: int, last_row: int
) -> Iterator[DataValidation]:
    """The check of each column over the rows to fill in: its list, number or date, and its hint when it is entered."""
    for index, column in enumerate(columns, start=1):
        letter = get_column_letter(index)
        rule = _rule(column, bool(reference.words(column)))
        rule.promptTitle = column.heading[:_TITLE_LIMIT]
        rule.prompt = (column.note or PROMPT_FALLBACK)[:_PROMPT_LIMIT]
        rule.showInputMessage = True
        rule.add(f"{letter}{first_row}:{letter}{last_row}")
        yield rule


def _rule(column: Column, listed: bool) -> DataValidation:
    heading = {"heading": column.heading}
    if listed:
        rule = DataValidation("list", formula1=_list_name(column), allow_blank=True)
        rule.errorTitle, rule.error, rule.errorStyle = LIST_ERROR_TITLE, LIST_ERROR % heading, "stop"
        rule.showErrorMessage = column.kind in _STRICT and column.fallback is None
    elif column.kind is _K.MONEY:
        rule = DataValidation("decimal", operator="between", formula1="-1000000000", formula2="1000000000")
        rule.errorTitle, rule.error, rule.errorStyle = NUMBER_ERROR_TITLE, MONEY_ERROR % heading, "warning"
        rule.showErrorMessage = True
    elif column.kind is _K.INTEGER:
        rule = DataValidation("whole", operator="between", formula1="0", formula2="10000000")
        rule.errorTitle, rule.error, rule.errorStyle = NUMBER_ERROR_TITLE, INTEGER_ERROR % heading, "warning"
        rule.showErrorMessage = True
    elif column.kind is _K.DATE:
        rule = DataValidation("date", operator="greaterThan", formula1="1")
        rule.errorTitle, rule.error, rule.errorStyle = DATE_ERROR_TITLE, DATE_ERROR % heading, "warning"
        rule.showErrorMessage = True
    else:
        rule = DataValidation(None, allow_blank=True)
    rule.allow_blank = True
    return rule

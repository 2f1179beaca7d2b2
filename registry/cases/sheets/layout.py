"""The sheets of the workbook of cases of a kind and the columns of each, as they go out and as they are looked for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from registry.cases.rules.kinds import FieldType, Kind, KindField
from registry.cases.texts import NO, YES
from registry.sheets.columns import Column, ColumnKind
from registry.sheets.wording import GUIDE_SHEET, LISTS_SHEET

MAIN = "事项"
BASE = "本簿底稿"
"""Hidden: which workbook it is, and each cell as it went out."""
MARK, VERSION = "registry-case-book", "1"
HEADING_ROW, FIRST_ROW = 4, 5
NUMBER, APPLICANT, CODE = "@number", "@applicant", "@code"
"""Keys of the columns that say which case a row is of; no field is called so."""

_TAKEN = (MAIN, BASE, GUIDE_SHEET, LISTS_SHEET)
_FORBIDDEN = re.compile(r"[\[\]:*?/\\']")
_LONGEST_NAME = 25
IDENTITY = {
    NUMBER: ("编号", "系统编的号，请勿修改；新登记的一行留空，由系统编号。", 16),
    APPLICANT: ("申请单位", "名录中的全称；新登记的一行填全称或代码，二者都填最稳妥。", 34),
    CODE: ("统一社会信用代码", "18 位；按代码或全称在本单位看得到的名录中查找。", 23),
}
_KINDS = {
    FieldType.YUAN: (ColumnKind.MONEY, 18),
    FieldType.NUMBER: (ColumnKind.TEXT, 14),
    FieldType.WHOLE: (ColumnKind.INTEGER, 12),
    FieldType.DAY: (ColumnKind.DATE, 13),
    FieldType.CHOICE: (ColumnKind.CHOICE, 16),
    FieldType.YES_NO: (ColumnKind.CHOICE, 12),
    FieldType.LONG: (ColumnKind.TEXT, 40),
}


@dataclass(frozen=True)
class BookColumn:
    """A column: the code of its field, or what says which case; `of` is that field."""

    code: str
    of: KindField | None
    column: Column

    @property
    def words(self) -> tuple[str, ...]:
        """Of its drop-down; empty where it has none."""
        if self.of is None:
            return ()
        return (YES, NO) if self.of.type is FieldType.YES_NO else self.of.choices


@dataclass(frozen=True)
class BookSheet:
    """A sheet: `code` is the list whose rows stand on it, empty for the cases themselves."""

    code: str
    name: str
    columns: tuple[BookColumn, ...]


def sheets(kind: Kind) -> tuple[BookSheet, ...]:
    """The cases, then each list."""
    main = BookSheet("", MAIN, (*_identity(NUMBER, APPLICANT, CODE), *_columns(kind.of_case, "")))
    taken = [MAIN]
    found = [main]
    for one in kind.lists:
        taken.append(_sheet_name(one.name, taken))
        found.append(
            BookSheet(one.code, taken[-1], (*_identity(NUMBER, APPLICANT), *_columns(kind.columns(one.code), one.code)))
        )
    return tuple(found)


def _identity(*codes: str) -> Iterator[BookColumn]:
    for code in codes:
        heading, note, width = IDENTITY[code]
        yield BookColumn(
            code,
            None,
            Column(code.strip("@"), heading, ColumnKind.TEXT, "", note, width=width, required=code == APPLICANT),
        )


def _columns(fields: tuple[KindField, ...], of: str) -> Iterator[BookColumn]:
    for one in fields:
        kind, width = _KINDS.get(one.type, (ColumnKind.TEXT, 18))
        width = max(width, min(len(one.name) * 2 + 4, 26))
        column = Column(
            f"{of}_{one.code}", one.name, kind, "", one.help, width=width, unit=one.unit or None, required=one.required
        )
        yield BookColumn(one.code, one, column)


def _sheet_name(name: str, taken: list[str]) -> str:
    """As a spreadsheet allows it, and unlike every other."""
    bare = _FORBIDDEN.sub(" ", name)[:_LONGEST_NAME].strip() or "明细"
    found, count = bare, 1
    while found in (*_TAKEN, *taken):
        count += 1
        found = f"{bare}{count}"
    return found

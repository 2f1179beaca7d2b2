"""How a form is understood: its sheet, its heading rows, and what each column is to be filled with, or why not."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from registry.base.characters import shown
from registry.base.errors import HEADING_NONE, FileRefused
from registry.base.periods import Period
from registry.sheets.byhand import Choices, ColumnUse, compared
from registry.sheets.columns import ColumnKind, by_key, has_key
from registry.sheets.headings import SEARCHED_ROWS, Around, Heading, RecognisedColumn, find_heading, stated_unit
from registry.sheets.meanings import meaning_of, period_of, plain
from registry.sheets.units import Unit, read_unit
from registry.upperforms import texts
from registry.upperforms.rules import statistical
from registry.upperforms.sheets import fields
from registry.upperforms.sheets.bookfile import FormBook, FormSheet

_FOOT_ROWS = 12
_LONGEST_TITLE = 200


@dataclass(frozen=True)
class FormColumn:
    """One column of the form: `key` of the field it is filled with, None where it is not, and `why` then says so.

    `scale`: how many of `currency` one of an amount is, None where nobody said. `period`: the only one its figures may
    be of, None where the heading names none. `by`, `on`: who said what it is. `assumed`: the unit is not the form's.
    """

    index: int
    letter: str
    heading: str
    key: str | None
    why: str = ""
    scale: Decimal | None = None
    currency: str = "CNY"
    period: Period | None = None
    kind: str = ""
    by: str = ""
    on: str = ""
    use: str = ""
    doubt: str = ""
    assumed: bool = False


@dataclass(frozen=True)
class UnderstoodForm:
    """`heading`: first and last row of the headings. `others`: sheets that are left as they are."""

    sheet: FormSheet
    heading: tuple[int, int]
    columns: tuple[FormColumn, ...]
    title: str
    fingerprint: str
    others: tuple[str, ...]

    def column(self, key: str) -> FormColumn | None:
        return next((one for one in self.columns if one.key == key), None)


def refuse_statistical(book: FormBook, filename: str) -> None:
    """Raises FileRefused for a form of the statistical reporting system, by anything but its rows of firms."""
    said = [filename]
    for sheet in book.sheets:
        said.append(sheet.name)
        numbers = [row for row in sheet.rows if row <= SEARCHED_ROWS or row > sheet.last_row - _FOOT_ROWS]
        said += [text for row in numbers for text in _texts(sheet, row)]
        # a label and what it says may stand in cells of their own: 表号 | F203表
        said += ["".join(_texts(sheet, row)) for row in numbers if row <= SEARCHED_ROWS]
    if word := statistical.named_in(said):
        raise FileRefused(texts.STATISTICAL, word=word)


def understood(book: FormBook, year: int, choices: Choices, unit: Decimal | None = None) -> UnderstoodForm:
    """The sheet whose headings name most fields. `year`: what 本年 in it is; `unit`: of amounts where it says none.

    Raises FileRefused where no sheet has headings that say anything.
    """
    by_hand = {key: one.choice for key, one in choices.items() if one.choice.key is None or has_key(one.choice.key)}
    around = Around(year=year, by_hand=by_hand)
    found = [(sheet, head) for sheet in book.sheets if not sheet.hidden and (head := _heading(sheet, around))]
    if not found:
        raise FileRefused(HEADING_NONE, rows=SEARCHED_ROWS, found=_quoted(book))
    sheet, heading = max(
        found, key=lambda one: ("name" in one[1].keys or "credit_code" in one[1].keys, len(one[1].keys))
    )
    columns = tuple(_column(one, year, choices, _unit_of(sheet, heading, one)) for one in heading.columns)
    columns = tuple(_with_unit(column, unit) for column in columns)
    if not any(one.key in ("name", "credit_code") for one in columns):
        raise FileRefused(texts.NO_IDENTITY, row=heading.row, found=_quoted_columns(columns))
    others = tuple(one.name for one in book.sheets if one is not sheet)
    return UnderstoodForm(sheet, (heading.row, heading.end), columns, _title(sheet, heading), _print(columns), others)


def _heading(sheet: FormSheet, around: Around) -> Heading | None:
    foot = [text for row in sorted(sheet.rows)[-_FOOT_ROWS:] for text in _texts(sheet, row)]
    here = replace(around, foot=tuple(foot), shown=dict(sheet.shown))
    heading = find_heading([(row, sheet.cells(row)) for row in sorted(sheet.rows)], here)
    return heading if heading is not None and heading.keys else None


def _texts(sheet: FormSheet, row: int) -> list[str]:
    return [value for value in sheet.rows.get(row, {}).values() if isinstance(value, str)]


def _title(sheet: FormSheet, heading: Heading) -> str:
    """The longest line above the headings: a form's name."""
    above = [text.strip() for row in sheet.rows if row < heading.row for text in _texts(sheet, row)]
    return shown(max(above, key=len, default=sheet.name), _LONGEST_TITLE)


def _print(columns: Sequence[FormColumn]) -> str:
    """By the set of its headings a form is known again, wherever its columns stand and whatever units it names."""
    words = sorted({compared(one.heading) for one in columns})
    return hashlib.sha256("\n".join(words).encode()).hexdigest()


# -- one column ------------------------------------------------------------------------------------
def _unit_of(sheet: FormSheet, heading: Heading, column: RecognisedColumn) -> Unit | None:
    """What the form says one of an amount is: in the heading, in a row of units below it, above or below the table."""
    if column.scale is not None:
        return Unit(column.scale, column.currency)
    below = sheet.rows.get(heading.end, {}).get(column.index)
    bare = plain(below).strip("()[]{}【】") if isinstance(below, str) else ""
    around = [text for row in sheet.rows if row < heading.row for text in _texts(sheet, row)]
    foot = [text for row in sorted(sheet.rows)[-_FOOT_ROWS:] if row > heading.end for text in _texts(sheet, row)]
    return read_unit(bare) or stated_unit(around) or stated_unit(foot)


def _column(column: RecognisedColumn, year: int, choices: Choices, unit: Unit | None) -> FormColumn:
    said = choices.get(compared(column.heading))
    found = FormColumn(column.index, column.letter, column.heading, None, column.why, doubt=column.doubt)
    if unit is not None:
        found = replace(found, scale=unit.scale, currency=unit.currency)
    if said is not None:
        found = replace(found, by=said.by, on=said.on, use=said.choice.use.value)
        if said.choice.use is not ColumnUse.READ:
            return replace(found, why="by_hand")
        if said.choice.key is not None and not has_key(said.choice.key):
            return replace(found, key=said.choice.key, why="")
    return _meant(found, column, year)


def _meant(found: FormColumn, column: RecognisedColumn, year: int) -> FormColumn:
    key = column.key
    if column.why in ("twice", "given_twice"):  # a reader takes one of them, a form wants both
        key = column.duplicate_of
    if key in fields.FIGURES or (column.why in ("year", "month") and column.duplicate_of in fields.FIGURES):
        return _figure(found, column, key, year)
    if key == "employees":
        meaning = meaning_of(column.heading)
        if meaning is not None and ((meaning.year or year) != year or meaning.last):
            return replace(found, why="year", kind="employees")
    if key is None and column.why:
        is_rate = column.duplicate_of == "rate" and "%" in plain(column.heading)  # its unit, and nothing else
        return replace(found, key="rate", why="") if is_rate else found
    own = key if found.use else fields.own_key(column.heading, key)
    return replace(found, key=own, why="" if own else "unknown")


def _figure(found: FormColumn, column: RecognisedColumn, key: str | None, year: int) -> FormColumn:
    """Of which period its figures may be: what the heading says, else what the field says."""
    if column.why == "month":
        return found
    if key is None:  # of another year: we may hold that one too
        said = period_of(column.heading)
        if said is None or said.year is None:
            return found
        whole = Period(said.year, said.month or 0)
        return replace(found, key="figure", period=whole, kind=_kind(column.duplicate_of), why="")
    before = 1 if key in ("revenue_last_year", "revenue_same_period") else 0
    month = 0 if key == "revenue_last_year" else column.month
    period = Period(year - before, month) if month is not None else None
    return replace(found, key=key, period=period, kind=_kind(key), why="")


def _kind(key: str | None) -> str:
    return "vat_sales" if key == "vat_sales" else "revenue"


def _with_unit(found: FormColumn, unit: Decimal | None) -> FormColumn:
    """An amount whose unit nobody says is not written: ten thousand times too much looks like a figure, too."""
    if found.key is None or not is_money(found.key):
        return found
    if found.scale is not None:
        return found
    return replace(found, scale=unit, assumed=True) if unit is not None else replace(found, key=None, why="no_unit")


def is_money(key: str) -> bool:
    return key == "figure" or (has_key(key) and by_key(key).kind is ColumnKind.MONEY)


def _quoted(book: FormBook) -> str:
    return _cut(text for sheet in book.sheets for row in sorted(sheet.rows) for text in _texts(sheet, row))


def _quoted_columns(columns: Sequence[FormColumn]) -> str:
    return _cut(one.heading for one in columns)


def _cut(found: Iterable[str]) -> str:
    return "、".join([text.strip()[:20] for text in found][:12]) or "--"

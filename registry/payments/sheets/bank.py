"""How a file of a bank or a treasury is read: its columns by the words in use there, its rows, its own total."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from registry.base.characters import clean
from registry.base.errors import FileRefused, RegistryError
from registry.payments.rules.matching import Remark, StatementLine, Status
from registry.payments.texts import (
    BANK_HEADINGS,
    DONE_WORDS,
    FILE_ERRORS,
    RETURNED_WORDS,
    STATUS_NEEDS,
    STATUS_PREFIXES,
)
from registry.sheets.amounts import exact, read_amount, to_fen
from registry.sheets.days import read_date
from registry.sheets.headings import SEARCHED_ROWS, Around, Heading, RecognisedColumn, plain
from registry.sheets.parsed import Cell, Lost
from registry.sheets.reader import PAGE_SECONDS, UploadedRow, UploadedTable, place_of, read_table
from registry.sheets.shape import letter
from registry.sheets.units import split_off

_MOST_ROWS = 20_000
_JUDGED = {"payee": "name", "account": "credit_code"}
"""Our word -> the word by which the reader tells rows from notes and totals."""
_TOTAL = re.compile(r"^(?:合计|总计|共计|汇总)")
_NUMBER = re.compile(r"-?\d[\d,]*(?:\.\d+)?")
_SCIENTIFIC = re.compile(r"\d(?:\.\d+)?E\+?\d{2}", re.IGNORECASE)
_EXACT_DIGITS = 15


@dataclass
class Statement:
    """A file as it was read: its lines, its own total if it states one, and what was not read of it."""

    lines: list[StatementLine]
    stated: Decimal | None = None
    headings: list[tuple[str, str, str]] = field(default_factory=list)
    """Letter, heading and what it is read as (a key of `BANK_HEADINGS`, empty for a column that is not read)."""
    passed: list[tuple[int, str]] = field(default_factory=list)
    unread_sheets: tuple[str, ...] = ()
    marks: list[tuple[int, str]] = field(default_factory=list)
    """Row and `hidden`, `filtered` or `struck`."""


def read_statement(path: Path, name: str) -> Statement:
    """Raises FileRefused: it is no table, or has no column of amounts, of days, or of payees or their accounts."""
    with read_table(path, cpu_seconds=PAGE_SECONDS, name=name, recognise=_recognise) as table:
        table.refuse_workbook()
        statement = Statement([])
        for row in table.rows:
            if len(statement.lines) >= _MOST_ROWS:
                raise FileRefused(FILE_ERRORS["rows"], count=_MOST_ROWS)
            statement.lines.append(_line(row, _places(row.heading or table.heading)))
            statement.marks += [
                (place_of(row.number)[1], mark) for mark in row.marks if mark in ("hidden", "filtered", "struck")
            ]
        _close(statement, table)
    if not statement.lines:
        raise FileRefused(FILE_ERRORS["no_rows"])
    return statement


def _close(statement: Statement, table: UploadedTable) -> None:
    places = _places(table.heading)
    totals = [cells for _number, cells in table.passed if _is_total(cells)]
    statement.stated = _stated(totals[-1], places["amount"]) if totals else None
    statement.passed = [(place_of(number)[1], words) for number, words in table.skipped]
    statement.unread_sheets = tuple(one.name for one in table.sheets if one.why)
    statement.headings = [
        (one.letter, one.heading, _meaning(one.heading) if places.get(_meaning(one.heading)) is one else "")
        for one in table.columns
    ]


# -- columns --------------------------------------------------------------------------------------
_KEYS: Mapping[str, str] = {word: key for key, words in BANK_HEADINGS.items() for word in words}


def _meaning(heading: str) -> str:
    """What a heading says of its column; '' for nothing known."""
    words = split_off(plain(heading))[0]
    return _KEYS.get(words) or _KEYS.get(re.sub(r"\(.*?\)", "", words)) or ""


def _recognise(rows: Sequence[tuple[int, Sequence[Cell]]], _around: Around) -> Heading:
    """The row among the first that names most; of two columns of one meaning the left one is read."""
    best: dict[str, tuple[int, str]] = {}
    number = 0
    for row, cells in rows:
        found: dict[str, tuple[int, str]] = {}
        for index, cell in enumerate(cells):
            if isinstance(cell, str) and (key := _meaning(cell)):
                found.setdefault(key, (index, cell))
        if row <= SEARCHED_ROWS and len(found) > len(best):
            best, number, width = found, row, cells
    if not {"amount", "day"} <= best.keys() or not {"payee", "account"} & best.keys():
        words = tuple(str(cell) for _row, cells in rows[:3] for cell in cells if cell)[:12]
        raise FileRefused(FILE_ERRORS["headings"], found="、".join(words) or "--")
    judged = dict(_JUDGED) if "payee" in best else {"account": "name"}
    at = {index: key for key, (index, _text) in best.items()}
    columns = tuple(
        RecognisedColumn(index, letter(index), str(cell).strip(), judged.get(at.get(index, "")))
        for index, cell in enumerate(width)
        if isinstance(cell, str) and cell.strip()
    )
    return Heading(number, columns)


def _places(heading: Heading) -> dict[str, RecognisedColumn]:
    found: dict[str, RecognisedColumn] = {}
    for column in heading.columns:
        if key := _meaning(column.heading):
            found.setdefault(key, column)
    return found


# -- rows -----------------------------------------------------------------------------------------
def _line(row: UploadedRow, places: Mapping[str, RecognisedColumn]) -> StatementLine:
    def cell(key: str) -> Cell:
        return row.cells[places[key].index] if key in places and places[key].index < len(row.cells) else None

    faults = [Remark.CELLS] if row.fault else []
    account, lost = _account(cell("account"))
    amount = _amount(cell("amount"), places["amount"].heading) if "amount" in places else None
    day = _day(cell("day"))
    faults += [Remark.LOST_DIGITS] if lost else []
    faults += [Remark.NO_AMOUNT] if amount is None or not amount else []
    faults += [Remark.NO_DAY] if day is None else []
    faults += [Remark.REVERSAL] if amount is not None and amount < 0 else []
    return StatementLine(
        place_of(row.number)[1], _text(cell("payee"), 200), account, amount, day, _text(cell("voucher"), 80),
        _text(cell("purpose"), 200), _status(_text(cell("status"), 80), "status" in places), tuple(faults),
    )  # fmt: skip


def _text(cell: Cell, longest: int) -> str:
    if cell is None or isinstance(cell, Lost):
        return ""
    with suppress(RegistryError):
        return clean(str(cell), 20_000).text.removeprefix("'")[:longest]
    return "?"


def _account(cell: Cell) -> tuple[str, bool]:
    """The account as it is written, and whether a number cell has lost digits of it."""
    if isinstance(cell, float) or (isinstance(cell, int) and len(str(cell)) > _EXACT_DIGITS):
        return "", True
    text = _text(cell, 64)
    return ("", True) if _SCIENTIFIC.fullmatch(text) else (text, False)


def _amount(cell: Cell, heading: str) -> Decimal | None:
    """Yuan to the fen; None for what is no certain amount, or has parts of a fen."""
    unit = split_off(plain(heading))[1]
    if isinstance(cell, bool) or cell is None or isinstance(cell, Lost | date):
        return None
    if isinstance(cell, int | float):
        number, scale = exact(cell), None
    else:
        read = read_amount(cell)
        if read is None or read.currency != "CNY":
            return None
        number, scale = read.number, read.scale
    yuan = number * (scale or (unit.scale if unit else Decimal(1)))
    return to_fen(yuan) if to_fen(yuan) == yuan else None


def _day(cell: Cell) -> date | None:
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    return read_date(cell) if isinstance(cell, str | int | float) and not isinstance(cell, bool) else None


_SAID = re.compile("[\u4e00-\u9fff]+")
"""A run of Chinese signs: codes, digits and points around it say nothing."""


def _status(text: str, has_column: bool) -> Status:
    """What became of it, by the bank's whole words; silence is done only where the file does not speak of it.

    Of several words a return counts before whatever reason follows; for done, every one must say so.
    """
    if not has_column:
        return Status.DONE
    said = [_said(word) for word in _SAID.findall("".join(unicodedata.normalize("NFKC", text).split()))]
    if said and said[0] is Status.RETURNED:
        return Status.RETURNED
    return Status.DONE if said and all(one is Status.DONE for one in said) else Status.UNKNOWN


def _said(word: str) -> Status:
    for words, status in ((RETURNED_WORDS, Status.RETURNED), (DONE_WORDS, Status.DONE)):
        if any(word.endswith(one) and _only_adds(word.removesuffix(one), one) for one in words):
            return status
    return Status.UNKNOWN


def _only_adds(before: str, word: str) -> bool:
    """Whether what stands before the word leaves it as it is: 交易成功 does, 部分成功 and 未完成 do not."""
    if word in STATUS_NEEDS and not before.endswith(("已", "成功")):
        return False
    while before:
        known = next((one for one in STATUS_PREFIXES if before.endswith(one)), "")
        if not known:
            return False
        before = before.removesuffix(known)
    return True


# -- the total ------------------------------------------------------------------------------------
def _is_total(cells: Iterable[Cell]) -> bool:
    return any(isinstance(cell, str) and _TOTAL.match("".join(cell.split())) for cell in cells)


def _stated(cells: Sequence[Cell], place: RecognisedColumn) -> Decimal | None:
    """Beneath the amounts; else the last amount that stands in the row, in a cell of its own or behind the word."""
    under = _amount(cells[place.index], place.heading) if place.index < len(cells) else None
    if under is not None:
        return under
    found = [one for cell in cells if (one := _amount(cell, place.heading)) is not None]
    texts = " ".join(cell for cell in cells if isinstance(cell, str))
    behind = [number.replace(",", "") for number in _NUMBER.findall(texts) if "." in number]
    return found[-1] if found else Decimal(behind[-1]) if behind else None

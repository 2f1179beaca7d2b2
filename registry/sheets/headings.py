"""Finds the heading row of a sheet and recognises its columns by their headings and aliases."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache

from registry.base import independence
from registry.base.errors import HEADING_NO_NAME, HEADING_NONE, HEADING_TWICE, FileRefused
from registry.sheets.columns import COLUMNS, IGNORED_HEADINGS, by_key
from registry.sheets.shape import letter
from registry.sheets.words import MULTIPLE, OPTIONAL_WORDS, SCALES, UNIT_WORD, YUAN

SEARCHED_ROWS = 20
_LONGEST = 200
_OPEN, _CLOSE = r"[(\[{【〔<《]", r"[)\]}】〕>》]"
_AMOUNT_UNIT = rf"(?P<multiple>{MULTIPLE})?{YUAN}"
_CURRENCY = "(?:人民币|rmb|cny)?"
_BRACKETED_UNIT = re.compile(rf"{_OPEN}(?:{UNIT_WORD}:?)?{_CURRENCY}{_AMOUNT_UNIT}{_CURRENCY}{_CLOSE}")
_TRAILING_UNIT = re.compile(rf"(?:[,:/\-]+(?:{UNIT_WORD}:?)?{_AMOUNT_UNIT}|(?P<bare>{MULTIPLE}){YUAN})$")
_TITLE_UNIT = re.compile(rf"{UNIT_WORD}:?{_OPEN}?{_CURRENCY}{_AMOUNT_UNIT}{_CURRENCY}(?!\w)")
_OPTIONAL = re.compile(rf"{_OPEN}(?:{'|'.join(OPTIONAL_WORDS)}){_CLOSE}")
_TRAILING_BRACKETS = re.compile(rf"{_OPEN}[^()\[\]{{}}【】〔〕<>《》]*{_CLOSE}$")


@dataclass(frozen=True, slots=True)
class RecognisedColumn:
    """One column of the file: 0-based `index`, spreadsheet `letter`, its heading as written.

    `key` is None where the heading says nothing to us, or where another column with the same meaning was preferred
    (then `duplicate_of` is that key). `scale`: how many yuan one unit of the column is, None where no unit is written.
    """

    index: int
    letter: str
    heading: str
    key: str | None
    scale: Decimal | None = None
    duplicate_of: str | None = None


@dataclass(frozen=True, slots=True)
class Heading:
    """The heading row (its number in the spreadsheet) and the columns under which something is written."""

    row: int
    columns: tuple[RecognisedColumn, ...]

    @property
    def keys(self) -> tuple[str, ...]:
        return tuple(column.key for column in self.columns if column.key is not None)

    @property
    def unrecognised(self) -> tuple[RecognisedColumn, ...]:
        """Columns that will not be read, for the preview; serial numbers and marks of ours are not among them."""
        return tuple(
            column for column in self.columns if column.key is None and plain(column.heading) not in _ignored()
        )

    @property
    def is_usable(self) -> bool:
        """There is a name, and something that shows this to be a heading row rather than a stray word."""
        return "name" in self.keys and (len(self.keys) > 1 or len(self.columns) <= 2)


NumberedRow = tuple[int, Sequence[object]]


def find_heading(rows: Iterable[NumberedRow]) -> Heading | None:
    """The row among the given that names most columns, the first of equals; None where no row names any."""
    best: Heading | None = None
    scale: Decimal | None = None
    for number, cells in rows:
        if number > SEARCHED_ROWS:
            break
        scale = _title_scale(cells) or scale
        heading = recognise(number, cells, default_scale=scale)
        if heading.keys and (best is None or len(heading.keys) > len(best.keys)):
            best = heading
    return best


def require_heading(rows: Sequence[NumberedRow]) -> Heading:
    """The heading row; raises `FileRefused` naming what was found where it is missing or has no name column.

    A table of the statistical direct-reporting system, by its title or headings, is refused with the law.
    """
    best = find_heading(rows)
    for number, cells in rows:
        if number <= (best.row if best else 1):
            _refuse_direct_reporting(cells)
    if best is None:
        raise FileRefused(HEADING_NONE, rows=SEARCHED_ROWS, found=_quoted(cell for _, cells in rows for cell in cells))
    if "name" not in best.keys:
        raise FileRefused(HEADING_NO_NAME, row=best.row, found=_quoted(column.heading for column in best.columns))
    _refuse_twins(best)
    return best


def recognise(row: int, cells: Sequence[object], *, default_scale: Decimal | None = None) -> Heading:
    """Read one row as a heading row. Of two columns with one meaning the one nearer to our own heading is taken."""
    columns = [
        _column(index, cell, default_scale)
        for index, cell in enumerate(cells)
        if isinstance(cell, str) and 0 < len(cell) <= _LONGEST
    ]
    taken: dict[str, RecognisedColumn] = {}
    for column in sorted(columns, key=lambda column: (_rank(column.heading), column.index)):
        if column.key is not None:
            taken.setdefault(column.key, column)
    settled = (
        column
        if column.key is None or taken[column.key] is column
        else replace(column, key=None, duplicate_of=column.key)
        for column in columns
    )
    return Heading(row, tuple(settled))


def plain(text: str) -> str:
    """A heading as it is compared: NFKC, lower case, no spaces, no mark of a required column, no colon at its end."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    folded = re.sub(r"[\s\u200b-\u200d\ufeff*]+", "", folded)
    return _OPTIONAL.sub("", folded).strip(":")


def split_unit(text: str) -> tuple[str, Decimal | None]:
    """A plain heading without its unit, and how many yuan the unit is: `注册资本(万元)` -> `注册资本`, 10000."""
    for pattern in (_BRACKETED_UNIT, _TRAILING_UNIT):
        match = pattern.search(text)
        if match and match.start():
            groups = match.groupdict()
            word = groups.get("multiple") or groups.get("bare") or ""
            return text[: match.start()] + text[match.end() :], SCALES[word]
    return text, None


def _column(index: int, cell: str, default_scale: Decimal | None) -> RecognisedColumn:
    found = _lookup(cell)
    scale = split_unit(plain(cell))[1]
    key = found[0] if found else None
    if key is not None and by_key(key).unit is not None and scale is None:
        scale = default_scale
    return RecognisedColumn(index, letter(index), cell.strip(), key, scale)


def _lookup(cell: str) -> tuple[str, int] | None:
    """Key and rank (0: our own heading, then the place among the aliases) of a heading as written."""
    table = _table()
    text = plain(cell)
    unitless = split_unit(text)[0]
    for candidate in (text, unitless, _TRAILING_BRACKETS.sub("", unitless)):
        if candidate in table:
            return table[candidate]
    return None


def _rank(cell: str) -> int:
    found = _lookup(cell)
    return found[1] if found else 0


@cache
def _table() -> dict[str, tuple[str, int]]:
    return {
        plain(heading): (column.key, rank)
        for column in COLUMNS
        for rank, heading in enumerate((column.heading, *column.aliases))
    }


@cache
def _ignored() -> frozenset[str]:
    return frozenset(plain(heading) for heading in IGNORED_HEADINGS)


def _title_scale(cells: Sequence[object]) -> Decimal | None:
    """The unit that a line above the table gives for all of it, as in `单位：万元`."""
    for cell in cells:
        match = _TITLE_UNIT.search(plain(cell[:_LONGEST])) if isinstance(cell, str) else None
        if match:
            return SCALES[match["multiple"] or ""]
    return None


def _refuse_direct_reporting(cells: Iterable[object]) -> None:
    for cell in cells:
        text = cell[:_LONGEST] if isinstance(cell, str) else ""
        if word := independence.named_in(text):
            raise FileRefused(independence.REFUSED, word=word)


def _refuse_twins(heading: Heading) -> None:
    """Two columns under the very same heading: nobody can say which one is meant."""
    for twin in heading.columns:
        for column in heading.columns:
            if (
                column.key is not None
                and twin.duplicate_of == column.key
                and _rank(twin.heading) == _rank(column.heading)
            ):
                letters = f"{column.letter}、{twin.letter}"
                raise FileRefused(HEADING_TWICE, row=heading.row, heading=column.heading, letters=letters)


def _quoted(cells: Iterable[object]) -> str:
    texts = [cell.strip()[:20] for cell in cells if isinstance(cell, str) and cell.strip()]
    return "、".join(texts[:12]) or "--"

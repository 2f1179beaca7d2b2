"""Finds the heading row of a sheet, or two of them, and says of each column what it is taken for, and why not."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cache
from typing import NamedTuple

from registry.base import independence
from registry.base.errors import HEADING_CARD, HEADING_NO_NAME, HEADING_NONE, HEADING_TWICE, FileRefused
from registry.sheets.byhand import ColumnUse, HeadingChoice, HeadingChoices, compared, is_no_amount
from registry.sheets.columns import IGNORED_HEADINGS, ColumnKind, by_key
from registry.sheets.meanings import Meaning, meaning_of, period_of, plain
from registry.sheets.shape import letter
from registry.sheets.units import Unit, read_unit, split_off, stated

__all__ = [
    "SEARCHED_ROWS",
    "Heading",
    "NoNameColumn",
    "RecognisedColumn",
    "find_heading",
    "plain",
    "recognise",
    "require_heading",
    "stated_unit",
]

SEARCHED_ROWS = 20
_LONGEST = 200
_CARD_ROWS = 3
_DATA = re.compile(r"[0-9a-z]{8,}|\d{5,}|^[\d.,%/-]+$|(?:有限|股份)公司|合作社|事务所", re.IGNORECASE)
_UNIT_CELL = re.compile(r"[(\[【]?(人|个|家|户|名|%|年|月|日|年/?月/?日)[)\]】]?")
_MONTHS_OF_YEAR = 12
_NO_YEAR = 99
"""Years before, of a heading that says two different things of its year."""


@dataclass(frozen=True, slots=True)
class RecognisedColumn:
    """One column of the file: 0-based `index`, spreadsheet `letter`, its heading as written.

    `key` is None where the heading says nothing to us, or where it is not taken: `why` then says so (`twice`:
    another column with the same meaning, `duplicate_of`, was preferred; `qualified`: a word in brackets makes it
    another thing than `duplicate_of`; `month`: the figure of one month; `year`: of another year; of one that a person
    gave also `by_hand`, `period`, `no_amount`, `given_twice`). `scale`: how many of `currency` one unit of the column
    is, None where no unit is written. `month`: to which the heading itself runs. `doubt`: two statements about the unit
    differ. `version`: of the industry codes beneath. `use`: what a person said is to become of it.
    """

    index: int
    letter: str
    heading: str
    key: str | None
    scale: Decimal | None = None
    duplicate_of: str | None = None
    currency: str = "CNY"
    month: int | None = None
    why: str = ""
    doubt: str = ""
    version: int | None = None
    use: ColumnUse | None = None


@dataclass(frozen=True, slots=True)
class Around:
    """What else is known when a heading is read: texts below the table, units that number formats show (by index).

    `year`: what 本年 in the file is; None where nobody said. `by_hand`: what a person said of headings.
    """

    foot: tuple[str, ...] = ()
    shown: dict[int, Unit] = field(default_factory=dict)
    year: int | None = None
    by_hand: HeadingChoices = field(default_factory=dict)


NOWHERE = Around()


@dataclass(frozen=True, slots=True)
class Heading:
    """The heading row (its number in the spreadsheet) and the columns under which something is written.

    `last_row`: the lowest of the rows that belong to the heading (a second row of leaves, a row of units).
    """

    row: int
    columns: tuple[RecognisedColumn, ...]
    last_row: int = 0

    @property
    def end(self) -> int:
        return self.last_row or self.row

    @property
    def keys(self) -> tuple[str, ...]:
        return tuple(column.key for column in self.columns if column.key is not None)

    @property
    def unrecognised(self) -> tuple[RecognisedColumn, ...]:
        """Columns that will not be read, for the preview; serial numbers and marks of ours are not among them."""
        return tuple(column for column in self.columns if column.key is None and not is_ignored(column))

    @property
    def is_usable(self) -> bool:
        """There is a name, and something that shows this to be a heading row rather than a stray word."""
        return "name" in self.keys and (len(self.keys) > 1 or len(self.columns) <= 2)


class NoNameColumn(FileRefused):
    """No heading says where the names stand; `heading`: the row that was found."""

    template = HEADING_NO_NAME

    def __init__(self, heading: Heading) -> None:
        found = _quoted(column.heading for column in heading.columns)
        super().__init__(None, row=heading.row, found=found)
        self.heading = heading


NumberedRow = tuple[int, Sequence[object]]


def is_ignored(column: RecognisedColumn) -> bool:
    return plain(column.heading) in _ignored()


def find_heading(rows: Iterable[NumberedRow], around: Around = NOWHERE) -> Heading | None:
    """The row among the given that names most columns, the first of equals; None where no row names any.

    Where firms stand above it under a heading of their own, that heading: a table is not lost to a wider one below.
    A second row of headings below (leaves under a parent) and a row of units belong to it.
    """
    searched = [(number, cells) for number, cells in rows if number <= SEARCHED_ROWS]
    found = list(_candidates(searched, around))
    best = max(found, key=lambda one: len(one.heading.keys), default=None)
    if best is None:
        return None
    at, height, heading = next((one for one in found if one.at < best.at and _heads_firms(one, searched, best)), best)
    above = [text for number, cells in searched[:at] for text in _texts(cells).values()]
    units: dict[int, Unit] = {}
    if at + height < len(searched) and (units := _unit_row(searched[at + height][1])):
        height += 1
    last = searched[at + height - 1][0]
    return Heading(heading.row, _with_units(heading.columns, units, above, around), last)


class _Candidate(NamedTuple):
    """A row that names columns: its place among the rows, and how many rows it has with its leaves."""

    at: int
    height: int
    heading: Heading


def _candidates(searched: Sequence[NumberedRow], around: Around) -> Iterator[_Candidate]:
    for at, (number, cells) in enumerate(searched):
        if not _texts(cells):
            continue
        below = searched[at + 1][1] if at + 1 < len(searched) else ()
        leaves = _are_leaves(cells, below)
        heading = _build(number, cells, below if leaves else (), around)
        if heading.keys:
            yield _Candidate(at, 2 if leaves else 1, heading)


def _heads_firms(one: _Candidate, searched: Sequence[NumberedRow], before: _Candidate) -> bool:
    """Whether firms stand under this heading, above the other."""
    if not one.heading.is_usable or len(one.heading.keys) < 2:
        return False
    places = [column.index for column in one.heading.columns if column.key in ("name", "credit_code")]
    between = (cells for _, cells in searched[one.at + one.height : before.at])
    return any(at < len(cells) and _DATA.search(str(cells[at] or "")) for cells in between for at in places)


def require_heading(rows: Sequence[NumberedRow], around: Around = NOWHERE) -> Heading:
    """The heading row; raises `FileRefused` naming what was found where it is missing or has no name column.

    A table of the statistical direct-reporting system, by its title or headings, is refused with the law; so is a card,
    whose labels stand one below the other.
    """
    best = find_heading(rows, around)
    for number, cells in rows:
        if number <= (best.row if best else 1):
            refuse_direct_reporting(cells)
    if best is None:
        raise FileRefused(HEADING_NONE, rows=SEARCHED_ROWS, found=_quoted(cell for _, cells in rows for cell in cells))
    _refuse_card(rows, best)
    if "name" not in best.keys:
        raise NoNameColumn(best)
    _refuse_twins(best)
    return best


def recognise(
    row: int, cells: Sequence[object], *, default_scale: Decimal | None = None, around: Around = NOWHERE
) -> Heading:
    """Read one row as a heading row. Of two columns with one meaning the plainer is taken: see `RecognisedColumn`."""
    heading = _build(row, cells, (), around)
    if default_scale is None:
        return heading
    columns = (
        replace(column, scale=default_scale)
        if column.scale is None and column.key and by_key(column.key).unit
        else column
        for column in heading.columns
    )
    return Heading(row, tuple(columns))


def split_unit(text: str) -> tuple[str, Decimal | None]:
    """A plain heading without its unit, and how many yuan the unit is: `注册资本(万元)` -> `注册资本`, 10000."""
    rest, unit = split_off(text)
    return rest, unit.scale if unit else None


# -- one row, or two -------------------------------------------------------------------------------
def _texts(cells: Sequence[object]) -> dict[int, str]:
    return {
        index: cell
        for index, cell in enumerate(cells)
        if isinstance(cell, str) and 0 < len(cell) <= _LONGEST and not cell.isspace()
    }


def _are_leaves(cells: Sequence[object], below: Sequence[object]) -> bool:
    """Whether the row below only names parts of what this row names: two or more words under one of its cells."""
    above, leaves = _texts(cells), _texts(below)
    filled = [cell for cell in below if cell is not None and not (isinstance(cell, str) and not cell.strip())]
    if not leaves or len(leaves) < len(filled) or any(_DATA.search(text) for text in leaves.values()):
        return False
    names_none = not any(meaning_of(text) for text in above.values())
    if names_none or all(_is_unit(text) for text in leaves.values()):
        return False
    parents = _parents(above, leaves)
    groups = [index for index in leaves if index not in above]
    beside = any(parents.get(index) and index not in above for index in groups)
    alone = [index for index in leaves if index in above and (index + 1) not in groups]
    return beside and not any(_differs(above[index], leaves[index]) for index in alone)


def _differs(above: str, leaf: str) -> bool:
    """A cell below a heading of its own column says something else, as a row of data does."""
    return plain(above) != plain(leaf) and meaning_of(leaf, above) is None


def _parents(above: dict[int, str], leaves: dict[int, str]) -> dict[int, str]:
    """Of each leaf the heading over it: its own column's, else the nearest to the left of an unbroken run of leaves."""
    found: dict[int, str] = {}
    for index in leaves:
        at = index
        while at not in above and at - 1 in leaves:
            at -= 1
        if at in above:
            found[index] = above[at]
    return found


def _build(row: int, cells: Sequence[object], below: Sequence[object], around: Around) -> Heading:
    above, leaves = _texts(cells), _texts(below)
    parents = _parents(above, leaves)
    columns = []
    for index in sorted(set(above) | set(leaves)):
        parent = parents.get(index, "") if index in leaves else ""
        own = leaves.get(index) or above[index]
        if parent and plain(parent) == plain(own):
            parent = ""
        columns.append(_column(index, own, parent, around))
    return Heading(row, _settled(columns))


def _column(index: int, own: str, parent: str, around: Around) -> tuple[RecognisedColumn, int]:
    found = meaning_of(own, parent)
    heading = f"{parent.strip()} {own.strip()}" if parent else own.strip()
    unit = found.unit if found else split_off(plain(own))[1]
    column = RecognisedColumn(index, letter(index), heading, None, unit.scale if unit else None)
    if unit is not None and unit.currency != "CNY":
        column = replace(column, currency=unit.currency)
    if (choice := around.by_hand.get(compared(heading))) is not None:
        return _chosen(column, choice, around.year), 0
    if found is None:
        return column, 0
    if found.qualified:
        return replace(column, duplicate_of=found.key, why="qualified"), found.rank
    return _dated(column, found, around.year), found.rank


_FIGURES = frozenset(("revenue_last_year", "revenue_to_date", "revenue_same_period", "vat_sales"))


def _chosen(column: RecognisedColumn, choice: HeadingChoice, year: int | None) -> RecognisedColumn:
    """The column as a person said; but what the heading says of its period, and of being no amount, stands."""
    column, key = replace(column, use=choice.use), choice.key
    if choice.use is not ColumnUse.READ or key is None:
        return replace(column, why="by_hand")
    if by_key(key).kind in (ColumnKind.MONEY, ColumnKind.INTEGER) and is_no_amount(column.heading):
        return replace(column, duplicate_of=key, why="no_amount")
    said = period_of(column.heading) if key in _FIGURES else None
    if said is None:
        return replace(column, key=key)
    found = _dated(column, replace(said, key="vat_sales") if key == "vat_sales" else said, year)
    if found.key is not None and found.key != key:
        return replace(column, duplicate_of=key, why="period")
    return found if found.key else replace(found, duplicate_of=key)


def _dated(column: RecognisedColumn, found: Meaning, year: int | None) -> RecognisedColumn:
    """The column with its key, by the year and month that its heading says."""
    if found.key == "industry":
        return replace(column, key=found.key, version=found.year)
    if found.key == "employees" and _years_before(found, year) > 1:
        return replace(column, duplicate_of=found.key, why="year")
    is_periodic = found.year is not None or found.month is not None or found.last is not None
    if not is_periodic or found.key not in ("revenue_to_date", "vat_sales"):
        return replace(column, key=found.key)
    if found.single:
        return replace(column, duplicate_of=found.key, why="month")
    before = _years_before(found, year)
    if found.key == "vat_sales" and before == 0:
        return replace(column, key=found.key, month=found.month or None)
    if found.key == "revenue_to_date" and before == 1:
        whole = found.month in (0, _MONTHS_OF_YEAR) or (found.month is None and not found.same)
        key = "revenue_last_year" if whole else "revenue_same_period"
        return replace(column, key=key, month=None if whole else found.month)
    if found.key == "revenue_to_date" and before == 0:
        return replace(column, key=found.key, month=_MONTHS_OF_YEAR if found.month == 0 else found.month)
    return replace(column, duplicate_of=found.key, why="year")


def _years_before(found: Meaning, year: int | None) -> int:
    """How many years before the file's own the heading speaks of."""
    by_word = None if found.last is None else int(found.last)
    if found.year is None or (by_word is not None and year is None):
        return by_word or 0
    if year is None:
        return 1 if found.month in (None, 0) else 0
    by_year = year - found.year
    if by_word is None or by_word == by_year or (found.same and by_year == 0):
        return by_year if by_word is None else by_word
    return _NO_YEAR


def _settled(columns: Sequence[tuple[RecognisedColumn, int]]) -> tuple[RecognisedColumn, ...]:
    """Of columns with one meaning the plain one is taken: of cumulative figures the one that runs furthest."""
    columns = _without_given_twins(columns)
    taken: dict[str, RecognisedColumn] = {}
    for column, _ in sorted(columns, key=lambda pair: (_order(*pair), pair[0].index)):
        if column.key is not None:
            taken.setdefault(column.key, column)
    return tuple(
        column
        if column.key is None or taken[column.key] is column
        else replace(column, key=None, duplicate_of=column.key, why="twice")
        for column, _ in columns
    )


def _without_given_twins(columns: Sequence[tuple[RecognisedColumn, int]]) -> list[tuple[RecognisedColumn, int]]:
    """Of two columns under one heading that a person once gave neither is taken: nobody can say which one is meant."""
    given = Counter(_told(column) for column, _ in columns if column.use is ColumnUse.READ)
    return [
        (replace(column, key=None, duplicate_of=column.key, why="given_twice"), rank)
        if column.key is not None and column.use is ColumnUse.READ and given[_told(column)] > 1
        else (column, rank)
        for column, rank in columns
    ]


def _told(column: RecognisedColumn) -> tuple[str | None, str, int | None]:
    return column.key, _bare(column), column.month


def _order(column: RecognisedColumn, rank: int) -> tuple[bool, int, int]:
    """One that the heading itself names comes before one that a person gave."""
    month = -(column.month or 0) if column.key in ("revenue_to_date", "vat_sales") else 0
    return column.use is not None, month, rank


# -- units -------------------------------------------------------------------------------------------
def _is_unit(text: str) -> bool:
    bare = plain(text).strip("()[]{}【】〔〕<>《》")
    return bool(_UNIT_CELL.fullmatch(bare)) or read_unit(bare) is not None


def _unit_row(cells: Sequence[object]) -> dict[int, Unit]:
    """The units of a row in which every filled cell is one; empty where it is no such row."""
    texts = _texts(cells)
    filled = [cell for cell in cells if cell is not None and cell != ""]
    if not texts or len(texts) < len(filled) or not all(_is_unit(text) for text in texts.values()):
        return {}
    bare = {index: plain(text).strip("()[]{}【】〔〕<>《》") for index, text in texts.items()}
    return {index: unit for index, text in bare.items() if (unit := read_unit(text)) is not None}


def _with_units(
    columns: Sequence[RecognisedColumn], row: dict[int, Unit], above: Sequence[str], around: Around
) -> tuple[RecognisedColumn, ...]:
    title = stated_unit(above)
    foot = stated_unit(around.foot)
    return tuple(_with_unit(column, row.get(column.index), (title, foot), around) for column in columns)


def stated_unit(texts: Iterable[str]) -> Unit | None:
    """The last unit that lines above or below the table say."""
    found = [unit for text in texts if (unit := stated(plain(text[:_LONGEST]))) is not None]
    return found[-1] if found else None


def _with_unit(
    column: RecognisedColumn, below: Unit | None, of_table: Sequence[Unit | None], around: Around
) -> RecognisedColumn:
    """The nearest statement is taken; where another says otherwise that is a doubt."""
    if column.key is None or by_key(column.key).kind is not ColumnKind.MONEY:
        return column
    own = Unit(column.scale, column.currency) if column.scale is not None else None
    said = [unit for unit in (around.shown.get(column.index), own, below, *of_table) if unit is not None]
    if not said:
        return column
    doubt = "unit_differs" if any(unit != said[0] for unit in said) else ""
    return replace(column, scale=said[0].scale, currency=said[0].currency, doubt=doubt)


# -- what is refused ---------------------------------------------------------------------------------
@cache
def _ignored() -> frozenset[str]:
    return frozenset(plain(heading) for heading in IGNORED_HEADINGS)


def refuse_direct_reporting(cells: Iterable[object]) -> None:
    for cell in cells:
        text = cell[:_LONGEST] if isinstance(cell, str) else ""
        if word := independence.named_in(text):
            raise FileRefused(independence.REFUSED, word=word)


def _refuse_card(rows: Sequence[NumberedRow], best: Heading) -> None:
    """Labels one below the other, each with its value beside it: the data of one firm, not a list."""
    others: set[str] = set()
    count = 0
    for number, cells in rows:
        if best.row <= number <= best.end or number > SEARCHED_ROWS:
            continue
        found = {meaning.key for text in _texts(cells).values() if (meaning := meaning_of(text)) is not None}
        fresh = found - set(best.keys) - others
        others |= fresh
        count += bool(fresh)
    if count >= (_CARD_ROWS if len(best.keys) > 1 else 2) and len(others) >= len(best.keys):
        raise FileRefused(HEADING_CARD)


def _refuse_twins(heading: Heading) -> None:
    """Two columns under the very same heading: nobody can say which one is meant."""
    for twin in heading.columns:
        if twin.why != "twice":
            continue
        for column in heading.columns:
            if column.key == twin.duplicate_of and _bare(twin) == _bare(column) and twin.month == column.month:
                letters = f"{column.letter}、{twin.letter}"
                raise FileRefused(HEADING_TWICE, row=heading.row, heading=column.heading, letters=letters)


def _bare(column: RecognisedColumn) -> str:
    return split_off(plain(column.heading))[0]


def _quoted(cells: Iterable[object]) -> str:
    texts = [cell.strip()[:20] for cell in cells if isinstance(cell, str) and cell.strip()]
    return "、".join(texts[:12]) or "--"

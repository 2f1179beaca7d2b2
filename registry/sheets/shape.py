"""What may be uploaded and what a file turned out to be, before any parser has seen it."""

from __future__ import annotations

from dataclasses import dataclass

from registry.sheets.units import Unit

MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of an uploaded table (docs/domain.md 4); sizes are bytes."""

    workbook_bytes: int = 20 * MEGABYTE
    text_bytes: int = 200 * MEGABYTE
    unpacked_bytes: int = 200 * MEGABYTE
    unpacked_text_bytes: int = 1024 * MEGABYTE
    part_ratio: int = 250
    parts: int = 2_000
    sheets: int = 100
    rows: int = 200_000
    text_rows: int = 5_000_000
    title_rows: int = 20
    columns: int = 200
    merges: int = 20_000
    merge_area: int = 1_000_000
    lost_cells: int = 10_000
    line_length: int = 500_000
    memory_bytes: int = 512 * MEGABYTE


@dataclass(frozen=True, slots=True)
class LostCell:
    """A cell whose value a bulk parser would silently drop: kind `error` (#N/A) or `formula` (never calculated)."""

    row: int
    column: int
    kind: str


@dataclass(frozen=True, slots=True)
class SheetShape:
    """One worksheet: its part in the container, how many rows hold something, and how far they reach (1-based).

    `formulas`: row and column of the first cells that are computed, calculated or not. `merges`: first row, first
    column, last row, last column of cells merged over several rows. `hidden_rows`: first and last of rows that are not
    seen (`filtered`: by a filter); `hidden_columns` are not seen either. `struck`: rows struck through. `shown`:
    columns whose number format says what their numbers are in.
    """

    name: str
    part: str
    hidden: bool
    filled_rows: int
    last_row: int
    last_column: int
    lost: tuple[LostCell, ...] = ()
    formulas: tuple[tuple[int, int], ...] = ()
    merges: tuple[tuple[int, int, int, int], ...] = ()
    hidden_rows: tuple[tuple[int, int], ...] = ()
    filtered: bool = False
    struck: tuple[int, ...] = ()
    shown: tuple[tuple[int, Unit], ...] = ()
    hidden_columns: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Shape:
    """A file that may be read: `format` is xlsx, text or text.gz."""

    format: str
    sheets: tuple[SheetShape, ...] = ()


def letter(index: int) -> str:
    """The spreadsheet's letter of a 0-based column: 0 -> A, 26 -> AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def column_number(letters: str) -> int:
    """The 1-based number of a column's letters, 0 where they are none: A -> 1, XFD -> 16384."""
    number = 0
    if not 0 < len(letters) <= 3:
        return 0
    for character in letters:
        if not "A" <= character <= "Z":
            return 0
        number = number * 26 + ord(character) - 64
    return number

"""The exact count of rows that hold something: asked only when the quick count and the parser disagree."""

from __future__ import annotations

import zipfile

from registry.sheets.container import Meter
from registry.sheets.parts import parse_part
from registry.sheets.shape import SheetShape

_STRINGS = "xl/sharedStrings.xml"


def filled_rows(container: zipfile.ZipFile, meter: Meter, sheet: SheetShape) -> int:
    """Rows with a cell that is not empty text; slower than the guard's count, which takes `<v/>` as filled."""
    blanks = _Strings()
    if _STRINGS in container.namelist():
        parse_part(container, meter, _STRINGS, blanks.start, blanks.text)
    rows = _Rows(blanks.finish())
    parse_part(container, meter, sheet.part, rows.start, rows.text)
    return rows.finish()


class _Strings:
    """Collects the indexes of shared strings that are blank."""

    def __init__(self) -> None:
        self.index = -1
        self.filled = True
        self.blank: set[str] = set()

    def start(self, tag: str, found: dict[str, str]) -> None:
        if tag.rpartition(":")[2] == "si":
            self._close()
            self.index += 1
            self.filled = False

    def text(self, text: str) -> None:
        self.filled = self.filled or bool(text.strip())

    def finish(self) -> frozenset[str]:
        self._close()
        return frozenset(self.blank)

    def _close(self) -> None:
        if not self.filled:
            self.blank.add(str(self.index))


class _Rows:
    """Counts rows with a cell that is an uncalculated formula, a shared string that is not blank, or any other text."""

    def __init__(self, blank: frozenset[str]) -> None:
        self.blank = blank
        self.count = 0
        self.filled = False
        self.kind = ""
        self.inside = False
        self.formula_waits = False
        self.value = ""

    def start(self, tag: str, found: dict[str, str]) -> None:
        name = tag.rpartition(":")[2]
        if self.inside:
            self._close_value()
        if name == "row":
            self._close_row()
        elif name == "c":
            self._close_cell()
            self.kind = found.get("t", "")
        elif name == "f":
            self.formula_waits = True
        self.inside = name in ("v", "t")

    def text(self, text: str) -> None:
        if self.inside and len(self.value) < 64:
            self.value += text

    def finish(self) -> int:
        if self.inside:
            self._close_value()
        self._close_row()
        return self.count

    def _close_value(self) -> None:
        value = self.value.strip()
        if value or self.kind == "str":
            self.formula_waits = False
        self.filled = self.filled or bool(value and not (self.kind == "s" and value in self.blank))
        self.value = ""
        self.inside = False

    def _close_cell(self) -> None:
        self.filled = self.filled or self.formula_waits
        self.formula_waits = False

    def _close_row(self) -> None:
        self._close_cell()
        self.count += self.filled
        self.filled = False

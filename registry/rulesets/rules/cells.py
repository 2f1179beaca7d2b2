"""One cell of a file of reference data: its text as a value, or what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from registry.base import characters
from registry.base.errors import RegistryError
from registry.rulesets.rules.files import DIVISION, HOLDERS, LEVELS, FileColumn, Form, ReferenceFile
from registry.rulesets.texts.files import FILE_FAULTS
from registry.rulesets.texts.traces import MISREAD, NOTHING

_WHOLE = re.compile(r"0|[1-9]\d{0,8}", re.ASCII)
_YUAN = re.compile(r"\d{1,14}(\.\d{1,2})?", re.ASCII)
_UNIT = re.compile(r"[\d.,，]+\s*[^\d\s.,，]+", re.ASCII)
_DAY = re.compile(r"(\d{4})([-/])(\d{1,2})\2(\d{1,2})", re.ASCII)
_YEAR = re.compile(r"(19|20)\d{2}", re.ASCII)
_NUMBER = re.compile(r"(0|[1-9]\d{0,8})(\.\d{1,4})?", re.ASCII)
_STRAY = re.compile(r"  |[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef] +[\u4e00-\u9fff]")
"""A space where none is written: two together, or within Chinese words."""
_WIDE = re.compile("[０-９Ａ-Ｚａ-ｚ．％]+")
_NOTHING = re.compile(NOTHING, re.IGNORECASE)
_TRACES = re.compile(MISREAD)
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_MISREAD = ("latin-1", "cp1252", "gb18030")
LEAST, MOST = Decimal(100_000), Decimal(10_000_000_000)
"""No line of a standard is lower or as high, in yuan: what lies outside was written in another unit."""


@dataclass(frozen=True, slots=True)
class FileFault:
    """What is wrong in `file`; `row` and `letter` are those a spreadsheet shows, 0 and empty for the file itself."""

    file: str
    template: str
    values: Mapping[str, object] = field(default_factory=dict)
    row: int = 0
    letter: str = ""
    heading: str = ""

    def sentence(self) -> str:
        """In Chinese, its place first: `thresholds.csv 3 G amount_yuan: ...`."""
        place = [self.file]
        if self.row:
            place.append(f"{self.row}:{self.letter}" if self.letter else str(self.row))
        return " ".join(filter(None, (*place, self.heading))) + ": " + (self.template % self.values)


@dataclass(frozen=True, slots=True)
class FileRow:
    """`number` as a spreadsheet shows it; an unreadable cell is not among the values. `proof`: those of `PROOF`."""

    number: int
    values: Mapping[str, Any]
    proof: Mapping[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class FileTable:
    """What was read; `letters` says in which column a heading stands."""

    file: ReferenceFile
    encoding: str = "utf-8"
    letters: dict[str, str] = field(default_factory=dict)
    rows: list[FileRow] = field(default_factory=list)
    faults: list[FileFault] = field(default_factory=list)

    def downwards(self) -> list[FileRow]:
        """The rows, a place after what it lies in."""
        return sorted(
            self.rows, key=lambda row: LEVELS.index(row.values["level"]) if self.file.name == HOLDERS[DIVISION] else 0
        )

    def fault(self, row: int, heading: str, about: str, **values: object) -> FileFault:
        return FileFault(self.file.name, FILE_FAULTS[about], values, row, self.letters.get(heading, ""), heading)


class Unreadable(RegistryError):
    """A cell whose text is no value of its column."""


def parse(cell: FileColumn, text: str) -> Any:
    """The value: text, bool, int, Decimal (yuan) or date; None where an optional cell is empty. Raises `Unreadable`."""
    try:
        clean = characters.clean(text, cell.longest).text
    except RegistryError as error:
        raise Unreadable(FILE_FAULTS["character"], reason=str(error)) from error
    _plainly(text, clean)
    if not clean:
        if not cell.optional:
            raise Unreadable(FILE_FAULTS["empty"])
        return None
    if cell.words:
        _known(cell, clean)
    if cell.pattern and not re.fullmatch(cell.pattern, clean, re.ASCII):
        raise Unreadable(FILE_FAULTS["code"], text=clean)
    value = _READERS[cell.form](clean)
    if (cell.least is not None and value < cell.least) or (cell.most is not None and value > cell.most):
        raise Unreadable(FILE_FAULTS["unlikely"], text=clean, least=cell.least, most=cell.most)
    return value


def _plainly(text: str, clean: str) -> None:
    """Spaces, full-width digits and characters of a wrong encoding look like the value they stand in, and are not."""
    if clean != text or _STRAY.search(clean):
        raise Unreadable(FILE_FAULTS["spaces"], text=text)
    if wide := _WIDE.search(clean):
        raise Unreadable(FILE_FAULTS["wide"], text=wide[0])
    if is_misread(clean):
        raise Unreadable(FILE_FAULTS["misread"], text=clean[:20])


def is_misread(text: str) -> bool:
    """Whether the text is UTF-8 or GB18030 that was read as something else: so read back, it is a text again."""
    if _TRACES.search(text):
        return True
    if sum(not character.isascii() for character in text) < 3:
        return False
    return any(_reads_back(text, encoding) for encoding in _MISREAD)


def _reads_back(text: str, encoding: str) -> bool:
    for meant in ("utf-8",) if encoding == "gb18030" else ("utf-8", "gb18030"):
        try:
            if _CHINESE.search(text.encode(encoding).decode(meant)):
                return True
        except UnicodeError:
            continue
    return False


def _known(cell: FileColumn, text: str) -> None:
    for word in text.split() if cell.many else (text,):
        if word not in cell.words:
            raise Unreadable(FILE_FAULTS["word"], text=word, known="、".join(sorted(cell.words)))


def _worded(text: str) -> str:
    """A text that says something: no number, and nothing that stands for nothing."""
    if _NOTHING.fullmatch(text) or not any(character.isalpha() for character in text):
        raise Unreadable(FILE_FAULTS["no_words"], text=text)
    return text


def _yes_no(text: str) -> bool:
    if text not in ("yes", "no"):
        raise Unreadable(FILE_FAULTS["yes_no"], text=text)
    return text == "yes"


def _whole(text: str) -> int:
    if not _WHOLE.fullmatch(text):
        raise Unreadable(FILE_FAULTS["unit" if _UNIT.fullmatch(text) else "whole"], text=text)
    return int(text)


def _year(text: str) -> int:
    if not _YEAR.fullmatch(text):
        raise Unreadable(FILE_FAULTS["year"], text=text)
    return int(text)


def _number(text: str) -> Decimal:
    if not _NUMBER.fullmatch(text):
        raise Unreadable(FILE_FAULTS["unit" if _UNIT.fullmatch(text) else "number"], text=text)
    return Decimal(text)


def _yuan(text: str) -> Decimal:
    if not _YUAN.fullmatch(text):
        raise Unreadable(FILE_FAULTS["unit" if _UNIT.fullmatch(text) else "amount"], text=text)
    amount = Decimal(text).quantize(Decimal("0.01"))
    if not LEAST <= amount < MOST:
        raise Unreadable(FILE_FAULTS["scale"], text=text)
    return amount


def _day(text: str) -> date:
    """`2021-10-15`, or as a spreadsheet rewrites it, `2021/10/15`."""
    if match := _DAY.fullmatch(text):
        try:
            return date(int(match[1]), int(match[3]), int(match[4]))
        except ValueError:
            pass
    raise Unreadable(FILE_FAULTS["day"], text=text)


_READERS: Mapping[Form, Any] = {
    Form.TEXT: str, Form.WORDS: _worded, Form.YES_NO: _yes_no, Form.WHOLE: _whole, Form.NUMBER: _number,
    Form.YUAN: _yuan, Form.DAY: _day, Form.YEAR: _year,
}  # fmt: skip


def unit_word(text: str) -> bool:
    """Whether a number is followed by a unit or a percent sign."""
    return bool(_UNIT.fullmatch(text))

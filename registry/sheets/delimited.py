"""Comma- and tab-separated text, plain or gzipped: which encoding, which delimiter, and one record after another.

Rows are numbered as a spreadsheet shows them: by record, blank ones and titles counted, whatever line breaks the cells
hold. A record of the wrong width is that row's fault, judged by the reader; only what makes the rest doubtful refuses
the file.
"""

from __future__ import annotations

import codecs
import csv
import gzip
import io
import re
import zlib
from collections import Counter, deque
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

from registry.base.errors import (
    FILE_EMPTY,
    FILE_EXPANDS,
    FILE_TRUNCATED,
    TEXT_BREAK,
    TEXT_COLUMNS,
    TEXT_ENCODING,
    TEXT_LINE,
    TEXT_MIXED,
    TEXT_NUL,
    TEXT_QUOTE,
    TEXT_ROWS,
    FileRefused,
)
from registry.sheets.headings import SEARCHED_ROWS, find_heading
from registry.sheets.meanings import meaning_of
from registry.sheets.shape import MEGABYTE, Limits

Record = tuple[int, list[str]]
LenientRecord = tuple[int, list[str], bool]
"""Number, cells, and whether its quotes did not pair."""

_CHUNK = 256 * 1024
BIG5 = "big5hkscs"
# What stands in most lists of firms, in either script; of two letters or more, for one letter comes about by chance.
_BIG5_WORDS = ("公司", "企業", "名稱", "有限", "統一", "地址", "電話", "單位", "事務所", "中心")
_GB_WORDS = ("公司", "企业", "名称", "有限", "统一", "地址", "电话", "单位", "事务所", "中心", "企業", "名稱")
_PRIVATE = re.compile("[\ue000-\uf8ff]")  # characters that nobody types
_MOST_OF = 3
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_DELIMITERS = (",", "\t", ";", "|")
_SAMPLE = 64 * 1024
_FOOT, _FOOT_LINES = 8 * 1024, 12
_MOST_LINES = 500
"""So many lines a quoted cell may reach over."""
_SURE_BYTES = 9
"""So many bytes above ASCII that are all three-byte UTF-8 do not occur by chance in a line of GB18030."""


@dataclass(frozen=True, slots=True)
class Delimited:
    """What the text turned out to be; `lines` is a first guess at the number of records, for a progress bar."""

    encoding: str
    delimiter: str
    lines: int


def examine(path: Path, *, gzipped: bool, limits: Limits) -> Delimited:
    """Encoding by the ladder BOM, strict UTF-8, strict GB18030; the delimiter under which most headings are known.

    Raises `FileRefused` for text in no encoding or in two, and for a gzip that is damaged or unpacks to too much.
    """
    head = b"".join(_first_bytes(path, gzipped))
    if not head.strip():
        raise FileRefused(FILE_EMPTY)
    encoding = next((name for mark, name in _MARKS if head.startswith(mark)), None)
    if encoding is None:
        encoding, lines = _guess(path, gzipped, limits)
    else:
        lines = _check(path, gzipped, limits, encoding)
    return Delimited(encoding, _delimiter(head, encoding), lines)


def last_lines(path: Path, text: Delimited) -> list[str]:
    """What the last lines of a plain text say, without their delimiters: notes below a table."""
    with path.open("rb") as stream:
        stream.seek(0, io.SEEK_END)
        stream.seek(max(0, stream.tell() - _FOOT))
        decoded = stream.read().decode(text.encoding, "ignore")
    lines = [[cell.strip('" \r') for cell in line.split(text.delimiter)] for line in decoded.split("\n")]
    filled = [[cell for cell in line if cell] for line in lines]
    notes = [line for line in filled if line][-_FOOT_LINES:]
    return [cell for line in notes if not any(meaning_of(cell) for cell in line) for cell in line]


def records(path: Path, *, gzipped: bool, limits: Limits, text: Delimited) -> Iterator[Record]:
    """Every record with its number, blank ones too; raises `FileRefused` where the text cannot be split for sure."""
    for number, cells, loose in lenient_records(path, gzipped=gzipped, limits=limits, text=text):
        if loose:
            raise FileRefused(TEXT_QUOTE, row=number)
        yield number, cells


def lenient_records(path: Path, *, gzipped: bool, limits: Limits, text: Delimited) -> Iterator[LenientRecord]:
    """As `records`, but a quote that does not pair costs at most its own row: there it is read as a character."""
    csv.field_size_limit(limits.line_length)
    number = 0
    with _opened(path, gzipped) as stream:
        decoded = io.TextIOWrapper(stream, encoding=text.encoding, errors="strict", newline="\n")
        try:
            for number, (cells, loose) in enumerate(_split(iter(_Lines(decoded, limits)), text.delimiter), start=1):
                _check_record(number, cells, limits)
                yield number, cells, loose
        except csv.Error as error:
            raise FileRefused(_reason(error), row=number + 1) from error
        except OverlongLine as error:
            raise FileRefused(TEXT_LINE, row=number + 1, limit=limits.line_length) from error
        except UnicodeError as error:
            raise FileRefused(TEXT_ENCODING, row=number + 1) from error
        except (EOFError, gzip.BadGzipFile, zlib.error) as error:
            raise FileRefused(FILE_TRUNCATED) from error


def _split(lines: Iterator[str], delimiter: str) -> Iterator[tuple[list[str], bool]]:
    """One record after another. A quote that does not pair costs its own line: there it is read as a character."""
    waiting: deque[str] = deque()
    while (line := waiting.popleft() if waiting else next(lines, None)) is not None:
        if '"' not in line:
            yield _plain_cells(line, delimiter), False
            continue
        taken = [line]
        cells = _strict(taken, delimiter)
        if cells is None and _is_open(taken):
            while _until_quote(taken, waiting, lines) and _is_open(taken):
                pass
            cells = _strict(taken, delimiter)
        if cells is None:
            waiting.extendleft(reversed(taken[1:]))
            yield _plain_cells(line, delimiter), True
        else:
            yield cells, False


def _is_open(taken: list[str]) -> bool:
    return bool(sum(line.count('"') for line in taken) % 2)


def _until_quote(taken: list[str], waiting: deque[str], lines: Iterator[str]) -> bool:
    """Take the lines up to the next one with a quote; whether there was one within reach."""
    while len(taken) < _MOST_LINES:
        line = waiting.popleft() if waiting else next(lines, None)
        if line is None:
            return False
        taken.append(line)
        if '"' in line:
            return True
    return False


def _strict(taken: list[str], delimiter: str) -> list[str] | None:
    """The cells of a record that is quoted as it should be; None where it is not, or swallows others."""
    try:
        rows = list(csv.reader(taken, delimiter=delimiter, strict=True))
    except csv.Error as error:
        if "new-line character" in str(error):
            raise
        return None
    if len(rows) != 1 or any("\n" in cell and _holds_records(cell, delimiter, len(rows[0])) for cell in rows[0]):
        return None
    return rows[0]


def _plain_cells(line: str, delimiter: str) -> list[str]:
    bare = line.removesuffix("\n").removesuffix("\r")
    if "\r" in bare:
        raise csv.Error("new-line character seen in unquoted field")
    return bare.split(delimiter) if bare else []


class OverlongLine(Exception):
    """A physical line longer than any row of a table."""


class _Lines:
    """Physical lines, broken at line feeds only, so that the csv reader sees a lone carriage return and refuses it."""

    def __init__(self, decoded: io.TextIOWrapper, limits: Limits) -> None:
        self.decoded = decoded
        self.limit = limits.line_length

    def __iter__(self) -> Iterator[str]:
        while line := self.decoded.readline(self.limit + 1):
            if len(line) > self.limit:
                raise OverlongLine
            yield line


def _check_record(number: int, cells: list[str], limits: Limits) -> None:
    if len(cells) > limits.columns:
        raise FileRefused(TEXT_COLUMNS, row=number, count=len(cells), limit=limits.columns)
    if number > limits.text_rows:
        raise FileRefused(TEXT_ROWS, limit=limits.text_rows)


def _holds_records(cell: str, delimiter: str, width: int) -> bool:
    """Whether a quoted cell swallowed whole rows, as it does between two stray quotation marks."""
    return width > 2 and any(line.count(delimiter) >= width - 1 for line in cell.split("\n")[1:])


def _reason(error: csv.Error) -> str:
    message = str(error)
    if "NUL" in message:
        return TEXT_NUL
    return TEXT_BREAK if "new-line character" in message else TEXT_QUOTE


def _opened(path: Path, gzipped: bool) -> IO[bytes]:
    return cast(IO[bytes], gzip.open(path, "rb")) if gzipped else path.open("rb")


def _chunks(path: Path, gzipped: bool, limits: Limits) -> Iterator[bytes]:
    total = 0
    try:
        with _opened(path, gzipped) as stream:
            while chunk := stream.read(_CHUNK):
                total += len(chunk)
                if total > limits.unpacked_text_bytes:
                    raise FileRefused(FILE_EXPANDS, limit=limits.unpacked_text_bytes // MEGABYTE)
                yield chunk
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise FileRefused(FILE_TRUNCATED) from error


def _first_bytes(path: Path, gzipped: bool) -> Iterator[bytes]:
    try:
        with _opened(path, gzipped) as stream:
            yield stream.read(_SAMPLE)
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        raise FileRefused(FILE_TRUNCATED) from error


def _guess(path: Path, gzipped: bool, limits: Limits) -> tuple[str, int]:
    try:
        return "utf-8", _check(path, gzipped, limits, "utf-8")
    except FileRefused as refusal:
        if refusal.template != TEXT_ENCODING:
            raise
    lines = _check_gb18030(path, gzipped, limits)
    return (BIG5 if _is_big5(b"".join(_first_bytes(path, gzipped))) else "gb18030"), lines


def _is_big5(head: bytes) -> bool:
    """Bytes that are text in both, and say what lists of firms say only in Big5: read as GB18030 it is gibberish."""
    *lines, _cut = (head + b"\n").split(b"\n") if len(head) < _SAMPLE else head.split(b"\n")
    with suppress(UnicodeError):
        text, other = b"\n".join(lines).decode(BIG5), b"\n".join(lines).decode("gb18030")
        told = any(word in text for word in _BIG5_WORDS) and not any(word in other for word in _GB_WORDS)
        return told or (bool(_PRIVATE.search(other)) and not _PRIVATE.search(text))
    return False


def _check(path: Path, gzipped: bool, limits: Limits, encoding: str) -> int:
    """Decode the whole text strictly; the number of its lines. A NUL costs its row; a text full of them is none."""
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    lines, nuls, first = 1, 0, 0
    try:
        for chunk in _chunks(path, gzipped, limits):
            text = decoder.decode(chunk)
            if found := text.count("\0"):
                first = first or lines + text.count("\n", 0, text.index("\0"))
                nuls += found
            lines += text.count("\n")
        decoder.decode(b"", True)
    except UnicodeError as error:
        raise FileRefused(TEXT_ENCODING, row=lines) from error
    if nuls > lines:
        raise FileRefused(TEXT_NUL, row=first)
    return lines


def _check_gb18030(path: Path, gzipped: bool, limits: Limits) -> int:
    """Decode line by line, because a line that is plainly UTF-8 among them would be saved as gibberish."""
    number = nuls = other = 0
    for number, line in enumerate(_byte_lines(path, gzipped, limits), start=1):
        nuls += line.count(b"\0")
        if line.isascii():
            continue
        if _is_plainly_utf8(line):
            raise _broken_utf8(path, gzipped, limits) if not other else FileRefused(TEXT_MIXED, row=number)
        other = other or number
        try:
            line.decode("gb18030")
        except UnicodeError as error:
            raise FileRefused(TEXT_ENCODING, row=number) from error
    if nuls > number:
        raise FileRefused(TEXT_NUL, row=1)
    return number


def _broken_utf8(path: Path, gzipped: bool, limits: Limits) -> FileRefused:
    """Why a text that begins in UTF-8 is none: the first line that cannot be read, or is in another encoding."""
    for number, line in enumerate(_byte_lines(path, gzipped, limits), start=1):
        try:
            line.decode("utf-8")
        except UnicodeError:
            return FileRefused(TEXT_MIXED if _is_gb18030(line) else TEXT_ENCODING, row=number)
    return FileRefused(TEXT_ENCODING, row=1)


def _is_gb18030(line: bytes) -> bool:
    try:
        return bool(line.decode("gb18030"))
    except UnicodeError:
        return False


def _byte_lines(path: Path, gzipped: bool, limits: Limits) -> Iterator[bytes]:
    """Lines of an encoding in which a line feed byte is always a line feed, as in GB18030."""
    rest = b""
    for chunk in _chunks(path, gzipped, limits):
        *whole, rest = (rest + chunk).split(b"\n")
        yield from whole
        if len(rest) > limits.line_length * 4:
            raise FileRefused(TEXT_LINE, row=1, limit=limits.line_length)
    if rest:
        yield rest


def _is_plainly_utf8(line: bytes) -> bool:
    high = line.translate(None, bytes(range(128)))
    if len(high) < _SURE_BYTES or len(high) % 3:
        return False
    try:
        return len(high.decode("utf-8")) * 3 == len(high) and line.decode("utf-8") is not None
    except UnicodeError:
        return False


def _glanced_at(line: str, delimiter: str) -> list[str]:
    """The cells of a line if it is a record of its own; of one whose quotes do not pair, as far as can be told."""
    with suppress(csv.Error):
        if (cells := _strict([line.strip("\r")], delimiter)) is not None:
            return [cell.strip() for cell in cells]
    return line.replace('"', "").strip().split(delimiter)


def _delimiter(head: bytes, encoding: str) -> str:
    text = codecs.getincrementaldecoder(encoding)("ignore").decode(head)
    sample = text.split("\n", SEARCHED_ROWS)[:SEARCHED_ROWS]

    def known(delimiter: str) -> tuple[int, bool, int]:
        """Headings it brings out; where none does so (a table of other words), whether it divides every line alike,
        and into how many cells; else how many two lines of three have, if the first is divided at all."""
        rows = [_glanced_at(line, delimiter) for line in sample]
        heading = find_heading(enumerate(rows, start=1))
        widths = [len(row) for row in rows[:-1] or rows if row != [""]]
        if not widths or widths[0] == 1:
            return len(heading.keys) if heading else 0, False, 0
        width, lines = Counter(widths).most_common(1)[0]
        usual = width if lines * _MOST_OF >= len(widths) * 2 else 0
        return len(heading.keys) if heading else 0, lines == len(widths), max(usual, min(widths))

    return max(_DELIMITERS, key=known)

"""Files made to kill, hang or deceive a reader (docs/domain.md 4): each is read right, or refused with a reason, in bounds."""

from __future__ import annotations

import gzip
import io
import random
import resource
import time
import zipfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from registry.base.errors import FileRefused
from registry.sheets.reader import read_table
from registry.sheets.shape import Limits
from tests import books
from tests.books import FIRM, HEADINGS, good_sheet, parts, row_xml, sheet_xml, table_xml

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
SECONDS = 15
MEGABYTE = 2**20

# A file that is read has the good firm in its first row; the reason for refusing another begins with these words.
READ = ""
DAMAGED = "文件的“"
TOO_MUCH = "文件展开后超过上限 200 MB"
PLACE = "工作表“Sheet1”的单元格编号不正常"
MERGE = "工作表“Sheet1”的合并单元格过多或过大"
CUT = "文件不完整"
NAMES = "文件内部的部件名称不正常"
NOT_TABLE = "文件内容是"


def packed(contents: Mapping[str, str | bytes], bombs: Mapping[str, Iterable[bytes]] | None = None) -> bytes:
    """A container of these parts, and of parts that are only ever held in pieces."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as container:
        for name, pieces in (bombs or {}).items():
            with container.open(name, "w") as part:
                part.writelines(pieces)
        for name, content in contents.items():
            if name not in (bombs or {}):
                container.writestr(name, content)
    return stream.getvalue()


def blown_up(around: str, piece: bytes, megabytes: int, part: str = "xl/worksheets/sheet1.xml") -> bytes:
    """A workbook with one part in which `piece` stands at the mark until it has so many megabytes."""
    before, after = around.encode().split(b"HERE")
    block = piece * (MEGABYTE // len(piece) + 1)
    contents = parts({"Sheet1": good_sheet()})
    return packed(contents, {part: (before, *[block] * megabytes, after)})


def book(sheet: str | bytes = "", **others: str | bytes) -> bytes:
    return packed(parts({"Sheet1": sheet or good_sheet()}) | others)


def table(*rows: str, after: str = "") -> bytes:
    return book(sheet_xml(table_xml(HEADINGS, FIRM) + "".join(rows), after=after))


def with_strings(strings: str, cell: str = '<c r="A2" t="s"><v>0</v></c>') -> bytes:
    contents = parts({"Sheet1": sheet_xml(table_xml(HEADINGS) + f'<row r="2">{cell}</row>')})
    related = str(contents["xl/_rels/workbook.xml.rels"]).replace(
        "</Relationships>",
        f'<Relationship Id="rId9" Type="{books.RELATIONS}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
    )
    sst = f'{books.HEAD}<sst xmlns="{books.MAIN}">{strings}</sst>'
    return packed(contents | {"xl/_rels/workbook.xml.rels": related, "xl/sharedStrings.xml": sst})


def declared(body: str, use: str) -> bytes:
    xml = f'<?xml version="1.0"?><!DOCTYPE s [{body}]><worksheet xmlns="{books.MAIN}"><sheetData>{use}</sheetData></worksheet>'
    return book(xml)


def laughs() -> bytes:
    entities = '<!ENTITY a "ha">' + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9))
    return declared(entities, '<row r="1"><c r="A1" t="inlineStr"><is><t>&j;</t></is></c></row>')


def renamed(name: str) -> bytes:
    """A part called `AAAA…`, then renamed behind the back of the zip library."""
    placeholder = "A" * len(name.encode())
    return book(**{placeholder: "x"}).replace(placeholder.encode(), name.encode())


def truncated_inside() -> bytes:
    content = bytearray(table())
    place = content.index(b"xl/worksheets/sheet1.xml") + 40
    content[place : place + 8] = b"\xff" * 8
    return bytes(content)


def duplicate() -> bytes:
    stream = io.BytesIO(book())
    with zipfile.ZipFile(stream, "a") as container, pytest.warns(UserWarning, match="Duplicate"):
        container.writestr("xl/worksheets/sheet1.xml", sheet_xml(table_xml(HEADINGS, ("另一家",))))
    return stream.getvalue()


def missing_part() -> bytes:
    contents = parts({"Sheet1": good_sheet()})
    del contents["xl/worksheets/sheet1.xml"]
    return packed(contents)


def two_ends() -> bytes:
    """Two whole archives, one behind the other: readers disagree on which of them counts."""
    return book() + book(sheet_xml(table_xml(HEADINGS, ("另一家",))))


def in_one_cell() -> bytes:
    """So much text in one cell that the parser runs out of memory, in a file that unpacks to a little less than allowed."""
    path = io.BytesIO()
    noise = random.Random(15).randbytes(MEGABYTE).hex().encode()
    pieces = (
        sheet_xml(table_xml(HEADINGS, FIRM)).encode().split(b"</sheetData>")[0],
        b'<row r="3"><c r="A3" t="inlineStr"><is><t>',
    )
    end = b"</t></is></c></row></sheetData></worksheet>"
    path.write(packed(parts({"Sheet1": ""}), {"xl/worksheets/sheet1.xml": (*pieces, *[noise] * 95, end)}))
    return path.getvalue()


def many_sheets() -> bytes:
    return packed(parts({f"表{n}": good_sheet() for n in range(150)}))


CORPUS: dict[str, tuple[Callable[[], bytes], str]] = {
    # -- XML
    "billion laughs": (laughs, DAMAGED),
    "quadratic blow-up": (lambda: declared(f'<!ENTITY a "{"x" * 50_000}">', f"<x>{'&a;' * 50_000}</x>"), DAMAGED),
    "external entity": (lambda: declared('<!ENTITY a SYSTEM "file:///etc/passwd">', "<x>&a;</x>"), DAMAGED),
    "document type in styles": (lambda: book(**{"xl/styles.xml": "<!DOCTYPE a><styleSheet/>"}), DAMAGED),
    "deep nesting": (lambda: book(sheet_xml("<x>" * 200_000 + "</x>" * 200_000)), "工作簿里没有可读的工作表"),
    "sheet in UTF-16": (lambda: book(good_sheet().replace("UTF-8", "UTF-16").encode("utf-16")), DAMAGED),
    "sheet cut in the middle": (lambda: book(good_sheet()[:-40]), DAMAGED),
    "sheet that is no XML": (lambda: book(b"\x00\x01\x02" * 1000), DAMAGED),
    "attribute of 20 MB": (lambda: table(f'<row r="3" x="{"y" * 20 * MEGABYTE}"/>'), READ),
    "a hundred thousand attributes": (
        lambda: table(f'<row r="3" {" ".join(f"a{n}={chr(34)}{chr(34)}" for n in range(100_000))}/>'),
        READ,
    ),
    # -- bombs
    "300 MB of spaces in a sheet": (lambda: blown_up(sheet_xml("HERE"), b" ", 300), TOO_MUCH),
    "300 MB in one cell": (lambda: blown_up(sheet_xml(row_xml(1, ["HERE"])), "字".encode(), 300), TOO_MUCH),
    "190 MB in one cell, hardly packed": (in_one_cell, "文件的数据太多"),
    "250 MB of shared strings": (
        lambda: blown_up(
            f'<sst xmlns="{books.MAIN}">HERE</sst>', b"<si><t>abcdefgh</t></si>", 250, "xl/sharedStrings.xml"
        ),
        TOO_MUCH,
    ),
    "250 MB in a picture": (lambda: blown_up("HERE", b"\0", 250, "xl/media/image1.png"), TOO_MUCH),
    "a million blank rows": (
        lambda: table("".join(f'<row r="{n}" s="1" customFormat="1"/>' for n in range(3, 1_000_000))),
        READ,
    ),
    "a million formatted cells": (
        lambda: table(
            "".join(
                f'<row r="{n}">{"".join(f"<c r={chr(34)}{c}{n}{chr(34)}/>" for c in "ABCDEFGHIJ")}</row>'
                for n in range(3, 100_000)
            )
        ),
        READ,
    ),
    "gzip of 1.2 GB": (lambda: gzip.compress(b"a,b\n" * 3 * MEGABYTE, 1) * 100, "文件展开后超过上限 1024 MB"),
    # -- places
    "two cells at the corners": (
        lambda: table('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'),
        "工作表“Sheet1”的 XFD1048576 处有内容",
    ),
    "a cell in the last row": (lambda: table('<row r="1048576"><c r="A1048576"><v>1</v></c></row>'), READ),
    "a row of 200 cells in the last row": (lambda: table(row_xml(1_048_576, [1] * 200)), "文件的数据太多"),
    "row 99999999999999": (lambda: table('<row r="99999999999999"><c r="A99999999999999"><v>1</v></c></row>'), PLACE),
    "a cell that names another row": (lambda: table('<row r="3"><c r="A99999999"><v>1</v></c></row>'), PLACE),
    "merge A1:XFD2000": (lambda: table(after='<mergeCells><mergeCell ref="A1:XFD2000"/></mergeCells>'), MERGE),
    "200,000 merges": (
        lambda: table(
            after=f"<mergeCells>{''.join(f'<mergeCell ref={chr(34)}A{n}:B{n}{chr(34)}/>' for n in range(3, 200_000))}</mergeCells>"
        ),
        MERGE,
    ),
    "dimension A1:A1": (lambda: book(sheet_xml(table_xml(HEADINGS, FIRM), before='<dimension ref="A1:A1"/>')), READ),
    "dimension of the whole sheet": (
        lambda: book(sheet_xml(table_xml(HEADINGS, FIRM), before='<dimension ref="A1:XFD1048576"/>')),
        READ,
    ),
    # -- values
    "a number of a million digits": (lambda: table(f'<row r="3"><c r="A3"><v>{"9" * 1_000_000}</v></c></row>'), READ),
    "NUL written as _x0000_": (lambda: table(row_xml(3, ["汕尾_x0000_市"])), READ),
    "a shared string that does not exist": (
        lambda: with_strings("<si><t>甲</t></si>", '<c r="A2" t="s"><v>7</v></c>'),
        "文件",
    ),
    "a style that does not exist": (lambda: table('<row r="3"><c r="A3" s="9999"><v>1</v></c></row>'), READ),
    "rows outside the sheet data": (
        lambda: book(sheet_xml(table_xml(HEADINGS, FIRM), after=row_xml(3, FIRM))),
        "文件里有 3 行数据，只读到 2 行",
    ),
    # -- containers
    "missing sheet part": (missing_part, "找不到工作表“Sheet1”的内容"),
    "the same part twice": (duplicate, NAMES),
    "macros": (lambda: book(**{"xl/vbaProject.bin": OLE}), "文件含有宏"),
    "path upwards": (lambda: renamed("../../etc/cron.d/x"), NAMES),
    "absolute path": (lambda: renamed("/etc/cron.d/x"), NAMES),
    "3,000 parts": (lambda: book(**{f"xl/x{n}.bin": "" for n in range(3000)}), "文件内部的部件有 3005 个"),
    "60,000 parts": (lambda: book(**{f"xl/x{n}.bin": "" for n in range(60_000)}), "文件内部的部件有 60005 个"),
    "two archives in one": (two_ends, CUT),
    "150 sheets": (many_sheets, "工作簿有 150 个工作表，超过上限 100 个"),
    "bytes of a part overwritten": (truncated_inside, DAMAGED),
    "cut in half": (lambda: book()[:700], CUT),
    "four bytes": (lambda: b"PK\x03\x04", CUT),
    # -- something else
    "empty": (lambda: b"", "文件是空的"),
    "old workbook": (lambda: OLE + b"\0" * 2000, "这是旧版 Excel"),
    "encrypted workbook": (lambda: OLE + "EncryptedPackage".encode("utf-16-le") * 9, "文件设有打开密码"),
    "picture": (lambda: b"\x89PNG\r\n\x1a\n" + b"\0" * 999, NOT_TABLE),
    "page called .xls": ("<html><table><tr><td>企业名称".encode, NOT_TABLE),
    "random bytes": (lambda: bytes(n * 7919 % 251 for n in range(5000)), "第1行"),
}


@pytest.mark.parametrize("name", CORPUS)
def test_a_hostile_file_is_read_right_or_refused_in_bounds(name: str, tmp_path: Path) -> None:
    make, expected = CORPUS[name]
    path = tmp_path / "hostile.bin"
    path.write_bytes(make())
    began, spent = time.monotonic(), processor_seconds()
    found, names = read(path)
    assert found[: len(expected)] == expected
    if expected == READ:
        assert (found, names[0]) == (READ, FIRM[0])
    assert processor_seconds() - spent < SECONDS
    assert time.monotonic() - began < 2 * SECONDS


def read(path: Path) -> tuple[str, list[object]]:
    """The reason of the refusal, or nothing and the names that were read."""
    limits = replace(Limits(), workbook_bytes=120 * MEGABYTE)
    try:
        with read_table(path, limits=limits) as opened:
            place = opened.recognised()["name"].index
            return READ, [row.cells[place] for row in opened.rows]
    except FileRefused as refusal:
        return str(refusal), []


def processor_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def test_the_strange_values_that_are_read_are_named_as_such(tmp_path: Path) -> None:
    path = tmp_path / "values.xlsx"
    # a number alone, far below, is no firm: it is passed over and named
    for name, others in (("NUL written as _x0000_", ["汕尾\0市"]), ("a cell in the last row", [])):
        path.write_bytes(CORPUS[name][0]())
        assert read(path) == (READ, [FIRM[0], *others])


def test_a_workbook_damaged_anywhere_is_read_right_or_refused(tmp_path: Path) -> None:
    """Every 37th byte of a good file is changed in turn: what is read is then still what was written."""
    path = tmp_path / "damaged.xlsx"
    good = table(row_xml(3, FIRM))
    outcomes = set()
    for place in range(0, len(good), 37):
        broken = bytearray(good)
        broken[place] ^= 0x55
        path.write_bytes(broken)
        reason, names = read(path)
        outcomes.add(bool(reason))
        assert reason or names == [FIRM[0], FIRM[0]], place
    assert True in outcomes

"""What is refused before any parser sees it, and what is counted."""

from __future__ import annotations

import io
import struct
import zipfile
from pathlib import Path

import pytest

from registry.base.errors import FileRefused
from registry.sheets.guard import inspect, refuse_by_name
from registry.sheets.shape import Limits, LostCell, Shape, SheetShape, column_number, letter
from tests import books
from tests.books import FIRM, HEADINGS, good_sheet, parts, sheet_xml, table_xml, write_parts, write_sheet


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return tmp_path / "firms.xlsx"


def reason(path: Path, limits: Limits | None = None) -> str:
    with pytest.raises(FileRefused) as refusal:
        inspect(path, limits)
    return str(refusal.value)


def test_a_plain_workbook_is_described(book: Path) -> None:
    write_sheet(book, good_sheet())
    assert inspect(book) == Shape(
        "xlsx", (SheetShape("Sheet1", "xl/worksheets/sheet1.xml", False, filled_rows=2, last_row=2, last_column=4),)
    )


def test_formatted_blank_rows_are_not_counted(book: Path) -> None:
    blank = "".join(f'<row r="{n}" s="1"><c r="A{n}" s="1"/><c r="B{n}" s="1"/></row>' for n in range(3, 5000))
    write_sheet(book, sheet_xml(table_xml(HEADINGS, FIRM) + blank))
    assert [(sheet.filled_rows, sheet.last_row) for sheet in inspect(book).sheets] == [(2, 2)]


def test_cells_without_places_are_counted_in_order(book: Path) -> None:
    write_sheet(book, sheet_xml('<row><c><v>1</v></c><c/><c><v>2</v></c></row><row r="9"><c><v>3</v></c></row>'))
    (sheet,) = inspect(book).sheets
    assert (sheet.filled_rows, sheet.last_row, sheet.last_column) == (2, 9, 3)


def test_lost_values_are_found(book: Path) -> None:
    cells = (
        '<c r="A2" t="e"><v>#N/A</v></c><c r="B2"><f>A1</f></c><c r="C2"><f>A1</f><v>1</v></c><c r="D2"><f>B1</f></c>'
    )
    write_sheet(book, sheet_xml(table_xml(HEADINGS) + f'<row r="2">{cells}</row>'))
    (sheet,) = inspect(book).sheets
    assert sheet.lost == (LostCell(2, 1, "error"), LostCell(2, 2, "formula"), LostCell(2, 4, "formula"))


def test_the_formulas_of_an_extension_list_are_no_cells(book: Path) -> None:
    extension = (
        '<extLst><ext xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main"><xm:f>$A$1</xm:f></ext></extLst>'
    )
    write_sheet(book, sheet_xml(table_xml(HEADINGS, FIRM), after=extension))
    assert [(sheet.filled_rows, sheet.lost) for sheet in inspect(book).sheets] == [(2, ())]


def test_hidden_sheets_are_known_as_such(book: Path) -> None:
    write_parts(book, parts({"填报": good_sheet(), "字典": good_sheet()}, hidden=["字典"]))
    assert [(sheet.name, sheet.hidden) for sheet in inspect(book).sheets] == [("填报", False), ("字典", True)]


def test_a_workbook_with_a_64_bit_end_record_is_read(book: Path) -> None:
    write_sheet(book, good_sheet())
    content = book.read_bytes()
    _, _, _, _, total, length, offset, _ = struct.unpack("<4s4H2LH", content[-22:])
    long_end = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, total, total, length, offset)
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, len(content) - 22, 1)
    book.write_bytes(content[:-22] + long_end + locator + content[-22:])
    assert len(inspect(book).sheets) == 1
    lying = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, total, total, length, offset + 1)
    book.write_bytes(content[:-22] + lying + locator + content[-22:])
    assert reason(book) == "文件不完整，可能没有传完，请重新下载或另存后再上传。"


# -- what it is not -----------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "content, sentence",
    [
        (b"", "文件是空的，请检查后重新选择文件。"),
        (b" \r\n\r\n", "文件是空的，请检查后重新选择文件。"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "Workbook".encode("utf-16-le"),
            "这是旧版 Excel（.xls）或 WPS（.et）文件，请用 Excel 或 WPS 打开后另存为 .xlsx，再重新上传。",
        ),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"),
            "文件设有打开密码，请取消密码后重新上传。",
        ),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "文件内容是图片，不是表格，请上传 .xlsx 或 .csv 文件。"),
        (b"%PDF-1.7\n", "文件内容是PDF 文档，不是表格，请上传 .xlsx 或 .csv 文件。"),
        (b"\xef\xbb\xbf<html><table></table>", "文件内容是网页，不是表格，请上传 .xlsx 或 .csv 文件。"),
        ("<html>".encode("utf-16"), "文件内容是网页，不是表格，请上传 .xlsx 或 .csv 文件。"),
        (b"\x7fELF\x02\x01\x01", "文件内容是程序，不是表格，请上传 .xlsx 或 .csv 文件。"),
        (b"PK\x03\x04", "文件不完整，可能没有传完，请重新下载或另存后再上传。"),
    ],
)
def test_other_contents_are_refused_with_what_to_do(book: Path, content: bytes, sentence: str) -> None:
    book.write_bytes(content)
    assert reason(book) == sentence


def test_other_zip_files_are_refused_by_what_they_are(book: Path) -> None:
    for name, found in (("word/document.xml", "Word 文档"), ("readme.txt", "压缩包")):
        write_parts(book, {name: "x"})
        assert reason(book) == f"文件内容是{found}，不是表格，请上传 .xlsx 或 .csv 文件。"
    write_parts(book, {"content.xml": "x", "mimetype": "x"})
    assert reason(book) == "这是 ODS 表格，请另存为 .xlsx 后重新上传。"
    write_parts(book, {"xl/workbook.bin": "x"})
    assert reason(book) == "这是二进制工作簿（.xlsb），请另存为 .xlsx 后重新上传。"


@pytest.mark.parametrize("name", ["名录.xls", "名录.ET", "名录.xlsm"])
def test_a_name_that_says_enough_is_refused(name: str) -> None:
    with pytest.raises(FileRefused):
        refuse_by_name(name)
    refuse_by_name("名录.xlsx")


def test_macros_are_refused_by_part_and_by_content_type(book: Path) -> None:
    sentence = "文件含有宏（.xlsm），请另存为不含宏的 .xlsx 后重新上传。"
    write_sheet(book, good_sheet(), **{"xl/vbaProject.bin": b"\xd0\xcf"})
    assert reason(book) == sentence
    types = parts({"Sheet1": ""})["[Content_Types].xml"]
    assert isinstance(types, str)
    macro = types.replace("application/xml", "application/vnd.ms-excel.sheet.macroEnabled.main+xml")
    write_sheet(book, good_sheet(), **{"[Content_Types].xml": macro})
    assert reason(book) == sentence


# -- sizes and containers -----------------------------------------------------------------------------
def test_a_file_beyond_the_limit_is_refused(book: Path) -> None:
    write_sheet(book, good_sheet())
    assert reason(book, Limits(workbook_bytes=100)) == "文件有 1 MB，超过上限 0 MB，请拆成几个文件后分别上传。"


def test_any_truncation_is_refused(book: Path) -> None:
    write_sheet(book, good_sheet())
    whole = book.read_bytes()
    for length in range(4, len(whole), 97):
        book.write_bytes(whole[:length])
        assert reason(book) == "文件不完整，可能没有传完，请重新下载或另存后再上传。"


def test_bytes_before_or_after_the_container_are_refused(book: Path) -> None:
    write_sheet(book, good_sheet())
    whole = book.read_bytes()
    for content in (whole + b"x", whole + whole, whole[:4] + whole):
        book.write_bytes(content)
        assert reason(book) == "文件不完整，可能没有传完，请重新下载或另存后再上传。"


def test_too_many_parts_are_refused_before_they_are_listed(book: Path) -> None:
    write_sheet(book, good_sheet(), **{f"xl/media/{n}.png": b"" for n in range(2001)})
    assert reason(book) == "文件内部的部件有 2006 个，超过上限 2000 个，请新建工作簿，只粘贴数据后重新上传。"


@pytest.mark.parametrize(
    "name", ["../evil.xml", "/etc/passwd", "xl\\..\\..\\evil.xml", "C:/evil.xml", "xl/Workbook.xml", "xl/a\x00b"]
)
def test_a_part_name_that_leads_elsewhere_or_stands_twice_is_refused(book: Path, name: str) -> None:
    write_sheet(book, good_sheet())
    with zipfile.ZipFile(book, "a") as container:
        info = zipfile.ZipInfo("placeholder")
        info.filename = name
        container.writestr(info, "x")
    assert reason(book).startswith("文件内部的部件名称不正常（")


def test_the_same_part_twice_is_refused(book: Path) -> None:
    write_sheet(book, good_sheet())
    with zipfile.ZipFile(book, "a") as container, pytest.warns(UserWarning, match="Duplicate"):
        container.writestr("xl/worksheets/sheet1.xml", good_sheet())
    assert reason(book) == "文件内部的部件名称不正常（xl/worksheets/sheet1.xml），请新建工作簿，只粘贴数据后重新上传。"


def test_a_part_that_unpacks_to_too_much_is_refused(book: Path) -> None:
    write_sheet(book, good_sheet(), **{"xl/media/image1.bin": b"\0" * 20_000_000})
    assert reason(book).startswith("文件展开后超过上限 200 MB")
    assert reason(book, Limits(part_ratio=100_000, unpacked_bytes=5 * 2**20)).startswith("文件展开后超过上限 5 MB")
    assert len(inspect(book, Limits(part_ratio=100_000)).sheets) == 1


def test_a_damaged_part_is_refused(book: Path) -> None:
    write_sheet(book, good_sheet())
    content = bytearray(book.read_bytes())
    place = content.index(b"xl/worksheets/sheet1.xml") + 60
    content[place] ^= 0xFF
    book.write_bytes(content)
    assert reason(book) == (
        "文件的“xl/worksheets/sheet1.xml”部分已损坏，请用 Excel 或 WPS 打开后另存为 .xlsx，再重新上传。"
    )


def test_an_encrypted_part_is_refused(book: Path) -> None:
    write_sheet(book, good_sheet())
    content = bytearray(book.read_bytes())
    place = content.index(b"PK\x01\x02")
    content[place + 8] |= 1
    book.write_bytes(content)
    assert reason(book) == "文件设有打开密码，请取消密码后重新上传。"


# -- XML ----------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "part", ["xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "docProps/custom.xml", "xl/workbook.xml"]
)
def test_a_document_type_is_refused_in_any_part(book: Path, part: str) -> None:
    xml = f'{books.HEAD}<!DOCTYPE a [<!ENTITY b "c">]><sst xmlns="{books.MAIN}">&b;</sst>'
    write_parts(book, parts({"Sheet1": good_sheet()}) | {part: xml})
    assert reason(book) == f"文件的“{part}”部分含有不允许的声明，请新建工作簿，只粘贴数据后重新上传。"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_a_sheet_in_utf_16_is_refused(book: Path, encoding: str) -> None:
    write_sheet(book, good_sheet().replace('"UTF-8"', '"UTF-16"').encode(encoding))
    assert reason(book).startswith("文件的“xl/worksheets/sheet1.xml”部分不是 UTF-8 编码")


def test_a_sheet_that_declares_another_encoding_is_refused(book: Path) -> None:
    write_sheet(book, good_sheet().replace('"UTF-8"', '"GBK"').encode("gbk"))
    assert reason(book).startswith("文件的“xl/worksheets/sheet1.xml”部分")


def test_a_sheet_without_its_part_is_refused(book: Path) -> None:
    contents = parts({"Sheet1": good_sheet(), "汇总": good_sheet()})
    del contents["xl/worksheets/sheet2.xml"]
    write_parts(book, contents)
    assert reason(book) == "找不到工作表“汇总”的内容，请用 Excel 或 WPS 打开后另存为 .xlsx，再重新上传。"


def test_the_old_date_system_is_refused(book: Path) -> None:
    workbook = parts({"Sheet1": ""})["xl/workbook.xml"]
    assert isinstance(workbook, str)
    changed = workbook.replace("<sheets>", '<workbookPr date1904="1"/><sheets>')
    write_sheet(book, good_sheet(), **{"xl/workbook.xml": changed})
    assert reason(book) == "工作簿使用 1904 日期系统，日期会相差四年，请在 Excel 选项中取消该设置后重新保存。"


def test_two_sheets_of_one_name_are_refused(book: Path) -> None:
    contents = parts({"Data": good_sheet(), "data2": good_sheet()})
    contents["xl/workbook.xml"] = str(contents["xl/workbook.xml"]).replace('"data2"', '"DATA"')
    write_parts(book, contents)
    assert reason(book) == "有两个工作表都叫“DATA”，请改名后重新上传。"


# -- places -------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "row",
    [
        '<row r="99999999999999"><c r="A99999999999999"><v>1</v></c></row>',
        '<row r="1048577"/>',
        '<row r="0"/>',
        '<row r="-1"/>',
        '<row r="x"/>',
        '<row r="01"/>',
        '<row r="3"/><row r="3"/>',
        '<row r="3"/><row r="2"/>',
        '<row r="1"><c r="A2"><v>1</v></c></row>',
        '<row r="1"><c r="B1"><v>1</v></c><c r="A1"><v>1</v></c></row>',
        '<row r="1"><c r="A1"><v>1</v></c><c r="A1"><v>2</v></c></row>',
        '<row r="1"><c r="XFE1"/></row>',
        '<row r="1"><c r="AAAAAAAA1"/></row>',
        '<row r="1"><c r="a1"/></row>',
        '<row r="1"><c r="1"/></row>',
    ],
)
def test_a_wild_place_is_refused(book: Path, row: str) -> None:
    write_sheet(book, sheet_xml(row))
    assert reason(book).startswith("工作表“Sheet1”的单元格编号不正常（")


def test_two_cells_at_the_ends_of_the_sheet_are_refused(book: Path) -> None:
    far = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    write_sheet(book, sheet_xml(table_xml(HEADINGS) + far))
    assert reason(book) == "工作表“Sheet1”的 XFD1048576 处有内容，超过上限 200 列，请删去右侧多余的内容后重新上传。"


def test_more_rows_than_the_limit_are_refused(book: Path) -> None:
    write_sheet(book, sheet_xml(table_xml(HEADINGS, *[FIRM] * 40)))
    assert reason(book, Limits(rows=20)) == "工作表“Sheet1”的数据超过 20 行，请拆成几个文件，或另存为 CSV 后上传。"
    assert inspect(book, Limits(rows=21)).sheets[0].filled_rows == 41


@pytest.mark.parametrize("place", ["A1:XFD2000", "A1:B99999999999", "XFE1:XFF2", "nonsense", ""])
def test_a_merge_without_bounds_is_refused(book: Path, place: str) -> None:
    write_sheet(
        book, sheet_xml(table_xml(HEADINGS, FIRM), after=f'<mergeCells><mergeCell ref="{place}"/></mergeCells>')
    )
    assert reason(book) == f"工作表“Sheet1”的合并单元格过多或过大（{place}），请取消合并后重新上传。"


def test_too_many_merges_are_refused_and_titles_may_be_merged(book: Path) -> None:
    merges = "".join(f'<mergeCell ref="A{n}:B{n}"/>' for n in range(1, 20_002))
    write_sheet(book, sheet_xml(table_xml(HEADINGS, FIRM), after=f"<mergeCells>{merges}</mergeCells>"))
    assert reason(book).startswith("工作表“Sheet1”的合并单元格过多或过大（A20001:B20001）")
    write_sheet(book, sheet_xml(table_xml(HEADINGS, FIRM), after='<mergeCells><mergeCell ref="A1:XFD1"/></mergeCells>'))
    assert len(inspect(book).sheets) == 1


def test_too_many_failed_formulas_are_refused(book: Path) -> None:
    row = "".join(f'<c r="{books.letters(n)}2" t="e"><v>#REF!</v></c>' for n in range(1, 12))
    write_sheet(book, sheet_xml(f'<row r="2">{row}</row>'))
    assert reason(book, Limits(lost_cells=10)) == (
        "工作表“Sheet1”有 10 个以上的公式没有结果或出错，请改成数值后重新上传。"
    )


def test_letters_and_numbers_of_columns_agree() -> None:
    assert [letter(index) for index in (0, 25, 26, 701, 702, 16383)] == ["A", "Z", "AA", "ZZ", "AAA", "XFD"]
    assert [column_number(letter(index)) for index in range(0, 16384, 41)] == list(range(1, 16385, 41))
    assert [column_number(text) for text in ("", "a", "A1", "ABCD")] == [0, 0, 0, 0]


def test_a_text_file_is_known_by_its_content_not_its_name(book: Path) -> None:
    book.write_text("企业名称,统一社会信用代码\n", encoding="gb18030")
    assert inspect(book) == Shape("text")
    stream = io.BytesIO(b"\x1f\x8b\x08\0")
    book.write_bytes(stream.getvalue())
    assert inspect(book) == Shape("text.gz")

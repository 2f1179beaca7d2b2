"""A table read through the child process."""

from __future__ import annotations

import gzip
import resource
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

from registry.base.errors import FileRefused
from registry.sheets.reader import Cell, Lost, UploadedRow, UploadedTable, read_table
from registry.sheets.shape import Limits
from tests import books
from tests.books import (
    FIRM,
    HEADINGS,
    good_sheet,
    parts,
    sheet_xml,
    table_xml,
    write_parts,
    write_sheet,
    write_table,
)

DATA = Path(__file__).parents[2].parent / "shared" / "data"


@pytest.fixture
def book(tmp_path: Path) -> Path:
    return tmp_path / "firms.xlsx"


def rows(path: Path) -> list[tuple[int, tuple[Cell, ...]]]:
    with read_table(path) as table:
        return [(row.number, row.cells) for row in table.rows]


def reason(path: Path) -> str:
    with pytest.raises(FileRefused) as refusal, read_table(path) as table:
        for _ in table.rows:
            pass
    return str(refusal.value)


def test_a_workbook_is_described_and_read(book: Path) -> None:
    write_table(book, HEADINGS, FIRM)
    with read_table(book) as table:
        assert (table.sheet, table.format, table.heading_row, table.expected_rows) == ("Sheet1", "xlsx", 1, 2)
        assert [(column.key, column.letter) for column in table.columns] == [
            ("name", "A"),
            ("credit_code", "B"),
            ("founded_on", "C"),
            ("capital", "D"),
        ]
        assert list(table.rows) == [UploadedRow(2, FIRM)]
        assert table.skipped == []


def test_titles_blank_rows_and_empty_columns_keep_their_numbers(book: Path) -> None:
    write_table(
        book,
        [None, "汕尾市企业培育名录"],
        [],
        [None, *HEADINGS, None, "备注"],
        [None, *FIRM],
        [None, "  ", ""],
        [None, *FIRM, None, "甲"],
        start=2,
    )
    with read_table(book) as table:
        assert (table.heading_row, [column.letter for column in table.columns]) == (4, ["B", "C", "D", "E", "G"])
        assert [(row.number, row.cells) for row in table.rows] == [
            (5, (None, *FIRM, None, None)),
            (7, (None, *FIRM, None, "甲")),
        ]


def test_values_keep_their_types(tmp_path: Path) -> None:
    path = tmp_path / "typed.xlsx"
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    assert sheet is not None
    sheet.append(["企业名称", "成立日期", "开业日期", "从业人员", "注册资本", "统一社会信用代码", "存在问题"])
    sheet.append(["甲", date(2019, 5, 20), datetime(2019, 5, 20, 8, 30), 42, 12.5, 914415001967255474, True])
    sheet.append(["\u200b乙", "2019-05-20", "=1+1", "42", "=1/0", None, "a_x0000_b"])
    workbook.save(path)
    (_, first), (_, second) = rows(path)
    assert first == ("甲", date(2019, 5, 20), datetime(2019, 5, 20, 8, 30), 42, 12.5, 9.144150019672554e17, True)
    assert [type(cell) for cell in first[3:5]] == [int, float]
    assert second == ("\u200b乙", "2019-05-20", Lost("formula"), "42", Lost("formula"), None, "a\0b")


def test_errors_are_not_taken_for_empty_cells(book: Path) -> None:
    error = '<row r="2"><c r="A2" t="inlineStr"><is><t>甲</t></is></c><c r="D2" t="e"><v>#N/A</v></c></row>'
    alone = '<row r="5"><c r="B5" t="e"><v>#REF!</v></c></row>'
    write_sheet(book, sheet_xml(table_xml(HEADINGS) + error + alone))
    assert rows(book) == [(2, ("甲", None, None, Lost("error"))), (5, (None, Lost("error"), None, None))]


def test_a_number_that_is_infinite_is_lost(book: Path) -> None:
    row = f'<row r="2"><c r="A2"><v>1e999</v></c><c r="D2"><v>{"9" * 100_000}</v></c></row>'
    write_sheet(book, sheet_xml(table_xml(HEADINGS) + row))
    assert rows(book) == [(2, (Lost("number"), None, None, Lost("number")))]


# -- which sheet ------------------------------------------------------------------------------------
def test_the_data_sheet_of_our_template_is_preferred(book: Path) -> None:
    other = sheet_xml(table_xml(HEADINGS, ("别的公司",)))
    write_parts(book, parts({"说明": other, "往年": other, "填报": good_sheet()}))
    with read_table(book) as table:
        assert (table.sheet, [row.cells[0] for row in table.rows]) == ("填报", [FIRM[0]])
        assert table.unread_sheets == ("往年",)


def test_else_the_first_sheet_with_headings_is_read_and_hidden_ones_are_not(book: Path) -> None:
    note = sheet_xml(table_xml(("本表由各县区填报",)))
    write_parts(book, parts({"封面": note, "字典": good_sheet(), "名录": good_sheet()}, hidden=["字典"]))
    with read_table(book) as table:
        assert (table.sheet, table.unread_sheets) == ("名录", ("封面",))


def test_a_workbook_without_headings_is_refused_with_what_was_found(book: Path) -> None:
    write_table(book, FIRM)
    assert reason(book).startswith(
        "前 20 行里没有找到表头，请保留“企业名称”等列名；找到的文字是：汕尾市云帆软件有限公司、"
    )


def test_a_workbook_with_nothing_in_it_is_refused(book: Path) -> None:
    write_sheet(book, sheet_xml())
    assert reason(book) == "工作簿里没有可读的工作表，请检查后重新上传。"


# -- which rows -------------------------------------------------------------------------------------
def test_totals_signatures_and_repeated_headings_are_no_data(book: Path) -> None:
    write_table(
        book,
        ["序号", *HEADINGS],
        ["1", *FIRM],
        ["小计", None, None, None, "100"],
        ["序号", *HEADINGS],
        ["2", *FIRM],
        ["合 计", None, None, None, 200],
        [None, "合计", None, None, 200],
        ["制表人：林小燕", None, "审核人："],
        ["3", *FIRM],
    )
    with read_table(book) as table:
        assert [row.number for row in table.rows] == [2, 5, 9]
        assert table.skipped == [(3, "小计"), (4, "序号"), (6, "合 计"), (7, "合计"), (8, "制表人：林小燕")]


def test_a_firm_whose_name_begins_like_a_total_is_data(book: Path) -> None:
    write_table(book, HEADINGS, ["合计通财税服务（汕尾）有限公司", *FIRM[1:]], [None, *FIRM[1:]])
    assert [number for number, _ in rows(book)] == [2, 3]


def test_a_record_that_is_too_wide_is_the_fault_of_that_row_and_one_that_ends_early_is_marked(tmp_path: Path) -> None:
    path = tmp_path / "firms.csv"
    path.write_text("企业名称,成立日期\n甲,2019-05-20\n乙\n丙,2019-05-20,x\n", encoding="utf-8")
    with read_table(path) as table:
        found = list(table.rows)
    assert [row.cells for row in found] == [("甲", "2019-05-20"), ("乙", None), ("丙", "2019-05-20")]
    assert [row.marks for row in found] == [(), ("short",), ()]
    assert [row.fault.sentence() if row.fault else None for row in found] == [
        None,
        None,
        "第4行：有 3 个单元格，表头有 2 个，请检查该行的分隔符和引号",
    ]


def test_text_in_gb18030_with_titles_reads_like_a_workbook(tmp_path: Path) -> None:
    path = tmp_path / "firms.csv"
    path.write_bytes(
        "汕尾市名录,,\n\n单位名称,社会信用代码,注册日期\n甲,91441500MA55T101XF,2019/5/20\n".encode("gb18030")
    )
    with read_table(path) as table:
        assert (table.format, table.encoding, table.heading_row) == ("csv", "gb18030", 3)
        assert [(row.number, row.cells) for row in table.rows] == [(4, ("甲", "91441500MA55T101XF", "2019/5/20"))]


# -- what other programmes write ----------------------------------------------------------------------
def test_a_dimension_that_says_one_cell_is_not_believed(book: Path) -> None:
    write_sheet(book, sheet_xml(table_xml(HEADINGS, FIRM), before='<dimension ref="A1:A1"/>'))
    assert rows(book) == [(2, FIRM)]
    write_sheet(book, sheet_xml(table_xml(HEADINGS, FIRM), before='<dimension ref="A1:XFD1048576"/>'))
    assert rows(book) == [(2, FIRM)]


def test_formatted_blank_rows_are_passed_over_and_empty_values_too(book: Path) -> None:
    blank = "".join(f'<row r="{n}" s="1"><c r="A{n}" s="1"/></row>' for n in range(3, 3000))
    empty = '<row r="3000"><c r="A3000" t="str"><f>""</f><v></v></c></row>'
    empty += '<row r="3001"><c r="A3001" t="inlineStr"><is><t></t></is></c></row>'
    write_sheet(book, sheet_xml(table_xml(HEADINGS, FIRM) + blank + empty + books.row_xml(3002, FIRM)))
    assert rows(book) == [(2, FIRM), (3002, FIRM)]


def test_blank_shared_strings_are_no_lost_rows(book: Path) -> None:
    strings = f'{books.HEAD}<sst xmlns="{books.MAIN}"><si><t>企业名称</t></si><si><t> </t></si><si><t>甲</t></si></sst>'
    body = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>{i}</v></c></row>' for n, i in ((1, 0), (2, 1), (3, 2)))
    contents = parts({"Sheet1": sheet_xml(body)}) | {"xl/sharedStrings.xml": strings}
    related = str(contents["xl/_rels/workbook.xml.rels"]).replace(
        "</Relationships>",
        f'<Relationship Id="rId9" Type="{books.RELATIONS}/sharedStrings" Target="sharedStrings.xml"/></Relationships>',
    )
    write_parts(book, contents | {"xl/_rels/workbook.xml.rels": related})
    assert rows(book) == [(3, ("甲",))]


def test_prefixed_elements_are_read_or_refused_but_not_lost(book: Path) -> None:
    xml = good_sheet().replace("<", "<x:").replace("<x:/", "</x:").replace("<x:?", "<?")
    write_sheet(book, xml.replace("xmlns=", "xmlns:x="))
    assert rows(book) == [(2, FIRM)]


def test_a_streamed_workbook_is_read(tmp_path: Path) -> None:
    path = tmp_path / "streamed.xlsx"
    workbook = xlsxwriter.Workbook(str(path), {"constant_memory": True})
    sheet = workbook.add_worksheet("台账")
    for number, cells in enumerate([HEADINGS, *[FIRM] * 300]):
        sheet.write_row(number, 0, cells)
    workbook.close()
    assert rows(path) == [(number, FIRM) for number in range(2, 302)]


# -- the child ------------------------------------------------------------------------------------------
def test_leaving_early_ends_the_child(book: Path) -> None:
    write_table(book, HEADINGS, *[FIRM] * 5000)
    with read_table(book) as table:
        assert next(iter(table.rows)).number == 2
        child = table.process.process
    assert child.returncode is not None


def test_a_file_that_is_not_there_is_no_refusal(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read_table(tmp_path / "missing.xlsx")


def test_the_name_of_the_upload_is_looked_at_first(book: Path) -> None:
    write_table(book, HEADINGS, FIRM)
    with pytest.raises(FileRefused) as refusal:
        read_table(book, name="名录.xlsm")
    assert str(refusal.value) == "文件含有宏（.xlsm），请另存为不含宏的 .xlsx 后重新上传。"


def test_too_little_memory_is_a_reason_not_a_crash(book: Path) -> None:
    write_table(
        book,
        HEADINGS,
        *[(f"汕尾市第{n}软件有限公司", *FIRM[1:], *[f"文字{n}-{i}" for i in range(30)]) for n in range(20_000)],
    )
    with pytest.raises(FileRefused) as refusal, read_table(book, limits=Limits(memory_bytes=70 * 2**20)) as table:
        consume(table)
    assert str(refusal.value) == "文件的数据太多，读取时超出内存上限，请拆成几个文件，或另存为 CSV 后上传。"


def test_too_much_work_is_a_reason_not_a_hang(tmp_path: Path) -> None:
    path = tmp_path / "long.csv.gz"
    path.write_bytes(gzip.compress(("企业名称,主营业务\n" + "汕尾市云帆软件有限公司,软件\n" * 4_000_000).encode(), 1))
    with pytest.raises(FileRefused) as refusal, read_table(path, cpu_seconds=1) as table:
        consume(table)
    assert str(refusal.value) == "文件读取超过 1 秒仍未完成，请拆成几个文件，或另存为 CSV 后上传。"


def test_the_child_sees_no_secret_of_ours(book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REGISTRY_SECRET_KEY", "do not tell")
    write_table(book, HEADINGS, *[FIRM] * 5000)
    with read_table(book) as table:
        environment = Path(f"/proc/{table.process.process.pid}/environ").read_bytes()
    assert b"do not tell" not in environment
    assert b"PYTHONUTF8" in environment


def test_the_child_is_held_to_its_limits(book: Path) -> None:
    write_table(book, HEADINGS, *[FIRM] * 5000)
    with read_table(book, cpu_seconds=7) as table:
        held = Path(f"/proc/{table.process.process.pid}/limits").read_text().splitlines()
    limits = {line[:26].strip(): line[26:].split()[:2] for line in held}
    assert limits["Max address space"] == ["536870912", "536870912"]
    assert limits["Max cpu time"] == ["7", "8"]
    assert limits["Max file size"] == limits["Max core file size"] == ["0", "0"]


def consume(table: UploadedTable) -> int:
    return sum(1 for _ in table.rows)


# -- real files -----------------------------------------------------------------------------------------
@pytest.mark.skipif(not DATA.exists(), reason="the shared data are not here")
def test_every_row_of_the_real_city_is_accounted_for() -> None:
    with read_table(DATA / "shanwei_firms.csv") as table:
        assert [column.key for column in table.columns].count(None) == 0
        found = list(table.rows)
    assert (len(found), found[0].number, found[-1].number) == (850, 2, 851)
    assert [row.fault for row in found if row.fault] == []


@pytest.mark.skipif(not DATA.exists(), reason="the shared data are not here")
def test_a_whole_province_streams_through_little_memory() -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with read_table(DATA / "guangdong_firms.csv.gz") as table:
        iterator = table.rows
        next(iterator)
        peak = Path(f"/proc/{table.process.process.pid}/status").read_text()
        assert 1 + sum(1 for _ in iterator) == 115_761
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 20_000
    assert int(peak.split("VmPeak:")[1].split()[0]) < 100_000


def test_no_child_is_left_behind(book: Path) -> None:
    write_table(book, HEADINGS, FIRM)
    before = children()  # a browser of another test may be among them
    rows(book)
    assert children() <= before


def children() -> set[str]:
    """The processes this one has started and not yet seen the end of."""
    return {child for task in Path("/proc/self/task").iterdir() for child in (task / "children").read_text().split()}

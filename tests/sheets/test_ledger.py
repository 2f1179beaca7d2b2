"""The ledger's workbook: printable, recomputable, and harmless."""

from __future__ import annotations

import io
import re
import time
import zipfile
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from python_calamine import CalamineWorkbook

from registry.base.errors import CellTooLong, SheetTooLong
from registry.sheets import ledger
from registry.sheets.columns import COLUMNS, by_key, export_columns, ledger_columns
from registry.sheets.ledger import write_ledger
from registry.sheets.reader import read_table

Firm = dict[str, Any]
Reread = Callable[[bytes, str], list[Firm]]
ReadBack = Callable[[Firm, Iterable[str]], Firm]
HEAD_ROW = 4


def written(rows: list[Firm], **changes: Any) -> bytes:
    stream = io.BytesIO()
    options: dict[str, Any] = {
        "title": "汕尾市企业培育名录台账",
        "filter_text": "县区：城区；阶段：在库培育",
        "columns": ledger_columns(),
        "as_of": "2021-10-15 09:00",
        "printed_by": "陈晓",
    }
    write_ledger(stream, rows=iter(rows), **{**options, **changes})
    return stream.getvalue()


def table(content: bytes) -> list[list[Any]]:
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python(skip_empty_area=False)


def test_title_filter_date_unit_and_notice_stand_above_the_headings(firms: list[Firm]) -> None:
    rows = table(written(firms))
    assert rows[0][0] == "汕尾市企业培育名录台账"
    assert rows[1][0] == "筛选条件：县区：城区；阶段：在库培育"
    assert rows[1][-1] == "数据截至：2021-10-15 09:00    金额单位：万元"
    assert rows[2][0] == "培育参考，不作统计上报依据"
    assert rows[3][:3] == ["序号", "企业名称", "统一社会信用代码"]
    assert [heading.replace("\n", "") for heading in rows[3][1:]] == [c.heading_with_unit for c in ledger_columns()]


def test_cells_hold_full_values_and_their_format_rounds(firms: list[Firm]) -> None:
    book = openpyxl.load_workbook(io.BytesIO(written(firms)))
    sheet = book.worksheets[0]
    place = [cell.value.replace("\n", "") for cell in sheet[HEAD_ROW]].index("本年累计营业收入(万元)")
    money = sheet[HEAD_ROW + 1][place]
    assert money.value == 1500.000007
    assert money.number_format == "#,##0.00"
    code = sheet[HEAD_ROW + 1][2]
    assert (code.value, code.data_type, code.number_format) == ("91441500MA55T101XF", "s", "@")


def test_a_code_of_18_digits_stays_text(firms: list[Firm]) -> None:
    rows = table(written([{"name": "深圳市某某公司", "credit_code": "914403001922038216"}]))
    assert rows[HEAD_ROW][2] == "914403001922038216"


def test_total_adds_revenue_and_nothing_that_cannot_be_added(firms: list[Firm]) -> None:
    rows = table(written(firms))
    total = dict(zip([h.replace("\n", "") for h in rows[3]], rows[HEAD_ROW + len(firms)], strict=True))
    assert total["序号"] == "合计（3 家）"
    assert total["企业名称"] == ""
    assert total["统一社会信用代码"] == ""
    assert total["所属县区"] == ""
    assert total["上年营业收入(万元)"] == 2234.56789
    assert total["本年累计营业收入(万元)"] == 2580.000007
    assert total["四上标准(万元)"] == ""
    assert total["达标率"] == ""


def test_without_the_name_in_front_no_total_is_covered(firms: list[Firm]) -> None:
    rows = table(written(firms, columns=(by_key("revenue_to_date"), by_key("name"))))
    assert rows[HEAD_ROW + len(firms)] == ["合计（3 家）", 2580.000007, ""]


def test_signature_line_names_the_maker_in_the_first_cell(firms: list[Firm]) -> None:
    rows = table(written(firms))
    assert [cell for cell in rows[-1] if cell] == [
        "制表人：陈晓",
        "审核人：",
        "负责人：",
        "制表日期：　　　　年　　月　　日",
    ]
    assert rows[-1][0] == "制表人：陈晓"
    assert table(written(firms, printed_by=None))[-1][0] == "制表人："


def test_an_empty_ledger_has_its_headings_and_a_total_of_nothing() -> None:
    rows = table(written([]))
    assert rows[HEAD_ROW][:3] == ["合计（0 家）", "", ""]


def test_page_is_set_up_for_printing(firms: list[Firm]) -> None:
    book = openpyxl.load_workbook(io.BytesIO(written(firms)))
    sheet = book.worksheets[0]
    assert sheet.page_setup.orientation == "landscape"
    assert sheet.page_setup.paperSize in {8, 9}
    assert sheet.print_title_rows == f"${HEAD_ROW}:${HEAD_ROW}"
    assert sheet.freeze_panes == f"C{HEAD_ROW + 1}"
    assert sheet.oddFooter.center.text == "第 &P 页，共 &N 页"
    assert sheet.auto_filter.ref == f"A{HEAD_ROW}:Q{HEAD_ROW + len(firms)}"
    assert book.sheetnames == ["台账", "说明"]


def test_texts_are_never_formulas_and_come_back_as_they_were(payloads: tuple[str, ...]) -> None:
    columns = (by_key("name"), by_key("missing"), by_key("division"), by_key("revenue_to_date"))
    rows = [dict.fromkeys(("name", "missing", "division", "revenue_to_date"), payload) for payload in payloads]
    content = written(rows, columns=columns, title=payloads[0], filter_text=payloads[1], printed_by=payloads[2])
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert re.findall(rb"<f[ >/]", archive.read("xl/worksheets/sheet1.xml")) == []
    sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    cells = [sheet.cell(HEAD_ROW + 1 + index, 2 + place) for index in range(len(payloads)) for place in range(4)]
    assert {cell.data_type for cell in cells} == {"s"}
    read = table(content)
    assert [row[1:5] for row in read[HEAD_ROW : HEAD_ROW + len(payloads)]] == [[p] * 4 for p in payloads]


def test_control_characters_and_lone_surrogates_become_visible_marks() -> None:
    rows = table(written([{"name": "海丰\x00县\x0b正衡\ud800\ufffe", "division": "第一行\r\n第二行"}]))
    assert rows[HEAD_ROW][1] == "海丰\ufffd县\ufffd正衡\ufffd\ufffd"
    assert rows[HEAD_ROW][3] == "第一行\n第二行"


def test_a_text_that_fits_no_cell_is_refused_and_nothing_is_written() -> None:
    stream = io.BytesIO()
    rows = [{"name": "甲", "missing": "缺" * 32_768}]
    with pytest.raises(CellTooLong) as refusal:
        write_ledger(stream, title="台账", filter_text="", columns=ledger_columns(), rows=rows, as_of="2021-10-15")
    assert (
        str(refusal.value) == "第5行“还差什么”有 32768 个字符，超过单元格上限 32767，不能写入工作簿。请改用 CSV 导出。"
    )
    assert stream.getvalue() == b""
    assert table(written([{"name": "甲", "missing": "缺" * 32_767}]))[HEAD_ROW][14] == "缺" * 32_767


def test_more_rows_than_a_workbook_may_have_are_refused(monkeypatch: pytest.MonkeyPatch, firms: list[Firm]) -> None:
    monkeypatch.setattr(ledger, "ROW_LIMIT", 2)
    with pytest.raises(SheetTooLong):
        written(firms)


def test_same_rows_give_the_same_bytes_at_another_time(firms: list[Firm], monkeypatch: pytest.MonkeyPatch) -> None:
    first = written(firms)
    with_other_clock(monkeypatch)
    assert written(firms) == first


def with_other_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """A day later, in another time zone."""
    later = time.time() + 90_000
    monkeypatch.setenv("TZ", "America/New_York")
    time.tzset()
    monkeypatch.setattr(time, "time", lambda: later)


@pytest.fixture(autouse=True)
def zone() -> Iterator[None]:
    yield
    time.tzset()


def test_huge_and_negative_and_old_values_lose_nothing() -> None:
    row = {
        "name": "汕尾市粤智信息系统有限公司",
        "revenue_to_date": Decimal("99999999999999.99"),
        "revenue_last_year": Decimal("-0.01"),
        "stage_on": date(1899, 12, 31),
    }
    columns = export_columns()
    cells = dict(zip([c.key for c in columns], table(written([row], columns=columns))[HEAD_ROW][1:], strict=True))
    assert cells["revenue_to_date"] == "9999999999.999999"
    assert cells["revenue_last_year"] == -0.000001
    assert cells["stage_on"] == "1899-12-31"


def test_dates_are_dates(firms: list[Firm]) -> None:
    columns = export_columns()
    sheet = openpyxl.load_workbook(io.BytesIO(written(firms, columns=columns))).worksheets[0]
    founded = sheet.cell(HEAD_ROW + 2, 2 + [c.key for c in columns].index("founded_on"))
    assert (founded.value, founded.number_format) == (datetime(1958, 1, 3), "yyyy-mm-dd")


def test_an_untouched_export_reads_back_equal(firms: list[Firm], reread: Reread, read_back: ReadBack) -> None:
    assert reread(written(firms), "ledger.xlsx") == [
        read_back(firm, [c.key for c in ledger_columns()]) for firm in firms
    ]
    everything = written(firms, columns=COLUMNS)
    assert reread(everything, "all.xlsx") == [read_back(firm, [c.key for c in COLUMNS]) for firm in firms]


def test_our_reader_takes_the_firms_and_passes_over_total_and_signatures(firms: list[Firm], tmp_path: Path) -> None:
    source = tmp_path / "ledger.xlsx"
    source.write_bytes(written(firms))
    with read_table(source) as found:
        rows = list(found.rows)
    assert list(found.recognised()) == [column.key for column in ledger_columns()]
    assert found.heading.unrecognised == ()
    assert [row.number for row in rows] == [5, 6, 7]
    assert [(number, words) for number, words in found.skipped] == [(8, "合计（3 家）"), (10, "制表人：陈晓")]
    assert {column.scale for column in found.columns if column.key == "revenue_to_date"} == {Decimal(10_000)}


@pytest.mark.office
def test_libreoffice_evaluates_nothing(
    payloads: tuple[str, ...], tmp_path: Path, convert: Callable[[Path, str], Path]
) -> None:
    source = tmp_path / "ledger.xlsx"
    usable = [payload for payload in payloads if "\t" not in payload and "\n" not in payload]
    source.write_bytes(written([{"name": payload} for payload in usable]))
    again = openpyxl.load_workbook(convert(source, "xlsx")).worksheets[0]
    cells = [again.cell(HEAD_ROW + 1 + index, 2) for index in range(len(usable))]
    assert [cell.value for cell in cells] == usable
    assert {cell.data_type for cell in cells} == {"s"}

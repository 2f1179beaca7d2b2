"""The workbook a county fills in: what it offers, how it survives WPS and LibreOffice, and that it is always the same."""

from __future__ import annotations

import io
import re
import time
import zipfile
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet
from python_calamine import CalamineWorkbook

from registry.base.errors import CellTooLong
from registry.sheets.columns import TEMPLATE_SHEET, template_columns
from registry.sheets.reader import read_table
from registry.sheets.template import FIRST_ROW, ReferenceLists, write_template

Firm = dict[str, Any]
Reread = Callable[[bytes, str], list[Firm]]
ReadBack = Callable[[Firm, Iterable[str]], Firm]
KEYS = [column.key for column in template_columns()]


@pytest.fixture
def reference() -> ReferenceLists:
    return ReferenceLists(
        divisions=("城区", "海丰县", "陆河县", "陆丰市", "红海湾经济开发区"),
        towns=("海城镇", "附城镇", "可塘镇"),
        industries=("6513 应用软件开发", "7452 检测服务"),
    )


def written(reference: ReferenceLists, rows: list[Firm] | None = None) -> bytes:
    stream = io.BytesIO()
    write_template(stream, reference=reference, rows=iter(rows or []), office_name="海丰县科技局")
    return stream.getvalue()


def sheet(content: bytes) -> Worksheet:
    found = openpyxl.load_workbook(io.BytesIO(content))[TEMPLATE_SHEET]
    assert isinstance(found, Worksheet)
    return found


def lists(content: bytes | Path) -> dict[str, list[str]]:
    """The words each column offers, followed through names and the hidden sheet as a spreadsheet does."""
    book = openpyxl.load_workbook(io.BytesIO(content) if isinstance(content, bytes) else content)
    data = book[TEMPLATE_SHEET]
    offered = {}
    for rule in data.data_validations.dataValidation:
        if rule.type != "list":
            continue
        formula = rule.formula1
        area = book.defined_names[formula].attr_text if formula in book.defined_names else formula
        name, cells = area.replace("'", "").replace("$", "").rsplit("!", 1) if "!" in area else ("", area)
        column = data[f"{re.match(r'[A-Z]+', str(rule.sqref))[0]}{FIRST_ROW - 1}"].value
        offered[column] = [cell.value for (cell,) in book[name.strip("$")][cells]]
    return offered


def test_headings_are_the_columns_with_their_units_under_a_mark_of_need(reference: ReferenceLists) -> None:
    rows = CalamineWorkbook.from_filelike(io.BytesIO(written(reference))).get_sheet_by_index(0).to_python()
    assert rows[0][0] == "企业培育名录库填报表（海丰县科技局）"
    assert rows[1][0].startswith("培育参考，不作统计上报依据。金额单位：万元")
    assert rows[2][:4] == ["必填", "提交前必填", "提交前必填", "选填"]
    assert rows[3] == [column.heading_with_unit for column in template_columns()]


def test_lists_come_from_the_reference_data(reference: ReferenceLists) -> None:
    offered = lists(written(reference))
    assert offered["所属县区"] == ["城区", "海丰县", "陆河县", "陆丰市", "红海湾经济开发区"]
    assert offered["乡镇街道"] == ["海城镇", "附城镇", "可塘镇"]
    assert offered["行业代码"] == ["6513 应用软件开发", "7452 检测服务"]
    assert offered["分类版本"] == ["2017", "2011"]
    assert offered["单位类型"] == ["法人单位", "视同法人单位", "产业活动单位（分公司）"]
    assert offered["纳税人类型"] == ["一般纳税人", "小规模纳税人"]


def test_a_column_without_words_has_no_empty_list() -> None:
    assert "所属县区" not in lists(written(ReferenceLists()))


def test_columns_are_formatted_before_anything_is_typed(reference: ReferenceLists) -> None:
    data = sheet(written(reference))
    formats = {key: data.column_dimensions[letter(key)].number_format for key in KEYS}
    assert formats["credit_code"] == formats["contact_phone"] == formats["to_month"] == "@"
    assert formats["founded_on"] == "yyyy-mm-dd"
    assert formats["revenue_to_date"] == "#,##0.00"
    assert data.freeze_panes == "C5"
    assert data.print_title_rows == "$4:$4"


def letter(key: str) -> str:
    return openpyxl.utils.get_column_letter(KEYS.index(key) + 1)


def test_every_column_has_a_hint_and_checks_reach_below_the_filled_rows(
    reference: ReferenceLists, firms: list[Firm]
) -> None:
    rules = sheet(written(reference, firms)).data_validations.dataValidation
    assert len(rules) == len(KEYS)
    assert {rule.prompt for rule in rules} == {column.note for column in template_columns()}
    assert str(rules[0].sqref) == f"A{FIRST_ROW}:A{FIRST_ROW + len(firms) - 1 + 10_000}"


def test_its_own_firms_are_filled_in_with_labels_and_ten_thousands(
    reference: ReferenceLists, firms: list[Firm]
) -> None:
    data = sheet(written(reference, firms))
    row = {key: data.cell(FIRST_ROW, place).value for place, key in enumerate(KEYS, start=1)}
    assert row["name"] == "汕尾市云帆软件有限公司"
    assert row["unit_kind"] == "法人单位"
    assert row["industry_year"] == "2017"
    assert row["founded_on"] == datetime(2019, 5, 20)
    assert row["capital"] == 100
    assert row["revenue_to_date"] == 1500.000007
    assert row["to_month"] == "9"
    assert row["contact_name"] is None


def test_instructions_explain_each_column_and_the_use_of_the_data(reference: ReferenceLists) -> None:
    book = openpyxl.load_workbook(io.BytesIO(written(reference)))
    assert book.sheetnames == ["填报", "填写说明", "字典"]
    assert book["字典"].sheet_state == "hidden"
    rows = [[cell.value for cell in row] for row in book["填写说明"].iter_rows()]
    assert rows[1][0] == "培育参考，不作统计上报依据"
    headings = [row[0] for row in rows]
    assert headings[headings.index("栏目") + 1 :] == [column.heading for column in template_columns()]
    assert rows[headings.index("注册资本")][:3] == ["注册资本", "选填", "万元"]


def test_typed_texts_never_become_formulas(reference: ReferenceLists, payloads: tuple[str, ...]) -> None:
    content = written(reference, [dict.fromkeys(KEYS, payload) for payload in payloads])
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert re.findall(rb"<f[ >/]", archive.read("xl/worksheets/sheet1.xml")) == []
    data = sheet(content)
    kinds = {cell.data_type for row in data.iter_rows(min_row=FIRST_ROW) for cell in row}
    assert kinds == {"s"}
    table = CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_name(TEMPLATE_SHEET).to_python()
    assert [row[0] for row in table[FIRST_ROW - 1 :]] == list(payloads)


def test_words_of_the_lists_never_become_formulas(payloads: tuple[str, ...]) -> None:
    content = written(ReferenceLists(divisions=payloads, towns=payloads))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert re.findall(rb"<f[ >/]", archive.read("xl/worksheets/sheet3.xml")) == []


def test_a_text_that_fits_no_cell_is_refused_not_cut(
    reference: ReferenceLists, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with pytest.raises(CellTooLong):
        written(reference, [{"name": "甲", "activity": "软" * 32_768}])
    assert sorted(tmp_path.iterdir()) == []
    kept = sheet(written(reference, [{"name": "甲", "activity": "软" * 32_767}]))
    assert kept.cell(FIRST_ROW, KEYS.index("activity") + 1).value == "软" * 32_767


def test_control_characters_do_not_stop_the_form(reference: ReferenceLists) -> None:
    data = sheet(written(reference, [{"name": "海丰\x01县\ud800", "issue": "甲\r\n乙"}]))
    assert data.cell(FIRST_ROW, 1).value == "海丰\ufffd县\ufffd"
    assert data.cell(FIRST_ROW, KEYS.index("issue") + 1).value == "甲\n乙"


def test_same_input_gives_the_same_bytes_at_another_time(
    reference: ReferenceLists, firms: list[Firm], monkeypatch: pytest.MonkeyPatch
) -> None:
    first = written(reference, firms)
    later = time.time() + 90_000
    monkeypatch.setattr(time, "time", lambda: later)
    assert written(reference, firms) == first
    with zipfile.ZipFile(io.BytesIO(first)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert b"2021-01-01T00:00:00Z</dcterms:modified>" in archive.read("docProps/core.xml")


def test_an_untouched_form_reads_back_equal(
    reference: ReferenceLists, firms: list[Firm], reread: Reread, read_back: ReadBack
) -> None:
    assert reread(written(reference, firms), "form.xlsx") == [read_back(firm, KEYS) for firm in firms]


def test_our_reader_finds_the_rows_and_every_column(
    reference: ReferenceLists, firms: list[Firm], tmp_path: Path
) -> None:
    source = tmp_path / "template.xlsx"
    source.write_bytes(written(reference, firms))
    with read_table(source) as found:
        rows = list(found.rows)
    assert (found.sheet, found.heading_row, found.unread_sheets) == ("填报", FIRST_ROW - 1, ())
    assert [column.key for column in found.columns] == KEYS
    assert [(row.number, row.cells[0]) for row in rows] == [
        (FIRST_ROW + n, firm["name"]) for n, firm in enumerate(firms)
    ]
    assert found.skipped == []


@pytest.mark.office
def test_lists_and_formats_survive_libreoffice(
    reference: ReferenceLists, firms: list[Firm], tmp_path: Path, convert: Callable[[Path, str], Path]
) -> None:
    source = tmp_path / "template.xlsx"
    source.write_bytes(written(reference, firms))
    again = convert(source, "xlsx")
    assert lists(again) == lists(source)
    data = openpyxl.load_workbook(again)[TEMPLATE_SHEET]
    assert data[f"B{FIRST_ROW}"].value == "91441500MA55T101XF"
    assert data.column_dimensions["B"].number_format == "@"
    assert data[f"{letter('revenue_to_date')}{FIRST_ROW}"].value == 1500.000007

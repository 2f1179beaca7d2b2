"""Faulty rows come back in the form they were typed into, each cell with its reason."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from registry.sheets import marked
from registry.sheets.columns import TEMPLATE_SHEET, template_columns
from registry.sheets.marked import MarkedRow, as_in_file, heading_of, write_marked
from registry.sheets.reader import Lost, read_table
from registry.sheets.template import FIRST_ROW, ReferenceLists

KEYS = [column.key for column in template_columns()]
CODE_FAULT = "第17行 D列：统一社会信用代码第18位校验不符，请核对营业执照"
REVENUE_FAULT = "第17行 T列：“约1200万”不是数字，请按万元填写"
ROWS = (
    MarkedRow(
        17,
        {
            "name": "=海丰县正衡检测技术有限公司",
            "credit_code": "91441521MA55T1028X",
            "revenue_to_date": "约1200万",
            "vat_sales": 12.5,
            "employees": 42,
            "founded_on": date(2019, 5, 20),
        },
        (("credit_code", CODE_FAULT), ("revenue_to_date", REVENUE_FAULT)),
    ),
    MarkedRow(
        230, {"name": "陆丰市海创知识产权代理有限公司", "opened_on": date(2021, 2, 3)}, ((None, "与第12行重复"),)
    ),
    MarkedRow(
        231,
        {"name": "城区云谷", "opened_on": date(2099, 2, 3)},
        (("opened_on", "日期在将来"), ("opened_on", "早于成立")),
    ),
)


def written(rows: Any = ROWS) -> bytes:
    stream = io.BytesIO()
    write_marked(stream, reference=ReferenceLists(divisions=("海丰县",)), rows=iter(rows), office_name="海丰县")
    return stream.getvalue()


def sheet(content: bytes) -> Worksheet:
    found = openpyxl.load_workbook(io.BytesIO(content))[TEMPLATE_SHEET]
    assert isinstance(found, Worksheet)
    return found


def cell(data: Worksheet, row: int, key: str) -> Any:
    return data.cell(row, KEYS.index(key) + 1)


def test_faulty_cells_are_red_and_commented_and_the_others_are_not() -> None:
    data = sheet(written())
    red = [
        (c.row, c.column) for row in data.iter_rows(min_row=FIRST_ROW) for c in row if c.fill.fgColor.rgb == "00FFC7CE"
    ]
    assert red == [
        (FIRST_ROW, KEYS.index("credit_code") + 1),
        (FIRST_ROW, KEYS.index("revenue_to_date") + 1),
        (FIRST_ROW + 2, KEYS.index("opened_on") + 1),
    ]
    comments = {(c.row, c.column): c.comment.text for row in data.iter_rows() for c in row if c.comment}
    assert comments == dict(zip(red, (CODE_FAULT, REVENUE_FAULT, "日期在将来\n早于成立"), strict=True))


def test_raw_cells_go_back_as_they_were_typed() -> None:
    data = sheet(written())
    typed = {
        key: cell(data, FIRST_ROW, key).value
        for key in ("name", "credit_code", "revenue_to_date", "vat_sales", "employees")
    }
    assert typed == {
        "name": "=海丰县正衡检测技术有限公司",
        "credit_code": "91441521MA55T1028X",
        "revenue_to_date": "约1200万",
        "vat_sales": 12.5,
        "employees": 42,
    }
    assert cell(data, FIRST_ROW, "name").data_type == "s"
    assert cell(data, FIRST_ROW, "revenue_to_date").number_format == "@"
    assert cell(data, FIRST_ROW, "founded_on").is_date
    assert cell(data, FIRST_ROW + 2, "opened_on").value == "2099-02-03"


def test_last_columns_give_the_row_of_the_file_and_every_reason() -> None:
    data = sheet(written())
    extra = [
        [data.cell(row, len(KEYS) + place).value for place in (1, 2)] for row in range(FIRST_ROW - 1, FIRST_ROW + 3)
    ]
    assert extra == [
        ["原行号", "问题"],
        ["17", f"{CODE_FAULT}\n{REVENUE_FAULT}"],
        ["230", "与第12行重复"],
        ["231", "日期在将来\n早于成立"],
    ]


def test_lists_are_there_as_in_the_empty_form() -> None:
    rules = sheet(written()).data_validations.dataValidation
    assert next(rule.formula1 for rule in rules if rule.type == "list") == "list_division"


def test_beyond_the_limit_cells_are_red_without_a_comment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(marked, "COMMENT_LIMIT", 1)
    data = sheet(written())
    assert [c.comment.text for row in data.iter_rows() for c in row if c.comment] == [CODE_FAULT]
    assert cell(data, FIRST_ROW, "revenue_to_date").fill.fgColor.rgb == "00FFC7CE"


def test_reasons_with_hostile_text_do_no_harm(payloads: tuple[str, ...]) -> None:
    rows = [MarkedRow(n, {"name": p, "activity": p}, (("name", p), (None, p))) for n, p in enumerate(payloads, start=5)]
    data = sheet(written(rows))
    assert {c.data_type for row in data.iter_rows(min_row=FIRST_ROW) for c in row if c.value is not None} == {"s"}


def test_same_rows_give_the_same_bytes() -> None:
    assert written() == written()


def test_our_reader_takes_the_mended_file_and_ignores_the_added_columns(tmp_path: Path) -> None:
    source = tmp_path / "marked.xlsx"
    source.write_bytes(written())
    with read_table(source) as found:
        rows = list(found.rows)
    assert found.heading.unrecognised == ()
    assert list(found.recognised()) == KEYS
    assert [row.number for row in rows] == [FIRST_ROW, FIRST_ROW + 1, FIRST_ROW + 2]
    assert rows[0].cells[: len(KEYS)] == tuple(ROWS[0].cells.get(key) for key in KEYS)


def test_amounts_come_back_as_they_were_typed_under_the_units_of_the_file(tmp_path: Path) -> None:
    units = {"revenue_to_date": "元", "revenue_last_year": "千元", "capital": None}
    columns = [
        as_in_file(column, heading_of(column, 9 if column.key == "revenue_to_date" else None, 2021), units[column.key])
        if column.key in units
        else column
        for column in template_columns()
    ]
    typed = {"name": "城区云谷", "revenue_to_date": 15_000_000.07, "revenue_last_year": "1,080.5", "capital": 100}
    told = {"name": "城区云谷", "revenue_to_date": "约1200万", "revenue_last_year": "3万元", "capital": 7}
    rows = [
        MarkedRow(5, typed, ((None, "所属县区未填"),)),
        MarkedRow(6, told, ((None, "同上"),), units={"capital": "万元", "revenue_last_year": "元"}),
    ]
    path = tmp_path / "marked.xlsx"
    write_marked(path, reference=ReferenceLists(), rows=rows, office_name="城区", columns=columns)
    data = sheet(path.read_bytes())
    assert [cell(data, FIRST_ROW - 1, key).value for key in units] == [
        "2021年1-9月营业收入(元)",
        "上年营业收入(千元)",
        "注册资本",
    ]
    assert [cell(data, FIRST_ROW, key).value for key in units] == [15_000_000.07, "1,080.5", 100]
    assert [cell(data, FIRST_ROW + 1, key).value for key in units] == ["约1200万", "3万元", "7万元"]
    with read_table(path, year=2021) as found:
        read = {key: (c.scale, c.month) for key, c in found.recognised().items() if key in units}
        list(found.rows)
    assert read == {"revenue_to_date": (1, 9), "revenue_last_year": (1_000, None), "capital": (None, None)}


def test_values_the_file_had_lost_are_empty_and_times_are_kept() -> None:
    row = MarkedRow(
        5,
        {"name": "城区云谷", "employees": Lost("formula"), "founded_on": datetime(2021, 2, 3, 8, 30), "issue": True},
        (("employees", "公式没有结果"),),
    )
    data = sheet(written([row]))
    assert [cell(data, FIRST_ROW, key).value for key in ("employees", "founded_on", "issue")] == [
        None,
        "2021-02-03 08:30:00",
        "TRUE",
    ]
    assert cell(data, FIRST_ROW, "employees").comment.text == "公式没有结果"


@pytest.mark.office
def test_marks_and_comments_survive_libreoffice(tmp_path: Path, convert: Callable[[Path, str], Path]) -> None:
    source = tmp_path / "marked.xlsx"
    source.write_bytes(written())
    data = sheet(convert(source, "xlsx").read_bytes())
    assert cell(data, FIRST_ROW, "credit_code").comment.text.strip().endswith(CODE_FAULT)
    assert cell(data, FIRST_ROW, "credit_code").fill.fgColor.rgb == "FFFFC7CE"

"""What the house gives out comes back without a change; and lists as people keep them are taken as they are."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from registry.base.extensions import db
from registry.entries.services import entries
from registry.firms.models.firms import Firm
from registry.imports.services import returning
from registry.ledger.queries.ledger import LedgerQuery, Order
from registry.ledger.services import exporting
from registry.ledger.services.exporting import ExportRequest
from registry.people.queries import people
from registry.sheets.columns import ledger_columns
from registry.sheets.kinds import FileKind
from registry.sheets.marked import write_marked
from registry.sheets.template import write_template
from tests.uploads import applied, counts, listed, rows, uploaded
from tests.world import NOW, TODAY, World, credit_code

ADDRESS = "海丰县海城镇人民路8号"


@pytest.fixture
def town(world: World) -> World:
    """Firms whose cells are hard to carry: full fen, another currency, a formula for a name, every field filled."""
    full = world.firm(
        "海丰县星河数据有限公司", credit_code=credit_code(1), town="441521101", capital=Decimal("1234567.89"),
        capital_currency="USD", legal_form="limited", taxpayer_kind="general", employees=42, activity="应用软件开发；集成",
        opened_on=date(2019, 1, 2), door="monthly", qualifications="CMA；ISO9001", issue="缺场地",
    )  # fmt: skip
    world.figure(full, "1200.000007")
    world.figure(full, "1100.5", period="2020-09")
    world.figure(full, "1399.99", period="2020")
    world.figure(world.firm("=海丰县云谷软件有限公司", credit_code=credit_code(2)), "931.21")
    world.admitted("海丰县梅陇数据有限公司", credit_code=credit_code(3), wan="1500")
    entries.note_former_names(world.actor("haifeng"), full, ["海丰县星河计算机有限公司"], at=NOW)
    db.session.commit()
    return world


def form(world: World, by: str = "haifeng") -> bytes:
    """A form that holds the office's firms, as the house gave it out before there were workbooks."""
    stream, office = io.BytesIO(), people.user(by).office
    own = db.session.scalars(db.select(Firm).where(Firm.office_id == office.id).order_by(Firm.id)).unique()
    known = [returning.form_row(firm, TODAY.year) for firm in own]
    write_template(stream, reference=returning.reference_lists(office), rows=known, office_name=office.name)
    return stream.getvalue()


def ledger(world: World, kind: FileKind, by: str = "haifeng") -> bytes:
    every = tuple(column.key for column in ledger_columns())
    asked = ExportRequest(wanted=LedgerQuery(), order=Order(), chosen=every, filter_text="", kind=kind)
    with exporting.take(world.actor(by), asked, at=NOW).file as file:
        return file.read()


def test_an_untouched_form_changes_nothing(town: World, tmp_path: Path) -> None:
    batch = uploaded(tmp_path, form(town), name="填报表.xlsx")
    assert counts(batch) == (0, 0, 3, 0, 0), [row.changes or row.faults for row in rows(batch)]


@pytest.mark.parametrize("kind", FileKind)
def test_an_untouched_ledger_changes_nothing(town: World, tmp_path: Path, kind: FileKind) -> None:
    batch = uploaded(tmp_path, ledger(town, kind), name=f"台账.{kind.value}")
    assert counts(batch) == (0, 0, 3, 0, 0), [row.changes or row.faults for row in rows(batch)]


def test_one_cell_changed_in_the_form_is_one_change(town: World, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(io.BytesIO(form(town)))
    sheet = book["填报"]
    heads = {cell.value: cell.column for cell in sheet[4]}
    sheet.cell(5, heads["从业人员"]).value = 43
    stream = io.BytesIO()
    book.save(stream)
    batch = uploaded(tmp_path, stream.getvalue(), name="填报表.xlsx")
    assert counts(batch) == (0, 1, 2, 0, 0)
    letter = sheet.cell(4, heads["从业人员"]).column_letter
    assert [(row.number, row.changes) for row in rows(batch) if row.changes] == [
        (5, [{"field": "employees", "before": 42, "after": 43, "column": letter}])
    ]


def test_rows_that_come_back_marked_are_mended_and_taken(world: World, tmp_path: Path) -> None:
    content = listed(
        [("海丰县错码科技有限公司", credit_code(5)[:-1] + "0", "15000000")],
        ("企业名称", "统一社会信用代码", "上年营业收入（元）"),
    )
    batch = uploaded(tmp_path, content)
    assert counts(batch) == (0, 0, 0, 0, 1)
    stream = io.BytesIO()
    office = people.user("haifeng").office
    write_marked(
        stream, reference=returning.reference_lists(office), rows=returning.returned_rows(batch),
        office_name=office.name, columns=returning.columns_of(batch.reading),
    )  # fmt: skip
    book = openpyxl.load_workbook(io.BytesIO(stream.getvalue()))
    sheet = book["填报"]
    heads = {cell.value: cell.column for cell in sheet[4]}
    code = sheet.cell(5, heads["统一社会信用代码"])
    assert sheet.cell(5, heads["上年营业收入(元)"]).value == "15000000"
    assert code.comment is not None
    assert code.comment.text.startswith("第2行 B列：统一社会信用代码第18位校验不符，请核对营业执照；")
    code.value = credit_code(5)
    mended = io.BytesIO()
    book.save(mended)
    again = uploaded(tmp_path, mended.getvalue(), name="改正.xlsx")
    assert counts(again) == (1, 0, 0, 0, 0)
    assert rows(again)[0].values["figures"] == [["revenue_last_year", "revenue", 2020, 0, "15000000.00"]]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_titles_other_headings_blank_rows_and_totals_are_taken_in_stride(
    world: World, tmp_path: Path, encoding: str
) -> None:
    lines = [
        "海丰县企业名单,,,",
        "单位：万元,,,",
        "",
        "单位名称,社会信用代码,成立时间,注册资金",
        f"海丰县青梅科技有限公司,{credit_code(1)},2019年5月20日,100",
        ",,,",
        f"海丰县喆轩信息有限公司,{credit_code(2)},2020/1/3,",
        "合计,2,,",
        "制表人：陈晓,,,",
    ]
    batch = uploaded(tmp_path, "\r\n".join(lines).encode(encoding))
    assert counts(batch) == (2, 0, 0, 0, 0)
    assert [(row.number, row.name) for row in rows(batch)] == [
        (5, "海丰县青梅科技有限公司"),
        (7, "海丰县喆轩信息有限公司"),
    ]
    assert rows(batch)[0].values["fields"]["capital"] == "1000000.00"
    assert (batch.heading_row, batch.blank, [passed["row"] for passed in batch.reading["passed"]]) == (4, 1, [8, 9])


def test_the_real_list_of_the_city_is_taken_and_taken_again(world: World, tmp_path: Path, shared: Path) -> None:
    content = (shared / "data" / "shanwei_firms.csv").read_bytes()
    batch = uploaded(tmp_path, content, by="cityoffice", name="shanwei_firms.csv")
    assert sum(counts(batch)) == 850
    new, changed, unchanged, duplicate, faulty = counts(batch)
    assert (changed, unchanged, duplicate) == (0, 0, 0)
    applied(batch, by="cityoffice")
    assert db.session.query(Firm).count() == new
    again = uploaded(tmp_path, content, by="cityoffice", name="shanwei_firms.csv")
    assert counts(again) == (0, 0, new, 0, faulty)

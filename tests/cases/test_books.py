"""Many cases at once: the workbook out, filled in, brought back, compared three ways, and written whole or not at all."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from datetime import date
from html import unescape
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from flask import Flask
from flask.testing import FlaskClient
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet
from sqlalchemy import func, select

from registry.base.errors import FileRefused, RegistryError
from registry.base.extensions import db
from registry.cases.models import Case, CaseKind
from registry.cases.queries import kinds
from registry.cases.services import bookdiff, books, entering, keptbooks
from registry.cases.services.bookdiff import ComparedBook, LineKind
from registry.cases.services.entering import ForWhom
from registry.cases.services.keptbooks import KeptBook
from registry.trail.models import TrailEntry
from tests.cases.worlds import SERVICE, CaseWorld, equipment, invoice
from tests.world import NOW, TODAY, post, sign_in, signed_in

CODE = "voucher-service"
Change = Callable[[Workbook], None]


def edition(code: str = CODE) -> CaseKind:
    found = kinds.published(code, TODAY)
    assert found is not None
    return found


def issued(city: CaseWorld, *, by: str = "haifeng", code: str = CODE, year: int | None = 2021) -> bytes:
    file = io.BytesIO()
    cohort = city.cohorts[year] if year is not None else None
    books.issue(city.world.actor(by), edition(code), cohort, file, at=NOW)
    db.session.commit()
    return file.getvalue()


def changed(content: bytes, *changes: Change) -> bytes:
    """Filled in and saved by a program."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    for change in changes:
        change(book)
    saved = io.BytesIO()
    book.save(saved)
    return saved.getvalue()


def kept_of(content: bytes, name: str = "批量填报.xlsx") -> KeptBook:
    return keptbooks.keep([content], name)


def compared(city: CaseWorld, content: bytes, *, by: str = "haifeng", code: str = CODE) -> ComparedBook:
    kept = kept_of(content)
    file = bookdiff.read(edition(code).kind, kept)
    return bookdiff.compare(city.world.actor(by), edition(code), file, kept)


def written(
    city: CaseWorld, content: bytes, *, by: str = "haifeng", code: str = CODE, choices: dict[str, str] | None = None
) -> tuple[int, int]:
    kept = kept_of(content)
    file = bookdiff.read(edition(code).kind, kept)
    seen = bookdiff.compare(city.world.actor(by), edition(code), file, kept).digest
    done = books.write(
        city.world.actor(by), edition(code), file, choices or {}, kept=kept, seen=seen, at=NOW, on=TODAY
    )  # fmt: skip
    db.session.commit()
    return done.new, done.changed


# -- filling in -----------------------------------------------------------------------------------
def heads(sheet: Worksheet) -> dict[str, int]:
    return {str(cell.value): cell.column for cell in sheet[4] if cell.value}


def column(sheet: Worksheet, heading: str) -> int:
    return next(index for text, index in heads(sheet).items() if text.startswith(heading))


def free_row(sheet: Worksheet) -> int:
    return next(row for row in range(5, sheet.max_row + 2) if not any(cell.value for cell in sheet[row]))


def row_of(sheet: Worksheet, number: str) -> int:
    return next(row for row in range(5, sheet.max_row + 1) if sheet.cell(row, 1).value == number)


def put(sheet: str, where: str | int, heading: str, value: Any) -> Change:
    """A value under a heading, in a row or in that of a case."""

    def change(book: Workbook) -> None:
        row = row_of(book[sheet], where) if isinstance(where, str) else where
        book[sheet].cell(row, column(book[sheet], heading)).value = value

    return change


def add(sheet: str, **values: Any) -> Change:
    """A filled row under those that are there."""

    def change(book: Workbook) -> None:
        row = free_row(book[sheet])
        for heading, value in values.items():
            book[sheet].cell(row, column(book[sheet], heading)).value = value

    return change


def new_case(name: str, **more: Any) -> Change:
    return add(
        "事项", **{"申请单位": name, "服务类别": "检验检测", "是否利用": "是", "本单位法定代表人": "陈云谷", **more}
    )


def new_invoice(name: str, number: str, amount: float = 1000, **more: Any) -> Change:
    given = {"申请单位": name, "发票号码": number, "发票代码": "044001900111", "开票日期": date(2021, 8, 12)}
    return add("发票", **{**given, "销售方（": "广东质检技术有限公司", "应由企业支付": amount, **more})


def faults(found: ComparedBook) -> list[tuple[str, str]]:
    """Where, and what is said."""
    told = [one for line in found.lines for one in line.faults] + found.loose
    return [(one.place, str(RegistryError(one.said[0], **one.said[1]))) for one in told]


def doubts(found: ComparedBook) -> list[str]:
    return [str(RegistryError(one.said[0], **one.said[1])) for line in found.lines for one in line.doubts]


def notes(found: ComparedBook) -> list[str]:
    return [str(RegistryError(template, **values)) for template, values in found.notes]


def differences(found: ComparedBook) -> list[tuple[str, str, Any, Any]]:
    return [(cell.kind.value, cell.of.code, cell.now, cell.given) for line in found.lines for cell in line.cells]


def case_of(number: str) -> Case:
    db.session.expire_all()
    return db.session.scalars(select(Case).where(Case.number == number)).one()


def count() -> int:
    return db.session.scalar(select(func.count(Case.id))) or 0


# -- out and back ---------------------------------------------------------------------------------
def test_what_went_out_comes_back_without_a_difference(city: CaseWorld) -> None:
    city.service("1000000", "0.01")
    city.service("33333.33", firm="=海丰县海潮检测有限公司")
    case = city.begun(CODE, ForWhom(firm=city.world.firm("海丰县（梅陇）数据有限公司")))
    hard = {"service": "评估", "legal_person": "00123 1E5 _x0041_ '甲"}
    entering.save(
        city.world.actor("haifeng"), case, hard, {"invoices": [invoice("00012345678901234567", "7", code="")]},
        seen=case.revision, at=NOW,
    )  # fmt: skip
    content = issued(city)
    for again in (content, changed(content)):
        found = compared(city, again)
        assert (differences(found), faults(found), doubts(found), notes(found), found.gone) == ([], [], [], [], [])
        assert [line.kind for line in found.lines] == [LineKind.SAME] * 3
    with pytest.raises(RegistryError, match="没有可以写入的内容"):
        written(city, content)


def test_every_kind_of_field_comes_back_without_a_difference(city: CaseWorld) -> None:
    case = city.begun("voucher-new-rd", ForWhom(institution=city.institution()))
    rows = {"equipment": [equipment(), equipment("SN-002", "0.50")]}
    values = {one.code: _filled(one) for one in case.kind.of_case}
    entering.save(city.world.actor("haifeng"), case, values, rows, seen=case.revision, at=NOW)
    found = compared(city, changed(issued(city, code="voucher-new-rd")), code="voucher-new-rd")
    assert (differences(found), faults(found)) == ([], [])


def _filled(field: Any) -> str:
    words = {
        "choice": field.choices[0] if field.choices else "",
        "yes_no": "是",
        "day": "2021-02-03",
        "long": "长" * 900,
    }
    return words.get(field.type.value, "1234.5" if field.type.value in ("yuan", "number") else "42")


@pytest.mark.office
@pytest.mark.slow
@pytest.mark.once
def test_saved_by_libreoffice(city: CaseWorld, convert: Callable[[Path, str], Path], tmp_path: Path) -> None:
    city.service("1000000", "0.01")
    path = tmp_path / "book.xlsx"
    path.write_bytes(issued(city))
    found = compared(city, convert(path, "xlsx").read_bytes())
    assert (differences(found), faults(found), notes(found)) == ([], [], [])


def test_sixty_new_cases_are_entered_at_once_and_stand_on_the_trail(city: CaseWorld) -> None:
    firms = [city.world.firm(f"海丰县第{number}软件有限公司") for number in range(60)]
    changes: list[Change] = []
    for number, firm in enumerate(firms):
        given = {"统一社会信用代码": firm.credit_code} if number % 2 else {}
        changes.append(new_case(firm.name, **given))
        changes += [new_invoice(firm.name, f"{number:04d}{one:04d}", 1000 + one) for one in range(2)]
    content = changed(issued(city), *changes)
    found = compared(city, content)
    assert (faults(found), len(found.of(LineKind.NEW))) == ([], 60)
    assert count() == 0
    assert written(city, content) == (60, 0)
    case = case_of("服务2021-0060")
    assert (case.applicant, case.values, len(case.rows["invoices"])) == ("海丰县第59软件有限公司", SERVICE, 2)
    assert case.rows["invoices"][1]["amount"] == "1001.00"
    assert case.firm_id == firms[59].id
    verbs = db.session.execute(
        select(TrailEntry.verb, func.count()).where(TrailEntry.subject_kind == "case_file").group_by(TrailEntry.verb)
    ).all()
    assert dict(verbs) == {"enter_case": 60, "edit_case": 60, "export": 1}  # type: ignore[arg-type]
    again = compared(city, content)
    assert len(again.of(LineKind.FAULTY)) == 60
    assert "完全相同" in faults(again)[0][1]


# -- three ways -----------------------------------------------------------------------------------
def test_what_only_the_file_changed_is_written_and_what_only_the_registry_changed_stays(city: CaseWorld) -> None:
    case = city.service("1000000")
    content = issued(city)
    entering.save(
        city.world.actor("haifeng2"), case, SERVICE | {"legal_person": "李新"}, case.rows, seen=case.revision, at=NOW
    )
    back = changed(content, put("事项", case.number, "服务类别", "评估"))
    assert differences(compared(city, back)) == [
        ("ours", "service", "检验检测", "评估"), ("theirs", "legal_person", "李新", "李新"),
    ]  # fmt: skip
    assert written(city, back) == (0, 1)
    assert case_of(case.number).values == SERVICE | {"service": "评估", "legal_person": "李新"}


@pytest.mark.parametrize("choice, outcome", [("given", "王海"), ("now", "李新")])
def test_what_both_changed_is_chosen(city: CaseWorld, choice: str, outcome: str) -> None:
    case = city.service("1000000")
    content = issued(city)
    entering.save(
        city.world.actor("haifeng2"), case, SERVICE | {"legal_person": "李新"}, case.rows, seen=case.revision, at=NOW
    )
    db.session.commit()
    back = changed(
        content, put("事项", case.number, "本单位法定代表人", "王海"), put("事项", case.number, "服务类别", "评估")
    )
    found = compared(city, back)
    (cell,) = found.lines[0].asking
    assert (cell.base, cell.now, cell.given, cell.place) == ("陈云谷", "李新", "王海", "事项!F5")
    with pytest.raises(RegistryError, match="还有 1 处没有选定"):
        written(city, back)
    db.session.rollback()
    assert written(city, back, choices={found.lines[0].name_of(cell): choice}) == (0, 1)
    assert case_of(case.number).values == SERVICE | {"service": "评估", "legal_person": outcome}


def test_a_list_is_compared_as_a_whole_whatever_the_order_of_its_rows(city: CaseWorld) -> None:
    case = city.service("1000000", "2000000")

    def turned(book: Workbook) -> None:
        sheet = book["发票"]
        first, second = ([cell.value for cell in sheet[row]] for row in (5, 6))
        for index, (one, other) in enumerate(zip(first, second, strict=True), 1):
            sheet.cell(5, index).value, sheet.cell(6, index).value = other, one

    content = issued(city)
    assert differences(compared(city, changed(content, turned))) == []
    back = changed(content, turned, put("发票", 5, "应由企业支付", 30))
    ((kind, code, _now, given),) = differences(compared(city, back))
    assert (kind, code, [row["amount"] for row in given]) == ("ours", "invoices", ["30.00", "1000000.00"])
    written(city, back)
    assert [row["amount"] for row in case_of(case.number).rows["invoices"]] == ["30.00", "1000000.00"]


def test_what_was_emptied_is_asked_about_and_a_case_that_is_gone_stays(city: CaseWorld) -> None:
    one, other = city.service("1000000"), city.service("5", firm="海丰县海潮检测有限公司")

    def emptied(book: Workbook) -> None:
        book["事项"].delete_rows(row_of(book["事项"], other.number))
        book["发票"].delete_rows(5, 2)

    found = compared(city, changed(issued(city), emptied, put("事项", one.number, "本单位法定代表人", None)))
    assert [(kind, code) for kind, code, _now, _given in differences(found)] == [
        ("asks", "legal_person"), ("asks", "invoices"),
    ]  # fmt: skip
    assert found.gone == [other.number]


def test_of_a_returned_case_only_what_came_back_may_change(city: CaseWorld) -> None:
    case = city.take(city.service("1000000"), "submit", "haifeng")
    city.take(case, "return", "science", cells={"legal_person": "与执照不符"})
    content = issued(city)
    sheet = openpyxl.load_workbook(io.BytesIO(content))["事项"]
    assert "与执照不符" in sheet.cell(5, column(sheet, "本单位法定代表人")).comment.text
    assert [sheet.cell(5, column(sheet, one)).protection.locked for one in ("编号", "服务类别", "本单位")] == [
        True, True, False,
    ]  # fmt: skip
    shut = changed(content, put("事项", case.number, "服务类别", "评估"), put("发票", 5, "应由企业支付", 9))
    assert faults(compared(city, shut)) == [
        ("事项!D5", "“服务类别”没有退回，不能修改。"), ("发票!5", "“发票”没有退回，不能修改。"),
    ]  # fmt: skip
    assert written(city, changed(content, put("事项", case.number, "本单位法定代表人", "陈云"))) == (0, 1)


def test_a_case_that_was_submitted_meanwhile_is_refused_only_where_it_differs(city: CaseWorld) -> None:
    case = city.service("1000000")
    content = issued(city)
    city.take(case, "submit", "haifeng")
    assert faults(compared(city, content)) == []
    ((_place, said),) = faults(compared(city, changed(content, put("事项", case.number, "服务类别", "评估"))))
    assert said == f"{case.number} 现在是“待主管部门审核”，内容不能再改。"


def test_nothing_is_written_once_something_moved_after_the_look(city: CaseWorld) -> None:
    case = city.service("1000000")
    kept = kept_of(changed(issued(city), put("事项", case.number, "服务类别", "评估")))
    file = bookdiff.read(edition().kind, kept)
    seen = bookdiff.compare(city.world.actor("haifeng"), edition(), file, kept).digest
    entering.save(
        city.world.actor("haifeng2"), case, SERVICE | {"legal_person": "李新"}, case.rows, seen=case.revision, at=NOW
    )
    with pytest.raises(RegistryError, match="核对之后又有变动"):
        books.write(city.world.actor("haifeng"), edition(), file, {}, kept=kept, seen=seen, at=NOW, on=TODAY)


# -- cells that are not taken ---------------------------------------------------------------------
@pytest.mark.parametrize(
    "sheet, heading, value, said",
    [
        ("事项", "服务类别", "检测", "不在可选范围内"),
        ("发票", "应由企业支付", "一百万", "不是数字"),
        ("发票", "应由企业支付", "120万元", "不是数字"),
        ("发票", "应由企业支付", 1.005, "小数位过多"),
        ("发票", "应由企业支付", -5, "超出范围"),
        ("发票", "应由企业支付", "=500+500", "没有结果"),
        ("发票", "开票日期", "8月12日", "不是日期"),
        ("发票", "发票号码", 123456789012345678, "末尾几位已经失真"),
        ("发票", "发票号码", "1.23E+19", "末尾几位已经失真"),
        ("事项", "本单位法定代表人", "陈\u202e云", "陈"),
    ],
)
def test_a_cell_that_cannot_be_read_is_told_with_its_place(
    city: CaseWorld, sheet: str, heading: str, value: Any, said: str
) -> None:
    city.service("1000000")
    place: list[str] = []

    def change(book: Workbook) -> None:
        cell = book[sheet].cell(5, column(book[sheet], heading))
        cell.value = value
        place.append(f"{sheet}!{cell.coordinate}")

    found = compared(city, changed(issued(city), change))
    assert [one for one, _said in faults(found)] == place
    assert said in faults(found)[0][1] or "字符" in faults(found)[0][1]
    assert found.writable == []


@pytest.mark.parametrize(
    "heading, value, stored",
    [
        ("应由企业支付", "１，２３４．５", "1234.50"),
        ("应由企业支付", "1,234.5", "1234.50"),
        ("开票日期", "2021年8月3日", "2021-08-03"),
        ("开票日期", "2021/8/3", "2021-08-03"),
        ("开票日期", "２０２１-０８-０３", "2021-08-03"),
        ("发票号码", 87654321, "87654321"),
    ],
)
def test_what_people_write_is_read_as_the_rest_of_the_registry_reads_it(
    city: CaseWorld, heading: str, value: Any, stored: str
) -> None:
    city.service("1000000")
    found = compared(city, changed(issued(city), put("发票", 5, heading, value)))
    assert faults(found) == []
    assert stored in found.lines[0].rows["invoices"][0].values()
    assert bool(doubts(found)) == isinstance(value, int)


@pytest.mark.parametrize("heading", ["应由企业支付的直接费用(万元)", "应由企业支付的直接费用_万元"])
def test_another_unit_in_the_heading_is_doubted_and_never_converted(city: CaseWorld, heading: str) -> None:
    firm = city.world.firm("海丰县海潮检测有限公司")
    city.service("1000000")

    def renamed(book: Workbook) -> None:
        book["发票"].cell(4, column(book["发票"], "应由企业支付")).value = heading

    content = changed(issued(city), renamed)
    assert (differences(compared(city, content)), faults(compared(city, content))) == ([], [])
    found = compared(city, changed(issued(city), new_case(firm.name), new_invoice(firm.name, "87654321", 100), renamed))
    ((place, said),) = faults(found)
    assert place.startswith("发票!")
    assert "表头写的单位是“万元”，本栏的单位是“元”，系统不换算" in said


def test_a_line_above_the_table_that_says_another_unit_is_doubted(city: CaseWorld) -> None:
    firm = city.world.firm("海丰县海潮检测有限公司")

    def stated(book: Workbook) -> None:
        book["发票"].cell(2, 1).value = "金额单位：万元"
        book["发票"].cell(4, column(book["发票"], "应由企业支付")).value = "应由企业支付的直接费用"

    found = compared(city, changed(issued(city), new_case(firm.name), new_invoice(firm.name, "87654321"), stated))
    assert "万元" in faults(found)[0][1]


def test_hidden_and_merged_rows_and_unknown_columns_and_sheets_are_told(city: CaseWorld) -> None:
    city.service("1000000", "2000000")

    def changes(book: Workbook) -> None:
        sheet = book["发票"]
        sheet.row_dimensions[5].hidden = True
        sheet.cell(4, sheet.max_column + 1).value = "备注"
        sheet.cell(5, sheet.max_column).value = "甲"
        book.create_sheet("我的表")["A1"] = "乙"
        sheet.merge_cells(start_row=5, end_row=6, start_column=5, end_column=5)

    found = compared(city, changed(issued(city), changes))
    assert notes(found) == [
        "“发票”表 K 列“备注”不是本簿的栏目，没有读取。",
        "“发票”表第 5 行在文件中被隐藏，系统照样读取。",
        "“我的表”表没有读取。",
    ]
    assert [said for _place, said in faults(found)] == [
        "单元格与上面的合并，不能判断属于哪一行；请取消合并，逐行填写。"
    ]


def test_columns_and_sheets_that_were_taken_out_change_nothing(city: CaseWorld) -> None:
    case = city.service("1000000")

    def cut(book: Workbook) -> None:
        book["事项"].delete_cols(column(book["事项"], "本单位法定代表人"))
        del book["发票"]

    found = compared(city, changed(issued(city), cut, put("事项", case.number, "服务类别", "评估")))
    assert differences(found) == [("ours", "service", "检验检测", "评估")]
    assert len(notes(found)) == 2

    def without_amount(book: Workbook) -> None:
        book["发票"].delete_cols(column(book["发票"], "应由企业支付"))

    found = compared(city, changed(issued(city), without_amount))
    assert differences(found) == []
    assert "整张表没有读取" in notes(found)[0]


# -- whose row ------------------------------------------------------------------------------------
def test_another_countys_case_is_as_unknown_as_one_that_is_none(city: CaseWorld) -> None:
    theirs = city.service("1000000", by="lufeng", firm="陆丰市海潮检测有限公司")
    mine = city.service("5", firm="海丰县云谷软件有限公司")
    content = issued(city)
    assert theirs.number.encode() not in content
    assert [line.applicant for line in compared(city, content).lines] == [mine.applicant]
    found = compared(
        city,
        changed(
            content, add("事项", 编号=theirs.number, 服务类别="评估"), add("事项", 编号="服务2021-9999", 服务类别="评估"),
            add("发票", 编号=theirs.number, 发票号码="1"),
        ),
    )  # fmt: skip
    said = [text.replace(theirs.number, "N").replace("服务2021-9999", "N") for _place, text in faults(found)]
    assert said == ["本单位没有编号为“N”的这一类事项；新登记的，“编号”留空。"] * 2
    assert theirs.applicant not in str(faults(found))
    with pytest.raises(FileRefused, match="其他单位的工作簿"):
        compared(city, content, by="lufeng")


def test_an_applicant_is_found_by_code_or_name_in_reach_or_the_row_is_refused(city: CaseWorld) -> None:
    world = city.world
    firm, far = world.firm("海丰县云谷软件有限公司"), world.firm("陆丰市海潮检测有限公司", by="lufeng")
    twins = [world.firm("海丰县双生软件有限公司"), world.firm("海丰县双生软件有限公司")]
    found = compared(
        city,
        changed(
            issued(city), new_case("", 统一社会信用代码=firm.credit_code), new_case(far.name), new_case(twins[0].name),
            new_case("海丰县另名软件有限公司", 统一社会信用代码=twins[0].credit_code),
            new_case("", 统一社会信用代码="91441521MA0000000X"), add("事项", 服务类别="评估"),
            new_case("", 统一社会信用代码=far.credit_code),
        ),
    )  # fmt: skip
    assert [line.applicant for line in found.of(LineKind.NEW)] == [firm.name]
    assert [said[:12] for _place, said in faults(found)] == [
        "在本单位看得到的名录中没", "不止一个单位叫“海丰县双", f"代码 {twins[0].credit_code}"[:12], "“91441521MA0",
        "没有填写申请单位。", "在本单位看得到的名录中没",
    ]  # fmt: skip
    assert far.name not in faults(found)[-1][1]


def test_institutions_and_bodies_that_are_in_no_directory(city: CaseWorld) -> None:
    city.institution("海上风电院士工作站", kind="academician")
    given = {"申请单位": "海上风电院士工作站", "工作站名称": "海上风电院士工作站"}
    back = changed(issued(city, code="voucher-workstation"), add("事项", **given))
    assert written(city, back, code="voucher-workstation") == (1, 0)
    assert db.session.scalars(select(Case.institution_id)).one()
    back = changed(
        issued(city, code="introduction", year=None), add("事项", 申请单位="深圳某科技公司", 服务类别="其他高技术服务")
    )
    assert doubts(compared(city, back, code="introduction")) == ["名录中没有这个单位，按“其他单位”登记。"]
    assert written(city, back, code="introduction") == (1, 0)
    case = db.session.scalars(select(Case).where(Case.code == "introduction")).one()
    assert (case.applicant, case.body) == ("深圳某科技公司", {"name": "深圳某科技公司"})


def test_rows_of_no_case_and_rows_that_slipped_are_told(city: CaseWorld) -> None:
    case = city.service("1000000")
    content = issued(city)
    found = compared(
        city,
        changed(
            content, add("发票", 发票号码="1"), add("发票", 编号="服务2021-0009", 发票号码="1"),
            add("发票", 申请单位="海丰县无此公司", 发票号码="1"),
        ),
    )  # fmt: skip
    assert [said[:10] for _place, said in faults(found)] == [
        "没有填写编号或申请单",
        "“事项”表中没有编号",
        "“事项”表新登记的行",
    ]
    assert found.writable == []
    slipped = changed(
        content,
        put("事项", case.number, "申请单位", "海丰县别家公司"),
        put("事项", case.number, "统一社会信用代码", None),
    )
    assert "可能只排序了部分列" in faults(compared(city, slipped))[0][1]
    renamed = changed(content, put("事项", case.number, "申请单位", "海丰县新名公司"))
    assert faults(compared(city, renamed)) == [
        ("事项!B5", "“申请单位”不能在工作簿里修改，请改回“海丰县云谷软件有限公司”。")
    ]


def test_what_stands_twice_in_the_file(city: CaseWorld) -> None:
    case, firm = city.service("1000000"), city.world.firm("海丰县海潮检测有限公司")
    found = compared(
        city, changed(issued(city), add("事项", 编号=case.number), new_case(firm.name), new_case(firm.name))
    )
    assert [said[:12] for _place, said in faults(found)] == [
        "与第 6 行编号相同，两", "与第 5 行编号相同，两", "与第 8 行是同一申请单", "与第 7 行是同一申请单",
    ]  # fmt: skip


def test_an_invoice_that_another_case_uses_is_told_with_that_cases_number(city: CaseWorld) -> None:
    used = city.service(rows=[invoice("12345678", "1000000")])
    city.take(used, "submit", "haifeng")
    firm = city.world.firm("海丰县海潮检测有限公司")
    back = changed(
        issued(city), new_case(firm.name), new_invoice(firm.name, "12345678"), new_invoice(firm.name, "12345678")
    )
    said = doubts(compared(city, back))
    assert [used.number in one for one in said] == [True, True, False]
    assert "同一凭证只能使用一次" in said[2]
    elsewhere = city.service(by="lufeng", firm="陆丰市海潮检测有限公司", rows=[invoice("99999999", "10")])
    city.take(elsewhere, "submit", "lufeng")
    said = doubts(compared(city, changed(issued(city), new_case(firm.name), new_invoice(firm.name, "99999999"))))
    assert elsewhere.number in said[0]
    assert elsewhere.applicant not in said[0]


def test_a_second_case_of_an_applicant_is_doubted_and_an_equal_one_refused(city: CaseWorld) -> None:
    city.service(rows=[invoice("12345678", "1000.00")])
    name = "海丰县云谷软件有限公司"
    same = changed(issued(city), new_case(name), new_invoice(name, "12345678", 1000))
    assert "完全相同" in faults(compared(city, same))[0][1]
    other = compared(city, changed(issued(city), new_case(name), new_invoice(name, "87654321", 1000)))
    assert (faults(other), doubts(other)[0][:9]) == ([], "该单位本类已有 服")


# -- whole files ----------------------------------------------------------------------------------
@pytest.mark.once
def test_files_that_are_none_of_ours_are_refused(city: CaseWorld) -> None:
    book = Workbook()
    book.active["A1"] = "编号"
    saved = io.BytesIO()
    book.save(saved)
    for content, said in (
        (saved.getvalue(), "没有底稿"), ("编号,申请单位\n1,甲\n".encode(), "没有底稿"), (b"%PDF-1.4", "不是表格"),
        (issued(city, code="voucher-platform"), "另一类事项"),
    ):  # fmt: skip
        with pytest.raises(FileRefused, match=said):
            compared(city, content)
    with pytest.raises(RegistryError):
        keptbooks.keep([b"x"], "统计联网直报平台导出.xlsx")


def test_a_case_of_the_other_year_is_no_case_of_this_workbook(city: CaseWorld) -> None:
    old = city.service("1000000", cohort=city.cohorts[2020])
    content = issued(city)
    assert compared(city, content).lines == []
    found = compared(city, changed(content, add("事项", 编号=old.number, 服务类别="评估")))
    assert faults(found) == [("事项!5", f"{old.number} 是另一补助年度的，不能在本簿中修改。")]


# -- pages ----------------------------------------------------------------------------------------
@pytest.fixture
def clerk(app: Flask, city: CaseWorld) -> FlaskClient:
    db.session.commit()
    return signed_in(app, "haifeng")


def at(part: str = "", code: str = CODE) -> str:
    return f"/cases/books/{edition(code).id}{part}"


def send(client: FlaskClient, path: str, data: dict[str, Any]) -> Any:
    """A form of the page of the workbook, with its tokens."""
    page = client.get(at()).get_data(as_text=True)
    key = re.findall(r'name="form_key" value="([^"]+)"', page)[0]
    return post(client, path, {"form_key": key, **data}, page=at())


def test_a_clerk_takes_fills_brings_looks_and_confirms(clerk: FlaskClient, city: CaseWorld, app: Flask) -> None:
    case, firm = city.service("1000000"), city.world.firm("海丰县海潮检测有限公司")
    db.session.commit()
    assert at() in clerk.get("/cases").get_data(as_text=True)
    answer = send(clerk, at("/file"), {"cohort": str(city.cohorts[2021].id)})
    assert answer.status_code == 200
    content = changed(
        answer.get_data(), put("事项", case.number, "服务类别", "评估"), put("事项", case.number, "本单位法定代表人", None),
        new_case(firm.name), new_invoice(firm.name, "87654321"), new_case("海丰县无此公司"),
    )  # fmt: skip
    answer = send(clerk, at("/return"), {"file": (io.BytesIO(content), "填好.xlsx")})
    assert answer.status_code == 302, answer.get_data(as_text=True)
    page = clerk.get(answer.location).get_data(as_text=True)
    for text in ("新登记：1 件", "修改：1 处", "需要选定：1 处", "不写入的行：1 行", "海丰县无此公司", "确认写入 2 件"):
        assert text in page
    sealed, seen = (re.findall(rf'name="{name}"[^>]*value="([^"]+)"', page)[0] for name in ("file", "seen"))
    held = {"file": unescape(sealed), "seen": seen}
    refused = send(clerk, at("/confirm"), held)
    assert refused.status_code == 422
    assert "还有 1 处没有选定" in refused.get_data(as_text=True)
    assert count() == 1
    done = send(clerk, at("/confirm"), held | {"choice-5-legal_person": "now"})
    assert done.status_code == 302, done.get_data(as_text=True)
    page = clerk.get(done.location).get_data(as_text=True)
    assert "已登记 1 件，修改 1 件" in page
    assert "营业执照" in page
    assert case_of(case.number).values == SERVICE | {"service": "评估"}
    assert list((app.config["UPLOADS"] / "case-books").iterdir()) == []
    again = send(clerk, at("/confirm"), held | {"choice-5-legal_person": "now"})
    assert again.status_code == 422
    assert "已不在服务器上" in again.get_data(as_text=True)
    assert count() == 2


def test_what_is_given_up_is_gone(clerk: FlaskClient, city: CaseWorld, app: Flask) -> None:
    answer = send(clerk, at("/return"), {"file": (io.BytesIO(issued(city)), "x.xlsx")})
    page = clerk.get(answer.location).get_data(as_text=True)
    assert "文件与系统一致" in page
    sealed = re.findall(r'name="file" value="([^"]+)"', page)[0]
    assert send(clerk, at("/discard"), {"file": unescape(sealed)}).status_code == 302
    assert list((app.config["UPLOADS"] / "case-books").iterdir()) == []


def test_a_file_that_is_refused_says_why_and_is_not_kept(clerk: FlaskClient, app: Flask) -> None:
    answer = send(clerk, at("/return"), {"file": (io.BytesIO(b"%PDF-1.4 x"), "x.xlsx")})
    assert answer.status_code == 422
    assert "不是表格" in answer.get_data(as_text=True)
    assert list((app.config["UPLOADS"] / "case-books").iterdir()) == []


def test_who_enters_no_case_of_the_kind_finds_no_page_and_nobody_anothers_upload(
    app: Flask, clerk: FlaskClient, city: CaseWorld
) -> None:
    answer = send(clerk, at("/return"), {"file": (io.BytesIO(issued(city)), "x.xlsx")})
    assert clerk.get(answer.location).status_code == 200
    for name in ("haifeng2", "lufeng", "leader", "industry"):
        other = app.test_client()
        sign_in(other, name)
        assert other.get(answer.location).status_code == 404
    assert clerk.get(at("/preview")).status_code == 404
    assert clerk.get(at(code="objection")).status_code == 404
    assert signed_in(app, "leader").get(at()).status_code == 404

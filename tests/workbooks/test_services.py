"""A workbook goes out, is filled in, comes back: three values of every cell, and nothing is lost on the way."""

from __future__ import annotations

import io
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from sqlalchemy import select

from registry.base import turns
from registry.base.errors import RegistryError
from registry.base.extensions import db
from registry.base.periods import Period
from registry.base.vocabulary import FigureKind, FigureSource, Stage
from registry.claims.services import claiming
from registry.entries.services import entries
from registry.figures.models import Figure
from registry.figures.services import recording
from registry.firms.models.firms import Firm
from registry.people.queries import people
from registry.proposals.models import Proposal
from registry.proposals.services import reviews
from registry.sheets.columns import TEMPLATE_SHEET
from registry.trail.models import TrailEntry
from registry.workbooks import jobs
from registry.workbooks.models import IssuedWorkbook, WorkbookReturn
from registry.workbooks.rules import ReturnState
from registry.workbooks.services import applying, issuing
from tests.workbooks.filled import cells, changed, column_of, confirmed, counted, issued, put, row_of, said, sent, told
from tests.world import NOW, TODAY, World

SEPTEMBER = "2021年1-9月营业收入(万元)"
AUGUST = "2021年1-8月营业收入(万元)"
REASON = "更正理由"


@pytest.fixture
def lead(world: World) -> Firm:
    firm = world.firm("海丰县云谷软件有限公司", activity="软件开发")
    world.figure(firm, "931.21", period="2021-08")
    db.session.commit()
    return firm


def revenue(firm: Firm, month: int) -> list[tuple[Decimal, str, str]]:
    """Every revision of a month: amount, source, reason."""
    rows = select(Figure).where(Figure.firm_id == firm.id, Figure.kind == FigureKind.REVENUE, Figure.month == month)
    found = db.session.scalars(rows.order_by(Figure.revision)).unique()
    return [(figure.amount, figure.source, figure.reason) for figure in found]


def sheet_of(content: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(content))[TEMPLATE_SHEET]


# -- what is issued -----------------------------------------------------------------------------------
def test_the_workbook_holds_what_is_held_and_says_how_many_cells_are_spared(world: World, lead: Firm) -> None:
    content = issued()
    sheet = sheet_of(content)
    row = row_of(sheet, lead.name)
    assert sheet.cell(row, column_of(sheet, AUGUST)).value == 931.21
    assert sheet.cell(row, column_of(sheet, SEPTEMBER)).value is None
    book = db.session.scalars(select(IssuedWorkbook)).one()
    # 27 months of figures and 17 fields; held: a figure and eleven fields
    held = [key for key in book_row(book)["open"] if book_row(book)["values"][key] is not None]
    assert (book.spared, book.asked) == (len(held), len(book_row(book)["open"]) - len(held))
    assert (
        sheet["B3"].value == f"本簿共 {book.asked + book.spared} 格，已有 {book.spared} 格免填，待填 {book.asked} 格。"
    )


def book_row(book: IssuedWorkbook) -> dict[str, Any]:
    from registry.workbooks import queries

    row = queries.rows_of(book)[0]
    return {"open": row.open, "values": row.values, "marks": row.marks}


def test_a_workbook_holds_only_the_offices_own_firms_that_are_open_to_it(world: World, lead: Firm) -> None:
    world.submitted("海丰县已提名软件有限公司")
    world.firm("陆丰市邻县软件有限公司", by="lufeng")
    listed = world.admitted("海丰县梅陇数据有限公司")
    returned = world.under_review("海丰县公平软件有限公司")
    reviews.send_back(
        world.actor("industry"), returned, reason_code="R02", cells={"industry": "请核对", "documents": "补利润表"},
        note="", at=NOW, on=TODAY,
    )  # fmt: skip
    sheet = sheet_of(issued())
    column = column_of(sheet, "企业名称")
    names = [sheet.cell(number, column).value for number in range(5, sheet.max_row + 1)]
    assert names == [returned.firm.name, lead.name, listed.name, *[None] * issuing.SPARE_ROWS]


def test_of_a_returned_case_only_the_marked_cells_are_open_and_the_note_is_on_them(world: World) -> None:
    case = world.under_review("海丰县公平软件有限公司")
    marks = {"industry": "请核对小类", "documents": "补利润表"}
    reviews.send_back(world.actor("industry"), case, reason_code="R02", cells=marks, note="", at=NOW, on=TODAY)
    sheet = sheet_of(issued())
    row = row_of(sheet, case.firm.name)
    industry = sheet.cell(row, column_of(sheet, "行业代码"))
    assert (industry.protection.locked, industry.comment.text) == (False, "退回意见：请核对小类")
    assert sheet.cell(row, column_of(sheet, "注册地址")).protection.locked is True
    # a paper was sent back, so figures are open too
    assert sheet.cell(row, column_of(sheet, SEPTEMBER)).protection.locked is False
    assert sheet.cell(row, column_of(sheet, "阶段和退回意见")).value == "退回补正；退回：行业代码、材料请在网页上补正"
    assert sheet.protection.sheet is True


def test_contacts_are_in_no_workbook_unless_asked_for_and_asking_is_recorded(world: World, lead: Firm) -> None:
    assert "13800135678" not in str([[cell.value for cell in row] for row in sheet_of(issued())])
    assert "13800135678" in str([[cell.value for cell in row] for row in sheet_of(issued(contacts=True))])
    acts = db.session.scalars(select(TrailEntry).where(TrailEntry.verb == "issue_workbook").order_by(TrailEntry.seq))
    assert [act.after["contacts"] for act in acts if act.after] == [False, True]


def test_the_same_issue_is_the_same_file_whenever_it_is_taken(world: World, lead: Firm) -> None:
    content = issued()
    entries.edit(world.actor("haifeng"), lead, {"activity": "别的业务"}, at=NOW, on=TODAY)
    again = io.BytesIO()
    issuing.write(db.session.scalars(select(IssuedWorkbook)).one(), again)
    assert again.getvalue() == content


def test_a_month_that_is_not_over_is_asked_for_by_nobody(world: World, lead: Firm) -> None:
    with pytest.raises(RegistryError):
        issued(month="2021-10")


def test_an_office_without_firms_gets_a_workbook_with_room_for_new_ones(world: World) -> None:
    sheet = sheet_of(issued(by="luhe"))
    assert sheet.max_row == 4 + issuing.SPARE_ROWS
    row = sent(issued(by="luhe"), by="luhe")
    assert (row.state, cells(row), row.batch_id) == (ReturnState.EQUAL, [], None)


# -- the three-way diff -------------------------------------------------------------------------------
def test_an_untouched_workbook_changes_nothing(world: World, lead: Firm) -> None:
    world.firm(
        "海丰县星河数据有限公司", town="441521101", capital=Decimal("1234567.89"), capital_currency="USD",
        legal_form="limited", taxpayer_kind="general", employees=42, activity="应用软件开发；集成", door="monthly",
        qualifications="CMA；ISO9001", issue="缺场地",
    )  # fmt: skip
    world.admitted("=海丰县梅陇数据有限公司")
    row = sent(issued(contacts=True))
    assert (row.state, counted(row)) == (ReturnState.EQUAL, {"rows": 3, "same": 3})


def test_what_only_the_file_changed_is_clean_and_is_written(world: World, lead: Firm) -> None:
    content = changed(issued(), put(lead, SEPTEMBER, 1050.5), put(lead, "主营业务", "应用软件开发"))
    row = sent(content)
    assert told(row) == [("clean", "revenue_2021_09", "10505000.00"), ("clean", "activity", "应用软件开发")]
    assert (lead.activity, revenue(lead, 9)) == ("软件开发", [])
    row = confirmed(row)
    assert (row.state, counted(row)["applied"]) == (ReturnState.APPLIED, 2)
    assert (lead.activity, revenue(lead, 9)) == ("应用软件开发", [(Decimal(10505000), FigureSource.WORKBOOK, "")])
    # without its statement September is unproven: the proven August stays the year to date
    assert (lead.revenue_to_date, lead.to_month) == (Decimal("9312100.00"), 8)
    verbs = list(db.session.scalars(select(TrailEntry.verb).order_by(TrailEntry.seq)))
    assert verbs[-3:] == ["edit", "record_figure", "apply_workbook"]


def test_what_both_changed_is_asked_about_and_nothing_is_preselected(world: World, lead: Firm) -> None:
    content = changed(issued(), put(lead, "主营业务", "文件里的业务"))
    entries.edit(world.actor("haifeng2"), lead, {"activity": "系统里的业务"}, at=NOW, on=TODAY)
    row = sent(content)
    (cell,) = cells(row)
    assert (cell.kind, cell.choice, cell.values) == (
        "conflict",
        "",
        {"issued": "软件开发", "now": "系统里的业务", "given": "文件里的业务", "because": None},
    )
    with pytest.raises(RegistryError):
        confirmed(row)
    row = confirmed(row, activity="now")
    assert (row.state, lead.activity, cells(row)[0].outcome) == (ReturnState.APPLIED, "系统里的业务", "kept")


def test_the_files_value_wins_where_it_is_chosen(world: World, lead: Firm) -> None:
    content = changed(issued(), put(lead, "主营业务", "文件里的业务"))
    entries.edit(world.actor("haifeng2"), lead, {"activity": "系统里的业务"}, at=NOW, on=TODAY)
    confirmed(sent(content), activity="given")
    assert lead.activity == "文件里的业务"


def test_what_both_changed_alike_is_agreed(world: World, lead: Firm) -> None:
    content = changed(issued(), put(lead, "主营业务", "新业务"))
    entries.edit(world.actor("haifeng2"), lead, {"activity": "新业务"}, at=NOW, on=TODAY)
    row = sent(content)
    assert (row.state, told(row)) == (ReturnState.EQUAL, [("agreed", "activity", "新业务")])


def test_two_clerks_workbooks_of_one_issue_merge(world: World, lead: Firm) -> None:
    content = issued()
    first = confirmed(sent(changed(content, put(lead, SEPTEMBER, 1000))))
    second = sent(changed(content, put(lead, SEPTEMBER, 1001), put(lead, REASON, "见更正的报表")), by="haifeng2")
    third = sent(changed(content, put(lead, "主营业务", "集成")), by="haifeng2")
    assert (first.state, told(second)) == (ReturnState.APPLIED, [("conflict", "revenue_2021_09", "10010000.00")])
    assert cells(second)[0].values["now"] == "10000000.00"
    assert told(third) == [("clean", "activity", "集成")]
    confirmed(second, by="haifeng2", revenue_2021_09="given")
    confirmed(third, by="haifeng2")
    assert revenue(lead, 9)[-1] == (Decimal(10010000), FigureSource.WORKBOOK, "见更正的报表")
    assert lead.activity == "集成"


def test_a_cell_that_moves_between_preview_and_confirmation_is_asked_again_and_nothing_is_written(
    world: World, lead: Firm
) -> None:
    row = sent(changed(issued(), put(lead, SEPTEMBER, 1000), put(lead, "主营业务", "文件里的业务")))
    entries.edit(world.actor("haifeng2"), lead, {"activity": "系统里的业务"}, at=NOW, on=TODAY)
    db.session.commit()
    row = confirmed(row)
    assert row.state == ReturnState.COMPARED
    assert (
        row.message % row.message_values
        == "核对之后，有 1 格又有变动，没有写入任何内容。请按现在的值重新选择后再确认。"
    )
    assert (counted(row)["clean"], counted(row)["conflict"], revenue(lead, 9)) == (1, 1, [])
    row = confirmed(row, activity="given")
    assert (row.state, lead.activity, len(revenue(lead, 9))) == (ReturnState.APPLIED, "文件里的业务", 1)


def test_a_firm_that_went_to_review_meanwhile_is_left_alone(world: World, lead: Firm) -> None:
    row = sent(changed(issued(), put(lead, "主营业务", "新业务"), put(lead, SEPTEMBER, 1000)))
    from registry.proposals.services import proposals

    proposals.submit(world.actor("haifeng"), lead, at=NOW, on=TODAY)
    db.session.commit()
    row = confirmed(row)
    assert (row.state, counted(row)["refused"], lead.activity) == (ReturnState.COMPARED, 2, "软件开发")
    again = sent(changed(issued_before(row), put(lead, "主营业务", "新业务")))
    assert said(again) == ["该企业现在的阶段是“已提名”，不能修改主营业务"]


def issued_before(row: WorkbookReturn) -> bytes:
    assert row.workbook is not None
    stream = io.BytesIO()
    issuing.write(row.workbook, stream)
    return stream.getvalue()


# -- what is refused ----------------------------------------------------------------------------------
def test_a_correction_needs_its_reason_in_the_row(world: World, lead: Firm) -> None:
    content = issued()
    row = sent(changed(content, put(lead, AUGUST, 900)))
    assert said(row) == ["更正在库企业的资料或已登记的数，请在本行“更正理由”栏写明理由"]
    row = confirmed(sent(changed(content, put(lead, AUGUST, 900), put(lead, REASON, "照更正后的利润表"))))
    assert revenue(lead, 8)[-1] == (Decimal(9000000), FigureSource.WORKBOOK, "照更正后的利润表")


def test_a_listed_firm_is_corrected_with_a_reason_and_keeps_its_name(world: World) -> None:
    firm = world.admitted("海丰县梅陇数据有限公司")
    content = issued()
    row = sent(changed(content, put(firm, "主营业务", "集成"), put(firm, REASON, "见新营业执照")))
    assert told(row) == [("clean", "activity", "集成")]
    confirmed(row)
    assert firm.activity == "集成"
    renamed = sent(changed(content, put(firm, "企业名称", "海丰县梅陇科技有限公司")))
    assert [(cell.kind, cell.field) for cell in cells(renamed)] == [("refused", "name")]


def test_of_a_returned_case_only_the_marked_cells_are_taken(world: World) -> None:
    case = world.under_review("海丰县公平软件有限公司", activity="软件开发")
    reviews.send_back(
        world.actor("industry"), case, reason_code="R02", cells={"industry": "请核对"}, note="", at=NOW, on=TODAY
    )  # fmt: skip
    changes = (put(case.firm, "行业代码", "6520"), put(case.firm, "主营业务", "集成"), put(case.firm, SEPTEMBER, 1600))
    row = sent(changed(issued(), *changes))
    assert [(cell.kind, cell.field) for cell in cells(row)] == [
        ("refused", "revenue_2021_09"), ("clean", "industry"), ("refused", "activity"),
    ]  # fmt: skip
    assert said(row) == ["该企业现在不能登记2021年1-9月营业收入", "主营业务未被退回，不能修改"]
    confirmed(row)
    assert (case.firm.industry, case.firm.activity) == ("6520", "软件开发")


def test_of_a_returned_case_what_submitting_requires_and_is_empty_is_taken_too(world: World) -> None:
    case = world.under_review("海丰县公平软件有限公司", activity="软件开发")
    reviews.send_back(
        world.actor("industry"), case, reason_code="R02", cells={"industry": "请核对"}, note="", at=NOW, on=TODAY
    )  # fmt: skip
    case.firm.activity = ""
    db.session.commit()
    content = issued()
    row_number = row_of(sheet_of(content), case.firm.name)
    activity = sheet_of(content).cell(row_number, column_of(sheet_of(content), "主营业务"))
    assert activity.protection.locked is False
    row = sent(changed(content, put(case.firm, "主营业务", "集成"), put(case.firm, "注册地址", "海丰县新路1号")))
    assert [(cell.kind, cell.field) for cell in cells(row)] == [
        ("refused", "registered_address"),
        ("clean", "activity"),
    ]
    confirmed(row)
    assert case.firm.activity == "集成"


@pytest.mark.parametrize(
    "heading, value, sentence",
    [
        (SEPTEMBER, "约一千万", "2021年1-9月营业收入“约一千万”不是确定的金额，请填数字，不要填约数或区间"),
        (SEPTEMBER, -5, "2021年1-9月营业收入“-5”是负数，请核对"),
        ("成立日期", "前年", "成立日期“前年”不是日期，请按 2019-05-20 的格式填写"),
        ("成立日期", "2031-01-01", "成立日期 2031-01-01 在今天之后，请核对"),
        ("行业代码", "软件", "行业代码“软件”里没有行业代码，按未填处理；请补填4位小类代码，如 6513"),
        ("乡镇街道", "天涯镇", "乡镇街道“天涯镇”不是本市的乡镇、街道，没有采用"),
        ("所属县区", "陆丰市", "所属县区“陆丰市”不在本单位管辖范围内，请核对"),
        ("2021年9月期末从业人员", 3.5, "2021年9月期末从业人员“3.5”不是整数，请填整数"),
        (AUGUST, None, "已登记的数不能清空；登记有误的，请填正确的数并写明更正理由"),
        (SEPTEMBER, "=1000+50", "2021年1-9月营业收入是公式，请改成数值：复制后用“选择性粘贴—数值”粘贴回原处"),
        ("统一社会信用代码", 9.14415e17, "统一社会信用代码被存成了数字，超过15位的部分已丢失；请把单元格设为文本，照营业执照重新填写"),
        ("企业名称", "海丰县别的软件有限公司", "企业名称是锁定的标识列，不能在工作簿里修改；名称、代码有变化的，请在企业档案里办理"),
    ],
)  # fmt: skip
def test_what_cannot_be_taken_says_why(world: World, lead: Firm, heading: str, value: Any, sentence: str) -> None:
    row = sent(changed(issued(), put(lead, heading, value)))
    assert ([cell.kind for cell in cells(row)], said(row)) == (["refused"], [sentence])


def test_masked_contacts_are_refused_and_their_absence_changes_nothing(world: World, lead: Firm) -> None:
    row = sent(changed(issued(contacts=True), put(lead, "电话", "138****5678")))
    assert said(row) == ["电话是隐去部分内容的，不能导入；请填完整内容，或删去这一列"]
    row = confirmed(sent(changed(issued(contacts=True), put(lead, "电话", "13900139000"))))
    assert lead.contact_phone == "13900139000"
    assert cells(row)[0].values["given"] == "139****9000"


def test_an_emptied_cell_is_asked_about(world: World, lead: Firm) -> None:
    row = sent(changed(issued(), put(lead, "主营业务", None)))
    assert ([cell.kind for cell in cells(row)], said(row)) == (["conflict"], ["文件里清空了这一格，请选择清空还是保留"])
    confirmed(row, activity="given")
    assert lead.activity == ""


def test_a_code_that_is_missing_is_filled_in_and_a_faulty_one_is_not(world: World) -> None:
    firm = world.firm("海丰县无码软件有限公司", credit_code=None, no_code_reason="正在办理")
    content = issued()
    bad = sent(changed(content, put(firm, "统一社会信用代码", "91441521MA000001X")))
    assert [(cell.kind, cell.field) for cell in cells(bad)] == [("refused", "credit_code")]
    from tests.world import credit_code

    confirmed(sent(changed(content, put(firm, "统一社会信用代码", credit_code(77)))))
    assert (firm.credit_code, firm.no_code_reason) == (credit_code(77), "")


def test_a_code_that_another_firm_holds_stops_the_whole_and_names_the_cell(world: World) -> None:
    other = world.firm("陆丰市邻县软件有限公司", by="lufeng")
    firm = world.firm("海丰县无码软件有限公司", credit_code=None, no_code_reason="正在办理")
    row = sent(changed(issued(), put(firm, "统一社会信用代码", other.credit_code), put(firm, SEPTEMBER, 1000)))
    row = confirmed(row)
    assert (row.state, counted(row)["refused"], counted(row)["clean"]) == (ReturnState.COMPARED, 1, 1)
    assert revenue(firm, 9) == []
    assert confirmed(row).state == ReturnState.APPLIED
    assert (firm.credit_code, len(revenue(firm, 9))) == (None, 1)


def test_a_large_workbook_is_written_in_turns_and_what_moves_meanwhile_is_asked_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = world.firm("陆丰市邻县软件有限公司", by="lufeng")
    made = [world.firm(f"海丰县第{n}软件有限公司", credit_code=None, no_code_reason="正在办理") for n in "一二三四五"]
    changes = [put(firm, "主营业务", "文件里的业务") for firm in made]
    row = sent(changed(issued(), *changes, put(made[3], "统一社会信用代码", other.credit_code)))
    monkeypatch.setattr(turns, "LEAST", 1)
    monkeypatch.setattr(turns, "MOST", 1)
    commits: list[int] = []

    def meanwhile(seconds: float) -> None:
        """A colleague edits the third firm while the second turn rests."""
        commits.append(len(commits))
        if len(commits) == 2:
            entries.edit(world.actor("haifeng2"), made[2], {"activity": "系统里的业务"}, at=NOW, on=TODAY)
            db.session.commit()

    monkeypatch.setattr(turns, "_rest", meanwhile)
    monkeypatch.setattr(turns, "AIM", 0.0)
    row = confirmed(row)
    assert [firm.activity for firm in made] == [
        "文件里的业务", "文件里的业务", "系统里的业务", "软件开发和信息技术服务", "文件里的业务",
    ]  # fmt: skip
    assert row.state == ReturnState.COMPARED
    assert row.message % row.message_values == (
        "已写入 3 格；另有 3 格写入时又有变动或不能写入，没有采用。请按现在的值核对后再确认。"
    )
    assert {(cell.firm_id, cell.field, cell.kind) for cell in cells(row) if cell.kind != "agreed"} == {
        (made[2].id, "activity", "conflict"),
        (made[3].id, "activity", "clean"),
        (made[3].id, "credit_code", "clean"),
    }
    act = db.session.scalars(select(TrailEntry).where(TrailEntry.verb == "apply_workbook")).one()
    assert act.after == {"applied": 3, "kept": 0, "withdrawn": 0, "left": 3}


def test_a_writing_that_died_goes_on_with_what_is_left(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    made = [world.firm(f"海丰县第{n}软件有限公司") for n in "一二三"]
    row = sent(changed(issued(), *(put(firm, "主营业务", "文件里的业务") for firm in made)))
    number, by = row.id, world.user("haifeng").id
    row.state, row.applied_by_id = ReturnState.APPLYING, by
    db.session.commit()
    pace = turns.Pace(1)
    application = applying.Application(row, world.actor("haifeng"), at=NOW, on=TODAY)
    next(application.turns(pace))
    db.session.commit()  # and here it died
    db.session.rollback()
    jobs.apply(number)
    row = db.session.get_one(WorkbookReturn, number)
    assert (row.state, counted(row)["applied"]) == (ReturnState.APPLIED, 3)
    history = select(TrailEntry).where(TrailEntry.verb == "edit", TrailEntry.subject_kind == "firm")
    assert len(db.session.scalars(history).all()) == 3


def test_odd_figures_are_warned_of_beside_the_others_of_the_row(world: World, lead: Firm) -> None:
    row = sent(changed(issued(), put(lead, "2021年1-7月营业收入(万元)", 800), put(lead, SEPTEMBER, 10500000)))
    warned = {cell.field: [one["template"] % one["values"] for one in cell.warnings] for cell in cells(row)}
    assert warned["revenue_2021_07"] == []
    assert warned["revenue_2021_09"] == [
        "约为按 2021-08 的 931.21 万元 推算的一万倍，像是把元当成了万元",
        "是四上标准 2,000.00 万元 的 5250 倍，请核对单位是元还是万元",
    ]
    assert [cell.kind for cell in cells(row)] == ["clean", "refused"]  # until the row gives its reason
    falling = sent(changed(issued(), put(lead, SEPTEMBER, 120)))
    assert [one["template"] % one["values"] for one in cells(falling)[0].warnings] == [
        "低于 2021-08 的累计数 931.21 万元；累计数一般只增不减，请核对是否填成了当月数"
    ]


# -- rows that are gone, added, or not ours -----------------------------------------------------------
def test_a_deleted_row_is_asked_about_and_never_deleted(world: World, lead: Firm) -> None:
    case = world.under_review("海丰县公平软件有限公司")
    reviews.send_back(
        world.actor("industry"), case, reason_code="R02", cells={"industry": "请核对"}, note="", at=NOW, on=TODAY
    )  # fmt: skip
    content = changed(
        issued(),
        lambda sheet: sheet.delete_rows(row_of(sheet, lead.name)),
        lambda sheet: sheet.delete_rows(row_of(sheet, case.firm.name)),
    )
    row = sent(content)
    assert [(cell.kind, cell.firm_id, cell.values["withdraw"]) for cell in cells(row)] == [
        ("missing", case.firm.id, True), ("missing", lead.id, False),
    ]  # fmt: skip
    kept = confirmed(row, row="keep")
    assert (kept.state, case.firm.stage, lead.stage) == (ReturnState.APPLIED, Stage.RETURNED, Stage.LEAD)
    confirmed(sent(content), row="withdraw")
    assert (case.firm.stage, lead.stage, lead.voided_at) == (Stage.WITHDRAWN, Stage.LEAD, None)
    assert db.session.get_one(Proposal, case.id).outcome == "withdrawn"


def test_an_old_workbook_is_known_again(world: World, lead: Firm) -> None:
    old = issued(month="2020-12")
    issued()
    row = sent(changed(old, put(lead, "2020年1-12月营业收入(万元)", 880)))
    assert told(row) == [("clean", "revenue_2020_12", "8800000.00")]
    confirmed(row)
    held = select(Figure.year, Figure.month).where(Figure.firm_id == lead.id, Figure.year == 2020)
    assert db.session.execute(held).all() == [(2020, 12)]


def test_another_offices_workbook_is_refused_and_tells_nothing(world: World, lead: Firm) -> None:
    content = issued()
    row = sent(content, by="lufeng")
    token = db.session.scalars(select(IssuedWorkbook.token)).one()
    assert (row.state, row.workbook_id, cells(row)) == (ReturnState.REFUSED, None, [])
    assert row.message % row.message_values == (
        f"本单位没有签发过编号为 {token} 的工作簿。请核对是否拿错了文件；只有签发单位的人员可以交回。"
    )


def test_a_firm_that_went_to_another_office_is_left_alone(world: World, lead: Firm) -> None:
    content = changed(issued(), put(lead, "主营业务", "新业务"))
    claim = claiming.claim(world.actor("lufeng"), lead, people.office("441581"), ground="在陆丰经营", at=NOW)
    lead.office = people.office("441581")
    lead.activity = "别人的内容"
    db.session.commit()
    row = sent(content)
    assert claim.id
    assert [(cell.kind, cell.values["now"]) for cell in cells(row)] == [("refused", None)]
    assert said(row) == ["该企业现已不由本单位登记，或已并入其他企业，没有采用"]


def test_a_figure_recorded_meanwhile_on_the_page_is_a_conflict(world: World, lead: Firm) -> None:
    content = changed(issued(), put(lead, SEPTEMBER, 1000), put(lead, REASON, "照报表"))
    recording.record(
        world.actor("haifeng"), lead, Period(2021, 9), Decimal(9990000), source=FigureSource.INCOME_STATEMENT,
        document=world.document(lead), at=NOW, on=TODAY,
    )  # fmt: skip
    db.session.commit()
    row = sent(content)
    assert told(row) == [("conflict", "revenue_2021_09", "10000000.00")]


def test_a_nul_in_a_cell_costs_that_cell_and_a_new_row_with_one_is_told(world: World, lead: Firm) -> None:
    other = world.firm("海丰县海纳软件有限公司", activity="软件开发")
    db.session.commit()

    def strange(sheet: Any) -> None:
        row = max(row_of(sheet, lead.name), row_of(sheet, other.name)) + 1
        sheet.cell(row, column_of(sheet, "企业名称")).value = "海丰县_x0000_新企业有限公司"

    content = changed(
        issued(), put(lead, "主营业务", "软件_x0000_开发"), put(other, "主营业务", "软件开发与服务"), strange
    )
    row = sent(content)
    assert row.state == ReturnState.COMPARED
    assert (counted(row)["clean"], counted(row)["refused"]) == (1, 1)
    confirmed(row)
    assert (lead.activity, other.activity) == ("软件开发", "软件开发与服务")

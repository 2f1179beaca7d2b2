"""The main job end to end, as the people of the city do it: propose, import, review, mend, look in vain, export."""

from __future__ import annotations

import re
from datetime import date

import pytest
from flask import Flask

from registry.base.extensions import db
from tests.journeys.conftest import Enter, Serve
from tests.journeys.person import JOB_MS, Person
from tests.journeys.steps import (
    GONGPING,
    HOUMEN,
    IN_OCTOBER,
    IN_SEPTEMBER,
    MEILONG,
    QINGFAN,
    YUNGU,
    a_case_is_taken_up,
    a_clerk_of_another_county_sees_none_of_it,
    a_verdict_is_opened,
    counts,
    it_is_submitted,
    revenue_is_recorded,
    uploaded,
)
from tests.journeys.workbooks import filled, lines_with, marked, mended, sheets_with
from tests.lives import Life
from tests.world import World, credit_code

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.once]


@pytest.fixture
def known(app: Flask) -> int:
    """A lead of 海丰 that a colleague named at the beginning of the month; its number."""
    with app.app_context():
        firm = Life(World(), YUNGU, 1, on=date(2021, 9, 1), by="haifeng2").firm
        db.session.commit()
        return int(firm.id)


# -- by form ----------------------------------------------------------------------------------------
def test_a_firm_is_proposed_by_form_sent_back_and_mended(serve: Serve, enter: Enter, known: int) -> None:
    september = serve(IN_SEPTEMBER, working=False)
    clerk = enter(september, "haifeng")
    a_name_is_looked_up_while_it_is_typed(clerk, known)
    dossier, case = a_firm_is_proposed_by_form(clerk)
    officer = enter(september, "industry")
    the_bureau_sends_it_back(officer)
    the_returned_fields_are_mended(clerk)
    the_bureau_sees_what_changed(officer)
    addresses = [dossier, f"{dossier}/edit", f"{dossier}/figures", f"{dossier}/documents", case]
    a_clerk_of_another_county_sees_none_of_it(enter(september, "lufeng"), [QINGFAN, credit_code(2)], addresses)


def a_name_is_looked_up_while_it_is_typed(clerk: Person, known: int) -> None:
    clerk.shot("inbox_empty")
    clerk.menu("提名")
    clerk.follow("提名企业")
    clerk.type("企业名称", "海豐縣雲谷軟件有限公司")
    clerk.sees("同一企业", YUNGU, "名称相同", "线索", within=".hints")
    assert clerk.part(".hints").get_by_role("link", name=YUNGU).get_attribute("href") == f"/firms/{known}"
    clerk.type("统一社会信用代码", "91441521MA0000O156")
    clerk.sees("统一社会信用代码第 15 位不能是“O”", within=".hints")
    clerk.shot("hint")
    clerk.type("企业名称", QINGFAN)
    clerk.type("统一社会信用代码", credit_code(2))
    clerk.sees("代码校验通过", "名录中没有发现相同或相似的企业。", within=".hints")


def a_firm_is_proposed_by_form(clerk: Person) -> tuple[str, str]:
    """From the look-up to the bureau; the addresses of the dossier and of the case."""
    clerk.press("查询名录")
    clerk.sees_heading("填报企业信息")
    for label, text in {
        "注册地址": "海丰县海城镇人民路2号",
        "实际经营地址": "海丰县海城镇人民路2号",
        "成立日期": "2018-05-20",
        "行业代码": "6513",
        "主营业务": "软件",
        "从业人员": "12",
        "联系人": "陈小明",
        "电话": "13800135678",
    }.items():
        clerk.fill(label, text)
    clerk.choose("单位类型", "法人单位")
    clerk.shot("details")
    clerk.press("下一步")
    clerk.sees_heading("提交前核对")
    clerk.sees("还差 1 项", "请登记至少一期营业收入，并附利润表等凭证。")
    clerk.shot("check_lacking")
    dossier = revenue_is_recorded(clerk, "1500")
    return dossier, it_is_submitted(clerk)


def the_bureau_sends_it_back(officer: Person) -> None:
    """Not without saying which fields and how."""
    a_case_is_taken_up(officer, QINGFAN)
    a_verdict_is_opened(officer, "退回补正")
    officer.choose("原因", "R02 行业代码与主营业务不符，行业界定错误", within="#return")
    officer.press("确认退回", within="#return")
    officer.sees("请先更正以下问题")
    officer.part("#return-cells label.mark-value").filter(has_text="主营业务").click()
    officer.fill("主营业务：怎样补正", "请按收入从大到小填写")
    officer.part("summary").filter(has_text="其余提交的内容").click()
    officer.part("label.mark-value").filter(has_text="从业人员").click()
    officer.fill("从业人员：怎样补正", "与报表不一致，请核对")
    officer.fill("退回意见", "补正后一并核查", within="#return")
    officer.shot("decisions")
    officer.press("确认退回", within="#return")
    officer.sees("已退回补正，提名单位会在待办中看到。")
    officer.shot("returned")


def the_returned_fields_are_mended(clerk: Person) -> None:
    """Those and no others; and nothing mended is nothing to submit."""
    clerk.menu("待办")
    assert [row[0] for row in clerk.rows("退回待补正")] == [QINGFAN]
    clerk.shot("inbox_returned")
    clerk.follow(re.compile("查看并重新提交"))
    clerk.sees("R02", "补正后一并核查", "请按收入从大到小填写", "与报表不一致，请核对")
    clerk.follow("核对并提交")
    clerk.press("提交")
    clerk.sees("请先更正以下问题")
    clerk.follow(re.compile(r"^修改\s*主营业务$"))
    clerk.sees_heading(f"补正 {QINGFAN}")
    controls = clerk.part("main form.form-body :is(input, select, textarea):not([type=hidden])")
    assert [control.get_attribute("name") for control in controls.all()] == ["activity", "employees"]
    clerk.sees("退回意见：请按收入从大到小填写", "退回意见：与报表不一致，请核对")
    clerk.shot("mend")
    clerk.fill("主营业务", "应用软件开发；信息系统运行维护")
    clerk.fill("从业人员", "15")
    clerk.press("保存")
    clerk.sees("已保存，改动 2 项。")
    it_is_submitted(clerk)
    clerk.sees("第 2 次提交")


def the_bureau_sees_what_changed(officer: Person) -> None:
    officer.menu("待办")
    officer.follow(re.compile(QINGFAN))
    officer.sees("第 2 次提交", "与上次提交相比")
    assert [(row[0].split()[0], *row[1:]) for row in officer.rows("第 2 次提交的改动")] == [
        ("主营业务", "请按收入从大到小填写", "软件", "应用软件开发；信息系统运行维护"),
        ("从业人员", "与报表不一致，请核对", "12", "15"),
    ]
    officer.shot("resubmitted")


# -- by workbook ------------------------------------------------------------------------------------
def test_a_workbook_is_mended_and_its_firm_comes_out_in_the_quarter(serve: Serve, enter: Enter, known: int) -> None:
    september = serve(IN_SEPTEMBER)
    clerk = enter(september, "haifeng")
    batches = a_workbook_is_uploaded_mended_and_applied(clerk)
    dossier, case = an_imported_firm_is_proposed(clerk)
    the_bureau_admits_it(enter(september, "industry"))
    addresses = [dossier, case, *batches, f"/firms/{known}"]
    a_clerk_of_another_county_sees_none_of_it(enter(september, "lufeng"), [MEILONG, credit_code(3)], addresses)
    city_office = enter(serve(IN_OCTOBER, working=False), "cityoffice")
    the_quarter_is_exported(city_office)
    the_ledger_is_exported(city_office)


def a_workbook_is_uploaded_mended_and_applied(clerk: Person) -> list[str]:
    """Good rows go in at once, the others after mending; the addresses of both batches."""
    clerk.go("/imports/new")
    template = clerk.download("下载空白填报表")
    first = uploaded(clerk, "海丰九月.xlsx", filled(template))
    clerk.sees_heading("待确认", timeout=JOB_MS)
    assert counts(clerk) == {"全部": "4", "新增": "1", "变更": "0", "无变化": "0", "疑似重复": "1", "有错": "2"}
    assert [(row[0], row[2], row[3]) for row in clerk.rows("退回的行")] == [
        (
            "6",
            "B 统一社会信用代码",
            "统一社会信用代码第18位校验不符，请核对营业执照；确系执照所载的，在代码后写“（已核对执照）”再导入",
        ),
        ("7", "C 所属县区", "所属县区“陆丰市”不在本单位管辖范围内，请核对"),
    ]
    clerk.sees(GONGPING, HOUMEN)
    clerk.shot("checked")
    errors = clerk.download("下载错误文件")
    assert [(name, row, heading) for name, row, heading, _ in marked(errors)] == [
        (GONGPING, "6", "统一社会信用代码"),
        (HOUMEN, "7", "所属县区"),
        (YUNGU, "8", "企业名称"),
    ]
    clerk.press("按所选确认导入")
    clerk.sees_heading("已导入", timeout=JOB_MS)
    clerk.sees("新增 1 家，变更 0 家。")
    second = uploaded(clerk, "海丰九月_待改正.xlsx", mended(errors))
    clerk.sees_heading("待确认", timeout=JOB_MS)
    assert counts(clerk) == {"全部": "2", "新增": "2", "变更": "0", "无变化": "0", "疑似重复": "0", "有错": "0"}
    clerk.press("确认导入 2 处")
    clerk.sees_heading("已导入", timeout=JOB_MS)
    clerk.shot("applied")
    return [first, second]


def an_imported_firm_is_proposed(clerk: Person) -> tuple[str, str]:
    """The good row of the workbook; the addresses of the dossier and of the case."""
    clerk.go("/firms?stage=all")
    clerk.sees("共 4 家")
    clerk.fill("名称或代码", "梅陇")
    clerk.press("查询")
    clerk.sees("共 1 家")
    clerk.shot("ledger_search")
    clerk.follow(MEILONG)
    clerk.follow("营业收入")
    clerk.sees("1,234.56")
    clerk.follow("进展")
    dossier = revenue_is_recorded(clerk, "1600.5")
    return dossier, it_is_submitted(clerk)


def the_bureau_admits_it(officer: Person) -> None:
    a_case_is_taken_up(officer, MEILONG)
    a_verdict_is_opened(officer, "审核通过")
    officer.fill("审核意见", "材料齐全，同意入库培育", within="#admission")
    officer.part("#admission").get_by_role("button", name=re.compile("与主营业务相符，确认通过")).click()
    officer.sees("已审核通过，入库培育。")
    officer.shot("admitted")


def the_quarter_is_exported(city_office: Person) -> None:
    city_office.menu("季度名录")
    city_office.shot("quarters")
    city_office.follow("2021年第三季度")
    city_office.shot("quarter")
    book = city_office.download("导出工作簿")
    assert sheets_with(book, MEILONG) == sheets_with(book, credit_code(3))
    assert len(sheets_with(book, MEILONG)) == 2
    assert [name for name in (YUNGU, QINGFAN, GONGPING, HOUMEN) if sheets_with(book, name)] == []


def the_ledger_is_exported(city_office: Person) -> None:
    """What the filter shows and nothing else; contacts stay in the house."""
    city_office.menu("名录库")
    city_office.shot("ledger")
    city_office.fill("名称或代码", "梅陇")
    city_office.press("查询")
    city_office.sees("共 1 家")
    book = city_office.download("导出 Excel")
    (line,) = lines_with(book, MEILONG)
    assert (line["统一社会信用代码"], line["阶段"]) == (credit_code(3), "在库培育")
    assert [text for text in (YUNGU, GONGPING, HOUMEN, "林小海", "13900135678") if sheets_with(book, text)] == []

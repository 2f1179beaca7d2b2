"""A voucher in real browsers, each role at its own: entered, sent back, checked, posted, approved by two, paid, reconciled."""

from __future__ import annotations

from datetime import date

import pytest
from flask import Flask
from openpyxl import load_workbook

from registry.base.extensions import db
from registry.base.permissions import SYSTEM_ACTOR
from registry.base.vocabulary import Role
from registry.people.queries import people
from registry.people.services import accounts
from tests.cases.worlds import PDF, CaseWorld
from tests.journeys.conftest import Enter, Serve
from tests.journeys.person import Person
from tests.journeys.steps import IN_OCTOBER, YUNGU, a_verdict_is_opened
from tests.payments import vouchers
from tests.world import NOW, PASSWORD, World

pytestmark = [pytest.mark.browser, pytest.mark.slow]
AFTER_THE_NOTICE = date(2021, 11, 3)
NUMBER, AMOUNT, IN_WORDS = "服务2021-0001", "430,000", "肆拾叁万元整"
ACCOUNT = vouchers.account_number(1)


@pytest.fixture
def city(app: Flask) -> None:
    """The kinds published, the years open, a firm of the county."""
    with app.app_context():
        world = World()
        accounts.create(
            SYSTEM_ACTOR, username="cityoffice2", name="方培", office=people.office("science"),
            roles=[Role.CITY_OFFICE], password=PASSWORD, at=NOW, must_change=False,
        )  # fmt: skip
        CaseWorld(world)
        world.firm(YUNGU)
        db.session.commit()


def test_a_voucher_from_the_county_to_the_bank(city: None, serve: Serve, enter: Enter) -> None:
    address = serve(IN_OCTOBER)
    clerk, science = enter(address, "haifeng"), enter(address, "science")
    case = _entered(clerk)
    _submitted(clerk, case)
    _sent_back(science, case)
    _mended(clerk, case)
    science.go(case)
    _step(science, "审核通过", reason="材料齐全")
    _posted(enter(address, "cityoffice"))

    address = serve(AFTER_THE_NOTICE)
    _approved(enter(address, "cityoffice"), enter(address, "cityoffice2"), case)
    payee = case.replace("/cases/", "/payments/cases/")
    finance, second = enter(address, "finance"), enter(address, "finance2")
    _payee_named(finance, second, payee)
    _paid(finance, second)
    _seen(enter(address, "leader"), enter(address, "auditor"), enter(address, "lufeng"), case)


# -- the county -------------------------------------------------------------------------------------
def _entered(clerk: Person) -> str:
    """From the list of cases to one with its papers; its address."""
    clerk.menu("事项")
    clerk.follow("科技创新券：查新、检测、评估等科技服务", within="main")
    clerk.choose("补助年度", "2021年度")
    clerk.fill("企业", YUNGU)
    clerk.shot("case_begin")
    clerk.press("登记并填写")
    _filled(clerk, "8600000")
    clerk.shot("case_fill")
    clerk.press("保存")
    clerk.sees("补助金额", AMOUNT, "尚未决定")
    case = clerk.path().partition("#")[0]
    for number in range(len(clerk.texts("#papers tbody tr"))):
        clerk.part("#papers").get_by_role("link", name="上传", exact=True).nth(number).click()
        clerk.attach("文件", "材料.pdf", PDF + str(number).encode())
        clerk.press("上传")
        clerk.sees("已上传。", within="body")
    clerk.shot("case_ready")
    clerk.follow("打印申请表")
    clerk.sees(YUNGU, "同意将单位名称、补助事项和金额予以公示", within="body")
    clerk.shot("case_form")
    return case


def _filled(clerk: Person, amount: str) -> None:
    clerk.choose("服务类别", "检验检测")
    clerk.choose("是否利用科研设施与仪器设备", "是")
    clerk.fill("本单位法定代表人", "陈云谷")
    row = {"发票号码": "12345678", "发票代码": "044001900111", "开票日期": "2021-08-12", "销售方（服务机构）": "广东质检技术有限公司"}  # fmt: skip
    for column, text in row.items():
        clerk.fill(f"第 1 行 {column}", text)
    clerk.fill("第 1 行 应由企业支付的直接费用", amount)


def _submitted(clerk: Person, case: str) -> None:
    clerk.go(case)
    _step(clerk, "县级核对原件并上报")
    clerk.sees("待主管部门审核")


def _mended(clerk: Person, case: str) -> None:
    clerk.menu("待办")
    clerk.sees(NUMBER, "退回补正")
    clerk.go(case)
    clerk.sees("与委托合同不一致")
    clerk.follow("填写")
    assert clerk.control("第 1 行 发票号码").count() == 0  # only what came back may be changed
    clerk.shot("case_mend")
    clerk.choose("服务类别", "评估")
    clerk.press("保存")
    _submitted(clerk, case)


# -- the bureau in charge and the city office -------------------------------------------------------
def _sent_back(science: Person, case: str) -> None:
    science.menu("待办")
    science.sees(NUMBER)
    science.go(case)
    science.sees("符合", "利用科研设施与仪器设备", AMOUNT)
    science.shot("case_check")
    science.part("label.mark-value").filter(has_text="服务类别").click()
    science.fill("服务类别 退回的原因", "与委托合同不一致")
    science.shot("case_back")
    _step(science, "退回补正")
    science.sees("退回补正")


def _posted(city: Person) -> None:
    city.menu("公示")
    city.follow("拟公示")
    city.fill("公示起始日期", "2021-10-18")
    city.tick(NUMBER)
    city.press("重新推算，先看文字")
    city.sees("截止 2021年10月26日")
    city.shot("notice_draft")
    city.press("发布公示")
    city.sees(YUNGU, AMOUNT, within="body")
    city.shot("notice")


def _approved(first: Person, second: Person, case: str) -> None:
    first.go(case)
    first.sees(IN_WORDS)
    first.shot("case_approve")
    _step(first, "批准（第一人）")
    second.menu("待办")
    second.sees(NUMBER)
    second.go(case)
    _step(second, "批准（第二人）")
    second.sees("已批准，待拨付")
    second.follow("打印计算单")
    second.sees("8,600,000", AMOUNT, IN_WORDS, within="body")
    second.shot("case_slip")


# -- the finance bureau -----------------------------------------------------------------------------
def _payee_named(finance: Person, second: Person, payee: str) -> None:
    finance.go(payee)
    finance.follow("登记账户")
    finance.fill("户名", YUNGU)
    finance.fill("开户银行", "汕尾农商银行海丰支行")
    finance.fill("账号", ACCOUNT)
    finance.press("提交确认")
    second.go(payee)
    second.tick("与材料一致")
    second.fill("照材料输入账号", ACCOUNT)
    second.fill("意见", "与开户许可一致")
    second.shot("payee")
    second.press("确定")
    assert ACCOUNT not in second.page.content()


def _paid(finance: Person, second: Person) -> None:
    finance.menu("创新券资金")
    finance.follow("2021年度")
    finance.follow("编制批次")
    finance.page.get_by_role("checkbox").first.check()
    finance.shot("batch_new")
    finance.press("编制批次，提交复核")
    batch = finance.path()
    second.go(batch)
    second.press("复核无误")
    finance.go(batch)
    finance.fill("送银行日期", AFTER_THE_NOTICE.isoformat())
    finance.press("登记已送银行")
    sheet = load_workbook(finance.download("导出付款清单（含账号）")).active
    assert ACCOUNT in {str(cell.value) for row in sheet.iter_rows() for cell in row}
    finance.follow("银行文件对账")
    content = (
        f"户名,账号,金额,交易日期,用途\n{YUNGU},{ACCOUNT},430000.00,{AFTER_THE_NOTICE},{_payment(finance, batch)}\n"
    )
    finance.go(f"{batch}/files/new")
    finance.attach("银行或国库的文件", "回单.csv", content.encode())
    finance.press("上传并核对")
    finance.shot("bank_file")
    finance.press("确认对账")
    finance.go(batch)
    finance.sees("已对账", AMOUNT)
    finance.shot("batch")


def _payment(finance: Person, batch: str) -> str:
    finance.go(batch)
    return finance.rows("付款")[0][0]


# -- whoever only reads -----------------------------------------------------------------------------
def _seen(leader: Person, auditor: Person, stranger: Person, case: str) -> None:
    for reader in (leader, auditor):
        reader.go(case)
        reader.sees("已对账", AMOUNT)
        reader.shot(f"case_end_{'leader' if reader is leader else 'auditor'}")
    assert stranger.go(case) == 404
    stranger.menu("事项")
    assert NUMBER not in stranger.text()


def _step(person: Person, name: str, *, reason: str = "") -> None:
    a_verdict_is_opened(person, name)
    if reason:
        person.page.locator("details.verdict-panel[open] textarea").fill(reason)
    person.press(f"确认：{name}")

"""Steps that several journeys take, and the firms they are about."""

from __future__ import annotations

import re
from datetime import date

from tests.journeys.person import Person

IN_SEPTEMBER = date(2021, 9, 28)
IN_OCTOBER = date(2021, 10, 15)

YUNGU = "海丰县云谷软件有限公司"
QINGFAN = "海丰县青帆软件有限公司"
MEILONG = "海丰县梅陇信息技术有限公司"
GONGPING = "海丰县公平物联网有限公司"
HOUMEN = "海丰县鲘门数据服务有限公司"
FIRMS = (YUNGU, QINGFAN, MEILONG, GONGPING, HOUMEN)
_PAPER = b"%PDF-1.4 invented income statement"


# -- the clerk --------------------------------------------------------------------------------------
def revenue_is_recorded(clerk: Person, wan: str) -> str:
    """From a page that offers it to the dossier; the address of the dossier."""
    clerk.follow("登记营业收入")
    clerk.choose("累计截至", "8月")
    clerk.fill("金额", wan)
    clerk.choose("数据来源", "利润表")
    clerk.attach("上传凭证", "利润表.pdf", _PAPER)
    clerk.shot("figure")
    clerk.press("登记")
    clerk.sees("已登记 2021-08。")
    clerk.shot("dossier")
    return clerk.path().partition("#")[0]


def it_is_submitted(clerk: Person) -> str:
    """From the dossier through the check to the case; the address of the case."""
    clerk.follow("核对并提交")
    clerk.sees("可以提交", "提交后由市工信局核查。")
    clerk.shot("check")
    clerk.press("提交")
    clerk.sees("已提交，由市工信局核查。")
    clerk.shot("proposal")
    return clerk.path()


def uploaded(clerk: Person, name: str, content: bytes) -> str:
    """Hand a file in; the address of its batch."""
    clerk.menu("导入")
    clerk.follow("导入名单")
    clerk.attach("文件", name, content)
    clerk.shot("upload")
    clerk.press("上传并校验")
    clerk.sees_heading(f"导入：{name}")
    return clerk.path()


def counts(person: Person) -> dict[str, str]:
    """The tabs of a batch: how many rows of which kind."""
    return {label: number for number, label in (text.split(" ", 1) for text in person.texts("ul.strip li"))}


# -- the bureau -------------------------------------------------------------------------------------
def a_case_is_taken_up(officer: Person, name: str) -> None:
    officer.menu("审核")
    officer.shot("queue")
    officer.follow(name)
    officer.sees_heading("已提名")
    officer.press("受理Enter")
    officer.sees_heading("部门核查")
    officer.shot("case")


def a_verdict_is_opened(officer: Person, name: str) -> None:
    """A button of the bar of a case opens what the verdict asks for."""
    officer.part(".cockpit-bar summary").filter(has_text=name).first.click()


# -- the county next door ---------------------------------------------------------------------------
def a_clerk_of_another_county_sees_none_of_it(stranger: Person, asked: list[str], addresses: list[str]) -> None:
    """Not in a list, not by search for `asked`, not by address; and a hint says the declared minimum only."""
    stranger.sees("没有待办事项")
    for entry, nothing in {
        "名录库": "名录库还没有企业",
        "提名": "还没有提名",
        "导入": "还没有导入过名单",
        "季度名录": "还没有可查看的季度",
    }.items():
        stranger.menu(entry)
        stranger.sees(nothing)
        _nothing_of_haifeng_is_here(stranger)
    for text in asked:
        stranger.go(f"/firms?q={text}")
        stranger.sees("没有符合条件的企业")
        _nothing_of_haifeng_is_here(stranger)
    for address in addresses:
        assert stranger.go(address) == 404, address
        stranger.sees("找不到该页面")
        _nothing_of_haifeng_is_here(stranger)
    stranger.go("/proposals/new")
    stranger.type("企业名称", asked[0])
    stranger.sees("海丰县已有名称相同的企业，请联系海丰县核实。", within=".hints")
    _nothing_of_haifeng_is_here(stranger, within=".hints")
    stranger.shot("stranger")


def _nothing_of_haifeng_is_here(stranger: Person, within: str = "main") -> None:
    said = stranger.text(within)
    assert [name for name in FIRMS if name in said] == []
    assert re.findall(r"91441521\w{10}|13[89]\d{8}|1,234\.56|1,[56]00\.|陈小明|林小海|/firms/\d", said) == []

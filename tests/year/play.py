"""Plays the story: each act through the pages of the product, by the person whose act it is, on its day."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from io import BytesIO
from typing import Any
from unittest.mock import patch

import openpyxl
from flask import Flask

from registry.sheets.columns import TEMPLATE_SHEET
from tests.terminal import registry
from tests.workbooks.filled import column_of
from tests.year.acts import PAPER, City
from tests.year.hand import Hand, text_of
from tests.year.story import ACTS, FIRMS, Act, Firm

WITHOUT = "经办人员请假"
"""Why the third quarter was closed without 陆河县."""
IN_ORDER = ("已齐", "免报", "不需要")
RECORD = "登记"
"""The link beside a paper that puts it on record; the paper's name is read out with it."""


class Play:
    """The year as it goes by; `cases` and `filings` remember where each firm's matter stands, as a clerk would."""

    def __init__(self, app: Flask) -> None:
        self.city = City(app)
        self.cases: dict[str, int] = {}
        self.claims: dict[str, int] = {}
        self.filings: dict[str, int] = {}
        self.keepers = {key: firm.clerk for key, firm in FIRMS.items()}
        self.closed: dict[str, str] = {}
        self.to_fill_in: defaultdict[tuple[str, tuple[int, int]], list[tuple[str, str]]] = defaultdict(list)

    def run(self, until: date | None = None) -> Play:
        day = None
        for act in ACTS:
            if until is not None and act.on > until:
                break
            if act.on != day:
                day = act.on
                self.city.on(day)
            getattr(self, act.what)(act, FIRMS.get(act.firm))
        return self

    def address(self, firm: Firm, rest: str = "") -> str:
        return f"/firms/{self.city.firms[firm.name]}{rest}"

    # -- the county -------------------------------------------------------------------------------
    def name(self, act: Act, firm: Firm) -> None:
        self.city.names(firm.clerk, firm.name, firm.code, firm.fields(), firm.meant)
        if firm.opened:  # the form of a lead asks for less; the dossier takes the rest
            self.city.hand(firm.clerk).go(self.address(firm, "/edit")).fill("保存", {"开业日期": firm.opened})

    def figure(self, act: Act, firm: Firm) -> None:
        given = dict(act.given)
        if given.pop("by_workbook", False):
            self.to_fill_in[(self.keepers[firm.key], given["period"])].append((firm.code, given["wan"]))
            return
        self.city.records(self.keepers[firm.key], firm.name, given.pop("period"), given.pop("wan"), **given)

    def workbook(self, act: Act, firm: Firm | None) -> None:
        """The figures noted for it go into the office's own workbook, off line, which is then handed in."""
        clerk, (year, month) = act.given["clerk"], act.given["period"]
        page = self.city.hand(clerk).go("/workbooks")
        content = page.take("下载本单位工作簿", {"截至月份": f"{year}-{month:02}"})
        cells = self.to_fill_in.pop((clerk, (year, month)))
        filled = filled_in(content, f"{year}年1-{month}月营业收入(万元)", dict(cells))
        page.go("/workbooks").fill("上传并比对", {"填好的工作簿": ("工作簿.xlsx", filled)})
        page.press(f"确认写入 {len(cells)} 格").sees(f"写入 {len(cells)} 格")

    def statement(self, act: Act, firm: Firm) -> None:
        """The income statement of a figure that a workbook brought."""
        year, month = act.given["period"]
        given = {"材料种类": "利润表", "所属年份": f"{year}", "所属月份": f"{month}月"}
        paper = ("利润表.pdf", PAPER + f"{firm.key}利润表{year}{month}".encode())
        self.city.hand(self.keepers[firm.key]).go(self.address(firm, "/documents/new")).fill(
            "上传", given | {"文件": paper}
        )

    def submit(self, act: Act, firm: Firm) -> None:
        self.cases[firm.key] = self.city.submits(self.keepers[firm.key], firm.name)

    def mend(self, act: Act, firm: Firm) -> None:
        clerk = self.city.hand(self.keepers[firm.key])
        clerk.go(self.address(firm, "/edit")).fill("保存", act.given)

    def rename(self, act: Act, firm: Firm) -> None:
        clerk = self.city.hand(self.keepers[firm.key])
        clerk.go(self.address(firm)).follow("更名")
        clerk.fill("更名", {"新名称": act.given["name"], "启用日期": act.on.isoformat(), "理由": "登记机关核准变更"})

    # -- the bureau -------------------------------------------------------------------------------
    def take_up(self, act: Act, firm: Firm) -> None:
        self.city.takes_up(firm.officer, self.cases[firm.key])

    def send_back(self, act: Act, firm: Firm) -> None:
        self.city.sends_back(firm.officer, self.cases[firm.key], **act.given)

    def admit(self, act: Act, firm: Firm) -> None:
        self.city.admits(firm.officer, self.cases[firm.key], firm.industry)

    def reject(self, act: Act, firm: Firm) -> None:
        page = self.city.hand(firm.officer).go(f"/reviews/{self.cases[firm.key]}")
        given = {"不予通过的理由": act.given["opinion"], "原因": act.given["reason"]}
        page.fill("确认不予通过", given).sees("已作出不予通过的决定")

    # -- two counties, one firm -------------------------------------------------------------------
    def claim(self, act: Act, firm: Firm) -> None:
        page = self.city.hand(act.given["by"]).go(f"/claims/new?credit_code={firm.code}")
        self.claims[firm.key] = page.fill("提出认领", {"认领理由": act.given["ground"]}).number()

    def decide(self, act: Act, firm: Firm) -> None:
        page = self.city.hand("cityoffice").go(f"/claims/{self.claims[firm.key]}")
        page.fill("支持认领：企业转由认领单位填报", {"裁定理由": act.given["why"]}).sees("已裁定支持认领")
        self.keepers[firm.key] = act.given["to"]

    # -- statistics: windows, papers, filings -----------------------------------------------------
    def window(self, act: Act, firm: Firm | None) -> None:
        given = act.given
        page = self.city.hand("statistics").go("/windows").follow("公布窗口")
        filled = {
            "年度": act.on.year,
            "通道": given["door"],
            "批次": given["batch"],
            "开始日期": given["opens"].isoformat(),
            "截止日期": given["closes"].isoformat(),
            "报表年份": act.on.year,
            "报表截至月份": f"{given['month']}月",
            "依据": "年度审核确认工作通知（虚构）",
        }
        page.fill("公布", filled).sees(given["batch"])

    def papers(self, act: Act, firm: Firm) -> None:
        """Every paper that is not in order is put on record and its seal seen, but for those left out."""
        year, month = act.given["period"]
        clerk = self.city.hand(self.keepers[firm.key])
        for paper in self._wanted(clerk, firm, (year, month)):
            if paper not in act.given.get("without", ()):
                self._hold(clerk, firm, paper, (year, month))
        self._seals(firm, (year, month))

    def _listed(self, clerk: Hand, firm: Firm, period: tuple[int, int]) -> dict[str, str]:
        """The papers of the list, by the names under which the clerk puts them on record, each with its state."""
        page = clerk.go(self.address(firm, f"/papers?month={period[0]}-{period[1]:02}"))
        found = {}
        for row in page.page.iter("tr"):
            for link in row.iter("a"):
                if text_of(link).startswith(RECORD):
                    found[text_of(link).removeprefix(RECORD)] = text_of(row.findall("td")[2])
        return found

    def _wanted(self, clerk: Hand, firm: Firm, period: tuple[int, int]) -> list[str]:
        return [name for name, state in self._listed(clerk, firm, period).items() if state not in IN_ORDER]

    def _hold(self, clerk: Hand, firm: Firm, paper: str, period: tuple[int, int]) -> None:
        """From the list, and back to it."""
        page = clerk.follow(RECORD + paper)
        given: dict[str, Any] = {"已有，见下列文件": True}
        label = f"{period[0]}-{period[1]:02}"
        offered = [text_of(one) for one in page.page.iter("option") if ".pdf" in text_of(one)]
        options = [words for words in offered if label in words or "·" not in words]
        if options:
            given["已上传的文件"] = options[0]
        else:
            given["上传新文件"] = (f"{paper}.pdf", PAPER + f"{firm.key}{paper}{period}".encode())
        page.fill("登记", given)

    def _seals(self, firm: Firm, period: tuple[int, int]) -> None:
        """Statistics opens the papers at hand and sees the seal on each of them."""
        page = self.city.hand("statistics").go(self.address(firm, f"/papers/seals?month={period[0]}-{period[1]:02}"))
        seen = [text_of(one) for one in page.page.iter("label") if text_of(one).endswith("已见印章")]
        if seen:
            page.fill("登记核对结果", dict.fromkeys(seen, True))

    def explain(self, act: Act, firm: Firm) -> None:
        clerk = self.city.hand(self.keepers[firm.key])
        self._listed(clerk, firm, act.given["period"])
        self._hold(clerk, firm, "差异说明", act.given["period"])
        self._seals(firm, act.given["period"])
        # a tenth of the revenue or more: the bureau in charge confirms the explanation
        papers = self.city.hand(firm.officer).go(self.address(firm, "/documents"))
        if "确认差异说明" in papers.said():
            papers.press("确认差异说明")

    def file(self, act: Act, firm: Firm) -> None:
        page = self.city.hand("statistics").go(self.address(firm, "/filing"))
        self.filings[firm.key] = page.fill("登记申报", {"申报窗口": act.given["window"]}).sees("已登记申报").number()

    def file_refused(self, act: Act, firm: Firm) -> None:
        page = self.city.hand("statistics").go(self.address(firm, "/filing"))
        page.fill("登记申报", {"申报窗口": act.given["window"]}, expect=422).sees(*act.given["because"])

    def passes(self, act: Act, firm: Firm) -> None:
        page = (
            self.city.hand("statistics")
            .go(f"/filings/{self.filings[firm.key]}")
            .sees("{}通过".format(act.given["level"]))
        )
        page.fill("登记通过", {"结果日期": act.on.isoformat()}).sees("已登记通过")

    def fails(self, act: Act, firm: Firm) -> None:
        page = (
            self.city.hand("statistics")
            .go(f"/filings/{self.filings[firm.key]}")
            .sees("{}通过".format(act.given["level"]))
        )
        given = {"结果日期": act.on.isoformat(), "退回原因": act.given["reason"]}
        page.fill("登记退回", given).sees("已登记退回")

    def confirm(self, act: Act, firm: Firm) -> None:
        year, month = act.given["month"]
        page = self.city.hand("statistics").go(f"/filings/{self.filings[firm.key]}")
        given = {"生效年份": str(year), "生效月份": f"{month}月", "依据文号": act.given["reference"]}
        page.fill("确认入库", given).sees("已确认入库")

    # -- the way out ------------------------------------------------------------------------------
    def remove(self, act: Act, firm: Firm) -> None:
        page = self.city.hand("cityoffice").go(self.address(firm)).follow("出库")
        page.fill("确认出库", {"退出原因": act.given["reason"], "说明": act.given["note"]})

    def delist(self, act: Act, firm: Firm) -> None:
        page = self.city.hand("statistics").go(self.address(firm)).follow("退库")
        page.fill("确认退库", {"退出原因": act.given["reason"], "说明": act.given["note"]})

    # -- the quarter ------------------------------------------------------------------------------
    def certify(self, act: Act, firm: Firm | None) -> None:
        """Nobody is asked about a quarter in which they have no firm."""
        page = self.city.hand(act.given["by"]).go(f"/quarters/{act.given['quarter']}/certify")
        if "本季度没有本单位填报或牵头的企业" not in page.said():
            page.press("数据无误，确认").sees("已确认 {quarter} 本单位数据".format(**act.given))

    def close(self, act: Act, firm: Firm | None) -> None:
        quarter = act.given["quarter"]
        if "by_command" in act.given:
            self.closed[quarter] = commanded(
                act.on, "close", quarter, "--as", "cityoffice", "--note", "按期冻结", "--without", f"441523={WITHOUT}"
            )
            return
        page = self.city.hand("cityoffice").go(f"/quarters/{quarter}/close")
        page.fill("确认冻结", {"冻结说明": "按期冻结"})
        self.closed[quarter] = page.said()


def filled_in(content: bytes, heading: str, amounts: dict[str, str]) -> bytes:
    """The workbook with these amounts (万元, by credit code) typed under `heading` and saved."""
    book = openpyxl.load_workbook(BytesIO(content))
    sheet = book[TEMPLATE_SHEET]
    codes, amount = column_of(sheet, "统一社会信用代码"), column_of(sheet, heading)
    rows = {str(sheet.cell(row, codes).value): row for row in range(1, sheet.max_row + 1)}
    for code, wan in amounts.items():
        sheet.cell(rows[code], amount).value = float(wan)
    saved = BytesIO()
    book.save(saved)
    return saved.getvalue()


def commanded(day: date, *words: str) -> str:
    """What the terminal of the installation answers on that day."""
    with patch.dict("os.environ", REGISTRY_TODAY=day.isoformat()):
        said = registry(*words)
    assert said.status == 0, said.err
    return said.out

"""What the users of the city do, each as the pages let them; amounts in 万元 as they would type them."""

from __future__ import annotations

from datetime import date
from typing import Any

from flask import Flask

from tests.year.hand import Hand

PAPER = b"%PDF-1.4 invented paper of an invented firm"


class City:
    """The people of the city on a day; `on` moves the clock as time does."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self._hands: dict[str, Hand] = {}
        self.firms: dict[str, int] = {}

    def on(self, day: date) -> None:
        """Another day: whoever was signed in has gone home meanwhile."""
        self.app.config["TODAY"] = day
        self._hands.clear()

    def hand(self, username: str) -> Hand:
        if username not in self._hands:
            self._hands[username] = Hand(self.app, username)
        return self._hands[username]

    # -- the county -------------------------------------------------------------------------------
    def names(self, clerk: str, name: str, code: str, fields: dict[str, Any], meant: str = "") -> int:
        """A firm is named for the first time and kept as a lead; its number."""
        page = self.hand(clerk).go("/proposals/new")
        page.fill("查询名录", {"企业名称": name, "统一社会信用代码": code})
        if meant:
            page.fill("下一步", fields, expect=422).sees("在两版分类中含义不同")
            fields = {meant: True}
        page.fill("下一步", fields)
        self.firms[name] = page.number()
        return self.firms[name]

    def records(self, clerk: str, name: str, period: tuple[int, int], wan: str, **more: Any) -> None:
        """Cumulative revenue (or `kind`) to a month, from a paper sent along; `reason` where it corrects one."""
        year, month = period
        kind, source = more.get("kind", "营业收入"), more.get("source", "利润表")
        standing = f"?kind=revenue&year={year}&month={month}" if "reason" in more else ""
        page = self.hand(clerk).go(f"/firms/{self.firms[name]}/figures/new{standing}")
        given = {
            "指标": kind,
            "年份": str(year),
            "累计截至": f"{month}月" if month else "全年",
            "金额": wan,
            "数据来源": source,
            "上传凭证": (f"{source}{year}-{month:02}.pdf", PAPER + f"{name}{period}{wan}{kind}".encode()),
            **({"更正理由": more["reason"]} if "reason" in more else {}),
            **({"已对照凭证核对，数字无误": True} if more.get("sure") else {}),
        }
        page.fill("登记", given).sees("已登记")

    def submits(self, clerk: str, name: str) -> int:
        """The number of the case."""
        return self.hand(clerk).go(f"/firms/{self.firms[name]}/nomination").press("提交").sees("已提交").number()

    # -- the bureau -------------------------------------------------------------------------------
    def takes_up(self, officer: str, case: int) -> None:
        self.hand(officer).go(f"/reviews/{case}").sees("已提名").press("受理").sees("部门核查")

    def admits(self, officer: str, case: int, industry: str) -> None:
        """The press names the industry that was looked at."""
        page = self.hand(officer).go(f"/reviews/{case}")
        page.press(f"行业代码 {industry} 与主营业务相符，确认通过").sees("已审核通过")

    def sends_back(self, officer: str, case: int, reason: str, cells: dict[str, str]) -> None:
        page = self.hand(officer).go(f"/reviews/{case}")
        notes = {f"{label}：怎样补正": note for label, note in cells.items()}
        page.fill("确认退回", {"原因": reason, **notes}).sees("已退回补正")

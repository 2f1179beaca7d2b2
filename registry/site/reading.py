"""What a page says of how a file was read: sheets, columns and rows that were not, in the reader's words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import gettext as _

from registry.base.errors import RegistryError
from registry.base.faults import Notice
from registry.base.labels import N_
from registry.sheets.brought import RowFinding
from registry.sheets.delimited import BIG5
from registry.site.locale import sentence

SHEET_REASONS = {
    "hidden": N_("已隐藏"),
    "none": N_("没有找到表头"),
    "other": N_("不是同样的名单"),
}
COLUMN_REASONS = {
    "unknown": N_("表头不认识，没有读取"),
    "qualified": N_("括号里的字使它不是该栏，没有读取"),
    "twice": N_("另有一列同义，没有读取这一列"),
    "month": N_("是当月数，不是累计数，没有读取"),
    "year": N_("不是本年度或上年度的数，没有读取"),
    "derived": N_("由系统计算或决定，不读取"),
    "ignored": N_("序号一类，不读取"),
    "by_hand": N_("不读取"),
    "identity": N_("是个人证件号码，不读取也不保存，退回的行里同样没有"),
    "period": N_("表头写明的期间不是所指定的栏，没有读取"),
    "given_twice": N_("贵单位指定过的这个表头，在文件里不止一列，分不清以哪一列为准，都没有读取"),
    "no_amount": N_("是预计数、计划数或比率，不是实际数额，没有读取"),
}


def told(account: Mapping[str, Any]) -> dict[str, Any]:
    """`account`: what `sheets.account.of` gives, with what was `assumed`; for the component `reading_panel`."""
    sheets = [
        _("工作表“%(sheet)s”：读取 %(count)s 行", sheet=s["sheet"], count=s["rows"])
        if s["read"]
        else _("工作表“%(sheet)s”没有读取：%(why)s", sheet=s["sheet"], why=worded(SHEET_REASONS, s))
        for s in account.get("sheets", ())
        if s["sheet"]
    ]
    sheets += [
        _(
            "工作表“%(sheet)s”里 %(columns)s 列是隐藏的，照样读取，请核对",
            sheet=s["sheet"],
            columns=str(_("、")).join(unseen),
        )
        for s in account.get("sheets", ())
        if (unseen := s.get("hidden_columns"))
    ]
    if account.get("encoding") == BIG5:
        sheets.insert(0, _("文字按 Big5（繁体中文）编码读取，请核对。"))
    columns = [
        _("%(column)s“%(heading)s”：%(why)s", column=c["column"], heading=c["heading"], why=worded(COLUMN_REASONS, c))
        for c in account.get("columns", ())
        if c["taken"] == "left_out" and c["why"] != "ignored"
    ]
    passed = [_("第 %(row)s 行：%(text)s", row=_place(p), text=p["text"]) for p in account.get("passed", ())]
    assumed = [
        _(
            "%(count)s 行，首见第 %(row)s 行：%(sentence)s",
            count=a["rows"],
            row=_place(a["first"]),
            sentence=_said(a),
        )
        for a in account.get("assumed", ())
    ]
    return {
        "sheets": sheets,
        "columns": columns,
        "passed": passed,
        "passed_count": account.get("passed_count", 0),
        "assumed": assumed,
    }


def worded(reasons: Mapping[str, str], one: Mapping[str, Any]) -> str:
    """Why a sheet or a column was not read."""
    reason = reasons[one["why"]]
    return str(_(reason))


def findings(place: str, found: Iterable[RowFinding], tone: str = "bad") -> list[tuple[str, str, str]]:
    """Of a row at `place` the cell, the sentence and the tone of each thing said of it; what is odd only warns."""
    return [
        (
            _cell(place, finding.letter),
            sentence(RegistryError(finding.template, **dict(finding.values))),
            "warn" if finding.odd else tone,
        )
        for finding in found
    ]


def _cell(place: str, letter: str) -> str:
    """`D7`, or the row alone."""
    if not letter:
        return str(_("第 %(row)s 行", row=place))
    sheet, _space, number = place.rpartition(" ")
    return f"{sheet} {letter}{number}".strip()


def _said(assumption: Mapping[str, Any]) -> str:
    return sentence(Notice(assumption["what"], assumption["values"]))


def _place(where: Mapping[str, Any]) -> str:
    return f"{where['sheet']}!{where['row']}" if "sheet" in where else str(where["row"])

"""The lists of filings as rows of a file: what the page shows of each firm, without its links."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from flask_babel import gettext as _

from registry.base.labels import N_
from registry.base.periods import Period
from registry.base.vocabulary import DOOR_LABELS
from registry.filings.models import Filing, IntakeWindow
from registry.filings.queries.checklists import ChecklistRow
from registry.filings.queries.lineup import Candidate
from registry.filings.queries.readiness import Readiness
from registry.filings.rules import chain
from registry.filings.rules.intake import Window
from registry.firms.models.firms import Firm
from registry.reference.queries import reference
from registry.site.display import day

VIEWS = {"due": N_("待申报"), "open": N_("在途"), "closed": N_("已办结")}
_FIRM = (N_("企业名称"), N_("统一社会信用代码"), N_("县区"))
DUE = (
    *_FIRM, N_("达标日期"), N_("可用窗口"), N_("截止"), N_("报表期别"), N_("营业收入"), N_("两表核对"), N_("还缺"),
)  # fmt: skip
FILED = (*_FIRM, N_("窗口"), N_("申报日期"), N_("报表期别"), N_("进度"), N_("日期"), N_("依据文号"))


def due(firms: Iterable[Firm], ready: Mapping[int, Readiness]) -> Iterator[list[str]]:
    """Who should file: the window each may use, and what it still lacks for it."""
    for firm in firms:
        one = ready[firm.id]
        yield [
            *_named(firm),
            day(firm.stage_on),
            window_words(one.window) if one.window else _("没有公布适用的窗口"),
            day(one.window.closes_on) if one.window else "",
            one.statement.label,
            _("已登记") if one.statement_known else _("未证") if one.statement_unproven else _("未登记，或未附凭证"),
            _("相符或已说明") if one.agrees else _("未能核对，或不一致且无说明"),
            papers(one.lacking) or _("材料已齐"),
        ]


def filed(filings: Iterable[Filing]) -> Iterator[list[str]]:
    """What is under way or over, with the level it waits for or its end."""
    for filing in filings:
        yield [
            *_named(filing.firm),
            window_words(filing.window),
            day(filing.filed_on),
            Period(filing.year, filing.month).label,
            _progress(filing),
            day(filing.closed_on) if filing.closed_on else "",
            filing.reference or "",
        ]


def papers(entries: Iterable[ChecklistRow]) -> str:
    """The papers of a checklist by name."""
    return str(_("、").join(_(entry.row.name) for entry in entries))


def in_the_way(one: Candidate) -> str:
    """Every guard that keeps a firm from filing, in words; of papers, which."""
    return "".join(
        _("申报材料：%(papers)s 待核对印章。", papers=papers(one.ready.lacking))
        if guard.code == "materials" and one.only_seals
        else _("申报材料还缺：%(papers)s。", papers=papers(one.ready.lacking))
        if guard.code == "materials"
        else _(guard.sentence)
        for guard in one.unmet
    )


def sent_back(one: Candidate) -> str:
    """Why and when the firm's last filing came back; "" where none did."""
    back = one.sent_back
    if back is None:
        return ""
    return str(_("上次申报被退回：%(reason)s（%(day)s）", reason=_reason(back.reason_code or ""), day=day(back.on)))


def _progress(filing: Filing) -> str:
    if filing.outcome:
        reasons = [_reason(result.reason_code) for result in filing.results if result.reason_code]
        return " ".join([_(chain.FILING_OUTCOME_LABELS[filing.outcome]), *reasons[-1:]])
    level = chain.next_level(filing.results)
    if level is None:
        return str(_("各级已通过，待确认入库"))
    return str(_("待%(level)s审核", level=_(chain.LEVEL_LABELS[level])))


def _reason(code: str) -> str:
    return str(_(reference.return_reasons()[code].reason))


def _named(firm: Firm) -> list[str]:
    place = reference.division_names().get(firm.division or "", "")
    return [firm.name, firm.credit_code or "", place]


def window_words(window: Window | IntakeWindow, *, marked: bool = True) -> str:
    """One window in words: its year, door and batch; `marked`: whether its dates wait to be verified."""
    door = _(DOOR_LABELS[window.door])
    words = [_("%(year)s 年", year=window.year), door, *([window.batch] if window.batch not in door else [])]
    return " ".join(words) + ("" if window.verified or not marked else _("（待核）"))

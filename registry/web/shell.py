"""What every page shows around its content: the menu by work, the day, the notice."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

from flask import Flask, current_app, request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_login import current_user
from werkzeug.local import LocalProxy

from registry.domain import vocabulary
from registry.domain.clocks import KNOWN_LABELS
from registry.domain.labels import N_
from registry.domain.permissions import can
from registry.extensions import clock, setting
from registry.queries import approvals, inbox
from registry.web.access import actor


@dataclass(frozen=True)
class MenuItem:
    label: str
    href: str
    active: bool
    count: int | None = None


# Group, then (label, endpoint, permission, counter). Only what exists is shown: a dead link helps nobody.
MENU: tuple[tuple[str, tuple[tuple[str, str, str, str | None], ...]], ...] = (
    (
        N_("工作台"),
        (
            (N_("待办"), "home.inbox", "inbox", "inbox"),
            (N_("消息"), "notices.listing", "inbox", "notices"),
            (N_("已办"), "home.done", "inbox", None),
            (N_("我发起的"), "home.started", "inbox", None),
        ),
    ),
    (
        N_("名录"),
        (
            (N_("名录库"), "ledger.listing", "firm.list", None),
            (N_("市场主体库"), "register.lookup", "register.read", None),
        ),
    ),
    (
        N_("申报与审核"),
        (
            (N_("提名"), "proposals.listing", "proposal.list", None),
            (N_("审核"), "reviews.queue", "review.list", "review"),
            (N_("认领争议"), "claims.listing", "claim.list", "claims"),
            (N_("导入批次"), "imports.listing", "import.list", None),
            (N_("工作簿往返"), "workbooks.listing", "workbook.list", None),
        ),
    ),
    (
        N_("查重与合并"),
        (
            (N_("疑似重复"), "pairings.queue", "pairing.list", "pairs"),
            (N_("合并记录"), "merges.listing", "merge.list", None),
        ),
    ),
    (
        N_("培育路径"),
        (
            (N_("进展图"), "progress.show", "quarter.read", None),
            (N_("申报窗口"), "windows.listing", "window.read", None),
            (N_("纳统申报"), "filings.listing", "filing.list", None),
            (N_("年度复核"), "rechecks.listing", "recheck.list", None),
            (N_("出库与退库"), "exits.listing", "exit.list", None),
            (N_("预测与预警"), "forecasts.listing", "forecast.list", None),
            (N_("季度名录"), "quarters.listing", "quarter.read", None),
            (N_("规则"), "rules.listing", "rule.read", None),
            (N_("规则集"), "rulesets.listing", "ruleset.read", "rules"),
        ),
    ),
    (
        N_("系统管理"),
        (
            (N_("用户与角色"), "users.listing", "user.list", None),
            (N_("账号申请"), "approvals.listing", "approval.list", "approvals"),
            (N_("操作留痕"), "trail.listing", "trail.read", None),
            (N_("市场主体库装入"), "register.loads", "register.load", None),
            (N_("后台任务"), "jobs.listing", "job.list", None),
        ),
    ),
)  # fmt: skip

# Pages of a firm belong to the directory.
SECTIONS = {
    "firms": "ledger",
    "upkeep": "ledger",
    "figures": "ledger",
    "months": "ledger",
    "unproven": "ledger",
    "documents": "ledger",
    "checklists": "ledger",
} | {
    "groups": "pairings",
    "closing": "quarters",
    "verdicts": "pairings",
    "whatif": "rulesets",
}


def install(app: Flask) -> None:
    app.context_processor(_context)


def _context() -> dict[str, Any]:
    return {
        "vocabulary": vocabulary,
        "clocks": KNOWN_LABELS,
        "notice": vocabulary.NOTICE,
        "get_locale": get_locale,
        "can": lambda permission, subject=None: can(actor(), permission, subject),
        # Looked up where it is shown, once: a fragment (a hint, progress) shows no menu and need not count for it.
        "menu": LocalProxy(cache(_menu)),
        **_personal(),
    }


def _personal() -> dict[str, Any]:
    if not _is_known():
        return {}
    fixed = setting("TODAY") is not None and not current_app.testing
    return {"today": clock.today(), "is_demo": clock.is_demo(), "is_set_day": fixed}


def _is_known() -> bool:
    return bool(current_user and current_user.is_authenticated)


def _menu() -> list[tuple[str, list[MenuItem]]]:
    if not _is_known() or current_user.must_change_password:
        return []
    who = actor()
    counts: dict[str, int] = inbox.counts(who) if can(who, "inbox") else {}
    if can(who, "approval.list"):
        counts["approvals"] = approvals.to_decide(who, at=clock.now())
    groups = []
    for label, rows in MENU:
        items = [
            MenuItem(_(text), url_for(endpoint), _is_active(endpoint), counts.get(counter) if counter else None)
            for text, endpoint, permission, counter in rows
            if can(who, permission)
        ]
        if items:
            groups.append((_(label), items))
    return groups


def _is_active(endpoint: str) -> bool:
    """The page itself, or a page below its section where the section has one entry only."""
    if request.endpoint == endpoint:
        return True
    section, current = endpoint.partition(".")[0], (request.endpoint or "").partition(".")[0]
    return section != "home" and SECTIONS.get(current, current) == section

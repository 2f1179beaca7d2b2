"""Invented intake windows of three years, and the filings of the demo: papers, levels, one sent back."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from registry.base.periods import Period
from registry.base.permissions import Actor
from registry.base.vocabulary import Action, Door, FigureKind, FigureSource, Stage
from registry.demo.papers import paper
from registry.documents.models import Document
from registry.documents.services import attachments
from registry.figures.queries import figures
from registry.figures.services import recording
from registry.filings.models import Filing
from registry.filings.queries import announced, checklists, readiness
from registry.filings.services import announcing, checking, filing
from registry.firms.models.firms import Firm
from registry.pathway.queries import facts
from registry.pathway.rules.transitions import blockers, step
from registry.reference.queries import reference

# When the notices of a year came out, and when next year's drafts were made from them.
NOTICES = {2020: date(2020, 1, 6), 2021: date(2021, 1, 6)}
DRAFTS = date(2021, 10, 12)
FILING_DAY = date(2021, 10, 14)
_SOURCE = "演示数据：虚构的%(year)s年度通知，不是真实期限"
_ANNUAL = (
    (Door.ANNUAL_FIRST, "第一批", (10, 8), (11, 6), 9),
    (Door.ANNUAL_SECOND, "第二批", (12, 1), (12, 16), 11),
)


def announce(actor: Actor, year: int, *, at: datetime) -> None:
    """The monthly windows of March to November, and two annual batches; all marked as invented and unverified."""
    for month in range(3, 12):
        span = date(year, month, 1), date(year, month, min(10, monthrange(year, month)[1]))
        announcing.announce(actor, _values(year, Door.MONTHLY, f"{month}月", span, month - 1), at=at)
    for door, batch, opens, closes, statement in _ANNUAL:
        announcing.announce(
            actor, _values(year, door, batch, (date(year, *opens), date(year, *closes)), statement), at=at
        )


def draft(actor: Actor, *, at: datetime) -> None:
    announcing.copy_year(actor, max(NOTICES) + 1, at=at)


def _values(year: int, door: Door, batch: str, span: tuple[date, date], month: int) -> dict[str, Any]:
    return {
        "year": year, "door": door.value, "batch": batch, "opens_on": span[0], "closes_on": span[1],
        "statement_year": year, "statement_month": month, "source": _SOURCE % {"year": year}, "verified": False,
    }  # fmt: skip


def collect(
    clerk: Actor, statistics: Actor, firm: Firm, *, at: datetime, on: date, all_of_them: bool = True
) -> None:  # fmt: skip
    """The office records the VAT return of September and the papers of the next window; half of them on request.

    Statistics has looked at the seals of all of them, else of none.
    """
    if firm.stage != Stage.QUALIFIED:
        return
    ready = readiness.of(firm, announced.next_for(firm, on), on=on)
    _vat(clerk, firm, ready.statement, at=at, on=on)
    lacking = readiness.of(firm, ready.window, on=on).lacking
    for entry in lacking if all_of_them else lacking[: len(lacking) // 2]:
        row = reference.materials()[entry.row.code]
        document = entry.document or _attach(clerk, firm, row.code, ready.statement, at=at)
        checking.hold(clerk, firm, row, ready.month, ready.statement, document, at=at)
    if all_of_them:
        for entry in checklists.to_seal(readiness.of(firm, ready.window, on=on).entries):
            checking.confirm_seal(statistics, firm, entry, ready.month, at=at)


def _vat(clerk: Actor, firm: Firm, period: Period, *, at: datetime, on: date) -> None:
    """The VAT return says what the income statement says."""
    amounts: dict[Period, Decimal] = {
        Period(f.year, f.month): f.amount for f in figures.current_figures(firm) if f.kind == FigureKind.REVENUE
    }
    if period in amounts:
        vat_return = _attach(clerk, firm, "M05", period, at=at)
        recording.record(
            clerk, firm, period, amounts[period], kind=FigureKind.VAT_SALES, source=FigureSource.VAT_RETURN,
            document=vat_return, at=at, on=on,
        )  # fmt: skip


def _attach(clerk: Actor, firm: Firm, material: str, period: Period, *, at: datetime) -> Document:
    content = paper(firm, period, material)
    return attachments.attach(
        clerk, firm, filename=f"{material}-{period}.pdf", content=content, material=material, at=at,
        year=period.year, month=period.month,
    )  # fmt: skip


def file(statistics: Actor, firm: Firm, *, at: datetime, on: date) -> Filing | None:
    """File in the window that is open, where nothing is in the way."""
    window = announced.next_for(firm, on)
    transition = step(Action.FILE, firm.stage)
    if window is None or transition is None:
        return None
    grounds = readiness.of(firm, window, on=on).grounds
    if blockers(transition, facts.of(firm, on=on, actor=statistics, grounds=grounds)):
        return None
    return filing.file(statistics, firm, window.id, at=at, on=on)


def judge(statistics: Actor, made: Filing | None, levels: Iterable[str], *, at: datetime, on: date) -> None:
    """The levels that have passed it; `-city` is a level that sent it back."""
    for level in levels if made else ():
        passed = not level.startswith("-")
        if made is not None:
            filing.record_level(
                statistics, made, level.lstrip("-"), passed=passed, day=on, at=at, on=on,
                reason_code=None if passed else "R07", note="" if passed else "利润表缺盖章页",
            )  # fmt: skip

"""VAT sales and employees beside the invented firms' revenue: mostly agreeing, some explained, some not yet."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from registry.base.periods import Period
from registry.base.permissions import Actor, can
from registry.base.vocabulary import FigureKind, FigureSource
from registry.demo.papers import paper
from registry.documents.models import Document
from registry.documents.services import attachments
from registry.figures.queries import figures
from registry.figures.services import by_month
from registry.figures.services.by_month import MonthlyFigures
from registry.firms.models.firms import Firm

if TYPE_CHECKING:
    from registry.demo.story import Narrative, Teller

DAY = date(2021, 10, 13)
# Firms about to be filed get September with their papers (filings.py).
_MONTHS = {
    "admitted": (3, 6, 9), "enrolled": (3, 6, 9), "qualified": (3, 6), "filed": (3, 6), "in_chain": (3, 6),
}  # fmt: skip
TOLD = frozenset(_MONTHS)


def beside(tale: Narrative) -> Callable[[Teller], None]:
    """What the county transcribed from the VAT returns and payrolls of the three quarters, in one sitting."""

    def record(teller: Teller) -> None:
        clerk, firm = teller.clerk(tale.story.office), tale.known
        if not can(clerk, "figure.record", firm):
            return
        revenue = {
            Period(f.year, f.month): f.amount for f in figures.current_figures(firm) if f.kind == FigureKind.REVENUE
        }
        number = int((firm.credit_code or "0" * 18)[11:16])
        if tale.story.ending == "admitted" and number % 4:
            return
        for month in _MONTHS[tale.story.ending]:
            period = Period(2021, month)
            sales = _sales(number, revenue[period])
            if sales != revenue[period] and number % 2:
                _paper(clerk, firm, "M07", "差异说明", period, teller)
            given = [
                MonthlyFigures(
                    FigureKind.VAT_SALES,
                    sales,
                    FigureSource.VAT_RETURN,
                    _paper(clerk, firm, "M05", "增值税申报表", period, teller),
                ),
                MonthlyFigures(
                    FigureKind.EMPLOYEES,
                    Decimal((firm.employees or 20) + month // 3 - 2),
                    FigureSource.PAYROLL,
                    _paper(clerk, firm, "M15", "社保缴费明细", period, teller),
                ),
            ]
            by_month.record(clerk, firm, period, given, at=teller.at, on=teller.day)

    return record


def _sales(number: int, revenue: Decimal) -> Decimal:
    """Two firms in five invoice otherwise than they book: exempt services, or an invoice in the next month."""
    share = Decimal("0.94") if number % 5 < 2 else Decimal(1)
    return (revenue * share).quantize(Decimal("0.01"))


def _paper(clerk: Actor, firm: Firm, material: str, name: str, period: Period, teller: Teller) -> Document:
    return attachments.attach(
        clerk, firm, filename=f"{name}{period}.pdf", content=paper(firm, period, material), material=material,
        at=teller.at, year=period.year, month=period.month,
    )  # fmt: skip

"""What an amount is held against: the dated settings, the firm itself, and the usual range of its industry."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select

from registry.base.extensions import db
from registry.base.periods import Period
from registry.base.vocabulary import FigureKind
from registry.figures.rules.doubts import Beside, DoubtLimits
from registry.figures.rules.proof import Counted
from registry.figures.rules.usual import Usual, usual
from registry.firms.models.firms import Firm
from registry.reference.queries import parameters, reference

_DIVISION = 2  # the first two digits of an industry code
OTHER = {FigureKind.REVENUE: FigureKind.VAT_SALES, FigureKind.VAT_SALES: FigureKind.REVENUE}


def limits(on: date) -> DoubtLimits:
    return DoubtLimits(
        jump=parameters.integer("revenue.jump", on),
        line=parameters.integer("doubt.line_times", on),
        capital=parameters.integer("doubt.capital_times", on),
        head=parameters.integer("doubt.head_wan", on) * Decimal(10_000),
        sales=parameters.integer("doubt.sales_times", on),
        usual=parameters.integer("doubt.usual_times", on),
    )


def usual_ranges(division: str = "") -> Mapping[str, Usual]:
    """Division (two digits) -> its usual range, of last year's proven revenue; of all divisions, or of one.

    One statement. A firm whose figure nobody proved is not looked at.
    """
    rows = select(Firm.industry, Firm.office_id, Firm.revenue_last_year).where(
        Firm.voided_at.is_(None), Firm.merged_into_id.is_(None), Firm.revenue_last_year.is_not(None),
        func.coalesce(Firm.unproven, "").not_like("%revenue_last_year%"), Firm.industry.startswith(division),
    )  # fmt: skip
    found: defaultdict[str, list[tuple[int, Decimal]]] = defaultdict(list)
    for industry, office_id, amount in db.session.execute(rows):
        if industry and amount is not None:
            found[industry[:_DIVISION]].append((office_id, amount))
    ranges = {code: usual(given) for code, given in found.items()}
    return {code: given for code, given in ranges.items() if given is not None}


def usual_of(industry: str | None) -> Usual | None:
    division = (industry or "")[:_DIVISION]
    return usual_ranges(division).get(division) if len(division) == _DIVISION else None


def line_of(industry: str | None, period: Period) -> Decimal | None:
    """The four-above line of the industry in force for the period, in yuan."""
    if not industry:
        return None
    section = reference.classification().section_of(industry) or ""
    rule = reference.rules().statutory(industry, period, section=section)
    return rule.amount_yuan if rule else None


def of(
    firm: Firm, kind: FigureKind, period: Period, counted: Iterable[Counted[Any]], *, other: Decimal | None = None
) -> Beside:
    """The firm as a new figure of it is held against; `other`: the other paper's amount where it comes along."""
    if kind == FigureKind.EMPLOYEES:
        return Beside()
    return Beside(
        line=line_of(firm.industry, period),
        capital=firm.capital if firm.capital_currency == "CNY" else None,
        employees=firm.employees,
        other=other if other is not None else _other(kind, period, counted),
        usual=usual_of(firm.industry),
    )


def _other(kind: FigureKind, period: Period, counted: Iterable[Counted[Any]]) -> Decimal | None:
    of_period = (one.line for one in counted if one.line.kind == OTHER[kind])
    found = (line.amount for line in of_period if Period(line.year, line.month) == period)
    amount: Decimal | None = next(found, None)
    return amount

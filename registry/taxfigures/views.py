"""Tax-authorised figures as pages show them: beside the firm's own, and row by row before they are added."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _

from registry.base.extensions import clock
from registry.base.money import in_wan
from registry.base.periods import Period
from registry.firms.models.firms import Firm
from registry.site import reading
from registry.taxfigures import texts
from registry.taxfigures.models import TaxFigure
from registry.taxfigures.queries import figures
from registry.taxfigures.queries.figures import BesideOwn
from registry.taxfigures.services.judging import JudgedTaxRow, TaxOutcome

OUTCOME_TONES = {
    TaxOutcome.NEW: "ok",
    TaxOutcome.CORRECTED: "info",
    TaxOutcome.SAME: "plain",
    TaxOutcome.UNAUTHORISED: "warn",
    TaxOutcome.REFUSED: "bad",
}


@dataclass(frozen=True)
class TaxLine:
    """`stands`: the last of its kind and period; of an earlier one no difference is said."""

    row: TaxFigure
    kind: str
    period: str
    amount: Decimal
    own: Decimal | None
    remark: str
    stands: bool = True


def lines(rows: Iterable[TaxFigure]) -> list[TaxLine]:
    return [_line(one) for one in figures.beside(rows, clock.today())]


def firm_lines(firm: Firm) -> list[TaxLine]:
    """Everything of a firm, the earlier ones too."""
    rows = figures.of_firm(firm)
    last = {row.id for row in figures.standing([firm.id]).values()}
    return [_line(one, stands=one.row.id in last) for one in figures.beside(rows, clock.today())]


def _line(one: BesideOwn, *, stands: bool = True) -> TaxLine:
    kind = str(_(texts.KIND_LABELS[one.row.kind]))
    return TaxLine(one.row, kind, period(one.period), one.row.amount, one.own, _remark(one) if stands else "", stands)


def period(found: Period) -> str:
    if found.is_annual:
        return str(_("%(year)s年全年", year=found.year))
    return str(_("%(year)s年1—%(month)s月", year=found.year, month=found.month))


def _remark(one: BesideOwn) -> str:
    if one.own is None:
        return str(_(texts.NO_OWN))
    if not one.remarkable:
        return ""
    return str(_(texts.DIFFERS_ZERO) if one.share is None else _(texts.DIFFERS, share=f"{one.share * 100:+.2f}%"))


# -- a file that was brought ------------------------------------------------------------------------
@dataclass(frozen=True)
class TaxLoadLine:
    """A row as it was brought: what it would add, and what is said of it and where."""

    judged: JudgedTaxRow
    label: str
    tone: str
    amounts: list[str]
    said: list[tuple[str, str, str]]


def load_lines(judged: Sequence[JudgedTaxRow]) -> list[TaxLoadLine]:
    return [_load_line(one) for one in judged]


def _load_line(one: JudgedTaxRow) -> TaxLoadLine:
    said = reading.findings(one.row.place, one.findings, "warn" if one.outcome is TaxOutcome.UNAUTHORISED else "bad")
    label = str(_(texts.OUTCOME_LABELS[one.outcome]))
    return TaxLoadLine(one, label, OUTCOME_TONES[one.outcome], [_amount(each) for each in one.amounts], said)


def _amount(one: Any) -> str:
    told = {"kind": _(texts.KIND_LABELS[one.kind]), "period": period(one.period), "amount": in_wan(one.amount)}
    if one.before is None or one.before == one.amount:
        return str(_("%(period)s%(kind)s %(amount)s 万元", **told))
    return str(_("%(period)s%(kind)s %(before)s → %(amount)s 万元", before=in_wan(one.before), **told))

"""Income statement against VAT return of one period: the same, within the tolerance, explained, or to be explained."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from registry.base.labels import N_
from registry.base.periods import Period
from registry.base.vocabulary import FigureKind
from registry.figures.rules.proof import Counted


class Agreement(StrEnum):
    MATCHES = "matches"
    WITHIN = "within"
    EXPLAINED = "explained"
    UNCONFIRMED = "unconfirmed"  # explained, and too large for the explanation to stand without the bureau's word
    DIFFERS = "differs"
    ONE_SIDED = "one_sided"  # only one of the two is known
    NOTHING = "nothing"


LABELS: Mapping[str, str] = MappingProxyType(
    {
        Agreement.MATCHES: N_("两表一致"),
        Agreement.WITHIN: N_("差异在容许范围内"),
        Agreement.EXPLAINED: N_("有差异，已附差异说明"),
        Agreement.UNCONFIRMED: N_("有差异且较大，差异说明须由牵头部门确认"),
        Agreement.DIFFERS: N_("有差异，须附差异说明"),
        Agreement.ONE_SIDED: N_("只有一表，未能核对"),
        Agreement.NOTHING: N_("未登记"),
    }
)


@dataclass(frozen=True, slots=True)
class Note:
    """A note on the difference (M07): what differed when it was attached, revenue less sales; None is not known."""

    difference: Decimal | None = None
    confirmed: bool = False

    def covers(self, difference: Decimal) -> bool:
        """It explains what it was written for, and no more than that."""
        if self.difference is None:
            return True
        return self.difference * difference > 0 and abs(difference) <= abs(self.difference)


@dataclass(frozen=True, slots=True)
class Bounds:
    """The dated settings, both shares of the revenue: up to `tolerance` nothing is asked (0: the very same amount);
    from `confirm` on a note counts once the bureau in charge has confirmed it (0: never asked)."""

    tolerance: Decimal = Decimal(0)
    confirm: Decimal = Decimal(0)


EXACT = Bounds()


def differences(counted: Iterable[Counted[Any]], at: Any) -> dict[Period, Decimal]:
    """By period, by how much the revenue differed from the VAT sales as both stood at the moment `at`.

    Of a kind that came later the first amount is taken: the note was written beside the papers.
    """
    stood: dict[tuple[str, Period], Decimal] = {}
    for one in counted:
        lines = sorted((one.line, *one.older), key=lambda line: line.revision)
        before = [line for line in lines if line.at <= at]
        stood[one.line.kind, Period(one.line.year, one.line.month)] = (before[-1:] or lines[:1])[0].amount
    return {
        period: amount - stood[FigureKind.VAT_SALES, period]
        for (kind, period), amount in stood.items()
        if kind == FigureKind.REVENUE and (FigureKind.VAT_SALES, period) in stood
    }


def compare(
    revenue: Decimal | None, sales: Decimal | None, bounds: Bounds, *, notes: Iterable[Note] = ()
) -> Agreement:  # fmt: skip
    """Both cumulative yuan of one period, and the notes on their difference."""
    if revenue is None or sales is None:
        return Agreement.NOTHING if revenue is None and sales is None else Agreement.ONE_SIDED
    if revenue == sales:
        return Agreement.MATCHES
    if abs(revenue - sales) <= revenue * bounds.tolerance:
        return Agreement.WITHIN
    covering = [note for note in notes if note.covers(revenue - sales)]
    if not covering:
        return Agreement.DIFFERS
    is_large = bounds.confirm > 0 and abs(revenue - sales) >= revenue * bounds.confirm
    settled = not is_large or any(note.confirmed for note in covering)
    return Agreement.EXPLAINED if settled else Agreement.UNCONFIRMED


def sentence_values(revenue: Decimal, sales: Decimal, tolerance: Decimal) -> dict[str, str]:
    """Both amounts and their difference in 万元 and the tolerance in per cent, as text."""
    amounts = {"revenue": revenue, "sales": sales, "difference": abs(revenue - sales)}
    shown = {key: f"{(amount / 10_000).quantize(Decimal('0.01'), ROUND_HALF_UP):,}" for key, amount in amounts.items()}
    return {**shown, "tolerance": f"{(tolerance * 100).normalize():f}%"}

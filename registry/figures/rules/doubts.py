"""What is odd about a figure beside the firm's others and beside the firm itself, with the likely cause.

A doubt is a question to whoever gives the figure, never a refusal, and never says what would be right.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from registry.base.labels import N_
from registry.base.periods import Period
from registry.base.sentences import Cause
from registry.base.vocabulary import FigureKind
from registry.figures.rules.usual import Usual

# A slip of the unit shows as a factor; neighbours differ by up to this much on their own.
_SLACK = 3
_CENT = Decimal("0.01")
_SLIPS = (
    (10_000, Cause.TEN_THOUSAND_UP, Cause.TEN_THOUSAND_DOWN),
    (1_000, Cause.THOUSAND_UP, Cause.THOUSAND_DOWN),
)


@dataclass(frozen=True, slots=True)
class Doubt:
    """Why a figure should be looked at again: beside which other amount (or range, up to `upto`), how many `times`."""

    kind: str
    period: Period
    amount: Decimal
    times: int = 0
    upto: Decimal | None = None


@dataclass(frozen=True, slots=True)
class DoubtLimits:
    """The dated settings: from how many times on an amount is asked about; `head` is yuan a person."""

    jump: int
    line: int
    capital: int
    head: Decimal
    sales: int
    usual: int


@dataclass(frozen=True, slots=True)
class Beside:
    """What is known of the firm that an amount of money can be held against; None is not known.

    `line`: the four-above line of the period; `capital`: registered, in yuan; `other`: the VAT sales of the same period
    beside revenue, the revenue beside VAT sales; `usual`: the range of its industry.
    """

    line: Decimal | None = None
    capital: Decimal | None = None
    employees: int | None = None
    other: Decimal | None = None
    usual: Usual | None = None


def found(
    kind: FigureKind, period: Period, amount: Decimal, others: Mapping[Period, Decimal], *, limits: DoubtLimits,
    beside: Beside = Beside(),
) -> list[Doubt]:  # fmt: skip
    """What is odd about `amount` beside `others`, figures of the same kind, and `beside` the firm itself.

    The figure it would correct counts for its size only where the firm has no other.
    """
    rest = {when: given for when, given in others.items() if when != period}
    sized, times = rest or dict(others), limits.jump
    if kind == FigureKind.EMPLOYEES:
        return list(_headcount(sized, period, amount, times))
    magnitude = list(_magnitude(sized, period, amount, times))
    order = [*_falls(rest, period, amount)]
    copied = [*_copied(rest, period, amount), *_other_year(rest, period, amount, bool(order))]
    return [*magnitude, *order, *copied, *_out_of_size(kind, period, amount, beside, limits)]


def _out_of_size(
    kind: FigureKind, period: Period, amount: Decimal, beside: Beside, limits: DoubtLimits
) -> Iterator[Doubt]:
    """Beside the firm itself: it needs no earlier figure."""
    for cause, size, most in ((Cause.LINE, beside.line, limits.line), (Cause.CAPITAL, beside.capital, limits.capital)):
        if size and amount >= size * most:
            yield Doubt(cause, period, size, int(amount / size))
    if beside.employees and amount / beside.employees >= limits.head:
        yield Doubt(Cause.HEAD, period, (amount / beside.employees).quantize(_CENT, ROUND_HALF_UP))
    if beside.other and amount > 0:
        apart = max(amount / beside.other, beside.other / amount)
        if apart >= limits.sales:
            yield Doubt(Cause.SALES if kind == FigureKind.REVENUE else Cause.REVENUE, period, beside.other, int(apart))
    if beside.usual and amount > 0:
        yearly = amount * 12 / _months(period)
        if amount > beside.usual.high * limits.usual or yearly < beside.usual.low / limits.usual:
            yield Doubt(Cause.USUAL, period, beside.usual.low, upto=beside.usual.high)


def _headcount(others: Mapping[Period, Decimal], period: Period, amount: Decimal, times: int) -> Iterator[Doubt]:
    """Persons at the end of a month are compared as they are: they do not add up over a year."""
    near = _nearest(others, period)
    if near is not None:
        low, high = sorted((others[near], amount))
        if low > 0 and high / low >= times:
            yield Doubt(Cause.JUMPS, near, others[near], times)


def _magnitude(others: Mapping[Period, Decimal], period: Period, amount: Decimal, times: int) -> Iterator[Doubt]:
    """The nearest figure, brought to this one's months."""
    near = _nearest(others, period)
    if near is None or amount <= 0 or others[near] <= 0:
        return
    ratio = (amount / _months(period)) / (others[near] / _months(near))
    for factor, up, down in _SLIPS:
        for share, cause in ((ratio, up), (1 / ratio, down)):
            if factor / _SLACK <= share < factor * _SLACK:
                yield Doubt(cause, near, others[near], factor)
                return
    if max(ratio, 1 / ratio) >= times:
        yield Doubt(Cause.JUMPS, near, others[near], times)


def _falls(others: Mapping[Period, Decimal], period: Period, amount: Decimal) -> Iterator[Doubt]:
    same_year = sorted((when, given) for when, given in others.items() if when.year == period.year)
    before = [(when, given) for when, given in same_year if when < period and given > amount]
    after = [(when, given) for when, given in same_year if when > period and given < amount]
    yield from (Doubt(Cause.FALLS, when, given) for when, given in before[-1:])
    yield from (Doubt(Cause.BELOW, when, given) for when, given in after[:1])


def _copied(others: Mapping[Period, Decimal], period: Period, amount: Decimal) -> Iterator[Doubt]:
    last_month = Period(period.year, period.month - 1) if period.month > 1 else None
    for when, cause in ((period.year_before, Cause.YEAR_BEFORE), (last_month, Cause.UNMOVED)):
        if when is not None and amount > 0 and others.get(when) == amount:
            yield Doubt(cause, when, amount)


def _other_year(others: Mapping[Period, Decimal], period: Period, amount: Decimal, odd: bool) -> Iterator[Doubt]:
    """Out of order in its own year, and in order in the year before or after."""
    if not odd:
        return
    for year in (period.year - 1, period.year + 1):
        near = {when.month or 12: given for when, given in others.items() if when.year == year}
        before = max((month for month in near if month < (period.month or 12)), default=None)
        behind = min((month for month in near if month > (period.month or 12)), default=None)
        if before is not None and behind is not None and near[before] < amount < near[behind]:
            yield Doubt(Cause.OTHER_YEAR, Period(year, period.month), amount)


def _nearest(others: Mapping[Period, Decimal], period: Period) -> Period | None:
    def distance(other: Period) -> tuple[int, int]:
        return abs(other.year - period.year), abs(_months(other) - _months(period))

    return min(others, key=distance, default=None)


def _months(period: Period) -> int:
    return period.month or 12


def noted(doubt: Doubt, kind: str) -> dict[str, Any]:
    """As it is kept beside the figure: the cause, and what fills its sentence."""
    return {"cause": str(doubt.kind), "values": values(doubt, kind)}


def values(doubt: Doubt, kind: str) -> dict[str, str | int]:
    """What fills the sentence, in Chinese: the amount with its unit."""
    if kind == FigureKind.EMPLOYEES:
        amount = N_("%(count)s 人") % {"count": f"{int(doubt.amount):,}"}
    else:
        amount = N_("%(amount)s 万元") % {"amount": range_text(doubt.amount, doubt.upto)}
    return {"period": doubt.period.label, "amount": amount, "times": doubt.times}


def range_text(low: Decimal, high: Decimal | None = None) -> str:
    """In 万元: `1,080.00`, or `100.00-900.00`."""
    ends = (low,) if high is None else (low, high)
    return "-".join(f"{(end / 10_000).quantize(_CENT, ROUND_HALF_UP):,}" for end in ends)

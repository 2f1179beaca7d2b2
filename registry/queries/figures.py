"""Figures and disputes of firms within an actor's reach, and what a new figure looks odd beside."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import Select, select

from registry.domain.periods import Period
from registry.domain.permissions import Actor
from registry.domain.vocabulary import FigureKind
from registry.extensions import db
from registry.models import Dispute, Figure, Firm
from registry.queries import firms, parameters


def one(actor: Actor, figure_id: int) -> Select[Figure]:
    return (
        select(Figure)
        .join(Firm, Firm.id == Figure.firm_id)
        .where(Firm.voided_at.is_(None), firms.within(actor), Figure.id == figure_id)
    )


def disputes_of(firm: Firm) -> list[Dispute]:
    """Every doubt about a figure of the firm, the oldest first."""
    return list(
        db.session.scalars(
            select(Dispute)
            .join(Figure, Figure.id == Dispute.figure_id)
            .where(Figure.firm_id == firm.id)
            .order_by(Dispute.at, Dispute.id)
        )
    )


@dataclass(frozen=True)
class Doubt:
    """Why a figure should be looked at again before it is recorded: `kind` is `jumps`, `falls` or `below`."""

    kind: str
    period: Period
    amount: Decimal
    times: int = 0


def doubts(firm: Firm, kind: FigureKind, period: Period, amount: Decimal, *, on: date) -> list[Doubt]:
    """What is odd about `amount` beside the firm's other figures of this kind; nothing is refused for it.

    A cumulative amount falls within its year, or differs from a neighbour by more than `revenue.jump` times, which is
    how 元 typed for 万元 shows (DECISIONS section 3: the factor is a parameter).
    """
    others = {Period(f.year, f.month): f.amount for f in firms.current_figures(firm) if f.kind == kind}
    others.pop(period, None)
    return [
        *_jumps(others, period, amount, parameters.integer("revenue.jump", on)),
        *_falls(others.items(), period, amount),
    ]


def _jumps(others: dict[Period, Decimal], period: Period, amount: Decimal, times: int) -> Iterator[Doubt]:
    for near in sorted(others, key=lambda p: (abs(p.year - period.year), abs((p.month or 12) - (period.month or 12))))[
        :1
    ]:
        low, high = sorted((others[near] / _months(near), amount / _months(period)))
        if low > 0 and high / low >= times:
            yield Doubt("jumps", near, others[near], times)


def _falls(others: Iterable[tuple[Period, Decimal]], period: Period, amount: Decimal) -> Iterator[Doubt]:
    same_year = sorted((when, given) for when, given in others if when.year == period.year)
    before = [(when, given) for when, given in same_year if when < period and given > amount]
    after = [(when, given) for when, given in same_year if when > period and given < amount]
    yield from (Doubt("falls", when, given) for when, given in before[-1:])
    yield from (Doubt("below", when, given) for when, given in after[:1])


def _months(period: Period) -> int:
    return period.month or 12

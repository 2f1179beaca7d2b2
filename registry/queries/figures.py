"""Figures and disputes of firms within an actor's reach, and what a new figure looks odd beside."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from sqlalchemy import Select, select

from registry.domain.doubts import Doubt, found
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


def doubts(firm: Firm, kind: FigureKind, period: Period, amount: Decimal, *, on: date) -> list[Doubt]:
    """What is odd about `amount` beside the firm's other figures of this kind; nothing is refused for it."""
    others = {Period(f.year, f.month): f.amount for f in firms.current_figures(firm) if f.kind == kind}
    return found(kind, period, amount, others, times=parameters.integer("revenue.jump", on))

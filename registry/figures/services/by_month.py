"""The figures of one month given together: revenue, VAT sales, employees, each with its own paper."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from registry.base.errors import FieldError
from registry.base.periods import Period
from registry.base.permissions import Actor
from registry.base.vocabulary import FigureKind, FigureSource
from registry.documents.models import Document
from registry.figures.models import Figure
from registry.figures.services import recording
from registry.firms.models.firms import Firm
from registry.firms.services import renewal


@dataclass(frozen=True)
class MonthlyFigures:
    """One cell of the month: yuan, or persons."""

    kind: FigureKind
    amount: Decimal
    source: FigureSource
    document: Document | None
    reason: str = ""
    corrects: int | None = None
    doubts: Sequence[Mapping[str, Any]] = ()
    assurance: str = ""


def record(
    actor: Actor, firm: Firm, period: Period, cells: Sequence[MonthlyFigures], *, at: datetime, on: date
) -> list[Figure]:
    """Append every cell and bring the standing up to them, once.

    Raises FieldError with the field named after the cell: `vat_sales_document`; see `recording.append_all`.
    """
    added = [_append(actor, firm, period, cell, at=at, on=on) for cell in cells]
    renewal.renew(firm, on=on, at=at)
    return added


def _append(actor: Actor, firm: Firm, period: Period, cell: MonthlyFigures, *, at: datetime, on: date) -> Figure:
    try:
        return recording.append(
            actor, firm, period, cell.amount, kind=cell.kind, source=cell.source, document=cell.document,
            at=at, on=on, reason=cell.reason, corrects=cell.corrects, doubts={period: cell.doubts},
            assurance=cell.assurance,
        )  # fmt: skip
    except FieldError as error:
        if error.field == "assurance":  # one for the whole month
            raise
        raise FieldError(f"{cell.kind}_{error.field}", error.template, **error.values) from error

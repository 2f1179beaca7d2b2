"""Two people at one figure: a correction names the line it corrects; who comes second sees original, theirs, mine."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from flask_babel import gettext as _

from registry.base.extensions import db
from registry.base.periods import Period
from registry.base.vocabulary import FIGURE_KIND_LABELS, FIGURE_SOURCE_LABELS, FigureKind
from registry.figures.models import Figure
from registry.figures.services import recording
from registry.firms.models.firms import Firm
from registry.site.display import day, quantity


@dataclass(frozen=True)
class CorrectionRow:
    """One line of components/diff_table.html: original, theirs, mine."""

    label: str
    values: tuple[str, str, str]
    changed: bool = True


def seen(kind: FigureKind, period: Period, last: Figure | None) -> str:
    """What a form carries: of which kind and period it showed which line; 0 where there was none."""
    return f"{kind}:{period.label}:{last.id if last else 0}"


def corrects(carried: str | None, kind: FigureKind, period: Period) -> int | None:
    """The line the form showed, None where it showed nothing of this kind and period."""
    head, _mark, number = (carried or "").rpartition(":")
    return int(number) if head == f"{kind}:{period.label}" and number.isdigit() else None


def compared(firm: Firm, kind: FigureKind, period: Period, line: int | None, mine: Decimal) -> list[CorrectionRow]:
    """Original, theirs and mine, where another line has come since `line`; empty where none has."""
    theirs = recording.current(firm, kind, period)
    if line is None or line == (theirs.id if theirs else 0):
        return []
    before = db.session.get(Figure, line)
    original = before if before is not None and before.firm_id == firm.id else None
    label = str(_("%(kind)s（%(note)s）", kind=_(FIGURE_KIND_LABELS[kind]), note=period.label))
    return [CorrectionRow(label, (_told(original), _told(theirs), quantity(mine, kind)))]


def _told(figure: Figure | None) -> str:
    if figure is None:
        return ""
    amount, source = quantity(figure.amount, figure.kind), _(FIGURE_SOURCE_LABELS[figure.source])
    return " · ".join(filter(None, (amount, str(source), figure.by_name, day(figure.at), figure.reason)))

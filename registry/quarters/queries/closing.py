"""What is still open in the city when a quarter is to be closed, and whether it may be closed at all."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select, true

from registry.base.errors import EarlierQuarterOpen, QuarterClosed, QuarterEmpty, QuarterOpen, RegistryError
from registry.base.extensions import db
from registry.base.periods import Quarter
from registry.base.vocabulary import BatchState, FigureKind, Stage
from registry.claims.models import Claim
from registry.figures.models import Dispute, Figure
from registry.figures.queries.pending import unanswered
from registry.firms.models.firms import Firm
from registry.imports.models import ImportBatch
from registry.pathway.models import PathwayEvent
from registry.pathway.rules.history import LISTED
from registry.quarters.queries import quarters, snapshots
from registry.quarters.rules.closing import Finding, Point


def obstacle(quarter: Quarter, today: date) -> RegistryError | None:
    """Why the quarter cannot be closed: it is not over, it is closed, or one before it is not."""
    if quarter.last >= today:
        return QuarterOpen(quarter=quarter.label, last=quarter.last.isoformat())
    closed = {row.quarter for row in snapshots.closed()}
    if quarter.label in closed:
        return QuarterClosed(quarter=quarter.label)
    first = quarters.first()
    if first is None or quarter < first:
        return QuarterEmpty(quarter=quarter.label)
    if max(closed, default="") > quarter.label:
        return QuarterClosed(quarter=max(closed))
    if quarter.previous.label not in closed and quarter.previous >= first:
        return EarlierQuarterOpen(quarter=quarter.label, earlier=quarter.previous.label)
    return None


def checklist(quarter: Quarter, today: date, offices: Collection[int] | None = None) -> list[Finding]:
    """Every point with its number, those without anything open too; of the city, or of what these offices have."""
    firms: ColumnElement[bool] = true()
    claims, imports, disputes = firms, firms, firms
    if offices is not None:
        firms = or_(Firm.office_id.in_(offices), Firm.lead_bureau_id.in_(offices))
        claims = or_(Claim.office_id.in_(offices), Claim.holder_id.in_(offices))
        imports = ImportBatch.office_id.in_(offices)
        theirs = select(Figure.id).join(Firm, Firm.id == Figure.firm_id).where(firms)
        disputes = Dispute.figure_id.in_(theirs)
    out_of_date = or_(Firm.standing_year.is_(None), Firm.standing_year != today.year)
    counts = {
        Point.PROPOSED: _standing_at([Stage.PROPOSED], firms),
        Point.UNDER_REVIEW: _standing_at([Stage.UNDER_REVIEW], firms),
        Point.RETURNED: _standing_at([Stage.RETURNED], firms),
        Point.CLAIMS: select(func.count(Claim.id)).where(Claim.decided_at.is_(None), claims),
        Point.IMPORTS: select(func.count(ImportBatch.id)).where(ImportBatch.state == BatchState.CHECKED, imports),
        Point.FIGURES: select(func.count(Firm.id)).where(_without_figure(quarter), firms),
        Point.DISPUTES: select(func.count(Dispute.id)).where(unanswered(), disputes),
        Point.DOUBTS: select(func.count(Firm.id)).where(_doubted(), firms),
        Point.STANDING: select(func.count(Firm.id)).where(_there(), Firm.stage != Stage.MERGED, out_of_date, firms),
        Point.FILINGS: _standing_at([Stage.FILED, Stage.IN_CHAIN], firms),
    }
    row = db.session.execute(select(*(counts[point].scalar_subquery() for point in Point))).one()
    return [Finding(point, number or 0) for point, number in zip(Point, row, strict=True)]


def without_figure(quarter: Quarter, limit: int) -> list[tuple[int, str]]:
    """The first firms of the directory that have no revenue of the quarter's last month, to go and ask for it."""
    rows = select(Firm.id, Firm.name).where(_without_figure(quarter)).order_by(Firm.statistical_county, Firm.id)
    return [(row.id, row.name) for row in db.session.execute(rows.limit(limit))]


def disputed(limit: int) -> list[tuple[int, str]]:
    """The first firms with a figure in doubt."""
    rows = (
        select(Firm.id, Firm.name)
        .join(Figure, Figure.firm_id == Firm.id)
        .join(Dispute, Dispute.figure_id == Figure.id)
        .where(unanswered())
        .distinct()
        .order_by(Firm.id)
    )
    return [(row.id, row.name) for row in db.session.execute(rows.limit(limit))]


def doubted(limit: int) -> list[tuple[int, str]]:
    """The first firms of which an amount is in doubt that nobody else has settled."""
    rows = select(Firm.id, Firm.name).where(_doubted()).order_by(Firm.id)
    return [(row.id, row.name) for row in db.session.execute(rows.limit(limit))]


def _doubted() -> ColumnElement[bool]:
    return and_(_there(), Firm.stage.in_(sorted(LISTED)), Firm.doubted != "")


def _there() -> ColumnElement[bool]:
    return Firm.voided_at.is_(None)


def _standing_at(stages: Collection[str], firms: ColumnElement[bool]) -> Select[int]:
    return select(func.count(Firm.id)).where(_there(), Firm.stage.in_(stages), firms)


def _without_figure(quarter: Quarter) -> ColumnElement[bool]:
    """In the directory now, since the quarter or before, and no revenue of its last month counts."""
    period = quarter.period
    reported = exists().where(
        Figure.firm_id == Firm.id,
        Figure.kind == FigureKind.REVENUE,
        Figure.year == period.year,
        Figure.month == period.month,
        Figure.voided_at.is_(None),
    )
    entered = exists().where(
        PathwayEvent.firm_id == Firm.id, PathwayEvent.target.in_(sorted(LISTED)), PathwayEvent.on <= quarter.last
    )
    return and_(_there(), Firm.stage.in_(sorted(LISTED)), entered, ~reported)

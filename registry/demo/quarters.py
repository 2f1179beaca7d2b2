"""The invented city closes its quarters in time; the one just over is left for the reader to close."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING

from sqlalchemy import select

from registry.base.extensions import SHANGHAI, db
from registry.base.periods import Quarter
from registry.base.vocabulary import FigureKind, FigureSource, Stage
from registry.demo.papers import paper
from registry.documents.services import attachments
from registry.figures.models import Figure
from registry.figures.services import recording
from registry.firms.models.firms import Firm
from registry.people.models import Office
from registry.quarters.models import Snapshot, SnapshotRow
from registry.quarters.services import freezing

if TYPE_CHECKING:
    from registry.demo.story import Teller

CLOSED = ((Quarter(2021, 1), date(2021, 4, 21)), (Quarter(2021, 2), date(2021, 7, 21)))
NOTE = "个别企业报表未报、个别材料仍在补正，不影响名录，按期冻结。"

PUT_RIGHT = date(2021, 8, 17)
"""Two counties send a new statement of June when the quarter is closed: lines of the next one (更正)."""
_CHANGED = (("441521", Decimal(86_400), "补记已开票收入"), ("441581", Decimal(-12_800), "冲回重复登记的收入"))


def closings() -> Iterable[tuple[date, Callable[[Teller], None]]]:
    for quarter, day in CLOSED:
        yield day, lambda teller, quarter=quarter: _close(teller, quarter)  # type: ignore[misc]
    yield PUT_RIGHT, _put_right


def _close(teller: Teller, quarter: Quarter) -> None:
    """In the story's own transaction: nobody else is there who could come in between."""
    at, city_office = teller.at, teller.person("cityoffice")
    with freezing.take(city_office, quarter, note=NOTE, at=at, on=teller.day) as taken:
        freezing.keep(city_office, taken, commit=db.session.flush)


def _put_right(teller: Teller) -> None:
    """At a time of its own: the story's other moments stay what they were."""
    at, period = datetime.combine(teller.day, time(10, 20), SHANGHAI), CLOSED[-1][0].period
    for office, change, reason in _CHANGED:
        clerk, told = teller.clerk(office), _reported(office)
        if told is None:
            continue
        firm, figure = told
        content = paper(firm, period, "M04 corrected")
        statement = attachments.attach(
            clerk, firm, filename=f"利润表{period}（更正）.pdf", content=content, material="M04", at=at,
            year=period.year, month=period.month,
        )  # fmt: skip
        recording.record(
            clerk, firm, period, figure.amount + change, source=FigureSource.INCOME_STATEMENT, document=statement,
            reason=reason, at=at, on=teller.day,
        )  # fmt: skip


def _reported(office: str) -> tuple[Firm, Figure] | None:
    """A firm still cultivated by that office, and the revenue that the last closed quarter has of it."""
    quarter = CLOSED[-1][0]
    frozen = select(SnapshotRow.firm_id).join(Snapshot).where(Snapshot.quarter == quarter.label)
    statement = (
        select(Firm, Figure)
        .join(Figure, Figure.firm_id == Firm.id)
        .join(Office, Firm.office_id == Office.id)
        .where(Office.code == office, Firm.stage == Stage.ADMITTED, Firm.id.in_(frozen))
        .where(Figure.kind == FigureKind.REVENUE, Figure.voided_at.is_(None))
        .where(Figure.year == quarter.period.year, Figure.month == quarter.period.month)
        .order_by(Firm.id.desc(), Figure.revision.desc())
    )
    row = db.session.execute(statement.limit(1)).first()
    return row and (row.Firm, row.Figure)

"""The invented city closes its quarters in time; the one just over is left for the reader to close."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
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
from registry.people.queries import people
from registry.quarters.models import Snapshot, SnapshotRow
from registry.quarters.queries import certificates, quarters
from registry.quarters.queries.certificates import PartStanding
from registry.quarters.services import certifying, freezing

if TYPE_CHECKING:
    from registry.demo.story import Teller

CLOSED = ((Quarter(2021, 1), date(2021, 4, 21)), (Quarter(2021, 2), date(2021, 7, 21)))
NOTE = "个别企业报表未报、个别材料仍在补正，不影响名录，按期冻结。"

PUT_RIGHT = date(2021, 8, 17)
"""Two counties send a new statement of June when the quarter is closed: lines of the next one (更正)."""
_CHANGED = (("441521", Decimal(86_400), "补记已开票收入"), ("441581", Decimal(-12_800), "冲回重复登记的收入"))


LATE = {Quarter(2021, 1): ("441581-Z1",)}
WITHOUT = "经办人员外出培训，已电话核对数据无误，待其返回后补签。"
"""Of the first quarter one zone had not certified when it was closed."""
ASKED = date(2021, 10, 14)
AWAITED = ("441523", "441581", "science")
LONGER = "441523"
"""Of the quarter just over these have not certified by the demo's day, and one of them was given longer."""


def closings() -> Iterable[tuple[date, Callable[[Teller], None]]]:
    for quarter, day in CLOSED:
        yield day, lambda teller, quarter=quarter: _close(teller, quarter)  # type: ignore[misc]
    yield PUT_RIGHT, _put_right
    yield ASKED, _certify_some


def _close(teller: Teller, quarter: Quarter) -> None:
    """In the story's own transaction: nobody else is there who could come in between."""
    certified = _certified(teller, quarter, but=LATE.get(quarter, ()))
    without = {one.office.code: WITHOUT for one in certified if not one.is_certified}
    at, city_office = teller.at, teller.person("cityoffice")
    with freezing.take(city_office, quarter, note=NOTE, at=at, on=teller.day, without=without) as taken:
        freezing.keep(city_office, taken, commit=db.session.flush)


def _certified(teller: Teller, quarter: Quarter, *, but: Collection[str] = ()) -> list[PartStanding]:
    """Each office that has firms certifies its part, `but` these; how all of them stand then."""
    parts = quarters.parts(quarter)
    for one in certificates.standing(quarter, parts):
        if one.office.code not in but:
            at = datetime.combine(teller.day, time(8, 40), SHANGHAI)  # the story's other moments stay what they were
            certifying.write(teller.speaker(one.office), quarter, one, at=at, on=teller.day)
    return certificates.standing(quarter, parts)


def _certify_some(teller: Teller) -> None:
    """Of the quarter that is just over some have certified, and two put something right afterwards."""
    quarter = CLOSED[-1][0].next
    _certified(teller, quarter, but=AWAITED)
    city_office, office = teller.person("cityoffice"), people.office(LONGER)
    certifying.extend(
        city_office, quarter, office, until=date(2021, 10, 29), reason="经办人员轮岗，新人员 10 月下旬到岗。",
        at=datetime.combine(teller.day, time(8, 50), SHANGHAI), on=teller.day,
    )  # fmt: skip


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

"""Where the targets of a plan stand on a day: the rows that count, those left out, and those under way.

The front door for whoever reports on a plan: `standing(plan, as_of)`. Numbers are only ever the length of their rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import and_, exists, or_, select
from sqlalchemy.orm import aliased

from registry.base.clocks import SHANGHAI
from registry.base.extensions import db, once
from registry.base.permissions import Actor
from registry.base.vocabulary import Action
from registry.filings.models import Filing
from registry.filings.rules.chain import FilingOutcome
from registry.firms.models.firms import Firm
from registry.pathway.models import PathwayEvent
from registry.pathway.queries.directory import reach
from registry.plans.models import FirmMark, Plan, PlanTarget, PlanVersion
from registry.plans.queries import plans
from registry.plans.rules.counting import MARKED, BearingRow, Counting, LeftOut, Pace, is_within, pace, sorted_out
from registry.reference.queries import reference


@dataclass(frozen=True)
class TargetStanding:
    """A target with its rows. `before`: those of a year ago; `shares`: by county and zone, if it is split."""

    target: PlanTarget
    counted: tuple[BearingRow, ...]
    left_out: tuple[BearingRow, ...]
    under_way: tuple[BearingRow, ...]
    before: tuple[BearingRow, ...]
    pace: Pace
    shares: dict[str, int]

    @property
    def needed(self) -> int:
        return max(0, self.target.amount - len(self.counted))

    @property
    def has_rows(self) -> bool:
        """Whether the registry holds anything that could count."""
        return self.target.kind != Counting.INSTITUTION

    def by_division(self) -> dict[str, tuple[int, int]]:
        """County or zone -> how many count and how many are under way; a zone under its own code."""
        places = {row.division for row in (*self.counted, *self.under_way)}
        return {place: (_of(place, self.counted), _of(place, self.under_way)) for place in sorted(places)}


@dataclass(frozen=True)
class PlanStanding:
    plan: Plan
    version: PlanVersion
    as_of: date
    targets: tuple[TargetStanding, ...]

    def target(self, code: str) -> TargetStanding | None:
        return next((one for one in self.targets if one.target.code == code), None)


def standing(plan: Plan, as_of: date, actor: Actor | None = None) -> PlanStanding | None:
    """Every target at the end of a day, of the rows that `actor` may see, or of the whole city; None: never issued."""
    version = plans.in_force(plan, as_of)
    if version is None:
        return None
    first, last = date(version.first_year, 1, 1), date(version.last_year, 12, 31)
    rows, rows_before = _Bearing(actor, as_of), _Bearing(actor, _year_ago(as_of))
    found = []
    for target in version.targets:
        counted, left_out = rows.sorted_out(target, version.first_year, version.last_year)
        before = rows_before.sorted_out(target, version.first_year - 1, version.last_year - 1)[0]
        found.append(
            TargetStanding(
                target, counted, left_out, rows.under_way(target), before,
                pace(target.amount, len(counted), first, last, as_of), plans.shares(plan, target.code, as_of),
            )
        )  # fmt: skip
    return PlanStanding(plan, version, as_of, tuple(_crossed(found)))


def _crossed(found: list[TargetStanding]) -> Iterator[TargetStanding]:
    """Each row that counts says under which other targets its firm counts."""
    codes: dict[int, list[str]] = {}
    for one in found:
        for row in one.counted:
            codes.setdefault(row.firm_id, []).append(one.target.code)
    for one in found:
        others = (
            replace(row, also=tuple(code for code in codes[row.firm_id] if code != one.target.code))
            for row in one.counted
        )
        yield replace(one, counted=tuple(others))


def _of(place: str, rows: Iterable[BearingRow]) -> int:
    return sum(row.division == place for row in rows)


def _year_ago(day: date) -> date:
    return date(day.year - 1, day.month, 28 if (day.month, day.day) == (2, 29) else day.day)


# -- rows -----------------------------------------------------------------------------------------
class _Bearing:
    """What bears on targets up to a day, read once for all of them."""

    def __init__(self, actor: Actor | None, as_of: date) -> None:
        self._actor, self._as_of = actor, as_of
        self._kept: dict[str, list[BearingRow]] = {}

    def sorted_out(
        self, target: PlanTarget, first_year: int, last_year: int
    ) -> tuple[tuple[BearingRow, ...], tuple[BearingRow, ...]]:
        return sorted_out(self._rows(target.kind), first_year, last_year, industries_of(target), sections())

    def under_way(self, target: PlanTarget) -> tuple[BearingRow, ...]:
        """Firms whose filing is before the statistics chain; nothing else has a way that the registry sees."""
        if target.kind != Counting.ENROLMENT:
            return ()
        rows = self._kept_rows("filings", lambda: list(_filings(self._actor, self._as_of)))
        return tuple(row for row in rows if row.first and is_within(row.industry, industries_of(target), sections()))

    def _rows(self, kind: str) -> list[BearingRow]:
        if kind == Counting.ENROLMENT:
            return self._kept_rows(kind, lambda: list(_enrolments(self._actor, self._as_of)))
        if kind in MARKED:
            return self._kept_rows(kind, lambda: list(_marks(self._actor, kind, self._as_of)))
        return []

    def _kept_rows(self, name: str, make: Any) -> list[BearingRow]:
        if name not in self._kept:
            self._kept[name] = make()
        return self._kept[name]


def industries_of(target: PlanTarget) -> tuple[str, ...]:
    return tuple(target.industries.split())


def sections() -> dict[str, str]:
    """The section of every class of industry."""
    return once("industry_sections", lambda: {row.code: row.section for row in reference.classification().all()})


def _enrolments(actor: Actor | None, as_of: date) -> Iterator[BearingRow]:
    """Confirmations (`confirm`), with the month from which each holds, and what ended it since."""
    ended, earlier = aliased(PathwayEvent), aliased(PathwayEvent)
    delisted = (
        select(ended.on)
        .where(ended.firm_id == PathwayEvent.firm_id, ended.action == Action.DELIST, ended.id > PathwayEvent.id)
        .where(ended.on <= as_of)
        .order_by(ended.id)
        .limit(1)
        .scalar_subquery()
    )
    again = exists().where(
        earlier.firm_id == PathwayEvent.firm_id, earlier.action == Action.CONFIRM, earlier.id < PathwayEvent.id
    )
    filed = and_(
        Filing.firm_id == PathwayEvent.firm_id,
        Filing.outcome == FilingOutcome.ENROLLED,
        Filing.closed_on == PathwayEvent.on,
    )
    rows = db.session.execute(
        select(
            PathwayEvent.id, PathwayEvent.firm_id, PathwayEvent.on, PathwayEvent.note, delisted.label("delisted"),
            again.label("again"), Filing.effective_year, Filing.effective_month, Filing.first_time, Filing.reference,
        )
        .join(Firm, Firm.id == PathwayEvent.firm_id)
        .outerjoin(Filing, filed)
        .where(PathwayEvent.action == Action.CONFIRM, PathwayEvent.on <= as_of)
        .where(Firm.voided_at.is_(None), reach(actor))
        .order_by(PathwayEvent.id)
    ).all()  # fmt: skip
    standing_for = _survivors({row.firm_id for row in rows})
    for row in rows:
        month = date(row.effective_year, row.effective_month or 1, 1) if row.effective_year else row.on
        yield _row(
            row.id, standing_for[row.firm_id], row.on, month, row.reference or row.note,
            first=not row.again and row.first_time is not False,
            ended_on=row.delisted, ended=LeftOut.DELISTED if row.delisted else None,
        )  # fmt: skip


def _filings(actor: Actor | None, as_of: date) -> Iterator[BearingRow]:
    """Filings that were under way at the end of the day."""
    rows = db.session.execute(
        select(Filing.id, Filing.firm_id, Filing.filed_on, Filing.year, Filing.month, Filing.first_time)
        .join(Firm, Firm.id == Filing.firm_id)
        .where(Filing.filed_on <= as_of, or_(Filing.closed_on.is_(None), Filing.closed_on > as_of))
        .where(Firm.voided_at.is_(None), reach(actor))
        .order_by(Filing.filed_on, Filing.id)
    ).all()
    standing_for = _survivors({row.firm_id for row in rows})
    for row in rows:
        month = date(row.year, row.month, 1)
        yield _row(row.id, standing_for[row.firm_id], row.filed_on, month, "", first=row.first_time)


def _marks(actor: Actor | None, way: str, as_of: date) -> Iterator[BearingRow]:
    """Marks recorded by the end of the day; one that was voided later stood then."""
    rows = db.session.scalars(
        select(FirmMark)
        .join(Firm, Firm.id == FirmMark.firm_id)
        .where(FirmMark.way == way, FirmMark.since <= as_of)
        .where(Firm.voided_at.is_(None), reach(actor))
        .order_by(FirmMark.since, FirmMark.id)
    ).unique()
    marks = list(rows)
    standing_for = _survivors({mark.firm_id for mark in marks})
    for mark in marks:
        voided = mark.voided_at.astimezone(SHANGHAI).date() if mark.voided_at else None
        over = voided is not None and voided <= as_of
        yield _row(
            mark.id, standing_for[mark.firm_id], mark.since, mark.since, mark.source,
            ended_on=voided if over else None, ended=LeftOut.VOIDED if over else None,
        )  # fmt: skip


def _row(row_id: int, firm: Any, day: date, of_day: date, proof: str, **more: Any) -> BearingRow:
    place = firm.division or firm.statistical_county or ""
    return BearingRow(
        row_id, firm.id, firm.name, firm.credit_code or "", place, firm.industry or "", day, of_day, proof, **more
    )  # fmt: skip


def _survivors(ids: set[int]) -> dict[int, Any]:
    """Firm id -> the entry that stands for it now, at the end of every merge."""
    columns = (Firm.id, Firm.name, Firm.credit_code, Firm.division, Firm.statistical_county, Firm.industry)
    rows = db.session.execute(select(*columns, Firm.merged_into_id).where(Firm.id.in_(ids)))
    found = {row.id: row for row in rows}
    onward = {row.merged_into_id for row in found.values()} - found.keys() - {None}
    after = _survivors(onward) if onward else {}
    return {number: _last(row, found | after) for number, row in found.items()}


def _last(row: Any, known: dict[int, Any]) -> Any:
    while row.merged_into_id is not None and row.merged_into_id in known:
        row = known[row.merged_into_id]
    return row

"""Rows that bear on targets, read once for every day and every target that is asked about.

Each is of the entry that stands for its firm today; what ended since is said of the day asked about.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import date
from functools import cached_property
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_, select

from registry.base.clocks import SHANGHAI
from registry.base.extensions import db, once
from registry.base.permissions import Actor
from registry.base.vocabulary import Action
from registry.cases.queries.counted import CountedCase, counted
from registry.filings.models import Filing
from registry.filings.rules.chain import FilingOutcome
from registry.firms.models.firms import Firm
from registry.pathway.models import PathwayEvent
from registry.pathway.queries.directory import reach
from registry.plans.models import FirmMark, PlanTarget
from registry.plans.rules.counting import MARKED, BearingRow, Counting, LeftOut, is_within, sorted_out
from registry.reference.queries import reference

_BODIES = 10**9
"""Below it are institutions, beyond it bodies that are neither."""
_FIRM = (
    Firm.id, Firm.name, Firm.credit_code, Firm.division, Firm.statistical_county, Firm.industry, Firm.merged_into_id,
)  # fmt: skip


class TargetRows:
    """Confirmations, filings and marks of the firms that `actor` may see, or of the whole city."""

    def __init__(self, actor: Actor | None) -> None:
        self._actor = actor
        self._kept: dict[tuple[str, date], list[BearingRow]] = {}

    def sorted_out(
        self, target: PlanTarget, as_of: date, first_year: int, last_year: int
    ) -> tuple[tuple[BearingRow, ...], tuple[BearingRow, ...]]:
        rows = self._of(target.kind, as_of)
        return sorted_out(rows, first_year, last_year, industries_of(target), sections())

    def under_way(self, target: PlanTarget, as_of: date) -> tuple[BearingRow, ...]:
        """Firms whose filing is before the statistics chain; nothing else has a way that the registry sees."""
        if target.kind != Counting.ENROLMENT:
            return ()
        return tuple(
            row
            for row in self._filed(as_of)
            if row.first and is_within(row.industry, industries_of(target), sections())
        )

    def _of(self, kind: str, as_of: date) -> list[BearingRow]:
        if (kind, as_of) not in self._kept:
            rows = self._confirmed(as_of) if kind == Counting.ENROLMENT else self._marked(kind, as_of)
            self._kept[kind, as_of] = [*rows, *self._recognised(kind, as_of)]
        return self._kept[kind, as_of]

    def _confirmed(self, as_of: date) -> Iterator[BearingRow]:
        """Confirmations (`confirm`) up to a day, with what ended each by then."""
        for firm_id, row in self._confirmations:
            if row.day > as_of:
                continue
            left = (step for step in self._delisted.get(firm_id, ()) if step.id > row.row_id and step.on <= as_of)
            over = next(left, None)
            yield row if over is None else row._replace(ended_on=over.on, ended=LeftOut.DELISTED)

    def _marked(self, way: str, as_of: date) -> Iterator[BearingRow]:
        """Marks since a day up to then; one that was voided later stood then."""
        for row, its_way, voided_on in self._marks if way in MARKED else ():
            if its_way == way and row.day <= as_of:
                over = voided_on is not None and voided_on <= as_of
                yield row._replace(ended_on=voided_on, ended=LeftOut.VOIDED) if over else row

    def _recognised(self, kind: str, as_of: date) -> Iterator[BearingRow]:
        """Cases that ended well (institutions recognised, firms brought in), with what ended each by then."""
        for word, row in self._cases:
            if word == kind and row.day <= as_of:
                over = row.ended_on is not None and row.ended_on <= as_of
                yield row if over else row._replace(ended_on=None, ended=None)

    def _filed(self, as_of: date) -> list[BearingRow]:
        """Filings that were under way at the end of the day."""
        if (Filing.__tablename__, as_of) not in self._kept:
            open_then = Filing.filed_on <= as_of, or_(Filing.closed_on.is_(None), Filing.closed_on > as_of)
            rows = self._read(
                Filing, Filing.filed_on, Filing.year, Filing.month, Filing.first_time,
                narrow=lambda found: found.where(*open_then).order_by(Filing.filed_on, Filing.id),
            )  # fmt: skip
            self._kept[Filing.__tablename__, as_of] = [
                _row(number, firm, filed_on, date(year, month, 1), "", first)
                for (number, filed_on, year, month, first), _own, firm in rows
            ]
        return self._kept[Filing.__tablename__, as_of]

    # -- as they are read -------------------------------------------------------------------------
    @cached_property
    def _confirmations(self) -> list[tuple[int, BearingRow]]:
        """Whose event it is, and the row with the month from which it holds."""
        filed = and_(
            Filing.firm_id == PathwayEvent.firm_id,
            Filing.outcome == FilingOutcome.ENROLLED,
            Filing.closed_on == PathwayEvent.on,
        )
        rows = self._read(
            PathwayEvent, PathwayEvent.on, PathwayEvent.note, Filing.effective_year, Filing.effective_month,
            Filing.first_time, Filing.reference, narrow=lambda found: found.outerjoin(Filing, filed)
            .where(PathwayEvent.action == Action.CONFIRM).order_by(PathwayEvent.id),
        )  # fmt: skip
        first: dict[int, int] = {}
        found = []
        for (number, on, note, year, month, first_time, proof), own, firm in rows:
            of_day = date(year, month or 1, 1) if year else on
            is_first = first.setdefault(own, number) == number and first_time is not False
            found.append((own, _row(number, firm, on, of_day, proof or note, is_first)))
        return found

    @cached_property
    def _delisted(self) -> dict[int, list[Any]]:
        """Firm id -> the events by which it left four-above, as they were recorded."""
        found: defaultdict[int, list[Any]] = defaultdict(list)
        rows = select(PathwayEvent.firm_id, PathwayEvent.id, PathwayEvent.on)
        for row in db.session.execute(rows.where(PathwayEvent.action == Action.DELIST).order_by(PathwayEvent.id)):
            found[row.firm_id].append(row)
        return found

    @cached_property
    def _marks(self) -> list[tuple[BearingRow, str, date | None]]:
        """Marks with their way, and the day on which each was taken back."""
        rows = self._read(
            FirmMark, FirmMark.way, FirmMark.since, FirmMark.source, FirmMark.voided_at,
            narrow=lambda found: found.order_by(FirmMark.since, FirmMark.id),
        )  # fmt: skip
        return [
            (
                _row(number, firm, since, since, source),
                way,
                voided_at.astimezone(SHANGHAI).date() if voided_at else None,
            )
            for (number, way, since, source, voided_at), _own, firm in rows
        ]

    @cached_property
    def _cases(self) -> list[tuple[str, BearingRow]]:
        """What each counts as, and its row; of a firm, that of the entry that stands for it."""
        rows = counted(self._actor)
        firms = _survivors({row.firm_id for row in rows if row.firm_id})
        found = []
        for one in rows:
            firm = firms.get(one.firm_id or 0) or (_no_firm(one), one.applicant, "", one.division, "", "", None)
            row = _row(one.case_id, firm, one.day, one.day, one.proof)
            ended = LeftOut.WITHDRAWN if one.ended_on else None
            found.append((one.word, row._replace(ended_on=one.ended_on, ended=ended, case_id=one.case_id)))
        return found

    def _read(self, table: Any, *columns: Any, narrow: Callable[[Select[Any]], Select[Any]]) -> Iterator[Any]:
        """Rows of a table of firms, each with its firm's number and the entry that stands for the firm."""
        found = select(table.id, *columns, *_FIRM).join(Firm, Firm.id == table.firm_id)
        rows = db.session.execute(narrow(found).where(Firm.voided_at.is_(None), reach(self._actor))).all()
        survivors, own = _survivors({int(row[-1]) for row in rows if row[-1]}), len(columns) + 1
        return ((row[:own], row[own], survivors.get(row[-1]) or row[own:]) for row in rows)


def industries_of(target: PlanTarget) -> tuple[str, ...]:
    return tuple(target.industries.split())


def sections() -> dict[str, str]:
    """The section of every class of industry."""
    return once("industry_sections", lambda: {row.code: row.section for row in reference.classification().all()})


def of_industries(industries: tuple[str, ...]) -> ColumnElement[bool]:
    """The same as `is_within`, as a condition."""
    divisions = {code[:2] for code, section in sections().items() if section in industries and len(code) > 1}
    prefixes = {*divisions, *(code for code in industries if code[0].isdigit())}
    return or_(*(Firm.industry.startswith(prefix) for prefix in sorted(prefixes)))


def _row(row_id: int, firm: Any, day: date, of_day: date, proof: str, first: bool = True) -> BearingRow:
    number, name, credit_code, division, county, industry, _into = firm
    place = division or county or ""
    return BearingRow(row_id, number, name, credit_code or "", place, industry or "", day, of_day, proof, first)


def _no_firm(one: CountedCase) -> int:
    """A number of its own, below nought, for whoever is no firm."""
    return -one.institution_id if one.institution_id else -_BODIES - one.case_id


def _survivors(wanted: set[int]) -> dict[int, Any]:
    """Firm id -> the entry that stands for it now, at the end of every merge."""
    if not wanted:
        return {}
    found: dict[int, Any] = {row.id: row for row in db.session.execute(select(*_FIRM).where(Firm.id.in_(wanted)))}
    after = _survivors({row[-1] for row in found.values() if row[-1]})
    return {number: after.get(row[-1], row) for number, row in found.items()}

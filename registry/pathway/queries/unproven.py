"""Firms whose stage rests on a figure that no paper of its period proves: not moved, but listed until it is proven."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, select

from registry.base.extensions import db, provided
from registry.base.permissions import Actor
from registry.base.vocabulary import Action, FigureKind, Stage, Verdict
from registry.figures.models import Figure
from registry.figures.queries import on_record
from registry.figures.queries.on_record import Records
from registry.figures.rules import proof
from registry.firms.models.firms import Firm
from registry.firms.queries import firms
from registry.pathway.models import PathwayEvent
from registry.pathway.queries import positions
from registry.pathway.rules.facts import FigureFact, FirmFacts
from registry.pathway.rules.revenue import admission_condition, standing
from registry.reference.queries import reference

STAGES = (Stage.ADMITTED, Stage.QUALIFIED, Stage.FILED, Stage.IN_CHAIN, Stage.ENROLLED)


@dataclass(frozen=True)
class Resting:
    """A firm, the figure its stage rests on, and the line that the figure meets."""

    firm: Firm
    figure: FigureFact
    line: Decimal | None


def resting(actor: Actor, *, on: date) -> list[Resting]:
    """The firms in reach whose stage only an unproven figure carries; a few statements, whatever their number."""
    found = list(db.session.scalars(_candidates(actor)).unique())
    if not found:
        return []
    ids = [firm.id for firm in found]
    records, days = on_record.of_firms(ids), ground_days(ids, on)
    days |= _days_of([f.id for f in found if f.stage == Stage.ADMITTED], on, PathwayEvent.action == Action.ADMIT)
    told = (_told(firm, records[firm.id], days[firm.id]) for firm in found)
    return [row for row in told if row is not None]


def ground_days(ids: Sequence[int], on: date) -> dict[int, date]:
    """Firm id -> the day as of which its stage was earned: its filing's statement, else the year it qualified in."""
    days = _days_of(ids, on, PathwayEvent.target == Stage.QUALIFIED, PathwayEvent.action != Action.RETURN_FILING)
    for statements in provided("statements_filed"):
        days |= {firm_id: period.end for firm_id, period in statements(ids).items()}
    return days


def _days_of(ids: Sequence[int], on: date, *steps: ColumnElement[bool]) -> dict[int, date]:
    """Firm id -> the last day of the year in which it last took such a step, or `on` where that is this year."""
    days = dict.fromkeys(ids, on)
    rows = select(PathwayEvent.firm_id, PathwayEvent.on).where(PathwayEvent.firm_id.in_(ids), *steps)
    for firm_id, day in db.session.execute(rows.order_by(PathwayEvent.at, PathwayEvent.id)):
        days[firm_id] = on if day.year == on.year else date(day.year, 12, 31)
    return days


def _candidates(actor: Actor) -> Select[Firm]:
    """Firms in reach with a figure that does not name its paper; whoever rests on an unproven one is among them."""
    loose = exists().where(
        Figure.firm_id == Firm.id,
        Figure.kind == FigureKind.REVENUE,
        Figure.voided_at.is_(None),
        ~on_record.names_its_paper(),
    )
    return firms.visible_to(actor).where(Firm.stage.in_(STAGES), loose).order_by(Firm.stage_on, Firm.id)


def _told(firm: Firm, records: Records, day: date) -> Resting | None:
    given = _carried(firm, proof.as_given(records.figures), day)
    proven = _carried(firm, records.counted, day)
    if given.verdict is not Verdict.MET or proven.verdict is Verdict.MET or given.figure is None:
        return None
    return Resting(firm, given.figure, given.line)


@dataclass(frozen=True)
class _Carried:
    """What the line of a stage says of the figures, and which of them it is."""

    verdict: Verdict
    figure: FigureFact | None
    line: Decimal | None


def _carried(firm: Firm, counted: Sequence[proof.Counted[Any]], day: date) -> _Carried:
    """A firm in the directory rests on its admission line, one further on the way on the four-above line."""
    section = reference.classification().section_of(firm.industry) if firm.industry else None
    facts = FirmFacts(
        industry=firm.industry or "", industry_year=2017, section=section or "", employees=firm.employees,
        figures=tuple(positions.fact_of(one) for one in counted),
    )  # fmt: skip
    stand = standing(facts, reference.rules(), day)
    if firm.stage != Stage.ADMITTED:
        now = stand.current
        return _Carried(now.verdict, now.figure, now.rule.amount_yuan if now.rule else None)
    found = admission_condition(stand, facts, reference.rules(), day)
    figures = (measure.figure for measure in stand.measures if measure.figure is not None)
    best = next((figure for figure in figures if figure.amount == found.value), None)
    return _Carried(found.verdict, best, found.line)

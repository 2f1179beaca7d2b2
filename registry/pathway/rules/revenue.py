"""A firm's revenue against its lines: which figures count on a day, and what they show. Nothing is annualised."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_FLOOR, Decimal

from registry.base.periods import Period
from registry.base.vocabulary import FigureKind, Tier, Verdict
from registry.pathway.rules.facts import Condition, ConditionCode, FigureFact, FirmFacts
from registry.reference.rules.thresholds import Basis, RuleBook, ThresholdRule, TierEdges

_FOUR_PLACES = Decimal("0.0001")
UNPROVEN = "unproven"
"""The note of a verdict that only a figure without its paper would meet."""


@dataclass(frozen=True, slots=True)
class Measure:
    """A figure beside the four-above rule in force for its own period.

    `partial`: part of a year that is over. It can prove the line reached, never missed.
    `unproven`: the amount meets the line, and no paper of its period says so: it meets nothing.
    """

    period: Period
    figure: FigureFact | None
    rule: ThresholdRule | None
    verdict: Verdict
    partial: bool = False
    unproven: bool = False

    @property
    def is_proven(self) -> bool:
        return self.figure is not None and self.figure.documented

    @property
    def rate(self) -> Decimal | None:
        """Revenue as a share of the line, rounded down to four places, so that 1 means reached."""
        if self.figure is None or self.rule is None or not self.rule.amount_yuan:
            return None
        return (self.figure.amount / self.rule.amount_yuan).quantize(_FOUR_PLACES, ROUND_FLOOR)


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a firm's revenue stands on a day: this year so far, and the last full year."""

    year_to_date: Measure | None
    last_year: Measure | None
    line_only: Measure

    @property
    def measures(self) -> tuple[Measure, ...]:
        return tuple(m for m in (self.year_to_date, self.last_year) if m is not None)

    @property
    def current(self) -> Measure:
        """What speaks for this year and alone moves a firm: its own figure, or the bare line while there is none."""
        return self.year_to_date or self.line_only

    @property
    def shown(self) -> Measure:
        """The figure whose papers are asked for: this year's, else last year's."""
        return self.year_to_date or self.last_year or self.line_only

    @property
    def rate(self) -> Decimal | None:
        """Of this year's figure, once a paper proves it."""
        return self.year_to_date.rate if self.year_to_date and self.year_to_date.is_proven else None

    def tier(self, edges: TierEdges) -> Tier | None:
        """The tier of the better of this year so far and the last full year, of proven figures alone."""
        whole = (m for m in self.measures if m.is_proven and (not m.partial or m.verdict is Verdict.MET))
        rates = [m.rate for m in whole if m.rate is not None]
        return edges.tier(max(rates)) if rates else None


def standing(facts: FirmFacts, rules: RuleBook, on: date) -> Standing:
    """Pick the figures that count on `on` (later periods are not looked at) and judge each by its own rule."""
    past = [f for f in facts.figures if f.kind == FigureKind.REVENUE and is_past(f.period, on)]
    current = _latest(f for f in past if f.period.year == on.year)
    before = [f for f in past if f.period.year == on.year - 1]
    former = _latest(f for f in before if f.period.is_full_year) or _latest(before)
    return Standing(
        year_to_date=_measure(facts, rules, current, current.period) if current else None,
        last_year=_measure(facts, rules, former, former.period, over=True) if former else None,
        line_only=_measure(facts, rules, None, Period.of(on)),
    )


def is_past(period: Period, on: date) -> bool:
    """Whether a figure of the period is looked at on the day: a full year when it is over, a month when it has come."""
    return period.year < on.year if period.is_annual else period <= Period.of(on)


def _latest(figures: Iterable[FigureFact]) -> FigureFact | None:
    """The latest proven figure; the latest unproven one only where none is proven. Of one period the one given last."""
    rows = sorted(enumerate(figures), key=lambda row: (row[1].documented, row[1].period, row[0]))
    return rows[-1][1] if rows else None


def _measure(
    facts: FirmFacts, rules: RuleBook, figure: FigureFact | None, period: Period, *, over: bool = False
) -> Measure:
    """`over`: the year is past, so a figure to an earlier month than December is only a part of it."""
    rule = rules.statutory(facts.industry_2017, period, section=facts.section)
    verdict = rule.judge(figure.amount if figure else None, facts.employees) if rule else Verdict.UNKNOWN
    partial = over and not period.is_full_year
    unproven = figure is not None and not figure.documented and verdict is Verdict.MET
    unproven = unproven and rule is not None and rule.judge(None, facts.employees) is not Verdict.MET
    if unproven or (partial and verdict is Verdict.UNMET):
        verdict = Verdict.UNKNOWN
    return Measure(period, figure, rule, verdict, partial, unproven)


def statutory_condition(stand: Standing, employees: int | None) -> Condition:
    """The four-above line: only this year's cumulative figure is judged, by the rule in force for its own period.

    While this year has no figure, last year's is shown as the value and judges nothing (docs/domain.md 1).
    """
    measure = stand.current
    figure, note = measure.figure, _note(measure)
    if figure is None and not note and measure.verdict is Verdict.UNKNOWN and stand.last_year:
        figure, note = stand.last_year.figure, "last_year"
    value = figure.amount if figure else None
    line = measure.rule.amount_yuan if measure.rule else None
    gap = line - value if line is not None and value is not None and measure.verdict is Verdict.UNMET else None
    return Condition(
        ConditionCode.STATUTORY_LINE,
        measure.verdict,
        note,
        value,
        line,
        gap,
        rule_id=measure.rule.rule_id if measure.rule else "",
        version=measure.rule.version if measure.rule else None,
        source=measure.rule.source if measure.rule else "",
        values={
            "period": (figure.period if figure else measure.period).label,
            "employees": employees,
            "or_employees": measure.rule.or_employees if measure.rule else None,
            "paper": figure.paper if figure else "",
        },
    )


def _note(measure: Measure) -> str:
    """The special case a verdict on the four-above line belongs to; empty for the plain ones."""
    rule, amount = measure.rule, measure.figure.amount if measure.figure else None
    if rule is None:
        return "no_rule"
    if measure.unproven:
        return UNPROVEN
    if rule.basis is Basis.QUALIFICATION:
        return "qualification"
    below = amount is None or (rule.amount_yuan is not None and amount < rule.amount_yuan)
    if measure.verdict is Verdict.MET:
        return "by_employees" if below else ""
    if measure.verdict is Verdict.UNMET or amount is None or measure.partial:
        return ""
    return "ask_employees" if below else "main_revenue"


def admission_condition(stand: Standing, facts: FirmFacts, rules: RuleBook, on: date) -> Condition:
    """The directory's own line in force on the day of the decision; the larger of the two revenues counts."""
    rule = rules.admission(facts.industry_2017, on, section=facts.section)
    if rule is None:
        return Condition(ConditionCode.ADMISSION_LINE, Verdict.UNKNOWN, "no_rule")
    whole = [m.figure for m in stand.measures if m.figure and not m.partial]
    meeting = [m.figure for m in stand.measures if m.figure and rule.judge(m.figure.amount, None) is Verdict.MET]
    proving = [figure for figure in meeting if figure.documented]
    best = max(proving or meeting or whole, key=lambda figure: figure.amount, default=None)
    verdict = rule.judge(best.amount if best else None, None)
    unproven = verdict is Verdict.MET and not proving
    verdict = Verdict.UNKNOWN if unproven else verdict
    gap = rule.amount_yuan - best.amount if best and rule.amount_yuan and verdict is Verdict.UNMET else None
    return Condition(
        ConditionCode.ADMISSION_LINE,
        verdict,
        UNPROVEN if unproven else "",
        best.amount if best else None,
        rule.amount_yuan,
        gap,
        rule_id=rule.rule_id,
        version=rule.version,
        source=rule.source,
        values={"period": best.period.label if best else "", "paper": best.paper if best else ""},
    )

"""Why a firm is not four-above yet and what it lacks: every condition with verdict, value, line, gap and rule.

Pure over dated rules: the same facts and the same day give the same answer, whenever it is asked.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal

from registry.base import credit_code
from registry.base.credit_code import RegistrantKind
from registry.base.money import CENT, WAN, in_wan
from registry.base.periods import Period
from registry.base.vocabulary import Accounting, FigureKind, Missing, Tier, UnitKind, Verdict
from registry.figures.rules import crosscheck
from registry.figures.rules.crosscheck import EXACT, Agreement, Bounds
from registry.pathway.rules.facts import Condition, ConditionCode, FigureFact, FirmFacts, HeldMaterial
from registry.pathway.rules.revenue import UNPROVEN, Standing, admission_condition, standing, statutory_condition
from registry.pathway.texts import CONDITION_BASES, ELSEWHERE_NAME
from registry.reference.rules.divisions import ELSEWHERE
from registry.reference.rules.thresholds import RuleBook, ThresholdRule, TierEdges

__all__ = [
    "ELSEWHERE",
    "Condition",
    "ConditionCode",
    "FigureFact",
    "FirmFacts",
    "HeldMaterial",
    "Position",
    "explain",
    "in_wan",
    "sentence_values",
]

_ENTERPRISE_ACCOUNTING = frozenset({Accounting.ENTERPRISE, Accounting.SMALL_ENTERPRISE})
# Registrants whose papers alone decide; 12 (institutions) is left to the accounting condition (docs/domain.md 5).
_PLAIN_REGISTRANTS = frozenset({RegistrantKind.ENTERPRISE, RegistrantKind.INSTITUTION})


@dataclass(frozen=True, slots=True)
class Position:
    """Where a firm stands on a day. `rate` is this year so far over the four-above line; None where unknown.

    `reached` (达标应入): this year's cumulative revenue meets the four-above line; last year's shows in the tier only.
    `rule` is the four-above rule shown beside the firm.
    """

    on: date
    conditions: tuple[Condition, ...]
    rate: Decimal | None
    tier: Tier | None
    missing: tuple[Missing, ...]
    rule: ThresholdRule | None
    year_to_date: FigureFact | None
    last_year: FigureFact | None
    figures: tuple[FigureFact, ...] = ()

    def figure(self, kind: FigureKind, period: Period) -> FigureFact | None:
        """The figure of this kind and period that counts."""
        return next((one for one in self.figures if (one.kind, one.period) == (kind, period)), None)

    @property
    def unproven_reach(self) -> bool:
        """Only a figure without its paper meets the four-above line."""
        return self.condition(ConditionCode.STATUTORY_LINE).note == UNPROVEN

    @property
    def unproven(self) -> tuple[str, ...]:
        """Which of the two revenues shown no paper proves, by the key of their column."""
        return tuple(key for key, figure in self._shown.items() if not figure.documented)

    @property
    def doubted(self) -> tuple[str, ...]:
        """Which of them are in doubt, in the same form."""
        return tuple(key for key, figure in self._shown.items() if figure.doubted)

    @property
    def _shown(self) -> dict[str, FigureFact]:
        shown = {"revenue_to_date": self.year_to_date, "revenue_last_year": self.last_year}
        return {key: figure for key, figure in shown.items() if figure is not None}

    def condition(self, code: ConditionCode) -> Condition:
        return next(c for c in self.conditions if c.code is code)

    @property
    def admission(self) -> Verdict:
        """The verdict on the directory's own admission line alone."""
        return self.condition(ConditionCode.ADMISSION_LINE).verdict

    @property
    def statutory(self) -> Verdict:
        """The verdict on the four-above line alone."""
        return self.condition(ConditionCode.STATUTORY_LINE).verdict

    @property
    def reached(self) -> bool:
        return self.statutory is Verdict.MET

    @property
    def is_counted_unit(self) -> bool:
        """A legal person, or an approved deemed one; what needs the statistics bureau's word is not refused here."""
        return self.condition(ConditionCode.UNIT_KIND).verdict is not Verdict.UNMET

    @property
    def unmet(self) -> tuple[Condition, ...]:
        return tuple(c for c in self.conditions if c.verdict is Verdict.UNMET)


def explain(facts: FirmFacts, rules: RuleBook, tiers: TierEdges, on: date, *, bounds: Bounds = EXACT) -> Position:
    """Judge every condition as of `on`, from the facts given and the rules in force then.

    `bounds`: by how much the VAT sales may differ from the revenue.
    """
    stand = standing(facts, rules, on)
    conditions = (
        _credit_code(facts),
        _unit_kind(facts),
        _standing(facts),
        _location(facts),
        _accounting(facts),
        _industry(facts, rules, on),
        admission_condition(stand, facts, rules, on),
        statutory_condition(stand, facts.employees),
        _income_statement(stand),
        _cross_check(facts, stand, bounds),
    )
    whole = stand.last_year if stand.last_year and not stand.last_year.partial else None
    return Position(
        on=on,
        conditions=conditions,
        rate=stand.rate,
        tier=stand.tier(tiers),
        missing=_missing(facts, stand),
        rule=stand.current.rule,
        year_to_date=stand.year_to_date.figure if stand.year_to_date else None,
        last_year=whole.figure if whole else None,
        figures=facts.figures,
    )


def sentence_values(condition: Condition, names: Mapping[str, str] | None = None) -> dict[str, str]:
    """The values of a condition's sentence as text: amounts in 万元, division codes by the `names` given."""
    places = {**(names or {}), ELSEWHERE: ELSEWHERE_NAME}
    text = {key: "" if value is None else str(value) for key, value in condition.values.items()}
    text |= {key: places.get(text[key], text[key]) for key in ("registered", "operating", "counted") if key in text}
    if condition.line is not None:
        text["line"] = in_wan(condition.line)
    if condition.value is not None:
        text["value"] = _beside(condition.value, condition.line)
    if condition.gap is not None:
        text["gap"] = in_wan(condition.gap, rounding=ROUND_CEILING)
    return text


def _beside(value: Decimal, line: Decimal | None) -> str:
    """A figure rounded as everywhere, but never up to a line it does not reach."""
    nearly = line is not None and value < line <= (value / WAN).quantize(CENT, ROUND_HALF_UP) * WAN
    return in_wan(value, ROUND_FLOOR if nearly else ROUND_HALF_UP)


def _found(
    code: ConditionCode, verdict: Verdict, note: str = "", values: Mapping[str, object] | None = None
) -> Condition:
    return Condition(code, verdict, note, source=CONDITION_BASES[code.value], values=values or {})


def _credit_code(facts: FirmFacts) -> Condition:
    if not facts.credit_code:
        return _found(ConditionCode.CREDIT_CODE, Verdict.UNKNOWN)
    valid = credit_code.check(facts.credit_code).valid
    values = {"code": facts.credit_code}
    return _found(ConditionCode.CREDIT_CODE, Verdict.MET if valid else Verdict.UNMET, values=values)


def _unit_kind(facts: FirmFacts) -> Condition:
    registrant = credit_code.kind(facts.credit_code) if facts.credit_code else RegistrantKind.ENTERPRISE
    if registrant is RegistrantKind.SOLE_TRADER:
        return _found(ConditionCode.UNIT_KIND, Verdict.UNMET, "sole_trader")
    if facts.unit_kind == UnitKind.DEEMED_LEGAL_PERSON:
        approved = facts.deemed_approved
        verdict, note = (Verdict.MET, "deemed") if approved else (Verdict.UNMET, "not_approved")
        return _found(ConditionCode.UNIT_KIND, verdict, note)
    if facts.unit_kind == UnitKind.LEGAL_PERSON:
        plain = registrant in _PLAIN_REGISTRANTS
        verdict, note = (Verdict.MET, "") if plain else (Verdict.UNKNOWN, "ask_registrant")
        return _found(ConditionCode.UNIT_KIND, verdict, note)
    return _found(ConditionCode.UNIT_KIND, Verdict.UNMET if facts.unit_kind == UnitKind.BRANCH else Verdict.UNKNOWN)


def _standing(facts: FirmFacts) -> Condition:
    found = {None: Verdict.UNKNOWN, False: Verdict.MET, True: Verdict.UNMET}[facts.abnormal]
    return _found(ConditionCode.STANDING, found)


def _location(facts: FirmFacts) -> Condition:
    """The firm counts where it operates (在地原则); divisions are compared by the county that counts."""
    operating, registered = _county(facts.operating_division), _county(facts.registered_division)
    counted = _county(facts.statistical_county)
    values = {"operating": operating, "registered": registered, "counted": counted}
    if operating is None:
        return _found(ConditionCode.LOCATION, Verdict.UNKNOWN, values=values)
    if operating == ELSEWHERE:
        return _found(ConditionCode.LOCATION, Verdict.UNMET, "elsewhere", values)
    if counted is not None and operating != counted:
        return _found(ConditionCode.LOCATION, Verdict.UNMET, values=values)
    moved = registered is not None and registered != operating
    return _found(ConditionCode.LOCATION, Verdict.MET, "moved" if moved else "", values)


def _county(division: str | None) -> str | None:
    """The county of a division code, None for the city as a whole: it does not say which county counts."""
    if division is None or division == ELSEWHERE:
        return division
    county = division[:6]
    return None if county.endswith("00") else county or None


def _accounting(facts: FirmFacts) -> Condition:
    if facts.accounting is None:
        return _found(ConditionCode.ACCOUNTING, Verdict.UNKNOWN)
    kept = facts.accounting in _ENTERPRISE_ACCOUNTING
    return _found(ConditionCode.ACCOUNTING, Verdict.MET if kept else Verdict.UNMET)


def _industry(facts: FirmFacts, rules: RuleBook, on: date) -> Condition:
    code = facts.industry_2017
    values = {"industry": code, "rule": ""}
    if len(code) < 4:
        return _found(ConditionCode.INDUSTRY, Verdict.UNKNOWN, "draft" if code else "", values)
    rule = rules.statutory(code, Period.of(on), section=facts.section)
    values["rule"] = rule.label if rule else ""
    return _found(ConditionCode.INDUSTRY, Verdict.MET if rule else Verdict.UNMET, values=values)


def _income_statement(stand: Standing) -> Condition:
    figure = stand.shown.figure
    if figure is None:
        return _found(ConditionCode.INCOME_STATEMENT, Verdict.UNKNOWN)
    if not figure.documented:
        values = {"period": figure.period.label, "paper": figure.paper}
        return _found(ConditionCode.INCOME_STATEMENT, Verdict.UNKNOWN, UNPROVEN, values)
    values = {"period": figure.period.label, "paper": figure.paper}
    return _found(ConditionCode.INCOME_STATEMENT, Verdict.MET, values=values)


def _cross_check(facts: FirmFacts, stand: Standing, bounds: Bounds) -> Condition:
    """Income statement against VAT return of the same period; a difference needs the sealed note M07 that covers it."""
    figure = stand.shown.figure
    sales = [f for f in facts.figures if figure and (f.kind, f.period) == (FigureKind.VAT_SALES, figure.period)]
    if figure is None or not sales:
        return _found(ConditionCode.CROSS_CHECK, Verdict.UNKNOWN)
    if not sales[-1].documented:
        return _found(ConditionCode.CROSS_CHECK, Verdict.UNKNOWN, UNPROVEN, {"period": figure.period.label})
    agreement = crosscheck.compare(figure.amount, sales[-1].amount, bounds, notes=facts.notes(figure.period))
    told = crosscheck.sentence_values(figure.amount, sales[-1].amount, bounds.tolerance)
    values = {"period": figure.period.label} | told
    verdict = Verdict.UNMET if agreement in (Agreement.DIFFERS, Agreement.UNCONFIRMED) else Verdict.MET
    note = "" if agreement in (Agreement.MATCHES, Agreement.DIFFERS) else agreement.value
    return _found(ConditionCode.CROSS_CHECK, verdict, note, values)


def _missing(facts: FirmFacts, stand: Standing) -> tuple[Missing, ...]:
    """What nobody has filled in yet, in the order of the form."""
    lacking = {
        Missing.CREDIT_CODE: not credit_code.check(facts.credit_code).valid,
        Missing.DIVISION: facts.registered_division is None and facts.statistical_county is None,
        Missing.INDUSTRY: len(facts.industry_2017) < 4,
        Missing.UNIT_KIND: facts.unit_kind is None,
        Missing.OPERATING_ADDRESS: facts.operating_division is None,
        Missing.ACCOUNTING: facts.accounting is None,
        Missing.CONTACT: not facts.has_contact,
        Missing.REVENUE: not stand.measures,
        Missing.DOCUMENT: stand.shown.figure is None or not stand.shown.figure.documented,
    }
    return tuple(code for code, lacks in lacking.items() if lacks)

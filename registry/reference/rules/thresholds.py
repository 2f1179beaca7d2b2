"""The lines of the path: four-above standards and the admission line, dated and by industry."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from registry.base.periods import Period
from registry.base.vocabulary import Tier, Verdict


class RuleKind(StrEnum):
    STATUTORY = "statutory"
    ADMISSION = "admission"


class Basis(StrEnum):
    """What a line is compared with: revenue, revenue of the main business only, or a qualification held."""

    REVENUE = "revenue"
    MAIN_REVENUE = "main_revenue"
    QUALIFICATION = "qualification"


@dataclass(frozen=True, slots=True)
class ThresholdRule:
    """One version of one rule. An empty end of a range is open; no prefixes means every industry.

    Annual figures are governed by `annual_from`..`annual_to` (statistical years), cumulative monthly ones by
    `periodic_from`..`periodic_to` (the day the figure ends): the change of 2019 counted from different days for the
    two (docs/domain.md 3). An admission rule is dated by the day of the decision, `periodic_*`. `or_employees` is
    the old alternative: so many employees at year's end were enough, whatever the revenue.
    """

    rule_id: str
    version: int
    kind: RuleKind
    label: str
    industry_prefixes: tuple[str, ...]
    basis: Basis
    amount_yuan: Decimal | None
    or_employees: int | None
    annual_from: int | None
    annual_to: int | None
    periodic_from: date | None
    periodic_to: date | None
    source: str
    verified: bool

    @classmethod
    def parse(cls, row: Mapping[str, str]) -> ThresholdRule:
        """Read one row of `seeds/thresholds.csv`, every value as text."""
        return cls(
            rule_id=row["rule_id"],
            version=int(row["version"]),
            kind=RuleKind(row["kind"]),
            label=row["label"],
            industry_prefixes=tuple(row["industry_prefixes"].split()),
            basis=Basis(row["basis"]),
            amount_yuan=Decimal(row["amount_yuan"]) if row["amount_yuan"] else None,
            or_employees=int(row["or_employees"]) if row["or_employees"] else None,
            annual_from=int(row["annual_from"]) if row["annual_from"] else None,
            annual_to=int(row["annual_to"]) if row["annual_to"] else None,
            periodic_from=date.fromisoformat(row["periodic_from"]) if row["periodic_from"] else None,
            periodic_to=date.fromisoformat(row["periodic_to"]) if row["periodic_to"] else None,
            source=row["source"],
            verified=row["verified"] == "yes",
        )

    def covers(self, period: Period) -> bool:
        """Whether this version governs a figure of `period`."""
        if period.is_annual:
            return (self.annual_from or period.year) <= period.year <= (self.annual_to or period.year)
        return self.in_force(period.end)

    def in_force(self, on: date) -> bool:
        return (self.periodic_from or on) <= on <= (self.periodic_to or on)

    def reach(self, industry: str, section: str) -> int | None:
        """How closely this rule speaks of the industry: the length of the prefix that fits, None where none does."""
        if not self.industry_prefixes:
            return 0
        fitting = (len(p) for p in self.industry_prefixes if p == section or (p.isdigit() and industry.startswith(p)))
        return max(fitting, default=None)

    def judge(self, amount: Decimal | None, employees: int | None) -> Verdict:
        """Compare a figure in yuan (and employees, under the old rules) with this line; equal is enough.

        Revenue contains the revenue of the main business, so it can refute a line on the latter, not prove it.
        """
        if self.or_employees is not None and employees is not None and employees >= self.or_employees:
            return Verdict.MET
        if self.amount_yuan is None or amount is None:
            return Verdict.UNKNOWN
        if amount >= self.amount_yuan:
            return Verdict.MET if self.basis is Basis.REVENUE else Verdict.UNKNOWN
        return Verdict.UNKNOWN if self.or_employees is not None and employees is None else Verdict.UNMET


@dataclass(frozen=True, slots=True)
class TierEdges:
    """Lower edges of the tiers as shares of the statutory line: `a` >= `b` >= `c`; below `c` is D."""

    a: Decimal
    b: Decimal
    c: Decimal

    def tier(self, rate: Decimal) -> Tier:
        edges = ((self.a, Tier.A), (self.b, Tier.B), (self.c, Tier.C))
        return next((tier for edge, tier in edges if rate >= edge), Tier.D)


class RuleBook:
    """All versions of all rules; answers which one governs an industry at a time."""

    def __init__(self, thresholds: Iterable[ThresholdRule]) -> None:
        self._thresholds = tuple(thresholds)

    def all(self) -> tuple[ThresholdRule, ...]:
        """Every version of every rule, in the order given."""
        return self._thresholds

    def statutory(self, industry: str, period: Period, *, section: str) -> ThresholdRule | None:
        """The four-above rule for a figure of `period`; None where the industry has none.

        `industry` is a 2017 code, `section` its letter. The longest prefix wins, then the latest version.
        """
        return self._closest(RuleKind.STATUTORY, industry, section, [t for t in self._thresholds if t.covers(period)])

    def admission(self, industry: str, on: date, *, section: str) -> ThresholdRule | None:
        """The admission rule of the directory in force on the day of a decision."""
        return self._closest(RuleKind.ADMISSION, industry, section, [t for t in self._thresholds if t.in_force(on)])

    def version(self, rule_id: str, version: int) -> ThresholdRule | None:
        """The very version a past verdict names, for a replay."""
        return next((t for t in self._thresholds if (t.rule_id, t.version) == (rule_id, version)), None)

    @staticmethod
    def _closest(kind: RuleKind, industry: str, section: str, rules: list[ThresholdRule]) -> ThresholdRule | None:
        fitting = [
            (reach, rule.version, rule.rule_id, rule)
            for rule in rules
            if rule.kind is kind and (reach := rule.reach(industry, section)) is not None
        ]
        return max(fitting, key=lambda row: row[:3])[3] if fitting else None

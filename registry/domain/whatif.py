"""What another rule would do to a firm: it judged twice, and the difference in words. Nothing is stored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType

from registry.domain.facts import FirmFacts
from registry.domain.labels import N_
from registry.domain.pathway import LISTED_STAGES
from registry.domain.periods import Period
from registry.domain.revenue import admission_condition, standing
from registry.domain.thresholds import RuleBook, TierEdges
from registry.domain.vocabulary import FigureKind, Stage, Tier, Verdict


class Effect(StrEnum):
    """The weightiest first."""

    QUALIFIES = "qualifies"
    UNQUALIFIES = "unqualifies"
    BELOW = "below"
    ADMISSIBLE = "admissible"
    INADMISSIBLE = "inadmissible"
    BELOW_ADMISSION = "below_admission"
    LAPSES = "lapses"
    LAPSES_NOT = "lapses_not"
    TIER = "tier"
    LINE = "line"


EFFECT_LABELS: Mapping[str, str] = MappingProxyType(
    {
        Effect.QUALIFIES: N_("转为达标应入"),
        Effect.UNQUALIFIES: N_("不再达标"),
        Effect.BELOW: N_("已申报或已入库，低于新标准"),
        Effect.ADMISSIBLE: N_("达到入库线"),
        Effect.INADMISSIBLE: N_("不再达到入库线"),
        Effect.BELOW_ADMISSION: N_("在库，低于新入库线"),
        Effect.LAPSES: N_("符合出库条件"),
        Effect.LAPSES_NOT: N_("不再符合出库条件"),
        Effect.TIER: N_("换档"),
        Effect.LINE: N_("标准变动"),
    }
)
BEFORE_LISTING = (Stage.LEAD, Stage.PROPOSED, Stage.UNDER_REVIEW, Stage.RETURNED)
JUDGED_STAGES = (*BEFORE_LISTING, *LISTED_STAGES)
REACHED_STAGES = frozenset({Stage.QUALIFIED, Stage.FILED, Stage.IN_CHAIN, Stage.ENROLLED})


@dataclass(frozen=True, slots=True)
class Lapse:
    """When a listed firm is due to leave: so many full years in a row below this share of their line."""

    years: int
    share: Decimal


@dataclass(frozen=True, slots=True)
class Rules:
    """Everything a firm is judged by."""

    book: RuleBook
    tiers: TierEdges
    lapse: Lapse


@dataclass(frozen=True, slots=True)
class Judged:
    line: Decimal | None
    rate: Decimal | None
    tier: Tier | None
    statutory: Verdict
    admission_line: Decimal | None
    admission: Verdict
    lapses: bool


def judge(facts: FirmFacts, rules: Rules, on: date) -> Judged:
    stand = standing(facts, rules.book, on)
    admission = admission_condition(stand, facts, rules.book, on)
    return Judged(
        line=stand.current.rule.amount_yuan if stand.current.rule else None,
        rate=stand.rate,
        tier=stand.tier(rules.tiers),
        statutory=stand.current.verdict,
        admission_line=admission.line,
        admission=admission.verdict,
        lapses=_lapses(facts, rules, on),
    )


def _lapses(facts: FirmFacts, rules: Rules, on: date) -> bool:
    """Every one of the last full years is known and stays below the share; a year nobody knows excuses."""
    amounts = {f.period.year: f.amount for f in facts.figures if f.kind == FigureKind.REVENUE and f.period.is_full_year}
    for year in range(on.year - rules.lapse.years, on.year):
        rule = rules.book.statutory(facts.industry_2017, Period(year, 0), section=facts.section)
        if rule is None or rule.amount_yuan is None or year not in amounts:
            return False
        if amounts[year] >= rule.amount_yuan * rules.lapse.share:
            return False
    return True


def effects(stage: Stage, before: Judged, after: Judged) -> tuple[Effect, ...]:
    """What would be different, the weightiest first; nothing for a firm the rules do not touch."""
    gained = after.statutory is Verdict.MET and before.statutory is not Verdict.MET
    lost = before.statutory is Verdict.MET and after.statutory is not Verdict.MET
    admits = after.admission is Verdict.MET and before.admission is not Verdict.MET
    bars = before.admission is Verdict.MET and after.admission is not Verdict.MET
    found = {
        Effect.QUALIFIES: stage is Stage.ADMITTED and gained,
        Effect.UNQUALIFIES: stage is Stage.QUALIFIED and lost,
        Effect.BELOW: stage in REACHED_STAGES - {Stage.QUALIFIED} and lost,
        Effect.ADMISSIBLE: stage in BEFORE_LISTING and admits,
        Effect.INADMISSIBLE: stage in BEFORE_LISTING and bars,
        Effect.BELOW_ADMISSION: stage in LISTED_STAGES and bars,
        Effect.LAPSES: stage is Stage.ADMITTED and after.lapses and not before.lapses,
        Effect.LAPSES_NOT: stage is Stage.ADMITTED and before.lapses and not after.lapses,
        Effect.TIER: before.tier != after.tier,
        Effect.LINE: (before.line, before.admission_line) != (after.line, after.admission_line),
    }
    return tuple(effect for effect, happens in found.items() if happens)


def stage_after(stage: Stage, found: tuple[Effect, ...]) -> Stage:
    """Where the system would take the firm; filed firms and those beyond are moved by statistics alone."""
    if Effect.QUALIFIES in found:
        return Stage.QUALIFIED
    return Stage.ADMITTED if Effect.UNQUALIFIES in found else stage

"""What another rule would do to a firm: it judged twice, and the difference in words. Nothing is stored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType

from registry.base.labels import N_
from registry.base.periods import Period
from registry.base.vocabulary import LISTED_STAGES, FigureKind, Stage, Tier, Verdict
from registry.pathway.rules.facts import FirmFacts
from registry.pathway.rules.revenue import admission_condition, standing
from registry.reference.rules.thresholds import RuleBook, TierEdges


class WhatifEffect(StrEnum):
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
        WhatifEffect.QUALIFIES: N_("转为达标应入"),
        WhatifEffect.UNQUALIFIES: N_("不再达标"),
        WhatifEffect.BELOW: N_("已申报或已入库，低于新标准"),
        WhatifEffect.ADMISSIBLE: N_("达到入库线"),
        WhatifEffect.INADMISSIBLE: N_("不再达到入库线"),
        WhatifEffect.BELOW_ADMISSION: N_("在库，低于新入库线"),
        WhatifEffect.LAPSES: N_("符合出库条件"),
        WhatifEffect.LAPSES_NOT: N_("不再符合出库条件"),
        WhatifEffect.TIER: N_("换档"),
        WhatifEffect.LINE: N_("标准变动"),
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


def effects(stage: Stage, before: Judged, after: Judged) -> tuple[WhatifEffect, ...]:
    """What would be different, the weightiest first; nothing for a firm the rules do not touch."""
    gained = after.statutory is Verdict.MET and before.statutory is not Verdict.MET
    lost = before.statutory is Verdict.MET and after.statutory is not Verdict.MET
    admits = after.admission is Verdict.MET and before.admission is not Verdict.MET
    bars = before.admission is Verdict.MET and after.admission is not Verdict.MET
    found = {
        WhatifEffect.QUALIFIES: stage is Stage.ADMITTED and gained,
        WhatifEffect.UNQUALIFIES: stage is Stage.QUALIFIED and lost,
        WhatifEffect.BELOW: stage in REACHED_STAGES - {Stage.QUALIFIED} and lost,
        WhatifEffect.ADMISSIBLE: stage in BEFORE_LISTING and admits,
        WhatifEffect.INADMISSIBLE: stage in BEFORE_LISTING and bars,
        WhatifEffect.BELOW_ADMISSION: stage in LISTED_STAGES and bars,
        WhatifEffect.LAPSES: stage is Stage.ADMITTED and after.lapses and not before.lapses,
        WhatifEffect.LAPSES_NOT: stage is Stage.ADMITTED and before.lapses and not after.lapses,
        WhatifEffect.TIER: before.tier != after.tier,
        WhatifEffect.LINE: (before.line, before.admission_line) != (after.line, after.admission_line),
    }
    return tuple(effect for effect, happens in found.items() if happens)


def stage_after(stage: Stage, found: tuple[WhatifEffect, ...]) -> Stage:
    """Where the system would take the firm; filed firms and those beyond are moved by statistics alone."""
    if WhatifEffect.QUALIFIES in found:
        return Stage.QUALIFIED
    return Stage.ADMITTED if WhatifEffect.UNQUALIFIES in found else stage

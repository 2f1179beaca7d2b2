"""A draft of rules run over today's directory, reading only: which firms would enter, leave, change line or tier."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, select

from registry.base.extensions import db
from registry.base.permissions import Actor
from registry.base.vocabulary import FigureKind, Stage
from registry.figures.models import Figure
from registry.figures.queries import on_record
from registry.firms.models.firms import Firm
from registry.pathway.queries import directory, positions
from registry.pathway.rules.facts import FigureFact, FirmFacts
from registry.reference.queries import parameters, reference
from registry.reference.rules.thresholds import RuleBook, TierEdges
from registry.reference.rules.versions import LINES, RuleSetKind, supposed
from registry.rulesets.models import RuleDraft
from registry.rulesets.queries import drafts
from registry.whatif.rules import (
    JUDGED_STAGES,
    REACHED_STAGES,
    Judged,
    Lapse,
    Rules,
    WhatifEffect,
    effects,
    judge,
    stage_after,
)

CHUNK = 500
_COLUMNS: tuple[Any, ...] = (
    Firm.id, Firm.name, Firm.credit_code, Firm.statistical_county, Firm.industry, Firm.employees, Firm.stage,
)  # fmt: skip


@dataclass(frozen=True)
class Touched:
    """A firm that would be judged otherwise."""

    firm_id: int
    name: str
    credit_code: str
    county: str
    industry: str
    stage: Stage
    stage_after: Stage
    before: Judged
    after: Judged
    effects: tuple[WhatifEffect, ...]


@dataclass(frozen=True)
class Target:
    """A target of the plan; `before` and `after` only where the directory itself feeds it."""

    key: str
    label: str
    aim: str
    aim_after: str
    before: int | None = None
    after: int | None = None
    enrolled: int | None = None


@dataclass
class WhatIf:
    """The whole answer: firms looked at, those touched, the weightiest effect first, and counts by county and effect.

    The county None is unknown.
    """

    on: date
    looked_at: int = 0
    rows: list[Touched] = field(default_factory=list)
    counties: dict[str | None, Counter[WhatifEffect]] = field(default_factory=lambda: defaultdict(Counter))
    targets: tuple[Target, ...] = ()

    @property
    def totals(self) -> Counter[WhatifEffect]:
        return sum(self.counties.values(), Counter())


def over(actor: Actor | None, draft: RuleDraft, on: date) -> WhatIf:
    """Judge every firm in reach by the rules in force and by those of the draft, as if it had always been so."""
    now, then = _in_force(on), _supposed(draft, on)
    found, reached, enrolled = WhatIf(on), [0, 0], 0
    years = max(now.lapse.years, then.lapse.years)
    for row, facts in _facts(actor, on, years):
        found.looked_at += 1
        stage = Stage(row.stage)
        before, after = judge(facts, now, on), judge(facts, then, on)
        changes = effects(stage, before, after)
        moved = stage_after(stage, changes)
        if reference.classification().in_scope(row.industry or ""):
            enrolled += stage is Stage.ENROLLED
            reached[0] += stage in REACHED_STAGES
            reached[1] += moved in REACHED_STAGES
        if changes:
            touched = Touched(
                row.id, row.name, row.credit_code or "", row.statistical_county or "", row.industry or "", stage,
                moved, before, after, changes,
            )  # fmt: skip
            found.rows.append(touched)
            found.counties[row.statistical_county].update(changes)
    weight = list(WhatifEffect).index
    found.rows.sort(key=lambda row: (min(map(weight, row.effects)), row.firm_id))
    found.targets = tuple(_targets(draft, on, reached[0], reached[1], enrolled))
    return found


def _in_force(on: date) -> Rules:
    years, share = parameters.integer("removal.years", on), parameters.decimal("removal.share", on)
    return Rules(reference.rules(), reference.tier_edges(on), Lapse(years, share))


def _supposed(draft: RuleDraft, on: date) -> Rules:
    now, kind, values = _in_force(on), RuleSetKind(draft.kind), drafts.values_of(draft)
    if kind in LINES:
        lines = drafts.changed_lines(draft)
        return Rules(RuleBook(supposed(now.book.all(), lines, LINES[kind])), now.tiers, now.lapse)
    tiers, lapse = now.tiers, now.lapse
    if kind is RuleSetKind.TIERS:
        tiers = TierEdges(*(Decimal(values[f"tier.{letter}"]) for letter in "abc"))
    if kind is RuleSetKind.REMOVAL:
        lapse = Lapse(int(values["removal.years"]), Decimal(values["removal.share"]))
    return Rules(now.book, tiers, lapse)


def _targets(draft: RuleDraft, on: date, before: int, after: int, enrolled: int) -> Iterator[Target]:
    """The plan's targets; the directory feeds only the first: firms of the plan's trades that reached four-above."""
    drafted = drafts.values_of(draft)
    for key, row in sorted(drafts.newest_settings(RuleSetKind.TARGETS).items()):
        aim = parameters.value(key, on)
        counted = (before, after, enrolled) if key == "target.T1" else (None, None, None)
        yield Target(key.removeprefix("target."), row.label, aim, drafted.get(key, aim), *counted)


# -- reading --------------------------------------------------------------------------------------
def _facts(actor: Actor | None, on: date, years: int) -> Iterator[tuple[Any, FirmFacts]]:
    last, table = 0, reference.classification()
    while rows := db.session.execute(_firms(actor, last)).all():
        figures = _figures([row.id for row in rows], on.year - years)
        for row in rows:
            section = table.section_of(row.industry) if row.industry else None
            facts = FirmFacts(
                industry=row.industry or "", industry_year=2017, section=section or "", employees=row.employees,
                figures=tuple(figures[row.id]),
            )  # fmt: skip
            yield row, facts
        last = rows[-1].id


def _firms(actor: Actor | None, last: int) -> Select[Any]:
    rows: Select[Any] = select(*_COLUMNS)
    return (
        rows.where(
            Firm.voided_at.is_(None), directory.reach(actor), Firm.stage.in_(sorted(JUDGED_STAGES)), Firm.id > last
        )
        .order_by(Firm.id)
        .limit(CHUNK)
    )


def _figures(ids: list[int], since: int) -> defaultdict[int, list[FigureFact]]:
    """The revenue that counts, by firm."""
    found = on_record.counted(ids, Figure.kind == FigureKind.REVENUE, Figure.year >= since)
    return defaultdict(list, {firm_id: [positions.fact_of(one) for one in of] for firm_id, of in found.items()})

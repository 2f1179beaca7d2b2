"""Sets of rules: what each kind holds, which version stands on a day, and when a new version may be published."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from registry.base.labels import N_
from registry.reference.rules.settings import SETTINGS
from registry.reference.rules.thresholds import Basis, RuleKind, ThresholdRule


class RuleSetKind(StrEnum):
    ADMISSION = "admission"
    STATUTORY = "statutory"
    TIERS = "tiers"
    REMOVAL = "removal"
    DELISTING = "delisting"
    TARGETS = "targets"
    OTHER = "other"
    REFERENCE = "reference"


class VersionState(StrEnum):
    IN_FORCE = "in_force"
    COMING = "coming"
    ENDED = "ended"


class DraftState(StrEnum):
    DRAFT = "draft"
    WAITING = "waiting"
    PUBLISHED = "published"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


KIND_LABELS: Mapping[str, str] = MappingProxyType(
    {
        RuleSetKind.ADMISSION: N_("入库线"),
        RuleSetKind.STATUTORY: N_("四上标准"),
        RuleSetKind.TIERS: N_("分档"),
        RuleSetKind.REMOVAL: N_("出库规则"),
        RuleSetKind.DELISTING: N_("退库规则"),
        RuleSetKind.TARGETS: N_("工作目标"),
        RuleSetKind.OTHER: N_("其他参数"),
        RuleSetKind.REFERENCE: N_("基础数据"),
    }
)
STATE_LABELS: Mapping[str, str] = MappingProxyType(
    {
        VersionState.IN_FORCE: N_("生效"),
        VersionState.COMING: N_("尚未生效"),
        VersionState.ENDED: N_("已失效"),
        DraftState.DRAFT: N_("草稿"),
        DraftState.WAITING: N_("待核对"),
        DraftState.PUBLISHED: N_("已发布"),
        DraftState.REFUSED: N_("不予采用"),
        DraftState.WITHDRAWN: N_("已撤回"),
    }
)
LINES: Mapping[RuleSetKind, RuleKind] = MappingProxyType(
    {RuleSetKind.ADMISSION: RuleKind.ADMISSION, RuleSetKind.STATUTORY: RuleKind.STATUTORY}
)
PREFIXES: Mapping[RuleSetKind, tuple[str, ...]] = MappingProxyType(
    {
        RuleSetKind.TIERS: ("tier.",),
        RuleSetKind.REMOVAL: ("removal.", "exit."),
        RuleSetKind.DELISTING: ("delisting.",),
        RuleSetKind.TARGETS: ("target.",),
    }
)
NO_RULE = ("demo.",)
"""Settings that are no rules: the invented city's own day."""
JUDGING = frozenset({RuleSetKind.ADMISSION, RuleSetKind.STATUTORY, RuleSetKind.TIERS})
"""Sets from which the stored standing of a firm follows."""
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class VersionLine:
    """One line of a draft: the columns of a threshold without its dates; `base` is the version it was copied from."""

    rule_id: str
    base: int
    label: str
    prefixes: tuple[str, ...]
    basis: Basis
    amount_yuan: Decimal | None
    or_employees: int | None
    ended: bool = False

    @classmethod
    def of(cls, rule: ThresholdRule) -> VersionLine:
        content = (rule.label, rule.industry_prefixes, rule.basis, rule.amount_yuan, rule.or_employees)
        return cls(rule.rule_id, rule.version, *content)

    @classmethod
    def parse(cls, row: Mapping[str, Any]) -> VersionLine:
        """Read back what `as_text` wrote."""
        return cls(
            rule_id=row["rule_id"],
            base=int(row["base"]),
            label=row["label"],
            prefixes=tuple(row["industry_prefixes"].split()),
            basis=Basis(row["basis"]),
            amount_yuan=Decimal(row["amount_yuan"]) if row["amount_yuan"] else None,
            or_employees=int(row["or_employees"]) if row["or_employees"] else None,
            ended=row["ended"] == "yes",
        )

    def as_text(self) -> dict[str, str]:
        return {
            "rule_id": self.rule_id,
            "base": str(self.base),
            "label": self.label,
            "industry_prefixes": " ".join(self.prefixes),
            "basis": self.basis.value,
            "amount_yuan": "" if self.amount_yuan is None else str(self.amount_yuan),
            "or_employees": "" if self.or_employees is None else str(self.or_employees),
            "ended": "yes" if self.ended else "",
        }


def kind_of(key: str) -> RuleSetKind | None:
    """The set a setting belongs to; None for what is no rule: no known setting."""
    if key not in SETTINGS:
        return None
    return next((kind for kind, starts in PREFIXES.items() if key.startswith(starts)), RuleSetKind.OTHER)


# -- versions -------------------------------------------------------------------------------------
def succeeded(rules: Iterable[ThresholdRule]) -> tuple[ThresholdRule, ...]:
    """Every version with the end that the next version of the same rule gives it: the day, or the year, before.

    No row is rewritten when a version is published; the ends follow from the starts.
    """
    given = tuple(rules)
    following = {(rule.rule_id, rule.version - 1): rule for rule in given}
    return tuple(_before(rule, following.get((rule.rule_id, rule.version))) for rule in given)


def _before(rule: ThresholdRule, following: ThresholdRule | None) -> ThresholdRule:
    if following is None:
        return rule
    day = following.periodic_from - _DAY if following.periodic_from else None
    year = following.annual_from - 1 if following.annual_from else None
    return replace(
        rule,
        periodic_to=min(filter(None, (rule.periodic_to, day)), default=None),
        annual_to=min(filter(None, (rule.annual_to, year)), default=None),
    )


def as_told(rule: ThresholdRule, on: date) -> ThresholdRule:
    """A version as it read on `on`: what ended it later was not known then."""
    return replace(
        rule,
        periodic_to=None if rule.periodic_to and rule.periodic_to >= on else rule.periodic_to,
        annual_to=None if rule.annual_to and rule.annual_to >= on.year else rule.annual_to,
    )


def state(valid_from: date | None, valid_to: date | None, on: date) -> VersionState:
    if valid_from is not None and valid_from > on:
        return VersionState.COMING if valid_to is None or valid_to >= valid_from else VersionState.ENDED
    return VersionState.ENDED if valid_to is not None and valid_to < on else VersionState.IN_FORCE


def latest(rules: Iterable[ThresholdRule], kind: RuleKind, on: date) -> tuple[ThresholdRule, ...]:
    """The newest version of every rule of `kind` that has not ended by `on`: what a new draft is copied from."""
    newest: dict[str, ThresholdRule] = {}
    for rule in sorted(rules, key=lambda rule: (rule.rule_id, rule.version)):
        if rule.kind is kind:
            newest[rule.rule_id] = rule
    return tuple(r for r in newest.values() if state(r.periodic_from, r.periodic_to, on) is not VersionState.ENDED)


# -- what a draft changes -------------------------------------------------------------------------
def changed(lines: Iterable[VersionLine], bases: Mapping[tuple[str, int], ThresholdRule]) -> Iterator[VersionLine]:
    """The lines that differ from the version they were copied from, new ones too; the others keep their version."""
    for line in lines:
        base = bases.get((line.rule_id, line.base))
        if base is None or line != VersionLine.of(base):
            yield line


def published(
    line: VersionLine, kind: RuleKind, *, valid_from: date, annual_from: int | None, source: str, verified: bool
) -> ThresholdRule:
    """The new version of a changed line; a line that ends is a version that never holds."""
    statutory = kind is RuleKind.STATUTORY
    year = (annual_from or valid_from.year) if statutory else valid_from.year
    return ThresholdRule(
        rule_id=line.rule_id,
        version=line.base + 1,
        kind=kind,
        label=line.label,
        industry_prefixes=line.prefixes,
        basis=line.basis,
        amount_yuan=line.amount_yuan,
        or_employees=line.or_employees,
        annual_from=year,
        annual_to=year - 1 if line.ended else None,
        periodic_from=valid_from,
        periodic_to=valid_from - _DAY if line.ended else None,
        source=source,
        verified=verified,
    )


def supposed(rules: Iterable[ThresholdRule], lines: Iterable[VersionLine], kind: RuleKind) -> tuple[ThresholdRule, ...]:
    """The rules as if `lines` had been in force since the first version, so that today's figures are judged by them."""
    told = {line.rule_id: line for line in lines}
    kept: list[ThresholdRule] = []
    replaced: dict[str, ThresholdRule] = {}
    for rule in sorted(rules, key=lambda rule: (rule.rule_id, rule.version)):
        if rule.rule_id in told:
            replaced.setdefault(rule.rule_id, rule)
        else:
            kept.append(rule)
    return (*kept, *(_all_along(line, kind, replaced.get(line.rule_id)) for line in told.values() if not line.ended))


def _all_along(line: VersionLine, kind: RuleKind, first: ThresholdRule | None) -> ThresholdRule:
    return ThresholdRule(
        rule_id=line.rule_id,
        version=line.base + 1,
        kind=kind,
        label=line.label,
        industry_prefixes=line.prefixes,
        basis=line.basis,
        amount_yuan=line.amount_yuan,
        or_employees=line.or_employees,
        annual_from=first.annual_from if first else None,
        annual_to=None,
        periodic_from=first.periodic_from if first else None,
        periodic_to=None,
        source="",
        verified=False,
    )

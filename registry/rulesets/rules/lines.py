"""What is wrong with the lines of standards in a file: one by one, their versions, and between each other."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from itertools import pairwise
from statistics import median

from registry.reference.rules.thresholds import Basis, RuleKind, ThresholdRule
from registry.reference.rules.versions import VersionLine, succeeded
from registry.rulesets.rules.cells import FileFault, FileRow, FileTable
from registry.rulesets.rules.faults import line_faults
from registry.rulesets.rules.spans import time_checks

TIMES = 1000
"""A line that many times what was published was written in another unit."""
NEIGHBOURS = 20
"""A line that many times the middle of all others is a slip: those of the standards lie between 2 and 20 million."""
_ENOUGH = 4
"""Others that have a middle worth the name."""
_COLUMNS = {"label": "label", "prefixes": "industry_prefixes", "amount": "amount_yuan", "or_employees": "or_employees"}


def line_checks(table: FileTable, held: Mapping[str, Decimal], sections: Mapping[str, str]) -> Iterator[FileFault]:
    """`held`: the newest published line of each rule, in yuan; `sections`: of each industry."""
    rules = {row.number: rule for row in table.rows if (rule := rule_of(row)) is not None}
    for number, rule in rules.items():
        yield from _one(table, number, rule, held)
    yield from _versions(table, rules)
    yield from _beside(table, rules)
    yield from time_checks(table, dict(zip(rules, succeeded(rules.values()), strict=True)), sections)


def rule_of(row: FileRow) -> ThresholdRule | None:
    """The row as a rule; None where a cell could not be read."""
    values = row.values
    if len(values) < len(ThresholdRule.__slots__):
        return None
    prefixes = (values["industry_prefixes"] or "").split()
    rest = {
        name: values[name] for name in ThresholdRule.__slots__ if name not in ("kind", "basis", "industry_prefixes")
    }
    return ThresholdRule(
        kind=RuleKind(values["kind"]), basis=Basis(values["basis"]), industry_prefixes=tuple(prefixes), **rest
    )


def _one(table: FileTable, number: int, rule: ThresholdRule, held: Mapping[str, Decimal]) -> Iterator[FileFault]:
    known = frozenset(rule.industry_prefixes)  # whether the classification has them is asked of every parent alike
    for fault in line_faults(VersionLine.of(rule), rule.kind, known):
        heading = _COLUMNS[fault.field]
        yield FileFault(table.file.name, fault.template, fault.values, number, table.letters.get(heading, ""), heading)
    here = held.get(rule.rule_id)
    if here and rule.amount_yuan and max(here / rule.amount_yuan, rule.amount_yuan / here) >= TIMES:
        times = int(max(here / rule.amount_yuan, rule.amount_yuan / here))
        yield table.fault(number, "amount_yuan", "scale_held", text=rule.amount_yuan, here=here, times=times)


def _versions(table: FileTable, rules: Mapping[int, ThresholdRule]) -> Iterator[FileFault]:
    """Of one rule numbered from 1, each beginning after the one before."""
    by_rule: dict[str, list[tuple[int, ThresholdRule]]] = {}
    for number, rule in rules.items():
        by_rule.setdefault(rule.rule_id, []).append((number, rule))
    for rule_id, versions in by_rule.items():
        versions.sort(key=lambda pair: pair[1].version)
        for place, (number, rule) in enumerate(versions, start=1):
            if rule.version != place:
                yield table.fault(number, "version", "version_gap", rule=rule_id, version=rule.version)
                break
        for (_, before), (number, after) in pairwise(versions):
            if not _follows(before, after):
                yield table.fault(number, "periodic_from", "version_order", rule=rule_id, version=after.version)


def _follows(before: ThresholdRule, after: ThresholdRule) -> bool:
    if after.periodic_from is None or after.periodic_from <= (before.periodic_from or date.min):
        return False
    if after.kind is RuleKind.STATUTORY and (after.annual_from or 0) < max(
        before.annual_from or 1, (before.annual_to or 0) + 1
    ):
        return False
    return after.periodic_from > (before.periodic_to or date.min)


def _beside(table: FileTable, rules: Mapping[int, ThresholdRule]) -> Iterator[FileFault]:
    """A line far from those beside it was written in another unit, or with a nought too many."""
    amounts = {number: rule.amount_yuan for number, rule in rules.items() if rule.amount_yuan}
    for number, amount in amounts.items():
        others = [one for at, one in amounts.items() if at != number]
        if len(others) < _ENOUGH:
            return
        middle = median(others)
        if (times := max(amount / middle, middle / amount)) >= NEIGHBOURS:
            yield table.fault(number, "amount_yuan", "scale_beside", text=amount, middle=middle, times=int(times))

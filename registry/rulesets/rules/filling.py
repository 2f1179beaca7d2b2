"""What fills an empty place is published at once and for good: whether all is there, and holds on the day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from registry.base.vocabulary import OfficeKind
from registry.reference.rules.settings import SETTINGS, required
from registry.reference.rules.thresholds import RuleKind, ThresholdRule
from registry.reference.rules.versions import succeeded
from registry.rulesets.rules.cells import FileFault, FileRow, FileTable
from registry.rulesets.rules.files import HOLDERS, INDUSTRY
from registry.rulesets.rules.industries import present_sections
from registry.rulesets.rules.lines import rule_of
from registry.rulesets.rules.places import kinds_of
from registry.rulesets.rules.settings import versions
from registry.rulesets.rules.spans import related

SYSTEM = OfficeKind.SYSTEM.value
"""Code and kind of the office whose people keep the accounts."""


@dataclass(frozen=True, slots=True)
class Filled:
    """What the database holds: settings, offices with their kinds, routed industries, lines."""

    settings: Mapping[str, str]
    kinds: Mapping[str, str]
    routed: frozenset[str]
    rules: frozenset[str]


def filling_checks(tables: Mapping[str, FileTable], held: Filled, on: date) -> Iterator[FileFault]:
    """A file that could not be read as a table lacks everything; that is said once, by whoever read it."""
    offices, routing, lines, settings = (
        tables[name] for name in ("offices.csv", "routing.csv", "thresholds.csv", "parameters.csv")
    )
    if offices.rows and kinds_of(offices, held.kinds).get(SYSTEM) != SYSTEM:
        at = next((row.number for row in offices.rows if row.values.get("code") == SYSTEM), 0)
        yield offices.fault(at, "kind" if at else "code", "office_missing", code=SYSTEM, kind=SYSTEM)
    if routing.rows and "" not in held.routed and not any(_is_rest(row) for row in routing.rows):
        yield routing.fault(0, "industry_prefix", "routing_rest")
    if lines.rows and not held.rules:
        yield from _lines(lines, present_sections(tables[HOLDERS[INDUSTRY]]), on)
    if settings.rows:
        yield from _settings(settings, held.settings, on)


def _is_rest(row: FileRow) -> bool:
    return row.values.get("industry_prefix", "unread") is None


# -- settings -------------------------------------------------------------------------------------
def _settings(table: FileTable, held: Mapping[str, str], on: date) -> Iterator[FileFault]:
    named = {row.values.get("key") for row in table.rows}
    for key in required():
        if key not in held and key not in named:
            yield table.fault(0, "key", "setting_missing", key=key)
    for key, rows in versions(table).items():
        if key in SETTINGS and key not in held and all("valid_to" in row.values for row in rows):
            yield from _in_force(table, key, rows, on)


def _in_force(table: FileTable, key: str, rows: list[FileRow], on: date) -> Iterator[FileFault]:
    """Something that has ended may be told, such as an aim of a plan, but not where the program needs a value."""
    first = rows[0].values["valid_from"]
    if first > on:
        yield table.fault(rows[0].number, "valid_from", "setting_coming", key=key, first=first, on=on)
    elif SETTINGS[key].required:
        newest = [row for row in rows if row.values["valid_from"] <= on][-1]
        if newest.values["valid_to"] is not None and newest.values["valid_to"] < on:
            yield table.fault(newest.number, "valid_to", "setting_idle", key=key, on=on)


# -- lines ----------------------------------------------------------------------------------------
def _lines(table: FileTable, sections: Mapping[str, str], on: date) -> Iterator[FileFault]:
    """Each line is in force, or another one speaks of its industries: one that ended, or begins by next year."""
    rules = {row.number: rule for row in table.rows if (rule := rule_of(row)) is not None}
    if len(rules) < len(table.rows):
        return  # what could not be read may be the line that is missing
    ended = dict(zip(rules, succeeded(rules.values()), strict=True))
    standing = [rule for rule in ended.values() if _stands(rule, on)]
    known, said = {rule.rule_id for rule in standing}, set[str]()
    for number, rule in sorted(ended.items(), key=lambda pair: pair[1].periodic_from or date.min, reverse=True):
        if rule.rule_id in known:
            continue
        known.add(rule.rule_id)
        if (first := _far(rule, on)) is not None:
            said.update(rule.industry_prefixes)
            yield table.fault(number, first[0], "line_far", rule=rule.rule_id, first=first[1])
        elif (code := _uncovered(rule, standing, sections)) is not None and code not in said:
            said.add(code)  # of what it follows the same would have to be said
            heading = "periodic_to" if (rule.periodic_from or on) <= on else "periodic_from"
            yield table.fault(
                number, heading, "line_idle" if code else "line_none", rule=rule.rule_id, on=on, code=code
            )


def _stands(rule: ThresholdRule, on: date) -> bool:
    return rule.in_force(on) and _far(rule, on) is None


def _far(rule: ThresholdRule, on: date) -> tuple[str, object] | None:
    """The heading and the day or year of a beginning after the end of next year."""
    if rule.periodic_from is not None and rule.periodic_from.year > on.year + 1:
        return "periodic_from", rule.periodic_from
    if rule.kind is RuleKind.STATUTORY and rule.annual_from is not None and rule.annual_from > on.year + 1:
        return "annual_from", rule.annual_from
    return None


def _uncovered(rule: ThresholdRule, standing: Iterable[ThresholdRule], sections: Mapping[str, str]) -> str | None:
    """An industry of the line of which no line in force speaks, not even of a part; empty is every industry."""
    others = [prefix for one in standing if one.kind is rule.kind for prefix in one.industry_prefixes or ("",)]
    for code in rule.industry_prefixes or ("",):
        if not any(related(code, other, sections) for other in others):
            return code
    return None

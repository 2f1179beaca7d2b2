"""Lines of standards in time: two that hold for one industry at once, and days or years between two without any."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import combinations

from registry.reference.rules.thresholds import ThresholdRule
from registry.rulesets.rules.cells import FileFault, FileTable

_NEVER = 10**7


@dataclass(frozen=True, slots=True)
class _Clock:
    """Years of annual figures, or days of cumulative ones; both counted, so that the next one is one more."""

    first: str
    last: str

    def begins(self, rule: ThresholdRule) -> int | None:
        return _count(getattr(rule, self.first))

    def ends(self, rule: ThresholdRule) -> int | None:
        return _count(getattr(rule, self.last))

    def holds(self, rule: ThresholdRule, at: int) -> bool:
        ends = self.ends(rule)
        return (self.begins(rule) or 0) <= at <= (_NEVER if ends is None else ends)

    def told(self, at: int) -> object:
        return at if self.first == "annual_from" else date.fromordinal(at)


_CLOCKS = (_Clock("annual_from", "annual_to"), _Clock("periodic_from", "periodic_to"))


def _count(value: date | int | None) -> int | None:
    return value.toordinal() if isinstance(value, date) else value


def time_checks(
    table: FileTable, rules: Mapping[int, ThresholdRule], sections: Mapping[str, str]
) -> Iterator[FileFault]:
    """`rules`: the lines by row, each with the end that its next version gives it; `sections`: of each industry."""
    met: set[frozenset[int]] = set()
    for clock in _CLOCKS:
        pairs = list(_overlaps(rules, clock))
        met |= {frozenset(pair[:2]) for pair in pairs}
        yield from _edges(table, rules, clock, pairs, "line_overlap")
        yield from _edges(table, rules, clock, list(_gaps(rules, clock, sections)), "line_gap")
    for (number, one), (later, other) in combinations(rules.items(), 2):
        if frozenset((number, later)) not in met and (code := _clash(one, other)) is not None:
            yield table.fault(later, "industry_prefixes", "clash", code=code, other=one.rule_id)


Edge = tuple[int, int, str]
"""The row that ends, the row that begins, and the industry that both speak of."""


def _edges(
    table: FileTable, rules: Mapping[int, ThresholdRule], clock: _Clock, edges: list[Edge], about: str
) -> Iterator[FileFault]:
    """Where one end fits none of several beginnings, the end is wrong; else either may be, and both are told."""
    for ending in dict.fromkeys(edge[0] for edge in edges):
        mine = {begins: code for ends, begins, code in reversed(edges) if ends == ending}
        followers = {
            number for number, rule in rules.items()
            if rule.kind is rules[ending].kind and (clock.begins(rule) or 0) > (clock.begins(rules[ending]) or 0)
            and set(rule.industry_prefixes) & set(rules[ending].industry_prefixes)
        }  # fmt: skip
        alone = len(mine) > 1 and (about == "line_overlap" or followers <= mine.keys())
        for at, (begins, code) in enumerate(sorted(mine.items())):
            values = {
                "code": code, "one": rules[ending].rule_id, "other": rules[begins].rule_id,
                "last": clock.told(clock.ends(rules[ending]) or 0),
                "first": clock.told(clock.begins(rules[begins]) or 0),
            }  # fmt: skip
            if at == 0 and (alone or len(mine) == 1):
                yield table.fault(ending, clock.last, about, **values)
            if not alone:
                yield table.fault(begins, clock.first, about, **values)


def _overlaps(rules: Mapping[int, ThresholdRule], clock: _Clock) -> Iterator[Edge]:
    """One that ends after another of its industries has begun; versions of one rule are judged by their numbers."""
    for (number, one), (later, other) in combinations(rules.items(), 2):
        if one.rule_id == other.rule_id or one.kind is not other.kind:
            continue
        first, second = sorted(((number, one), (later, other)), key=lambda pair: clock.begins(pair[1]) or 0)
        ends, begins = clock.ends(first[1]), clock.begins(second[1])
        if ends is None or begins is None or begins == clock.begins(first[1]) or begins > ends:
            continue
        if shared := set(one.industry_prefixes) & set(other.industry_prefixes):
            yield first[0], second[0], min(shared)


def _gaps(rules: Mapping[int, ThresholdRule], clock: _Clock, sections: Mapping[str, str]) -> Iterator[Edge]:
    """A line that begins where one of its industries had a line before, but none on the day before."""
    for number, rule in rules.items():
        if (begins := clock.begins(rule)) is None:
            continue
        for code in rule.industry_prefixes:
            before = [
                (clock.ends(one) or 0, at)
                for at, one in rules.items()
                if one.kind is rule.kind and one is not rule
                and any(related(code, prefix, sections) for prefix in one.industry_prefixes)
                and (clock.holds(one, begins - 1) or (clock.ends(one) or _NEVER) < begins - 1)
            ]  # fmt: skip
            if before and not any(clock.holds(rules[at], begins - 1) for _ends, at in before):
                yield max(before)[1], number, code
                break


def _clash(one: ThresholdRule, other: ThresholdRule) -> str | None:
    """An industry for which both stand at the same time."""
    if one.kind is not other.kind or one.rule_id == other.rule_id:
        return None
    shared = set(one.industry_prefixes) & set(other.industry_prefixes)
    if not shared and (one.industry_prefixes or other.industry_prefixes):
        return None
    return min(shared, default="") if any(_at_once(one, other, clock) for clock in _CLOCKS) else None


def _at_once(one: ThresholdRule, other: ThresholdRule, clock: _Clock) -> bool:
    first = max(clock.begins(one) or 0, clock.begins(other) or 0)
    return clock.holds(one, first) and clock.holds(other, first)


def related(one: str, other: str, sections: Mapping[str, str]) -> bool:
    """Whether two codes speak of one industry, or one of a part of the other; the empty one is every industry."""
    if not one or not other:
        return not other
    return one.startswith(other) or other.startswith(one) or sections.get(one) == other or sections.get(other) == one

"""The rules a book's verdicts rest on, and the book's scope, in the words of its notes sheet."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Protocol

from registry.base.vocabulary import LISTED_STAGES, STAGE_LABELS
from registry.quarters.sheets.summaries import RuleNote
from registry.reference.rules.thresholds import Basis, RuleKind, ThresholdRule
from registry.sheets import wording
from registry.sheets.values import YUAN_PER_UNIT


class Setting(Protocol):
    """A dated setting, as `models.Parameter` has it."""

    @property
    def value(self) -> str: ...
    @property
    def valid_from(self) -> date: ...
    @property
    def source(self) -> str: ...
    @property
    def verified(self) -> bool: ...


def rule_note(rule: ThresholdRule) -> RuleNote:
    """One version of one line."""
    return RuleNote(
        wording.RULE_NAMES[rule.kind],
        wording.RULE_VERSION % {"rule": rule.rule_id, "version": rule.version},
        wording.RULE_JOINT.join((rule.label, _line(rule), _validity(rule))),
        _source(rule.source, verified=rule.verified),
    )


def tier_note(edges: Sequence[Setting]) -> RuleNote:
    """How the rate and the tier are found; `edges` are the lower edges of A, B and C."""
    a, b, c = (_percent(edge.value) for edge in edges)
    return RuleNote(
        wording.TIER_NAME,
        max(edge.valid_from for edge in edges).isoformat(),
        wording.TIER_TEXT % {"a": a, "b": b, "c": c},
        _source(edges[0].source, verified=all(edge.verified for edge in edges)),
    )


def scope_note(first: date, last: date) -> str:
    """Which firms a book of the quarter `first`..`last` holds, and as of when."""
    labels = [STAGE_LABELS[stage] for stage in LISTED_STAGES]
    values = {"first": first.isoformat(), "last": last.isoformat(), "stages": wording.WORD_JOINT.join(labels)}
    return wording.SCOPE_TEXT % values


def _line(rule: ThresholdRule) -> str:
    if rule.amount_yuan is None or rule.basis is Basis.QUALIFICATION:
        return wording.RULE_QUALIFICATION
    words = wording.RULE_LINES[rule.basis] % {"amount": f"{rule.amount_yuan / YUAN_PER_UNIT:,.2f}"}
    if rule.or_employees is not None:
        words += wording.RULE_OR_EMPLOYEES % {"count": rule.or_employees}
    return words


def _validity(rule: ThresholdRule) -> str:
    """The statutory line is dated twice: by year for annual figures, by day for cumulative ones."""
    days = _span(rule.periodic_from, rule.periodic_to)
    if rule.kind is RuleKind.ADMISSION:
        return days
    return wording.RULE_VALIDITY % {"years": _span(rule.annual_from, rule.annual_to), "days": days}


def _span(first: date | int | None, last: date | int | None) -> str:
    if first is None and last is None:
        return wording.SPAN_OPEN
    values = {"first": first, "last": last}
    if last is None:
        return wording.SPAN_FROM % values
    return (wording.SPAN_UNTIL if first is None else wording.SPAN_WITHIN) % values


def _source(source: str, *, verified: bool) -> str:
    return source if verified else source + wording.UNVERIFIED


def _percent(share: str) -> str:
    return f"{(Decimal(share) * 100).normalize():f}%"

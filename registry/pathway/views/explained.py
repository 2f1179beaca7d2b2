"""A firm's position as the list of its conditions, ready for `components/why_list.html`."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _

from registry.base.vocabulary import Verdict
from registry.pathway import texts
from registry.pathway.rules.facts import Condition, ConditionCode
from registry.pathway.rules.position import Position, sentence_values
from registry.reference.queries import reference
from registry.site.display import wan

_URGENCY = {Verdict.UNMET: 0, Verdict.UNKNOWN: 1, Verdict.MET: 3}
_NOTE = 2
_LINES = (ConditionCode.ADMISSION_LINE, ConditionCode.STATUTORY_LINE)


@dataclass(frozen=True)
class ConditionRow:
    """One line of the list; `verdict` may also be `note`: said beside the conditions, judging nothing."""

    verdict: str
    sentence: str
    source: str


def rows(position: Position) -> list[ConditionRow]:
    """What is not met comes first, then what nobody knows yet, then remarks, then what is met."""
    ranked = [(_URGENCY[condition.verdict], row_of(condition)) for condition in position.conditions]
    if position.last_year is not None and position.year_to_date is not None:
        ranked.append((_NOTE, _last_year(position)))
    return [row for rank, row in sorted(ranked, key=lambda pair: pair[0])]


def bases(position: Position) -> list[str]:
    """The dated rules the verdicts rest on: name, version and source."""
    lines = [position.condition(code) for code in _LINES]
    return [f"{rule_name(line.rule_id, line.version)}　{line.source}" for line in lines if line.rule_id]


def rule_name(rule_id: str, version: int | None) -> str:
    """A dated rule by its words; its id stands only where it is typed."""
    rule = reference.rules().version(rule_id, version or 0)
    return str(_("%(rule)s（第%(version)s版）", rule=rule.label if rule else rule_id, version=version))


def row_of(condition: Condition) -> ConditionRow:
    return ConditionRow(condition.verdict.value, sentence_of(condition), _source(condition))


def sentence_of(condition: Condition) -> str:
    """A condition in the reader's language, with the gap where a line is missed (offices only)."""
    values = sentence_values(condition, reference.division_names())
    if paper := values.get("paper"):
        values |= {"paper": _(paper)}
    text: str = _(condition.template) % values
    return _(texts.WITH_GAP) % {"sentence": text, "gap": values["gap"]} if condition.gap is not None else text


def _source(condition: Condition) -> str:
    if condition.code not in _LINES:
        return str(_(condition.source))
    paper = condition.values.get("paper")
    shown = f"{_(str(paper))} {condition.values['period']}" if paper else ""
    rule = rule_name(condition.rule_id, condition.version) if condition.rule_id else ""
    return " · ".join(filter(None, (shown, rule)))


def _last_year(position: Position) -> ConditionRow:
    figure = position.last_year
    assert figure is not None  # noqa: S101 - asked for only where it is known
    text = _(texts.LAST_YEAR) % {"value": wan(figure.amount), "period": figure.period.label}
    return ConditionRow("note", text, f"{_(figure.paper)} {figure.period.label}")

"""What the printed sheet tells a firm about itself: its conditions in plain words, and never an amount."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import gettext as _

from registry.base.labels import N_
from registry.base.vocabulary import Verdict
from registry.pathway.rules.facts import Condition, ConditionCode
from registry.pathway.rules.position import Position, sentence_values
from registry.reference.queries import reference

# In place of the sentences that name figures and lines: a firm is told where it stands, not what it would take.
_WITHOUT_AMOUNTS = {
    Verdict.MET: N_("本年累计营业收入已达到所属行业的四上标准（以利润表为准）"),
    Verdict.UNMET: N_("按已提供的利润表，本年累计营业收入尚未达到所属行业的四上标准；如实经营、如实填报即可"),
    Verdict.UNKNOWN: N_("还没有收到本年累计的利润表，不能判断是否达到四上标准"),
}
# The directory's own line is no matter of the firm's, and the industry's sentence names its rule with the amount.
_LEFT_OUT = frozenset({ConditionCode.ADMISSION_LINE})
_INDUSTRY = {
    Verdict.MET: N_("所属行业在四上统计的范围内"),
    Verdict.UNMET: N_("所属行业不在四上统计的范围内"),
    Verdict.UNKNOWN: N_("行业代码须填到四位小类，请按主营业务核对"),
}
_CROSS_CHECK = {
    Verdict.MET: N_("利润表营业收入与增值税销售额一致，或差异已有说明"),
    Verdict.UNMET: N_("利润表营业收入与增值税销售额不一致，请提供差异说明"),
    Verdict.UNKNOWN: N_("还没有同期增值税纳税申报表，未能与利润表核对"),
}
_SPOKEN = {
    ConditionCode.STATUTORY_LINE: _WITHOUT_AMOUNTS,
    ConditionCode.INDUSTRY: _INDUSTRY,
    ConditionCode.CROSS_CHECK: _CROSS_CHECK,
}


@dataclass(frozen=True)
class SheetCondition:
    """One line for `components/why_list.html`."""

    verdict: str
    sentence: str
    source: str = ""


def conditions(position: Position) -> list[SheetCondition]:
    """Every condition that concerns the firm, what is not met first."""
    order = (Verdict.UNMET, Verdict.UNKNOWN, Verdict.MET)
    rows = [one for one in position.conditions if one.code not in _LEFT_OUT]
    return [
        SheetCondition(one.verdict.value, _told(one)) for one in sorted(rows, key=lambda one: order.index(one.verdict))
    ]


def _told(condition: Condition) -> str:
    if condition.code in _SPOKEN:
        return str(_(_SPOKEN[condition.code][condition.verdict]))
    values = sentence_values(condition, reference.division_names())
    if paper := values.get("paper"):
        values |= {"paper": _(paper)}
    return str(_(condition.template) % values)

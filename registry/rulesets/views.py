"""A draft of rules beside the versions it was copied from, row by row."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flask_babel import gettext as _

from registry.reference.rules.versions import LINES, RuleSetKind, VersionLine
from registry.rulesets.forms.rulesets import BASIS_LABELS
from registry.rulesets.models import RuleDraft
from registry.rulesets.queries import drafts
from registry.site.display import setting, wan_exact


@dataclass(frozen=True)
class ChangedRule:
    """One row of `components/diff_table.html`; `values` are before and after."""

    label: str
    values: tuple[str | None, str | None]
    changed: bool


def rows(draft: RuleDraft) -> list[ChangedRule]:
    """Of lines those that change, of settings all, of other tables the new rows."""
    if draft.kind == RuleSetKind.REFERENCE:
        return [
            ChangedRule(f"{item['file']} {at} {name}", (None, text), changed=True)
            for at, item in enumerate(draft.contents["rows"], start=1)
            for name, text in item.items()
            if name != "file" and text
        ]
    return list(_lines(draft) if draft.kind in LINES else _settings(draft))


def _lines(draft: RuleDraft) -> Iterator[ChangedRule]:
    lines = drafts.changed_lines(draft)
    bases = drafts.bases_of(lines)
    for line in lines:
        base = bases.get((line.rule_id, line.base))
        before = _columns(VersionLine.of(base)) if base else {}
        for label, after in _columns(line).items():
            was = before.get(label)
            if was != after:
                yield ChangedRule(f"{line.rule_id} {label}", (was, after), changed=True)


def _columns(line: VersionLine) -> dict[str, str | None]:
    return {
        _("名称"): line.label,
        _("适用行业"): " ".join(line.prefixes) or _("所有行业"),
        _("判断依据"): _(BASIS_LABELS[line.basis]),
        _("标准（万元）"): None if line.amount_yuan is None else wan_exact(line.amount_yuan),
        _("或从业人员（人）"): None if line.or_employees is None else str(line.or_employees),
        _("状态"): _("停用") if line.ended else _("施行"),
    }


def _settings(draft: RuleDraft) -> Iterator[ChangedRule]:
    bases = drafts.settings_at_base(draft)
    for key, text in drafts.values_of(draft).items():
        was = setting(bases[key].value, key) if key in bases else None
        label = _(bases[key].label) if key in bases else key
        yield ChangedRule(label, (was, setting(text, key)), changed=was != setting(text, key))

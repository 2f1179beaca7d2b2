"""A draft of rules beside the versions it was copied from, row by row."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from registry.base.extensions import provided
from registry.reference.models import Routing
from registry.reference.rules.versions import LINES, RuleSetKind, VersionLine
from registry.rulesets.forms.rulesets import BASIS_LABELS
from registry.rulesets.models import RuleDraft
from registry.rulesets.queries import drafts
from registry.rulesets.queries.draftrows import DraftRow, changed, rows_of
from registry.rulesets.texts.columns import COLUMN_LABELS, FILE_LABELS
from registry.rulesets.views.dictionary import BY_NAME, shown
from registry.site.display import setting, wan_exact


@dataclass(frozen=True)
class ChangedRule:
    """One row of `components/diff_table.html`; `values` are before and after."""

    label: str
    values: tuple[str | None, str | None]
    changed: bool


@dataclass(frozen=True)
class DraftedRow:
    """One row of a draft of reference data, as its list shows it."""

    number: int
    file: str
    name: str
    ended: bool
    is_new: bool


def rows(draft: RuleDraft) -> list[ChangedRule]:
    """Of lines those that change, of settings all, of reference data what each row changes."""
    if draft.kind == RuleSetKind.REFERENCE:
        return [line for row in rows_of(draft) for line in _data(row)]
    return list(_lines(draft) if draft.kind in LINES else _settings(draft))


# -- reference data -------------------------------------------------------------------------------
def data_rows(draft: RuleDraft) -> list[DraftedRow]:
    if draft.kind != RuleSetKind.REFERENCE:
        return []
    return [DraftedRow(row.number, row.file.name, _named(row), row.ended, row.before is None) for row in rows_of(draft)]


def handed_over(draft: RuleDraft) -> list[Any]:
    """For each office and place that the draft ends while it is open: what goes to its successor, counted now."""
    if draft.kind != RuleSetKind.REFERENCE or draft.outcome is not None:
        return []
    ends = [row for row in rows_of(draft) if "successor" in row.values and row.ended and row.before]
    return [told(row.file.name, row.key, row.values["successor"]) for told in provided("handed_over") for row in ends]


def rerouted(draft: RuleDraft) -> int | None:
    """How many firms would get other bureaus by the routing of the draft, counted now; None where it has none."""
    if draft.kind != RuleSetKind.REFERENCE or draft.outcome is not None:
        return None
    rows = {
        row.key: None if row.ended else Routing(**row.values)
        for row in rows_of(draft)
        if row.file.name == "routing.csv"
    }
    return sum(count(rows, draft.valid_from) for count in provided("rerouted")) if rows else None


def _named(row: DraftRow) -> str:
    name = next((row.values[one] for one in ("short_name", "name", "reason") if row.values.get(one)), "")
    key = shown(row.file.cells["industry_prefix"], "industry_prefix", row.key) if "lead" in row.values else row.key
    return f"{key} {name}".strip()


def _data(row: DraftRow) -> Iterator[ChangedRule]:
    head = _("%(kind)s %(row)s", kind=_(FILE_LABELS.get(row.file.name, row.file.name)), row=_named(row))
    if row.ended:
        yield ChangedRule(head, (str(_("施行")), str(_("自 %(day)s 起终止", day=row.start))), changed=True)
    elif row.before is None:
        yield ChangedRule(head, (None, str(_("新增"))), changed=True)
    cells = BY_NAME[row.file.name].cells
    for name, (before, after) in changed(row).items():
        label = str(_(COLUMN_LABELS.get(name, name)))
        was = shown(cells[name], name, before) if row.before is not None else None
        if (is_now := shown(cells[name], name, after)) or was:
            yield ChangedRule(f"{head} {label}", (was, is_now), changed=True)


# -- rules ----------------------------------------------------------------------------------------
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

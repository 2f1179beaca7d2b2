"""A merge as its pages show it: both entries field by field, figures, what moves in numbers, what came later."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _

from registry.base.periods import Period
from registry.base.vocabulary import FIGURE_KIND_LABELS, FIGURE_SOURCE_LABELS, OUTCOME_LABELS, STAGE_LABELS
from registry.documents.models import Document
from registry.figures.models import Figure
from registry.firms.models.firms import Firm
from registry.firms.models.merges import Merge
from registry.firms.views import values
from registry.merges.queries.plans import CountEffect, Plan
from registry.merges.queries.undo_plans import Addition, LaterEdit
from registry.merges.rules import ALONG, COVERAGE, Clash, FieldDifference, Pick
from registry.proposals.models import Proposal
from registry.reference.queries import reference
from registry.site.display import bare, day, percent, wan

_COLUMN = {Pick.WINNER: 0, Pick.FOLDED: 1}
# Said with another field in so few words that a page needs none of its own.
_SILENT = frozenset({"industry_year", "capital_currency"})


@dataclass(frozen=True)
class FieldPair:
    """A line of `components/diff_table.html`: two values and a remark; radio buttons where they differ."""

    label: str
    values: tuple[str | None, ...]
    changed: bool
    name: str = ""
    chosen: int | None = None


def fields(plan: Plan, picks: Mapping[str, Pick]) -> list[FieldPair]:
    return [_field(row, picks) for row in plan.differences]


def _field(row: FieldDifference, picks: Mapping[str, Pick]) -> FieldPair:
    remark = _("保留企业为空，取并入方的值") if row.is_open and row.default is Pick.FOLDED else ""
    if row.key == "name":
        remark = _("另一个名称记为曾用名")
    if row.key == "credit_code" and row.is_open:
        remark = _("另一个代码今后仍指向保留企业")
    shown = (together(row.key, row.winner), together(row.key, row.folded), remark)
    return FieldPair(values.label(row.key), shown, row.is_asked, row.key, _COLUMN[picks.get(row.key, row.default)])


def together(key: str, given: tuple[Any, ...]) -> str:
    """A field with those along in one cell; contacts masked."""
    keys = (key, *ALONG.get(key, ()))
    shown = (values.shown(one, value) for one, value in zip(keys, given, strict=True) if one not in _SILENT)
    return " ".join(text for text in shown if text)


def figures(plan: Plan, picks: Mapping[str, Pick]) -> list[FieldPair]:
    return [_figure(clash, picks) for clash in plan.clashes]


def _figure(clash: Clash, picks: Mapping[str, Pick]) -> FieldPair:
    side = picks.get(clash.key, clash.default)
    remark = _("两边相同") if clash.default else _("须选定以哪边为准，另一边留在原登记")
    shown = (bare(clash.winner, clash.kind), bare(clash.folded, clash.kind), remark)
    return FieldPair(
        figure_label(clash.kind, clash.period), shown, not clash.default, clash.key, _COLUMN[side] if side else None
    )


def figure_label(kind: str, period: Period) -> str:
    return f"{_(FIGURE_KIND_LABELS[kind])} {period.label}"


def outcome(plan: Plan, picks: Mapping[str, Pick]) -> list[FieldPair]:
    """What will change of the winner's fields, before and after."""
    rows = []
    for row in plan.differences:
        if row.is_open and picks.get(row.key, row.default) is Pick.FOLDED:
            shown = (together(row.key, row.winner), together(row.key, row.folded))
            rows.append(FieldPair(values.label(row.key), shown, changed=True))
    return rows


def effects(rows: Iterable[CountEffect]) -> list[FieldPair]:
    """The effect on counts, before and after."""
    return [
        FieldPair(_effect_label(row), (_number(row, row.before), _number(row, row.after)), row.before != row.after)
        for row in rows
    ]


def _effect_label(row: CountEffect) -> str:
    labels = {
        "entries": _("名录中的登记（条）"),
        "listed": _("全市在库（家）"),
        "listed_in": _("%(place)s在库（家）", place=row.place or _("未定县区")),
        "stage": _("保留企业的阶段"),
        "revenue_to_date": _("保留企业本年累计营业收入（万元）"),
        "rate": _("保留企业达标率"),
        "tier": _("保留企业的档"),
    }
    return str(labels[row.what])


def _number(row: CountEffect, value: Any) -> str | None:
    if value is None:
        return None
    if row.what == "stage":
        return str(_(STAGE_LABELS[value]))
    if row.what == "revenue_to_date":
        return wan(value)
    return percent(value) if row.what == "rate" else str(value)


# -- taking back ----------------------------------------------------------------------------------
def additions(merge: Merge, rows: Iterable[Addition], picks: Mapping[str, Pick]) -> list[FieldPair]:
    """What came later, each with whose it is; what can only stay has no choice."""
    return [
        FieldPair(
            _addition(row.table, row.row),
            (merge.winner.name, merge.folded.name, _("待裁定，随保留企业") if row.fixed else ""),
            changed=not row.fixed,
            name=row.key,
            chosen=_COLUMN[picks.get(row.key, Pick.WINNER)],
        )
        for row in rows
    ]


def _addition(table: str, row: Any) -> str:
    if table in _ADDITIONS:
        return str(_ADDITIONS[table](row))
    label = _(COVERAGE[(table, "firm_id")].label)
    return str(_("%(label)s：%(value)s", label=label, value=row.name))


def _figure_words(row: Figure) -> str:
    what = figure_label(row.kind, Period(row.year, row.month))
    return f"{what} {bare(row.amount, row.kind)} {_(FIGURE_SOURCE_LABELS[row.source])}"


def _document_words(row: Document) -> str:
    return str(_("材料：%(name)s %(file)s", name=_(reference.materials()[row.material].name), file=row.filename))


def _proposal_words(row: Proposal) -> str:
    outcome = _(OUTCOME_LABELS[row.outcome]) if row.outcome else ""
    return str(_("提名：%(day)s %(outcome)s", day=day(row.submitted_at), outcome=outcome))


_ADDITIONS: Mapping[str, Callable[[Any], Any]] = {
    "figure": _figure_words,
    "document": _document_words,
    "proposal": _proposal_words,
    "qualification": lambda row: _("资质：%(name)s", name=row.number),
    "tax_figure": lambda row: _("税务授权数据：%(name)s", name=row.name),
    "claim": lambda row: _("认领：%(office)s %(day)s", office=row.office.short_name, day=day(row.at)),
    "former_name": lambda row: _("曾用名：%(name)s", name=row.name),
    "branch": lambda row: _("分支机构：%(name)s", name=row.name),
}


def edits(rows: Iterable[LaterEdit], picks: Mapping[str, Pick]) -> list[FieldPair]:
    """Fields edited since: the value of now stays with the winner, or goes to the other."""
    return [
        FieldPair(
            values.label(row.key),
            (
                together(row.key, row.now),
                _("恢复为“%(text)s”，现值归并入方", text=together(row.key, row.before) or "--"),
                _("合并时为“%(text)s”", text=together(row.key, row.left) or "--"),
            ),
            changed=True,
            name=row.key,
            chosen=_COLUMN[picks.get(row.key, Pick.WINNER)],
        )
        for row in rows
    ]


# -- the record -----------------------------------------------------------------------------------
def picked(merge: Merge) -> list[FieldPair]:
    """Which of the differing values were chosen, side by side as they were then."""
    return [_picked(merge, key, side) for key, side in merge.picks.items()]


def _picked(merge: Merge, key: str, side: str) -> FieldPair:
    chosen = _("保留企业的值") if side == Pick.WINNER else _("并入方的值")
    kind, _space, period = key.partition(" ")
    if period:
        amounts = (bare(Decimal(amount), kind) for amount in merge.before["figures"][key])
        return FieldPair(figure_label(kind, Period.parse(period)), (*amounts, chosen), changed=side == Pick.FOLDED)
    shown = (_then(merge, "winner", key), _then(merge, "folded", key), chosen)
    return FieldPair(values.label(key), shown, changed=side == Pick.FOLDED)


def _then(merge: Merge, side: str, key: str) -> str:
    keys = (key, *ALONG.get(key, ()))
    return together(key, tuple(merge.before[side].get(one) for one in keys))


def moved(merge: Merge, counts: Mapping[tuple[str, bool], int]) -> list[tuple[str, int, int]]:
    """(what, rows moved by the merge, rows moved when it was taken back), by table."""
    labels = {
        "figure": _("营业收入等数据"),
        "document": _("材料"),
        "former_name": _("曾用名"),
        "firm": _("分支机构"),
        "proposal": _("提名"),
        "claim": _("认领"),
    }
    rows = [(label, counts.get((table, False), 0), counts.get((table, True), 0)) for table, label in labels.items()]
    return [row for row in rows if row[1] or row[2]]


def name_of(firm: Firm, *, sees: bool) -> str:
    """The name, for who may see the firm."""
    return firm.name if sees else _("本单位范围外的企业")

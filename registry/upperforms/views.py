"""A form as its page shows it: each column with what it is filled with, and each place that stays empty."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from flask_babel import gettext as _

from registry.imports import forms as heading_forms
from registry.imports.models import ColumnChoice
from registry.imports.services import columns as said_columns
from registry.sheets.byhand import ColumnUse, HeadingChoice, compared
from registry.sheets.units import unit_words
from registry.upperforms import forms, texts
from registry.upperforms.services.filling import PlannedForm
from registry.upperforms.sheets import fields, notes, planning
from registry.upperforms.sheets.planning import FillPlan, LeftEmpty
from registry.upperforms.sheets.understanding import FormColumn, is_money

_WHY = {**texts.COLUMNS, **texts.CELLS, **texts.ROWS, "doubted": texts.DOUBTED}


@dataclass(frozen=True)
class HeadingLine:
    """One heading of the form, as `imports/_columns.html` shows it."""

    name: str
    letters: str
    heading: str
    text: str
    tone: str
    choice: str
    open: bool


def lines(found: PlannedForm) -> list[HeadingLine]:
    """Every column in the order of the form, those that are not filled first."""
    told = found.plan.by_column()
    groups: dict[str, list[FormColumn]] = {}
    for column in found.plan.form.columns:
        groups.setdefault(compared(column.heading), []).append(column)
    made = [_line(number, group, found, told) for number, group in enumerate(groups.values())]
    return sorted(made, key=lambda line: not line.open)


def _line(
    number: int, group: list[FormColumn], found: PlannedForm, told: dict[int, tuple[int, Counter[str]]]
) -> HeadingLine:
    first = group[0]
    whole = next((one for one in found.plan.left if one.row is None and one.index == first.index), None)
    is_open = whole is not None and not first.by and whole.why != "contacts"
    filled = sum(told[column.index][0] for column in group)
    return HeadingLine(
        name=f"use_{number}",
        letters=str(_("、")).join(column.letter for column in group),
        heading=first.heading,
        text=_why(whole) if whole else _filled(first, filled, sum(told[c.index][1].total() for c in group), found),
        tone="warn" if is_open else "plain" if whole else "ok",
        choice=_choice(first),
        open=is_open,
    )


def _choice(column: FormColumn) -> str:
    if not column.by:
        return "heading"
    return column.use if column.use != ColumnUse.READ.value else f"read:{column.key}"


def _filled(column: FormColumn, filled: int, left: int, found: PlannedForm) -> str:
    said = [_("填“%(field)s” %(count)s 格", field=_field(column), count=filled)]
    if left:
        said.append(_("未填 %(count)s 格", count=left))
    if is_money(column.key or ""):
        unit = unit_words(column.scale, column.currency)
        said.append(
            _("单位%(unit)s（表里没有写，由贵单位指定）", unit=unit) if column.assumed else _("单位%(unit)s", unit=unit)
        )
    if column.doubt:
        said.append(_("表内对单位有不同说法，请核对"))
    if found.snapshot is not None and column.key in fields.AS_OF_NOW:
        said.append(_("冻结名录不含此栏，取现状"))
    if found.plan.from_record(column):
        said.append(_("冻结名录不含此数，取现有登记且已证的"))
    if column.by:
        said.append(_("按贵单位 %(on)s 由%(by)s指定的对应", on=column.on, by=column.by))
    return str(_("；")).join(map(str, said))


def _field(column: FormColumn) -> str:
    if column.key == "figure":
        return notes.field_words(column)
    return str(_(fields.label(column.key or "")))


def headings_form(found: list[HeadingLine]) -> heading_forms.Columns:
    asked = [
        {
            "name": line.name,
            "label": _("%(column)s“%(heading)s”填什么", column=line.letters, heading=line.heading),
            "now": _("照表头：%(text)s", text=line.text) if line.choice == "heading" else _("照表头本身（撤回指定）"),
            "choice": line.choice,
        }
        for line in found
    ]
    return heading_forms.columns_form(asked, forms.ways())


@dataclass(frozen=True)
class LeftLine:
    """A place that stays empty, in the reader's words."""

    place: str
    heading: str
    firm: str
    why: str
    tone: str


def left(plan: FillPlan) -> list[LeftLine]:
    """Rows that the form names first, then cells; what is filled and in doubt last. Columns have their own table."""
    found = [one for one in planning.places(plan) if one.row is not None]
    return [*(_left(one, "plain") for one in found), *(_left(one, "warn") for one in plan.doubted)]


def _left(one: LeftEmpty, tone: str) -> LeftLine:
    place = str(_("第 %(row)s 行", row=one.row)) if one.index is None else one.place
    return LeftLine(place, one.heading, one.firm, _why(one), "bad" if one.index is None else tone)


def _why(one: LeftEmpty) -> str:
    return str(_(_WHY[one.why]) % one.values if one.values else _(_WHY[one.why]))


def given(row: ColumnChoice) -> dict[str, object]:
    """What the office has said of one heading of a form."""
    way = said_columns.words(HeadingChoice(ColumnUse(row.use), row.key), dict(fields.offered()))
    return {
        "id": row.id,
        "form": row.form_title,
        "heading": row.heading,
        "way": _("填“%(column)s”", column=_(way)) if row.key else _(way),
        "by": row.by_name,
        "at": row.at,
    }

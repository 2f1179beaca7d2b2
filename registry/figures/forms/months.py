"""The form of one month: revenue, VAT sales and employees at once; what is held and current is not asked for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import Field, HiddenField, SelectField, StringField

from registry.base import errors, independence
from registry.base.periods import YEARS_BACK
from registry.base.vocabulary import FigureKind
from registry.documents.models import Document
from registry.figures.forms.figures import (
    SOURCES_OF,
    amount_in,
    assurance_field,
    filed_as,
    paper,
    refusal,
    source_choices,
)
from registry.figures.queries.months import MonthRow
from registry.site.display import month_name
from registry.site.forms.worded import Worded, reason_field

PARTS = ("amount", "source", "document", "file", "reason")
_TYPED = {"inputmode": "decimal", "autocomplete": "off"}


class Month(FlaskForm):  # type: ignore[misc]
    """Which month."""

    class Meta:
        csrf = False

    year = SelectField(_l("年份"), coerce=int, validate_choice=False)
    month = SelectField(_l("累计截至"), coerce=int, validate_choice=False)

    def offer(self, on: date) -> None:
        self.year.choices = [(year, str(year)) for year in range(on.year, on.year - YEARS_BACK - 1, -1)]
        self.month.choices = [(month, month_name(month)) for month in range(1, 13)]


@dataclass(frozen=True)
class MonthField:
    """The fields of one figure, and what was read from them."""

    kind: FigureKind
    amount: Field
    source: Field
    document: SelectField
    file: Field
    reason: Field | None
    seen: Field
    given: Decimal | None = None

    @property
    def is_touched(self) -> bool:
        return bool(self.amount.data or self.document.data or self.file.data)

    @property
    def material(self) -> str:
        return filed_as(self.kind, self.source.data)


class RecordMonth(Worded):
    """One cell for each kind that is not held and current; a cell left empty is left out."""

    revenue_amount = StringField(_l("营业收入"), description=_l("利润表本年累计，1月至该月。"), render_kw=_TYPED)
    revenue_source = SelectField(_l("营业收入的来源"))
    revenue_document = SelectField(_l("营业收入的已有凭证"), validate_choice=False)
    revenue_file = FileField(_l("上传营业收入的凭证"))
    revenue_reason = reason_field(_l("营业收入的更正理由"), required=False)
    vat_sales_amount = StringField(
        _l("增值税销售额"), description=_l("增值税纳税申报表本年累计，与利润表同期。"), render_kw=_TYPED
    )
    vat_sales_source = SelectField(_l("增值税销售额的来源"))
    vat_sales_document = SelectField(_l("增值税销售额的已有凭证"), validate_choice=False)
    vat_sales_file = FileField(_l("上传增值税销售额的凭证"))
    vat_sales_reason = reason_field(_l("增值税销售额的更正理由"), required=False)
    employees_amount = StringField(
        _l("期末从业人员"),
        description=_l("该月末在岗人数，整数。"),
        render_kw={"inputmode": "numeric", "autocomplete": "off"},
    )
    employees_source = SelectField(_l("从业人员的来源"))
    employees_document = SelectField(_l("从业人员的已有凭证"), validate_choice=False)
    employees_file = FileField(_l("上传从业人员的凭证"))
    employees_reason = reason_field(_l("从业人员的更正理由"), required=False)
    assurance = assurance_field()
    revenue_seen = HiddenField()
    vat_sales_seen = HiddenField()
    employees_seen = HiddenField()

    def __init__(
        self, *args: Any, row: MonthRow, papers: list[Document], materials: dict[str, str], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.given: dict[FigureKind, Decimal] = {}
        self.materials = materials
        for kind, held in row.cells.items():
            if held.is_current and not self._is_typed(kind):
                self._drop(kind, (*PARTS, "seen"))
                continue
            if held.figure is None:
                self._drop(kind, ("reason",))
            self[f"{kind}_source"].choices = source_choices(SOURCES_OF[kind])
            self[f"{kind}_document"].choices = [("", ""), *((str(one.id), paper(one, materials)) for one in papers)]

    def _is_typed(self, kind: FigureKind) -> bool:
        """The page asked for it, and somebody else recorded it while it was typed: it is not dropped unseen."""
        return bool(self[f"{kind}_amount"].data and self[f"{kind}_seen"].data)

    def _drop(self, kind: FigureKind, parts: tuple[str, ...]) -> None:
        for part in parts:
            del self[f"{kind}_{part}"]

    def cells(self) -> Iterator[MonthField]:
        """The cells that are asked for, each with its amount once it was validated."""
        for kind in FigureKind:
            if f"{kind}_amount" in self:
                fields: dict[str, Any] = {part: self._fields.get(f"{kind}_{part}") for part in (*PARTS, "seen")}
                yield MonthField(kind, **fields, given=self.given.get(kind))

    def validate(self, extra_validators: Any = None) -> bool:
        sound = super().validate(extra_validators)
        touched = [cell for cell in self.cells() if cell.is_touched]
        for cell in touched:
            self._check(cell)
        if not touched:
            self.say("", _("请至少填写一项；没有报表的可以留空。"))
        return sound and not self.errors

    def _check(self, cell: MonthField) -> None:
        amount, fault = amount_in(cell.kind, cell.amount.data or "")
        if amount is None:
            self.say(cell.amount.name, fault or _("请照凭证填写。"))
        else:
            self.given[cell.kind] = amount
        if cell.source.data == independence.SOURCE:
            self.say(cell.source.name, refusal())
        elif not cell.source.data:
            self.say(cell.source.name, _("请选择数据来源。"))
        if not cell.document.data and not cell.file.data:
            self.say(cell.document.name, _(errors.FIGURE_DOCUMENT))

    def keep(self, cell: MonthField, document: Document) -> None:
        """Take the paper just uploaded as the chosen one: no browser sends it twice."""
        cell.document.choices = [*(cell.document.choices or []), (str(document.id), paper(document, self.materials))]
        cell.document.data, cell.document.errors = str(document.id), []

"""Forms of figures: transcribe one from a paper, correct it, dispute it. No amount is ever filled in for anybody."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import Field, HiddenField, SelectField, StringField
from wtforms.validators import DataRequired

from registry.base import errors, independence
from registry.base.periods import YEARS_BACK, Period
from registry.base.vocabulary import FIGURE_KIND_LABELS, FIGURE_SOURCE_LABELS, FigureKind, FigureSource
from registry.documents.models import Document
from registry.figures.models import Figure
from registry.sheets import cells, words
from registry.sheets.columns import by_key
from registry.site.display import month_name, quantity
from registry.site.forms.worded import Worded, reason_field

SOURCES = tuple(source for source in FigureSource if source is not FigureSource.WORKBOOK)
# What a figure of a kind is usually transcribed from, the most usual first.
SOURCES_OF: Mapping[FigureKind, tuple[FigureSource, ...]] = MappingProxyType(
    {
        FigureKind.REVENUE: (
            FigureSource.INCOME_STATEMENT,
            FigureSource.ANNUAL_REPORT,
            FigureSource.AUDIT_REPORT,
            FigureSource.FIRM_STATEMENT,
        ),
        FigureKind.VAT_SALES: (FigureSource.VAT_RETURN, FigureSource.FIRM_STATEMENT),
        FigureKind.EMPLOYEES: (FigureSource.PAYROLL, FigureSource.ANNUAL_REPORT, FigureSource.FIRM_STATEMENT),
    }
)
# Under which material a paper uploaded with the figure is filed.
MATERIALS = {FigureSource.VAT_RETURN: "M05", FigureSource.FIRM_STATEMENT: "M07"}
INCOME_STATEMENT = "M04"
PAYROLL = "M15"


def assurance_field() -> Field:
    """Asked for where a figure is odd: why it is right all the same."""
    described = _l("已对照凭证核对无误的，写明为何与通常情形不同，例如一次性大额合同；核实前列为存疑。")
    return reason_field(_l("存疑数字的说明"), described, required=False)


class RecordFigure(Worded):
    kind = SelectField(_l("指标"), [DataRequired()])
    year = SelectField(_l("年份"), coerce=int)
    month = SelectField(
        _l("累计截至"),
        [DataRequired(_l("请选择累计数截至的月份。"))],
        description=_l("1月至该月的累计数，不填当月数。"),
    )
    amount = StringField(
        _l("金额"),
        [DataRequired(_l("请照凭证填写金额。"))],
        description=_l("照凭证填写，按万元（从业人员按人）；不填预计数。"),
        render_kw={"inputmode": "decimal", "autocomplete": "off"},
    )
    source = SelectField(_l("数据来源"), [DataRequired(_l("请选择数据来源。"))])
    document = SelectField(
        _l("已有凭证"), description=_l("选择已上传的材料，或在下面上传新的。"), validate_choice=False
    )
    file = FileField(_l("上传凭证"), description=_l("PDF、PNG、JPG 或 XLSX，不超过 20 MB。"))
    reason = reason_field(_l("更正理由"), _l("更正已登记的数时必填。"), required=False)
    assurance = assurance_field()
    seen = HiddenField()

    def __init__(self, *args: Any, on: date, papers: list[Document], materials: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.given: Decimal | None = None
        self.materials = materials
        self.kind.choices = [(kind.value, _(label)) for kind, label in _members(FIGURE_KIND_LABELS)]
        self.year.choices = [(year, str(year)) for year in range(on.year, on.year - YEARS_BACK - 1, -1)]
        self.month.choices = [("", ""), *((str(n), month_name(n)) for n in range(1, 13)), ("0", _("全年"))]
        self.source.choices = source_choices(SOURCES)
        self.document.choices = [("", ""), *((str(one.id), paper(one, materials)) for one in papers)]

    def validate(self, extra_validators: Any = None) -> bool:
        sound = super().validate(extra_validators)
        self.given, fault = amount_in(self.kind.data, self.amount.data or "")
        if not self.amount.errors and (fault or self.given is None):
            self.say("amount", fault or _("请照凭证填写金额。"))
        if self.source.data == independence.SOURCE:
            self.say("source", refusal())
        if not self.document.data and not self.file.data:
            self.say("document", _(errors.FIGURE_DOCUMENT))
        return sound and not self.errors

    def choose(self, document: Document | None) -> None:
        """Take the paper just uploaded as the chosen one."""
        if document is not None:
            self.document.choices = [
                *(self.document.choices or []),
                (str(document.id), paper(document, self.materials)),
            ]
            self.document.data = str(document.id)
            self.document.errors = []

    @property
    def period(self) -> Period:
        return Period(int(self.year.data), int(self.month.data))

    @property
    def figure_kind(self) -> FigureKind:
        return FigureKind(self.kind.data)

    @property
    def figure_source(self) -> FigureSource:
        return FigureSource(self.source.data)

    @property
    def material(self) -> str:
        """What the uploaded paper is filed as."""
        return filed_as(self.kind.data, self.source.data)


class SettleFigure(Worded):
    note = reason_field(_l("核实说明"), _l("写明对照了哪份材料、怎样核实；登记的数不变，不再列为存疑。"))


class DisputeFigure(Worded):
    reason = reason_field(_l("异议理由"), _l("写明与哪份材料不一致、差在哪里；数据仍由填报单位更正。"))


def described(figure: Figure) -> str:
    """A figure that stands, as the page of its correction names it."""
    amount = quantity(figure.amount, figure.kind)
    text: str = _("%(amount)s（第 %(revision)s 次登记）", amount=amount, revision=figure.revision)
    return text


def _members(labels: Any) -> list[tuple[FigureKind, str]]:
    return [(FigureKind(kind), label) for kind, label in labels.items()]


def paper(document: Document, materials: dict[str, str]) -> str:
    """A paper among others of its firm."""
    period = f" {Period(document.year, document.month or 0).label}" if document.year else ""
    return f"{_(materials.get(document.material, document.material))}{period} · {document.filename}"


def source_choices(sources: Iterable[FigureSource]) -> list[tuple[str, str]]:
    """The sources offered, and the one that is refused with its reason, so that nobody looks for it elsewhere."""
    offered = [(source.value, _(FIGURE_SOURCE_LABELS[source])) for source in sources]
    return [("", ""), *offered, (independence.SOURCE, _(independence.SOURCE_LABEL))]


def refusal() -> str:
    """Why a figure of the direct-reporting system is not taken."""
    return str(_(independence.REFUSED) % {"word": _(independence.SOURCE_LABEL)} + _("。"))


def filed_as(kind: str, source: str) -> str:
    """Under which material a paper sent with a figure is filed."""
    return PAYROLL if kind == FigureKind.EMPLOYEES else MATERIALS.get(FigureSource(source), INCOME_STATEMENT)


def amount_in(kind: str, text: str) -> tuple[Decimal | None, str]:
    """The amount of a figure as typed (万元, or persons) in yuan, and what is wrong with it."""
    if kind == FigureKind.EMPLOYEES:
        parsed = cells.parse(by_key("employees"), text)
    else:
        parsed = cells.parse(by_key("revenue_to_date"), text, scale=words.SCALES["万"])
    if parsed.fault is not None:
        heading = _(FIGURE_KIND_LABELS.get(kind, ""))
        return None, str(_(parsed.fault.template) % {**parsed.fault.values, "heading": heading})
    return (Decimal(parsed.value), "") if isinstance(parsed.value, (Decimal, int)) else (None, "")

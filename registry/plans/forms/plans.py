"""Forms of plans: what a version says of itself, its rows, the word of the second person, splits and marks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the stubs are older
from wtforms.validators import InputRequired, NumberRange, Optional, Regexp
from wtforms.widgets import CheckboxInput, ListWidget

from registry.base.labels import N_
from registry.plans.forms.fields import NEEDED, WHOLE, amount_field, day_field, long_field, text_field, whole_field
from registry.plans.services.drafting import PlanHead
from registry.plans.texts import COUNTING_LABELS, WAY_LABELS
from registry.rulesets.forms.rulesets import Versioned
from registry.site.forms.worded import Worded, reason_field

WAN = Decimal(10_000)
PERCENT = Decimal(100)


class PlanHeadForm(Versioned):
    code = StringField(
        _l("代码"),
        [InputRequired(NEEDED), Regexp(r"[a-z0-9]+(-[a-z0-9]+)*\Z", message=_l("只能用小写字母、数字和连字符。"))],
        description=_l("如 2022-2024，印发后不变。"),
    )
    name = text_field(_l("名称"), 120)
    document_no = text_field(_l("文号"), 80, _l("尚无文号的可不填。"), required=False)
    edition = text_field(_l("文稿"), 40, _l("如：征求意见稿、送审稿。正式印发的可不填。"), required=False)
    first_year = whole_field(_l("起始年度"), 2000, 2099)
    last_year = whole_field(_l("结束年度"), 2000, 2099)
    valid_from = day_field(_l("施行日期"))
    source = long_field(_l("依据"), _l("文件名称、会议纪要，或文稿的来源。"), 2)

    def head(self) -> PlanHead:
        """What was filled in; the form has been found sound."""
        values: dict[str, Any] = {name: self[name].data or "" for name in PlanHead.__dataclass_fields__}
        return PlanHead(**values)


# -- rows -----------------------------------------------------------------------------------------
class ParagraphForm(Versioned):
    longest = 5000
    code = text_field(_l("条目编号"), 20, _l("如：三（一）1。"))
    text = long_field(_l("正文"), rows=8)

    def values(self) -> dict[str, Any]:
        return {"code": self.code.data, "text": self.text.data}


class _Sourced(Versioned):
    longest = 5000
    source = long_field(_l("依据"), rows=2)
    clause = text_field(_l("条款"), 200)

    def values(self) -> dict[str, Any]:
        """Every field that the page showed; an empty text is empty."""
        left = {"csrf_token", "form_key", "version"}
        return {name: self._value(field.data) for name, field in self._fields.items() if name not in left}

    @staticmethod
    def _value(data: Any) -> Any:
        return data


class TargetForm(_Sourced):
    code = StringField(
        _l("编号"), [InputRequired(NEEDED), Regexp(r"T\d{1,2}\Z", message=_l("请按 T1、T2 的格式填写。"))]
    )
    name = text_field(_l("目标"), 80)
    amount = whole_field(_l("目标数"), 1, 100_000)
    unit = text_field(_l("单位"), 8)
    kind = SelectField(_l("计数对象"))
    industries = text_field(
        _l("行业"), 200, _l("2017 版门类字母或 2 至 4 位代码，空格分隔；只用于确认入库的企业。"), required=False
    )
    counts = long_field(_l("计数规则"), _l("用一句话写明什么算数、以哪一天为准。"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind.choices = [(kind, _(label)) for kind, label in COUNTING_LABELS.items()]

    def values(self) -> dict[str, Any]:
        return {**super().values(), "industries": " ".join((self.industries.data or "").upper().split())}


class MeasureForm(_Sourced):
    code = text_field(_l("条目编号"), 20, _l("如：三（一）1。"))
    heading = text_field(_l("所属部分"), 120, required=False)
    title = text_field(_l("措施"), 120)
    text = long_field(_l("正文"), rows=6)
    offices = SelectMultipleField(
        _l("责任单位"), [InputRequired(_l("请至少选一个单位。"))], widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )  # fmt: skip

    def offer(self, offices: Iterable[tuple[str, str]]) -> None:
        self.offices.choices = [SelectChoice(code, name) for code, name in offices]

    def values(self) -> dict[str, Any]:
        return {**super().values(), "heading": self.heading.data or ""}


class SubsidyForm(_Sourced):
    code = text_field(_l("条目编号"), 20)
    name = text_field(_l("补助事项"), 80)
    share = amount_field(_l("比例（%）"))
    lump = amount_field(_l("定额（万元）"))
    cap = amount_field(_l("上限（万元）"))
    cap_public = amount_field(_l("公益类上限（万元）"), _l("与一般上限不同的才填。"))
    basis = long_field(_l("计算依据"), rows=2)
    text = long_field(_l("正文"), rows=4)

    def values(self) -> dict[str, Any]:
        money = {name: _times(self[name].data, WAN) for name in ("lump", "cap", "cap_public")}
        share = None if self.share.data is None else self.share.data / PERCENT
        return {**super().values(), **money, "share": share}


class WorkingRuleForm(_Sourced):
    code = text_field(_l("条目编号"), 20)
    title = text_field(_l("工作要求"), 120)
    text = long_field(_l("正文"), rows=6)


def _times(value: Decimal | None, unit: Decimal) -> Decimal | None:
    return None if value is None else value * unit


ROW_FORMS: Mapping[str, type[Any]] = MappingProxyType(
    {
        "targets": TargetForm,
        "measures": MeasureForm,
        "subsidies": SubsidyForm,
        "working_rules": WorkingRuleForm,
        "paragraphs": ParagraphForm,
    }
)
PART_LABELS: Mapping[str, str] = MappingProxyType(
    {
        "targets": N_("目标"),
        "measures": N_("措施"),
        "subsidies": N_("补助事项"),
        "working_rules": N_("工作要求"),
        "paragraphs": N_("正文"),
    }
)


def given(part: str, row: Any, text: str) -> dict[str, Any]:
    """A stored row as its form shows it; `text`: its paragraph."""
    values = {column.key: getattr(row, column.key) for column in row.__table__.columns}
    if part == "measures":
        values["offices"] = [one.office.code for one in row.offices]
    if part == "subsidies":
        values |= {name: values[name] and values[name] / WAN for name in ("lump", "cap", "cap_public")}
        values["share"] = values["share"] and values["share"] * PERCENT
    return values if part == "paragraphs" else {**values, "text": text}


# -- two people -----------------------------------------------------------------------------------
class PlanDecision(Versioned):
    outcome = RadioField(
        _l("复核结论"),
        [InputRequired(_l("请选择复核结论。"))],
        choices=[
            SelectChoice("issue", _l("印发：自施行日期起有效，不再修改")),
            SelectChoice("return", _l("退回起草人修改")),
        ],
    )
    opinion = long_field(_l("复核意见"), _l("写明对照了什么文件、哪些内容。"))


class PlanStep(Versioned):
    """A step without words: hand in, let go, take a row out."""


# -- beside a plan --------------------------------------------------------------------------------
class SplitForm(Worded):
    document_no = text_field(_l("文号"), 80)
    document_name = text_field(_l("文件名称"), 200)
    valid_from = day_field(_l("起始日期"), _l("文件规定的日期；没有规定的，填印发日期。"))

    @property
    def shares(self) -> dict[str, int]:
        """What was filled in, by county and zone."""
        return {field.short_name[6:]: field.data for field in self if _is_share(field) and field.data is not None}


def split_form(places: Iterable[tuple[str, str]], unit: str) -> SplitForm:
    """With one field for each county and zone."""
    between = NumberRange(0, 100_000, message=WHOLE)
    members: dict[str, Any] = {
        f"share_{code}": IntegerField(
            _("%(name)s（%(unit)s）", name=name, unit=unit), [Optional(), between], invalid_value_message=WHOLE
        )  # type: ignore[call-arg]
        for code, name in places
    }
    form: SplitForm = type("SplitOver", (SplitForm,), members)()
    return form


def _is_share(field: Any) -> bool:
    return str(field.short_name).startswith("share_")


class MarkForm(Worded):
    way = RadioField(
        _l("方式"),
        [InputRequired(_l("请选择方式。"))],
        choices=[SelectChoice(way, _l(label)) for way, label in WAY_LABELS.items()],
    )
    since = day_field(_l("认定日期"), _l("文件载明的日期。"))
    source = text_field(_l("依据"), 200, _l("认定文件或落地协议的名称和编号。"))


class VoidMark(Worded):
    reason = reason_field(_l("理由"))

"""Forms of plans: what a version says of itself, its rows, the word of the second person, splits and marks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    DateField,
    DecimalField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the stubs are older
from wtforms.validators import InputRequired, Length, NumberRange, Optional, Regexp
from wtforms.widgets import CheckboxInput, ListWidget

from registry.base.labels import N_
from registry.people.models import Office
from registry.plans.models import PlanMeasure
from registry.plans.services.drafting import PlanHead
from registry.plans.services.tasks import TaskSet
from registry.plans.texts import COUNTED_LABELS, COUNTING_LABELS, WAY_LABELS
from registry.rulesets.forms.rulesets import Versioned
from registry.site.forms.worded import Worded, reason_field

_DAY = _l("请按 2021-10-15 的格式填写日期。")
_WHOLE = _l("请填写整数。")
_NEEDED = _l("请填写。")
_AMOUNT = _l("请填写数字。")
_WAN = Decimal(10_000)
_PERCENT = Decimal(100)


def _text(label: Any, longest: int, hint: Any = "", *, required: bool = True) -> StringField:
    checks = [InputRequired(_NEEDED)] if required else [Optional()]
    return StringField(
        label, [*checks, Length(max=longest, message=_l("请控制在 %(max)d 个字以内。"))], description=hint
    )


def _long(label: Any, hint: Any = "", rows: int = 3) -> TextAreaField:
    return TextAreaField(label, [InputRequired(_NEEDED)], description=hint, render_kw={"rows": rows})


def _whole(label: Any, least: int, most: int) -> IntegerField:
    between = NumberRange(least, most, message=_l("请填写 %(min)s 至 %(max)s 之间的整数。"))
    return IntegerField(label, [InputRequired(_WHOLE), between], invalid_value_message=_WHOLE)  # type: ignore[call-arg]


def _day(label: Any, hint: Any = "") -> DateField:
    return DateField(label, [InputRequired(_DAY)], description=hint, invalid_value_message=_DAY)  # type: ignore[call-arg]


def _amount(label: Any, hint: Any = "") -> DecimalField:
    checks: list[Any] = [Optional(), NumberRange(0, 1_000_000, message=_AMOUNT)]
    typed: Any = {"invalid_value_message": _AMOUNT, "render_kw": {"inputmode": "decimal", "type": "text"}}
    return DecimalField(label, checks, places=None, description=hint, **typed)


class PlanHeadForm(Versioned):
    code = StringField(
        _l("代码"),
        [InputRequired(_NEEDED), Regexp(r"[a-z0-9]+(-[a-z0-9]+)*\Z", message=_l("只能用小写字母、数字和连字符。"))],
        description=_l("如 2022-2024，印发后不变。"),
    )
    name = _text(_l("名称"), 120)
    document_no = _text(_l("文号"), 80, _l("尚无文号的可不填。"), required=False)
    edition = _text(_l("文稿"), 40, _l("如：征求意见稿、送审稿。正式印发的可不填。"), required=False)
    first_year = _whole(_l("起始年度"), 2000, 2099)
    last_year = _whole(_l("结束年度"), 2000, 2099)
    valid_from = _day(_l("施行日期"))
    source = _long(_l("依据"), _l("文件名称、会议纪要，或文稿的来源。"), 2)

    def head(self) -> PlanHead:
        """What was filled in; the form has been found sound."""
        values: dict[str, Any] = {name: self[name].data or "" for name in PlanHead.__dataclass_fields__}
        return PlanHead(**values)


# -- rows -----------------------------------------------------------------------------------------
class ParagraphForm(Versioned):
    longest = 5000
    code = _text(_l("条目编号"), 20, _l("如：三（一）1。"))
    text = _long(_l("正文"), rows=8)

    def values(self) -> dict[str, Any]:
        return {"code": self.code.data, "text": self.text.data}


class _Sourced(Versioned):
    longest = 5000
    source = _long(_l("依据"), rows=2)
    clause = _text(_l("条款"), 200)

    def values(self) -> dict[str, Any]:
        """Every field that the page showed; an empty text is empty."""
        left = {"csrf_token", "form_key", "version"}
        return {name: self._value(field.data) for name, field in self._fields.items() if name not in left}

    @staticmethod
    def _value(data: Any) -> Any:
        return data


class TargetForm(_Sourced):
    code = StringField(
        _l("编号"), [InputRequired(_NEEDED), Regexp(r"T\d{1,2}\Z", message=_l("请按 T1、T2 的格式填写。"))]
    )
    name = _text(_l("目标"), 80)
    amount = _whole(_l("目标数"), 1, 100_000)
    unit = _text(_l("单位"), 8)
    kind = SelectField(_l("计数对象"))
    industries = _text(
        _l("行业"), 200, _l("2017 版门类字母或 2 至 4 位代码，空格分隔；只用于确认入库的企业。"), required=False
    )
    counts = _long(_l("计数规则"), _l("用一句话写明什么算数、以哪一天为准。"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind.choices = [(kind, _(label)) for kind, label in COUNTING_LABELS.items()]

    def values(self) -> dict[str, Any]:
        return {**super().values(), "industries": " ".join((self.industries.data or "").upper().split())}


class MeasureForm(_Sourced):
    code = _text(_l("条目编号"), 20, _l("如：三（一）1。"))
    heading = _text(_l("所属部分"), 120, required=False)
    title = _text(_l("措施"), 120)
    text = _long(_l("正文"), rows=6)
    offices = SelectMultipleField(
        _l("责任单位"), [InputRequired(_l("请至少选一个单位。"))], widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )  # fmt: skip

    def offer(self, offices: Iterable[tuple[str, str]]) -> None:
        self.offices.choices = [SelectChoice(code, name) for code, name in offices]

    def values(self) -> dict[str, Any]:
        return {**super().values(), "heading": self.heading.data or ""}


class SubsidyForm(_Sourced):
    code = _text(_l("条目编号"), 20)
    name = _text(_l("补助事项"), 80)
    share = _amount(_l("比例（%）"))
    lump = _amount(_l("定额（万元）"))
    cap = _amount(_l("上限（万元）"))
    cap_public = _amount(_l("公益类上限（万元）"), _l("与一般上限不同的才填。"))
    basis = _long(_l("计算依据"), rows=2)
    text = _long(_l("正文"), rows=4)

    def values(self) -> dict[str, Any]:
        money = {name: _times(self[name].data, _WAN) for name in ("lump", "cap", "cap_public")}
        share = None if self.share.data is None else self.share.data / _PERCENT
        return {**super().values(), **money, "share": share}


class WorkingRuleForm(_Sourced):
    code = _text(_l("条目编号"), 20)
    title = _text(_l("工作要求"), 120)
    text = _long(_l("正文"), rows=6)


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
        values |= {name: values[name] and values[name] / _WAN for name in ("lump", "cap", "cap_public")}
        values["share"] = values["share"] and values["share"] * _PERCENT
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
    opinion = _long(_l("复核意见"), _l("写明对照了什么文件、哪些内容。"))


class PlanStep(Versioned):
    """A step without words: hand in, let go, take a row out."""


# -- beside a plan --------------------------------------------------------------------------------
class SplitForm(Worded):
    document_no = _text(_l("文号"), 80)
    document_name = _text(_l("文件名称"), 200)
    valid_from = _day(_l("起始日期"), _l("文件规定的日期；没有规定的，填印发日期。"))

    @property
    def shares(self) -> dict[str, int]:
        """What was filled in, by county and zone."""
        return {field.short_name[6:]: field.data for field in self if _is_share(field) and field.data is not None}


def split_form(places: Iterable[tuple[str, str]], unit: str) -> SplitForm:
    """With one field for each county and zone."""
    between = NumberRange(0, 100_000, message=_WHOLE)
    members: dict[str, Any] = {
        f"share_{code}": IntegerField(
            _("%(name)s（%(unit)s）", name=name, unit=unit), [Optional(), between], invalid_value_message=_WHOLE
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
    since = _day(_l("认定日期"), _l("文件载明的日期。"))
    source = _text(_l("依据"), 200, _l("认定文件或落地协议的名称和编号。"))


class VoidMark(Worded):
    reason = reason_field(_l("理由"))


# -- the annual list ------------------------------------------------------------------------------
class _OfMeasure(Worded):
    """A measure together with an office that answers for it: one choice, so that no other pair can be given."""

    pair = SelectField(_l("措施和单位"))

    def offer(self, measures: Iterable[PlanMeasure]) -> None:
        self._offices = {
            f"{row.code} {one.office.code}": (row.code, one.office) for row in measures for one in row.offices
        }
        self.pair.choices = [(key, f"{code}　{office.short_name}") for key, (code, office) in self._offices.items()]

    @property
    def measure(self) -> str:
        return self._offices[self.pair.data][0]

    @property
    def office(self) -> Office:
        return self._offices[self.pair.data][1]


class TaskForm(_OfMeasure):
    title = _text(_l("工作任务"), 120)
    person = _text(_l("责任人"), 40)
    deliverable = _text(_l("完成标志"), 200, _l("以什么为完成，例如：印发认定办法。"))
    starts_on = _day(_l("起始日期"))
    due_on = _day(_l("完成时限"))
    kind = SelectField(_l("由系统计数"), description=_l("能从名录的办理记录数出的，选一种；单位就不用填报。"))
    aim = IntegerField(
        _l("目标数"), [Optional(), NumberRange(1, 100_000, message=_WHOLE)], description=_l("由系统计数的才填。"),
        invalid_value_message=_WHOLE,
    )  # type: ignore[call-arg]  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind.choices = [("", _("不由系统计数")), *((kind, _(label)) for kind, label in COUNTED_LABELS.items())]

    def given(self) -> TaskSet:
        """What was filled in; the form has been found sound."""
        names = ("title", "person", "deliverable", "starts_on", "due_on", "kind", "aim")
        values: dict[str, Any] = {name: self[name].data for name in names}
        return TaskSet(measure=self.measure, **values)


class LeadForm(_OfMeasure):
    source = _text(_l("依据"), 200, _l("方案没有指定牵头单位：写明由哪次会议或哪份文件明确。"))


class DateForm(Worded):
    due_on = _day(_l("完成时限"))
    reason = reason_field(_l("调整理由"))


class WordForm(Worded):
    said = _text(_l("进展"), 200)
    evidence = _text(_l("依据"), 200, _l("文件名称和编号、会议纪要或其他凭据。"))
    done = BooleanField(_l("这件事已完成"))

"""Forms for naming a firm, putting it forward and taking it back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import BooleanField, HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import Length, ValidationError

from registry.base import credit_code, errors, independence
from registry.base.characters import clean
from registry.base.errors import RegistryError
from registry.base.labels import N_
from registry.base.periods import Period
from registry.base.vocabulary import LISTED_STAGES, STAGE_LABELS, FigureKind, FigureSource, Stage
from registry.entries.forms.firms import FirmForm
from registry.entries.forms.maintenance import ANOTHER_FIRM
from registry.figures.forms.figures import SOURCES_OF, amount_in, refusal, source_choices
from registry.sheets.columns import by_key
from registry.site.display import here
from registry.site.forms.worded import Worded
from registry.site.locale import sentence
from registry.site.many import Sure

# The states of the list of nominations: what each is called, and the stages it holds.
STATES: Mapping[str, tuple[str, tuple[Stage, ...]]] = {
    "draft": (N_("草稿（线索）"), (Stage.LEAD,)),
    "proposed": (STAGE_LABELS[Stage.PROPOSED], (Stage.PROPOSED,)),
    "under_review": (STAGE_LABELS[Stage.UNDER_REVIEW], (Stage.UNDER_REVIEW,)),
    "returned": (STAGE_LABELS[Stage.RETURNED], (Stage.RETURNED,)),
    "withdrawn": (STAGE_LABELS[Stage.WITHDRAWN], (Stage.WITHDRAWN,)),
    "rejected": (STAGE_LABELS[Stage.REJECTED], (Stage.REJECTED,)),
    "listed": (N_("已入库培育"), LISTED_STAGES),
}


def stages_of(state: str) -> tuple[Stage, ...]:
    """The stages of a state; none (that is: all) for a word that is no state."""
    return STATES[state][1] if state in STATES else ()


def strip(counts: Mapping[str, int], state: str) -> list[dict[str, Any]]:
    """The states as navigation; the counts are of what the search leaves."""
    chosen = state if state in STATES else ""
    items = [_cell(_("全部"), sum(counts.values()), None, chosen == "")]
    for key, (label, stages) in STATES.items():
        items.append(_cell(_(label), sum(counts.get(stage, 0) for stage in stages), key, chosen == key))
    return items


def _cell(label: str, count: int, state: str | None, active: bool) -> dict[str, Any]:
    return {
        "label": label,
        "count": count,
        "href": here(state=state, page=None),
        "active": active,
        "total": state is None,
    }


class Naming(FlaskForm):  # type: ignore[misc]
    """The first step: a look into the directory, which changes nothing and so lives in the address."""

    class Meta:
        csrf = False

    name = StringField(
        _l("企业名称"),
        description=_l("填营业执照上的全称，不填简称。"),
        render_kw={"required": True, "autocomplete": "off"},
    )
    credit_code = StringField(
        _l("统一社会信用代码"),
        description=_l("18位，照抄营业执照；暂无代码的留空，下一步说明原因。"),
        render_kw={"autocomplete": "off", "spellcheck": "false"},
    )

    def validate_name(self, field: Any) -> None:
        field.data = _cleaned(field.data, by_key("name").max_length)
        if not field.data:
            raise ValidationError(_(errors.NAME_NEEDED))

    def validate_credit_code(self, field: Any) -> None:
        checked = credit_code.check(_cleaned(field.data, by_key("credit_code").max_length))
        if not checked.code:
            field.data = ""
        elif checked.fault is not None:
            raise ValidationError(_(checked.fault.template) % checked.fault.values)
        else:
            field.data = checked.code


def _cleaned(text: str | None, limit: int) -> str:
    try:
        return clean(text or "", limit).text
    except RegistryError as error:
        raise ValidationError(sentence(error)) from error


class Nomination(FirmForm):
    """A new firm with its latest revenue; where the directory holds one alike, somebody has to say that it is another.

    The revenue may be left for later; where it is given, so is the paper that it is copied from.
    """

    revenue_period = SelectField(
        _l("累计截至"), description=_l("凭证上的累计期别，不填当月数。"), validate_choice=False
    )
    revenue_amount = StringField(
        _l("营业收入"),
        description=_l("照利润表等凭证填写累计数；没有的可以留空，以后登记。"),
        render_kw={"inputmode": "decimal", "autocomplete": "off"},
    )
    revenue_source = SelectField(_l("数据来源"), validate_choice=False)
    revenue_file = FileField(_l("凭证"), description=_l("PDF、PNG、JPG 或 XLSX，不超过 20 MB。"))

    checked = BooleanField(ANOTHER_FIRM)
    looked = HiddenField()  # which firms were shown to whoever ticks
    registered = HiddenField()
    """The registered firm that the form was filled from."""

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        super().__init__(*args, on=on, brief=True, **kwargs)
        self.amount: Decimal | None = None
        months = [Period(on.year, month) for month in range(on.month - 1, 0, -1)]
        periods = [*months, Period(on.year - 1, 0), Period(on.year - 2, 0)]
        self.revenue_period.choices = [(one.label, _period_told(one)) for one in periods]
        self.revenue_source.choices = source_choices(SOURCES_OF[FigureKind.REVENUE])[1:]

    def validate(self, extra_validators: Any = None) -> bool:
        sound = super().validate(extra_validators)
        if (self.revenue_amount.data or "").strip() or self.revenue_file.data:
            self.amount, fault = amount_in(FigureKind.REVENUE, self.revenue_amount.data or "")
            if self.amount is None:
                self.say("revenue_amount", fault or _("请照凭证填写金额。"))
            if self.revenue_period.data not in dict(self.revenue_period.choices):  # type: ignore[arg-type]  # pairs
                self.say("revenue_period", _("请选择累计数截至的月份。"))
            if self.revenue_source.data == independence.SOURCE:
                self.say("revenue_source", refusal())
            elif self.revenue_source.data not in set(FigureSource):
                self.say("revenue_source", _("请选择数据来源。"))
            if not self.revenue_file.data:
                self.say("revenue_file", _(errors.FIGURE_DOCUMENT))
        sound = sound and not self.errors
        if not sound and self.revenue_file.data:  # no browser keeps a chosen file on a page that comes back
            self.say("revenue_file", _("改好上面各栏后，请重新选择凭证文件。"))
        return bool(sound)

    @property
    def period(self) -> Period:
        return Period.parse(str(self.revenue_period.data))


def _period_told(period: Period) -> str:
    if period.is_annual:
        return str(_("%(year)s 年全年", year=period.year))
    return str(_("%(year)s 年 1 至 %(month)s 月", year=period.year, month=period.month))


class _Noted(Worded):
    longest = 1000


class Submission(_Noted):
    note = TextAreaField(
        _l("说明"),
        [Length(max=1000, message=_l("请控制在 %(max)d 个字以内。"))],
        description=_l("给核查部门的话，可不填。"),
        render_kw={"rows": 2},
    )


class SubmitTogether(Sure, Submission):
    """The same word with each of them."""


class Withdrawal(_Noted):
    note = TextAreaField(
        _l("撤回原因"),
        [Length(max=1000, message=_l("请控制在 %(max)d 个字以内。"))],
        description=_l("可不填；会记入办理过程。"),
        render_kw={"rows": 2},
    )


class ListQuery(FlaskForm):  # type: ignore[misc]
    """The query above the list of nominations; its state is chosen on the strip below."""

    class Meta:
        csrf = False

    q = StringField(_l("名称或代码"))


class QueueQuery(FlaskForm):  # type: ignore[misc]
    """The query above the queue of a bureau."""

    class Meta:
        csrf = False

    q = StringField(_l("名称或代码"))
    county = SelectField(_l("提名单位"), validate_choice=False)
    state = SelectField(_l("状态"), validate_choice=False)

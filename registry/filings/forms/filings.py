"""Forms of a filing (make it, record a level, confirm), of the yearly re-check, and the filter of their lists."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, Form, HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from registry.base.extensions import clock
from registry.base.periods import Period
from registry.filings.rules import chain
from registry.filings.rules.chain import RECHECK_OUTCOME_LABELS
from registry.reference.queries import reference
from registry.site.display import month_name
from registry.site.forms.worded import Worded
from registry.site.many import Sure

_TOO_LONG = _l("请控制在 %(max)d 个字以内。")


def _note(label: Any, hint: Any = "") -> TextAreaField:
    return TextAreaField(
        label, [Optional(), Length(max=500, message=_TOO_LONG)], description=hint, render_kw={"rows": 2}
    )


def _reference(hint: Any) -> StringField:
    return StringField(_l("依据文号"), [Optional(), Length(max=200, message=_TOO_LONG)], description=hint)


class MakeFiling(Worded):
    window = SelectField(_l("申报窗口"), [InputRequired(_l(chain.WINDOW_NEEDED))], validate_choice=False)
    note = _note(_l("说明"))

    def __init__(self, *args: Any, choices: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.window.choices = list(choices)

    @property
    def window_id(self) -> int | None:
        return int(self.window.data) if str(self.window.data or "").isdecimal() else None


class RecordLevel(Worded):
    level = HiddenField()
    result = RadioField(_l("审核结果"), [InputRequired(_l(chain.RESULT_NEEDED))])
    day = DateField(_l("结果日期"), [InputRequired(_l("请填写结果日期。"))])
    reference = _reference(_l("审核意见的文号或平台单号，有的填写。"))
    reason_code = SelectField(_l("退回原因"), description=_l("退回的必选。"), validate_choice=False)
    note = _note(_l("说明"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.result.choices = [("passed", _("通过")), ("returned", _("退回，企业回到“达标应入”"))]
        reasons = reference.return_reasons(clock.today()).values()
        self.reason_code.choices = [("", ""), *((row.code, f"{row.code} {_(row.reason)}") for row in reasons)]


class FileTogether(Sure):
    note = _note(_l("说明"), _l("可不填；记入每一件申报。"))


class RecordLevels(Sure, RecordLevel):
    """The same word of one level for many filings; the level is the one most of them wait for."""

    def validate(self, extra_validators: Any = None) -> bool:
        sound = super().validate(extra_validators)
        if self.result.data == "returned" and not self.reason_code.data:
            self.say("reason_code", _(chain.REASON_CODE_NEEDED))
        early = [
            line.name for line in self.preview.taken if self.day.data and self.day.data < chain.first_day(line.row)
        ]
        if self.day.data and self.day.data > clock.today():
            self.say("day", _(chain.LEVEL_DAY_FUTURE))
        elif early:
            self.say("day", _(chain.LEVEL_DAY_EARLY, names=_("、").join(early)))
        return sound and not self.errors


class Confirm(Worded):
    year = SelectField(_l("生效年份"), coerce=int)
    month = SelectField(_l("生效月份"), [InputRequired(_l(chain.EFFECTIVE_NEEDED))])
    reference = StringField(
        _l("依据文号"), [InputRequired(_l(chain.REFERENCE_NEEDED)), Length(max=200, message=_TOO_LONG)],
        description=_l("国家统计局终审通过的文件或平台单号。"),
    )  # fmt: skip

    def __init__(self, *args: Any, on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.year.choices = [(year, str(year)) for year in (on.year - 1, on.year, on.year + 1)]
        self.month.choices = [("", ""), *((str(number), month_name(number)) for number in range(1, 13))]

    @property
    def effective(self) -> Period | None:
        return Period(int(self.year.data), int(self.month.data)) if self.month.data else None


class ConfirmTogether(Sure, Confirm):
    """The same month and reference for many filings."""

    def validate(self, extra_validators: Any = None) -> bool:
        sound = super().validate(extra_validators)
        late = [
            line.name for line in self.preview.taken if self.effective and self.effective < chain.statement(line.row)
        ]
        if late:
            self.say("month", _(chain.EFFECTIVE_EARLY_FOR, names=_("、").join(late)))
        return sound and not self.errors


class RecordRecheck(Worded):
    outcome = RadioField(_l("复核结果"), [InputRequired(_l(chain.RECHECK_OUTCOME))])
    note = _note(_l("依据、说明"), _l("与12月累计数的判断不一致，或没有累计数的，必填。"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.outcome.choices = [(value, _(label)) for value, label in RECHECK_OUTCOME_LABELS.items()]


class RecheckTogether(Sure):
    note = _note(_l("依据、说明"), _l("可不填；记入每一家的复核。"))


class FilingFilter(Form):
    q = StringField(_l("名称或代码"), [Length(max=100)])
    county = SelectField(_l("县区"), validate_choice=False)

    def __init__(self, arguments: Any) -> None:
        super().__init__(arguments)
        places = [(row.code, row.short_name) for row in reference.counties_and_zones()]
        self.county.choices = [("", _("全部")), *places]

"""Forms of intake windows: announce one from a notice, put it right, void it."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange

from registry.base.vocabulary import DOOR_LABELS
from registry.filings.models import IntakeWindow
from registry.filings.rules import chain
from registry.filings.services.announcing import FIELDS
from registry.site.display import month_name
from registry.site.forms.worded import Worded, reason_field

FIRST_YEAR, LAST_YEAR = 2000, 2099


class Announce(Worded):
    year = IntegerField(
        _l("年度"), [InputRequired(_l("请填写年度。")), NumberRange(FIRST_YEAR, LAST_YEAR, _l("请填写四位年份。"))],
        description=_l("新开业按该年度的上年10月1日起计算。"),
    )  # fmt: skip
    door = SelectField(_l("通道"), [InputRequired(_l("请选择通道。"))])
    batch = StringField(
        _l("批次"), [InputRequired(_l(chain.WINDOW_BATCH)), Length(max=60, message=_l("请控制在 %(max)d 个字以内。"))],
        description=_l("例如：第一批；10月。"),
    )  # fmt: skip
    opens_on = DateField(_l("开始日期"), [InputRequired(_l("请填写开始日期。"))])
    closes_on = DateField(_l("截止日期"), [InputRequired(_l("请填写截止日期。"))], description=_l("当日仍可申报。"))
    statement_year = IntegerField(
        _l("报表年份"),
        [InputRequired(_l("请填写报表年份。")), NumberRange(FIRST_YEAR, LAST_YEAR, _l("请填写四位年份。"))],
    )
    statement_month = SelectField(
        _l("报表截至月份"), coerce=int, description=_l("利润表和增值税申报表累计到哪个月；小规模纳税人按最近一季。")
    )
    source = TextAreaField(
        _l("依据"), [InputRequired(_l(chain.WINDOW_SOURCE)), Length(max=500, message=_l("请控制在 %(max)d 个字以内。"))],
        description=_l("通知的名称、文号和日期。"), render_kw={"rows": 2},
    )  # fmt: skip
    verified = BooleanField(_l("已与通知原文核对"), description=_l("未核对的在各处标注“待核”。"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.door.choices = [(key, _(label)) for key, label in DOOR_LABELS.items()]
        self.statement_month.choices = [(number, month_name(number)) for number in range(1, 13)]

    @property
    def values(self) -> dict[str, Any]:
        return {key: self[key].data for key in FIELDS}


class Change(Announce):
    reason = reason_field(_l("更正理由"), _l("例如：统计局通知延期至11月15日。"))

    @classmethod
    def of(cls, row: IntakeWindow) -> Change:
        return cls(data={key: getattr(row, key) for key in FIELDS})


class Void(Worded):
    reason = reason_field(_l("作废理由"), _l("例如：当年普查，两批合并为一批。"))

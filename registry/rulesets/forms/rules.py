"""What to look for among the dated rules."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, Form, SelectField, StringField
from wtforms.validators import Optional, Regexp

from registry.base.labels import N_
from registry.reference.rules.thresholds import RuleKind

KIND_LABELS = {RuleKind.STATUTORY: N_("四上标准"), RuleKind.ADMISSION: N_("入库线")}
_DAY = _l("请按 2021-10-15 的格式填写日期。")


class RuleFilter(Form):
    q = StringField(_l("规则或依据"))
    kind = SelectField(_l("类别"), validate_choice=False)
    industry = StringField(
        _l("行业代码"),
        [Optional(), Regexp(r"\s*([A-Ta-t]|[0-9]{2,4})\s*", message=_l("请填写门类字母或2至4位代码，如 I 或 6513。"))],
    )
    on = DateField(_l("施行于"), [Optional()], invalid_value_message=_DAY)  # type: ignore[call-arg]
    unverified = BooleanField(_l("只看未核实"))

    def offer(self) -> None:
        self.kind.choices = [("", _("全部")), *((kind.value, _(label)) for kind, label in KIND_LABELS.items())]

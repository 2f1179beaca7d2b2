"""Forms of appraisals: a scheme with its weights, the word of the second person, why it is ended."""

from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, IntegerField, RadioField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the stubs are older
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from registry.appraisals.rules.items import Item
from registry.appraisals.services import SchemeHead
from registry.appraisals.texts import ITEM_LABELS
from registry.site.forms.worded import Worded, reason_field

WEIGHT = "weight_"
"""How the names of the fields for weights begin."""
_DAY = _l("请按 2021-10-15 的格式填写日期。")
_WHOLE = _l("请填写 1 至 100 之间的整数。")
_NEEDED = _l("请填写。")


def _text(label: Any, longest: int, hint: Any) -> StringField:
    checks = [InputRequired(_NEEDED), Length(max=longest, message=_l("请控制在 %(max)d 个字以内。"))]
    return StringField(label, checks, description=hint)


def _day(label: Any, hint: Any = "") -> DateField:
    return DateField(label, [InputRequired(_DAY)], description=hint, invalid_value_message=_DAY)  # type: ignore[call-arg]


class SchemeForm(Worded):
    document_no = _text(_l("文号"), 80, _l("本年度考核方案的文号；没有文号的不能开启考核。"))
    document_name = _text(_l("文件名称"), 200, "")
    document_on = _day(_l("文件日期"))
    valid_from = _day(_l("起始日期"), _l("权重从这一天起有效。"))
    valid_to = _day(_l("截止日期"), _l("与起始日期在同一年度。"))

    def head(self) -> SchemeHead:
        """What was filled in; the form has been found sound."""
        return SchemeHead(**{name: self[name].data for name in SchemeHead.__dataclass_fields__})

    @property
    def weights(self) -> dict[str, int]:
        """Those that were filled in."""
        found = {item.value: self[f"{WEIGHT}{item}"].data for item in Item}
        return {item: weight for item, weight in found.items() if weight is not None}


def scheme_form() -> SchemeForm:
    """With one field for each item of the closed list."""
    between = NumberRange(1, 100, message=_WHOLE)
    members: dict[str, Any] = {
        f"{WEIGHT}{item}": IntegerField(_(ITEM_LABELS[item]), [Optional(), between], invalid_value_message=_WHOLE)  # type: ignore[call-arg]
        for item in Item
    }
    form: SchemeForm = type("SchemeOfItems", (SchemeForm,), members)()
    return form


class SchemeDecision(Worded):
    outcome = RadioField(
        _l("复核结论"),
        [InputRequired(_l("请选择复核结论。"))],
        choices=[SelectChoice("issue", _l("与文件一致，开启考核")), SelectChoice("return", _l("退回登记人"))],
    )
    opinion = reason_field(_l("复核意见"), _l("写明对照了什么文件、哪些内容。"))


class StopForm(Worded):
    reason = reason_field(_l("理由"))
